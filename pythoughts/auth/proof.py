"""Sensitive acts need a recent proof of who sits at the browser: the marks for their views, and what late forms keep.

A view with `@recently_proven` is reached only when its session was signed in, or its password typed again, within the
last 15 minutes; everybody else is led through `/confirm-password` first. The views of this feature enforce it.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import current_app, g, request, session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from pythoughts.access import owner_only
from pythoughts.auth.returning import safe_next
from pythoughts.auth.use_cases import Presence
from pythoughts.clock import now
from pythoughts.i18n import _
from pythoughts.settings.queries import value_of
from pythoughts.settings.registry import define

PROOF_MINUTES = define(
    "accounts.proof_minutes",
    15,
    _("Minutes after signing in within which a password, an address or a second factor may be changed."),
    least=1,
    most=1_440,
)
KEPT = "typed_too_late"  # name in the signed cookie
KEPT_MAX = 1_500  # characters of one form; the whole cookie may have 4 KB

View = TypeVar("View", bound=Callable[..., Any])


def recently_proven(view: View) -> View:
    """Mark a view, of the back office too, that needs a recent proof; put it below the mark for access."""
    view.needs_proof = True  # type: ignore[attr-defined]
    return owner_only(view)


def keeps_typed(*names: str) -> Callable[[View], View]:
    """Mark which fields of a form that came too late are offered again; never name one that holds a secret."""

    def mark(view: View) -> View:
        view.keeps_typed = names  # type: ignore[attr-defined]
        return view

    return mark


def is_recent() -> bool:
    """Whether the session that the request came with was proven recently; a visitor's never."""
    presence: Presence | None = g.get("presence")
    return presence is not None and now() - presence.auth_at < timedelta(minutes=value_of(PROOF_MINUTES))


def asked_view() -> Callable[..., Any] | None:
    """The view that the request is for."""
    return current_app.view_functions[request.endpoint] if request.endpoint else None


def page_to_come_back_to() -> str:
    """Where to go on after the proof: the page itself, or the one whose form came too late."""
    if request.method in {"GET", "HEAD"} or _is_page(request.path):
        return safe_next(request.full_path.rstrip("?"))
    origin = urlsplit(request.referrer or "")
    return safe_next(origin.path) if origin.netloc == request.host else safe_next(None)


def _is_page(path: str) -> bool:
    router = current_app.url_map.bind_to_environ(request.environ)
    try:
        router.match(path, "GET")
    except (HTTPException, RequestRedirect):
        return False
    return True


def keep_typed(page: str) -> None:
    """Put the fields of a form that came too late aside, for when its page is opened again."""
    names: tuple[str, ...] = getattr(asked_view(), "keeps_typed", ())
    typed = {name: request.form[name] for name in names if name in request.form}
    if typed and sum(map(len, typed.values())) <= KEPT_MAX:
        session[KEPT] = {"page": urlsplit(page).path, "fields": typed}


def typed_before() -> dict[str, str]:
    """What was typed into this page's form when it came too late, once: hand it to the form as its `data`."""
    if session.get(KEPT, {}).get("page") != request.path:
        return {}
    fields: dict[str, str] = session.pop(KEPT)["fields"]
    return fields
