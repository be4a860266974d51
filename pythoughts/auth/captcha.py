"""The puzzle in some forms that keeps programs out, where the environment has keys for it.

A browser without scripts can't show it. Its form says so, and its sender has half of every limit instead; a new
account has to prove its address first.
"""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from flask import Response, g, request

from pythoughts.auth import throttles
from pythoughts.config import current_settings
from pythoughts.errors import Invalid, Unavailable
from pythoughts.i18n import _
from pythoughts.limits import use_cases as limits
from pythoughts.origin import current_origin, set_origin
from pythoughts.services.captcha import CaptchaDown, Solution, is_solved
from pythoughts.web import CSP

FIELD = "cf-turnstile-response"
WITHOUT_SCRIPTS = "without_scripts"
PAUSE = 60  # seconds after which a provider that was down is worth another try


@dataclass(frozen=True)
class Captcha:
    """What a page needs to show it.

    Attributes:
        action: which form it stands in.
        site_key: who we are to the provider.
        script: its address.
    """

    action: str
    site_key: str
    script: str


def is_configured() -> bool:
    """Whether there are keys."""
    return current_settings().turnstile_site_key is not None


def show_captcha(action: str) -> None:
    """Let the page of this request carry it, if there are keys."""
    settings = current_settings()
    if settings.turnstile_site_key:
        g.captcha = Captcha(action, settings.turnstile_site_key, settings.turnstile_script_url)


def check_captcha() -> None:
    """Ask the provider, where the page carries it: call it once everything else about the form is in order.

    Raises:
        Invalid: it was not solved.
        TooFast: too many answers from this network.
        Unavailable: the provider does not answer.
    """
    captcha: Captcha | None = g.get("captcha")
    if captcha is None:
        return
    token = request.form.get(FIELD, "")
    if not token and WITHOUT_SCRIPTS in request.form:
        set_origin(replace(current_origin(), is_unchecked=True))
        return
    if not token:
        raise Invalid(_("Show that you are human: wait for the check at the end of the form, then send it again."))
    limits.count(throttles.hits_from_here(throttles.CAPTCHA_NETWORK))
    if not _is_solved(captcha, token):
        raise Invalid(_("The check that you are human failed. Send the form again."))


def _is_solved(captcha: Captcha, token: str) -> bool:
    settings = current_settings()
    here = urlsplit(settings.public_url).hostname or ""
    solution = Solution(token, captcha.action, here, current_origin().ip_address)
    try:
        return is_solved(solution, verify_url=settings.turnstile_verify_url, secret=settings.turnstile_secret_key or "")
    except CaptchaDown:
        sentence = _("The check that you are human does not answer right now. Wait a minute, then send the form again.")
        raise Unavailable(sentence, retry_after=PAUSE) from None


def shared() -> dict[str, Any]:
    """What the templates of these pages get."""
    return {"captcha": g.get("captcha")}


def allow_provider(response: Response) -> Response:
    """Let this page, and no other, load the provider's script, which knows nothing of Trusted Types."""
    captcha: Captcha | None = g.get("captcha")
    if captcha is not None:
        parts = urlsplit(captcha.script)
        response.headers["Content-Security-Policy"] = policy_with(f"{parts.scheme}://{parts.netloc}")
    return response


def policy_with(origin: str) -> str:
    """The site's policy, opened for one more origin."""
    kept = [part for part in CSP.split("; ") if "trusted-types" not in part]
    opened = [f"{part} {origin}" if part.startswith(("script-src", "connect-src")) else part for part in kept]
    return "; ".join([*opened, f"frame-src {origin}"])
