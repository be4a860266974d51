"""The code page of somebody who signs up in the strict way and has no session yet."""

from flask import flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from pythoughts.auth import queries, use_cases
from pythoughts.auth.browser import drop, hand_out
from pythoughts.auth.captcha import check_captcha, show_captcha
from pythoughts.auth.forms import CodeForm, NewcomerForm, SignUpForm
from pythoughts.auth.models import PendingSignUp
from pythoughts.auth.use_cases import WaitingForCode
from pythoughts.config import Provider
from pythoughts.errors import Conflict, DomainError
from pythoughts.i18n import _
from pythoughts.services.openid import find_provider
from pythoughts.web import refused

PAGE = "auth/verify.html"
FORM, NEWCOMER = "auth/sign_up.html", "auth/newcomer.html"
WAITING = "pending_sign_up"  # name in the signed cookie


def wait_for_code(waiting: WaitingForCode) -> None:
    """Tie the account to be to this browser."""
    drop()
    session[WAITING] = waiting.token


def is_waiting() -> bool:
    """Whether this browser has sent the form and waits for the code."""
    return WAITING in session


def verify_pending() -> Response | str | tuple[str, int]:
    """The form for the code; once it is right, its sender is a member."""
    form, token = CodeForm(), session.get(WAITING, "")
    pending = queries.find_pending_sign_up(token)
    if pending is None:
        return _start_over()
    if not form.validate_on_submit():
        return render_template(PAGE, form=form, **_shown(pending)), 422 if request.method == "POST" else 200
    try:
        opened = use_cases.finish_sign_up(token=token, code=form.code.data)
    except Conflict as error:
        return _anew(error, pending)
    except DomainError as error:
        return refused(error, form, PAGE, **_shown(pending))
    hand_out(opened)
    flash(str(_("Your email is confirmed. Now you can post.")))
    return redirect("/", code=303)


def resend_pending() -> Response:
    """Mail the code again."""
    token = session.get(WAITING, "")
    pending = queries.find_pending_sign_up(token)
    if pending is None:
        return _start_over()
    try:
        check_captcha()
        use_cases.resend_sign_up_code(token=token)
    except DomainError as error:
        return refused(error, CodeForm(formdata=None), PAGE, **_shown(pending))
    flash(str(_("The code is on its way again.")))
    return redirect(url_for("auth.verify"), code=303)


def _start_over() -> Response:
    session.pop(WAITING, None)
    flash(str(_("That took too long. Create your account again.")))
    return redirect(url_for("auth.sign_up"), code=303)


def _anew(error: Conflict, pending: PendingSignUp) -> Response:
    """Somebody was faster: the form again, but for the password."""
    typed = {"username": pending.display_username, "email": pending.email}
    if provider := _provider():
        return refused(error, NewcomerForm(formdata=None, data=typed), NEWCOMER, provider=provider)
    show_captcha("sign-up")
    return refused(error, SignUpForm(formdata=None, data=typed), FORM)


def _shown(pending: PendingSignUp) -> dict[str, str | int]:
    wait = use_cases.seconds_until_sign_up_resend(address=pending.email)
    provider = _provider()
    elsewhere = url_for("auth.newcomer", provider=provider.name) if provider else url_for("auth.sign_up")
    return {"address": pending.email, "wait": wait, "elsewhere": elsewhere}


def _provider() -> Provider | None:
    """Where whoever waits has the account with which they will sign in, if they do so elsewhere."""
    identity = queries.find_identity(session.get(WAITING, ""))
    return find_provider(identity.provider) if identity else None
