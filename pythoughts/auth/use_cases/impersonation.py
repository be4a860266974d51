"""Look at the site through a member's eyes, to see what they see: for 15 minutes, and never to do anything.

The look hangs on the session of whoever looks, and ends with it. That nothing but reading is possible meanwhile is
decided in `access`, before any view.
"""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session as Database

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth.models import Event, Session, User
from pythoughts.auth.permissions import can_impersonate
from pythoughts.auth.tokens import digest, new_token
from pythoughts.auth.use_cases.history import note
from pythoughts.auth.use_cases.looks import Ending, end_looks
from pythoughts.auth.use_cases.records import check_reason, lock_user, require
from pythoughts.auth.use_cases.sessions import OpenedSession
from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.errors import Conflict
from pythoughts.i18n import _
from pythoughts.mail.use_cases import send_later

LOOK_LIFETIME = timedelta(minutes=15)
LETTER = "auth/impersonated"


def start_impersonation(*, actor: User, session_id: str | None, user: User, reason: str) -> OpenedSession:
    """Let the session of `actor` see what `user` sees; its token changes, and the person is told.

    Raises:
        NotAllowed: the actor has no right to it, or the person is staff.
        Invalid: no reason.
        Conflict: nobody can sign in to that account, or the actor's session is over.
    """
    require(can_impersonate(actor, user))
    why = check_reason(reason)
    with transaction() as database:
        staff, person = lock_user(database, actor.id), lock_user(database, user.id)
        require(can_impersonate(staff, person))
        if not person.is_active:
            raise Conflict(_("Nobody can sign in to this account, so there is nothing to see."))
        mine = _hold(database, staff, session_id)
        end_looks(database, Ending.EXPIRED, Session.id == mine.id)
        until = now() + LOOK_LIFETIME
        opened = _rotate(database, mine, impersonating_user_id=person.id, impersonation_expires_at=until)
        _tell(database, person, staff)
        record(
            Act(staff, "user.impersonate", "user", person.id, person.username, why, {}, {"until": until.isoformat()})
        )
        return opened


def stop_impersonation(*, actor: User, session_id: str | None) -> OpenedSession | None:
    """Give the session back to `actor`, whose own it is, under a new token; None when nobody looks any more.

    Raises:
        Conflict: the session is over.
    """
    with transaction() as database:
        mine = _hold(database, lock_user(database, actor.id), session_id)
        if mine.impersonating_user_id is None:
            return None
        end_looks(database, Ending.STOPPED, Session.id == mine.id)
        return _rotate(database, mine)


def end_expired_impersonations() -> None:
    """Write down the end of those looks whose 15 minutes are over; nobody sees anything by them already."""
    with transaction() as database:
        end_looks(database, Ending.EXPIRED, Session.impersonation_expires_at <= now())


def _hold(database: Database, staff: User, session_id: str | None) -> Session:
    """The session, held; of two who change it at once, the second sees what the first did."""
    mine = select(Session).where(Session.id == (session_id or ""), Session.user_id == staff.id)
    session = database.scalar(mine.with_for_update().execution_options(populate_existing=True))
    if session is None:
        raise Conflict(_("You have been signed out meanwhile. Sign in again."))
    return session


def _rotate(database: Database, session: Session, **values: object) -> OpenedSession:
    """A copy of the cookie from before, or from during the look, opens nothing afterwards."""
    opened = OpenedSession(new_token(), session.expires_at, session.remember)
    changes = {"token": digest(opened.token), "updated_at": Session.updated_at, **values}
    database.execute(update(Session).where(Session.id == session.id).values(changes))
    return opened


def _tell(database: Database, person: User, staff: User) -> None:
    event = note(database, person, Event.IMPERSONATED, actor=staff)
    database.flush()  # the letter refers to it
    send_later(template=LETTER, user_id=person.id, ref_id=event.id)
