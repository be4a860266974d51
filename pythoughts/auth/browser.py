"""The session of the browser that a request came from, and the cookie that carries it."""

from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import Any

from flask import Request, Response, g, request, session

from pythoughts.access import Look
from pythoughts.auth import queries, use_cases
from pythoughts.auth.models import User
from pythoughts.auth.use_cases import OpenedSession, Presence
from pythoughts.clock import now
from pythoughts.config import current_settings
from pythoughts.origin import current_origin, set_origin

LOOKED_AT = "looked_at"  # name in the signed cookie
DEVICE_AGE = 34_560_000  # seconds, 400 days: browsers keep no cookie for longer


def cookie_name() -> str:
    """The `__Host-` prefix ties the cookie to this host and to TLS (RFC 6265bis)."""
    return "__Host-pythoughts_session" if current_settings().https else "pythoughts_session"


def device_cookie_name() -> str:
    """The cookie by which a browser is known again, long after its session."""
    return "__Host-pythoughts_device" if current_settings().https else "pythoughts_device"


def note_device() -> None:
    """Let the rules know which browser it is."""
    if device := request.cookies.get(device_cookie_name()):
        set_origin(replace(current_origin(), device=device))


def load_user(incoming: Request) -> User | None:
    """Who the session cookie belongs to, or through whose eyes they look: one query with a cookie, none without."""
    token = incoming.cookies.get(cookie_name())
    if not token:
        return None
    found = queries.find_session(token)
    if found is None:
        g.session_is_dead = True
        return None
    g.presence = Presence(
        session_id=found.id,
        user_id=found.user_id,
        seen_at=found.updated_at,
        created_at=found.created_at,
        expires_at=found.expires_at,
        auth_at=found.auth_at,
        remember=found.remember,
    )
    person = queries.find_looked_at(found)
    _keep_forms_apart(person)
    if person and found.impersonation_expires_at:
        g.look = Look(by=found.user, until=found.impersonation_expires_at)
    return person or found.user


def _keep_forms_apart(person: User | None) -> None:
    """No form that was opened through somebody's eyes can be sent as oneself: its token goes when the look is over."""
    looked_at = person.id if person else None
    if session.get(LOOKED_AT) != looked_at:
        session.clear()
    if looked_at:
        session[LOOKED_AT] = looked_at


def session_id() -> str | None:
    """The key of the session that the request came with, None for a visitor."""
    presence: Presence | None = g.get("presence")
    return presence.session_id if presence else None


def hand_out(opened: OpenedSession) -> None:
    """Let the answer carry a new session; the form session of before, with its CSRF token, ends."""
    drop()
    g.opened_session = opened


def swap(opened: OpenedSession, *, looked_at: str | None = None) -> None:
    """Let the answer carry the new token of the same session, which from now on sees what somebody else sees, or not.

    Args:
        opened: the session.
        looked_at: through whose eyes; None for one's own.
    """
    hand_out(opened)
    if looked_at:
        session[LOOKED_AT] = looked_at


def drop() -> None:
    """Forget the session that the request came with: in its row, in its cookie, and in the form session."""
    if token := request.cookies.get(cookie_name()):
        use_cases.sign_out(token=token)
    session.clear()
    g.pop("presence", None)
    g.session_is_dead = True


def write_cookie(response: Response) -> Response:
    """Give, renew or take the cookie; what a signed-in person sees is stored nowhere."""
    opened: OpenedSession | None = g.get("opened_session")
    presence: Presence | None = g.get("presence")
    if opened:
        _set(response, opened.token, opened)
        _remember_browser(response, opened)
    elif presence:
        _renew(response, presence)
    elif g.get("session_is_dead") and cookie_name() in request.cookies:
        response.delete_cookie(cookie_name(), **_attributes())
    if opened or presence:
        response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def _renew(response: Response, presence: Presence) -> None:
    if response.status_code >= 500:
        return  # the database may be what is broken
    expires_at = use_cases.touch_session(presence)
    if expires_at:
        token = request.cookies[cookie_name()]
        _set(response, token, OpenedSession(token, expires_at, presence.remember))


def _set(response: Response, token: str, opened: OpenedSession) -> None:
    minutes = ceil((opened.expires_at - now()) / timedelta(minutes=1))
    max_age = (
        minutes * 60 if opened.remember else None
    )  # rounded up: the row decides, and a lost second signs out early
    response.set_cookie(cookie_name(), token, max_age=max_age, **_attributes())


def _remember_browser(response: Response, opened: OpenedSession) -> None:
    if opened.device:
        response.set_cookie(device_cookie_name(), opened.device, max_age=DEVICE_AGE, **_attributes())


def _attributes() -> dict[str, Any]:
    return {"path": "/", "httponly": True, "samesite": "Lax", "secure": current_settings().https}
