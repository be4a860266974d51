"""The end of a look through somebody's eyes, whatever ends it: one line of the audit log each."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session as Database

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth.models import Session, User

LOOK_ENDS = "user.impersonate_end"


class Ending(StrEnum):
    """Why it is over."""

    STOPPED = "stopped"
    EXPIRED = "expired"
    SESSION_ENDED = "session-ended"
    PERSON_CHANGED = "person-changed"  # banned, or of another rank


def end_looks(database: Database, why: Ending, *conditions: ColumnElement[bool]) -> None:
    """Give the sessions that match back to their owners."""
    looking = (Session.impersonating_user_id.is_not(None), *conditions)
    facts = select(Session.id, Session.user_id, Session.impersonating_user_id).where(*looking)
    looks = database.execute(facts.order_by(Session.id).with_for_update()).all()
    if not looks:
        return
    giving_back = update(Session).where(Session.id.in_([look.id for look in looks]))
    over = {"impersonating_user_id": None, "impersonation_expires_at": None, "updated_at": Session.updated_at}
    database.execute(giving_back.values(over), execution_options={"synchronize_session": "fetch"})
    record_ends(database, why, [(look.user_id, look.impersonating_user_id) for look in looks])


def record_ends(database: Database, why: Ending, sessions: Iterable[tuple[str, str | None]]) -> None:
    """Write down those of the sessions, by owner and whom they look through, in which somebody was looking."""
    for owner_id, person_id in sessions:
        if person_id is not None:
            staff, person = database.get_one(User, owner_id), database.get_one(User, person_id)
            record(Act(staff, LOOK_ENDS, "user", person.id, person.username, after={"how": why}))
