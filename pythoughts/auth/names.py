"""Usernames: what one may look like, and which nobody may take."""

import re
from dataclasses import dataclass

from pythoughts.auth.models import USERNAME_MAX, USERNAME_MIN
from pythoughts.errors import Invalid
from pythoughts.i18n import Text, _

SIGNS = re.compile(r"[a-z0-9_.]+", re.ASCII)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FILE_ENDINGS = _words("""
    asp atom avif bak bmp cgi conf css csv db doc docx env exe gif gz htm html ico ini jpeg jpg js json jsp log map md
    mp3 mp4 pdf php png ppt py rar rb rss sh sql sqlite svg svgz tar tgz toml ts txt wasm wav webm webp woff woff2
    xhtml xls xlsx xml yaml yml zip
""")

ROUTES = _words("""
    account admin api appeals articles assistant avatar confirm-password email-undo events favicon feed
    forgot-password healthz impersonation lists mentoring messages metrics moderation newsletter notifications oauth
    posts preferences profile readyz register reset-password robots search settings sign-in sign-out sign-up signin
    signout signup sitemap static tickets unsubscribe user users verify well-known
""")
"""First parts of our addresses, present and planned; a test compares them with the routes that exist."""

PEOPLE = _words("""
    abuse administrator anonymous anyone bot contact deleted everyone help here hostmaster info mail mailer-daemon mod
    moderator moderators mods nobody noreply null office official operator owner postmaster privacy pythoughts root
    security staff superuser support sysadmin system team undefined unknown webmaster
""")
"""Names that speak for the site, for everybody or for nobody (RFC 2142 and what people fall for)."""


def _bare(name: str) -> str:
    """What is left without the signs that can be put anywhere."""
    return re.sub(r"[._-]", "", name)


RESERVED = frozenset(_bare(name) for name in ROUTES | PEOPLE)


@dataclass(frozen=True)
class Username:
    """A name that may be taken: `key` is stored and compared, `shown` differs from it in case only."""

    key: str
    shown: str


def check_username(typed: str, *, field: str = "username") -> Username:
    """The name in both its forms.

    Raises:
        Invalid: with a sentence that says what to change.
    """
    shown = typed.strip()
    problem = _problem(shown)
    if problem:
        raise Invalid(problem, field=field)
    return Username(key=shown.lower(), shown=shown)


def is_reserved(key: str) -> bool:
    """Whether the name, without its dots and underscores, belongs to the site."""
    return _bare(key) in RESERVED


def _problem(shown: str) -> Text | None:
    if len(shown) < USERNAME_MIN:
        return _("Use at least %(count)d characters.", count=USERNAME_MIN)
    if len(shown) > USERNAME_MAX:
        return _("Use at most %(count)d characters.", count=USERNAME_MAX)
    key = shown.lower()
    if not shown.isascii() or not SIGNS.fullmatch(key):  # ASCII first: the Kelvin sign becomes a plain k
        return _("Use letters from a to z, digits, dots and underscores.")
    return _dot_problem(key) or (_("This name is taken.") if is_reserved(key) else None)


def _dot_problem(key: str) -> Text | None:
    parts = key.split(".")
    if "" in parts:
        return _("Put dots between other characters only.")
    if len(parts) > 1 and parts[-1] in FILE_ENDINGS:
        return _("This looks like the name of a file. Choose another ending.")
    return None
