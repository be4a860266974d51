"""Sessions are rows: opening one is an INSERT, ending one a DELETE that holds on the very next request."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

import structlog
from sqlalchemy import ColumnElement, Table, bindparam, delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import joinedload

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth.models import Event, Session, User
from pythoughts.auth.permissions import can_end_session, can_end_sessions
from pythoughts.auth.queries import ABSOLUTE_LIFETIME
from pythoughts.auth.tokens import digest, new_token
from pythoughts.auth.use_cases.devices import remember_device, tell_of_device, use_device
from pythoughts.auth.use_cases.history import browser_of, note
from pythoughts.auth.use_cases.looks import Ending, record_ends
from pythoughts.auth.use_cases.records import lock_user, require
from pythoughts.auth.use_cases.reopening import reopen
from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.errors import NotFound
from pythoughts.i18n import _
from pythoughts.origin import current_origin
from pythoughts.text import is_storable

log = structlog.get_logger()

LIFETIME = timedelta(days=7)
SHORT_LIFETIME = timedelta(days=1)  # when the person did not ask to be remembered
RENEW_AFTER = timedelta(days=1)
TOUCH_AFTER = timedelta(minutes=5)
SESSIONS_MAX = 20  # per person; the oldest leave
SURPLUS = (  # made once, like everything that each sign-in sends
    delete(cast("Table", Session.__table__))
    .where(
        Session.id.in_(
            select(Session.id)
            .where(Session.user_id == bindparam("owner"))
            .order_by(Session.id.desc())
            .offset(SESSIONS_MAX)
        )
    )
    .returning(Session.user_id, Session.impersonating_user_id)
)
SEEN = (  # being here is no change of the account: `updated_at` stays
    update(cast("Table", User.__table__))
    .where(User.id == bindparam("owner"))
    .values(last_seen_at=bindparam("moment"), updated_at=User.updated_at)
)


@dataclass(frozen=True)
class OpenedSession:
    """A session that has just begun; its secrets exist here and in the cookies only.

    Attributes:
        token: what the session's cookie carries.
        device: what the cookie carries by which the browser is known again.
        expires_at: when the cookie may go.
        remember: whether the cookie outlives the browser.
    """

    token: str = field(repr=False)
    expires_at: datetime
    remember: bool
    device: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Presence:
    """What a request knows of the session that it came with."""

    session_id: str
    user_id: str
    seen_at: datetime
    created_at: datetime
    expires_at: datetime
    auth_at: datetime
    remember: bool


def open_session(database: Database, user: User, *, remember: bool, why: Event = Event.SIGN_IN) -> OpenedSession:
    """Sign `user` in at the browser that the request came from; the caller holds the user's lock.

    Args:
        database: of the transaction at hand.
        user: who signs in.
        remember: whether the session outlives the browser.
        why: what the history tells; a sign-in at a browser that was not known is mailed as well.
    """
    reopen(database, user)
    known = use_device(database, user)
    origin, event = current_origin(), note(database, user, why, actor=user)
    if known is None and why == Event.SIGN_IN:
        tell_of_device(database, user, event)
    device = known or remember_device(database, user)
    opened = OpenedSession(new_token(), now() + (LIFETIME if remember else SHORT_LIFETIME), remember, device)
    database.add(
        Session(
            token=digest(opened.token),
            user_id=user.id,
            expires_at=opened.expires_at,
            remember=remember,
            ip_address=origin.ip_address,
            user_agent=browser_of(origin),
        )
    )
    database.flush()  # the new one counts among the 20
    database.execute(SEEN, {"owner": user.id, "moment": now()})
    _end_looks_of(database, database.execute(SURPLUS, {"owner": user.id}).all())
    return opened


def end_sessions(database: Database, *conditions: ColumnElement[bool]) -> int:
    """Delete the sessions that match, with the looks that hang on them; how many there were."""
    ending = delete(Session).where(*conditions).returning(Session.user_id, Session.impersonating_user_id)
    ended = database.execute(ending).all()
    _end_looks_of(database, ended)
    return len(ended)


def _end_looks_of(database: Database, ended: Sequence[tuple[str, str | None]]) -> None:
    record_ends(database, Ending.SESSION_ENDED, ended)


def touch_session(presence: Presence) -> datetime | None:
    """Note that the session is in use, at most every 5 minutes; it lives on for 7 days, renewed at most once a day.

    Returns:
        When it expires now, if that has changed.
    """
    if now() - presence.seen_at < TOUCH_AFTER:
        return None
    expires_at = _renewed(presence)
    try:
        _note_seen(presence, expires_at)
    except DBAPIError as error:  # a database that only reads must not stop a reader
        log.warning("session-not-touched", kind=type(error.orig).__name__)
        return None
    return expires_at if expires_at != presence.expires_at else None


def _renewed(presence: Presence) -> datetime:
    wanted = min(now() + LIFETIME, presence.created_at + ABSOLUTE_LIFETIME)
    due = presence.remember and wanted - presence.expires_at >= RENEW_AFTER
    return wanted if due else presence.expires_at


def _note_seen(presence: Presence, expires_at: datetime) -> None:
    with transaction() as database:
        database.execute(
            update(Session)
            .where(Session.id == presence.session_id, Session.updated_at == presence.seen_at)
            .values(updated_at=now(), expires_at=expires_at)
        )
        database.execute(SEEN, {"owner": presence.user_id, "moment": now()})


def sign_out(*, token: str) -> None:
    """End the session that the token opens; one that is over already stays so."""
    mine = select(Session).options(joinedload(Session.user)).where(Session.token == digest(token))
    with transaction() as database:
        session = database.scalar(mine)
        if session and end_sessions(database, Session.id == session.id):
            note(database, session.user, Event.SIGN_OUT, actor=session.user)


def revoke_session(*, actor: User | None, session_id: str) -> None:
    """End one session: one's own on another device, or as staff that of a lower rank.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    with transaction() as database:
        session = _find(database, session_id)
        if session is None or not can_end_session(actor, session):
            raise NotFound(_("There is no such session."))
        if end_sessions(database, Session.id == session.id):
            note(database, session.user, Event.SESSION_REVOKED, actor=actor)
            record(Act(actor, "session.revoke", "session", session.id, target_label=session.user.username))


def _find(database: Database, session_id: str) -> Session | None:
    return database.get(Session, session_id, options=[joinedload(Session.user)]) if is_storable(session_id) else None


def revoke_sessions(*, actor: User | None, user: User) -> int:
    """Sign somebody out everywhere; how many sessions ended.

    Raises:
        NotAllowed: the actor has no right to it.
    """
    require(can_end_sessions(actor, user))
    return _revoke_all(actor, user, Session.user_id == user.id)


def revoke_other_sessions(*, actor: User, session_id: str | None) -> int:
    """Sign out everywhere but here; how many sessions ended."""
    return _revoke_all(actor, actor, Session.user_id == actor.id, Session.id != (session_id or ""))


def _revoke_all(actor: User | None, user: User, *conditions: ColumnElement[bool]) -> int:
    with transaction() as database:
        lock_user(database, user.id)
        ended = end_sessions(database, *conditions)
        if ended:
            note(database, user, Event.SESSIONS_REVOKED, actor=actor)
            record(
                Act(actor, "session.revoke_all", "user", user.id, target_label=user.username, after={"ended": ended})
            )
    return ended
