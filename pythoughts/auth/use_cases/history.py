"""The history that people read to see whether only they were here; written in the transaction of what happened."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, literal, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Database

from pythoughts.auth.models import USER_AGENT_MAX, AuthEvent, Event, User
from pythoughts.clock import now
from pythoughts.db import new_id, transaction
from pythoughts.i18n import _
from pythoughts.origin import NOWHERE, Origin, current_origin
from pythoughts.settings.queries import value_of
from pythoughts.settings.registry import define

DAYS_KEPT = define("accounts.history_days", 90, _("Days that the sign-in history is kept."), least=1, most=3_650)


def note(database: Database, user: User, kind: Event, *, actor: User | None) -> AuthEvent:
    """One line of the history of `user`; where it came from is told only when they did it themselves."""
    origin = current_origin() if actor is not None and actor.id == user.id else NOWHERE
    event = AuthEvent(
        id=new_id(),
        at=now(),
        user_id=user.id,
        kind=kind,
        ip_address=origin.ip_address,
        user_agent=browser_of(origin),
    )
    database.add(event)
    return event


def note_failure(user_id: str | None, kind: Event = Event.SIGN_IN_FAILED) -> None:
    """Somebody failed to sign in as `user_id`, or at what needs their second factor; nobody's account takes as long.

    The line may be lost in a crash: waiting for the disk would tell that there is such an account.
    """
    origin = current_origin()
    values: dict[str, Any] = {
        "id": literal(new_id()),
        "at": literal(now()),
        "user_id": User.id,
        "kind": literal(kind.value),
        "ip_address": literal(origin.ip_address),
        "user_agent": literal(browser_of(origin)),
    }
    line = insert(AuthEvent).from_select(list(values), select(*values.values()).where(User.id == (user_id or "")))
    with transaction() as database:
        database.execute(text("set local synchronous_commit = off"))
        database.execute(line)


def browser_of(origin: Origin) -> str | None:
    """What the browser says of itself, as far as a row keeps it."""
    return (origin.user_agent or "").replace("\x00", "")[:USER_AGENT_MAX] or None


def tidy_history(database: Database) -> None:
    """Forget what is old."""
    database.execute(delete(AuthEvent).where(AuthEvent.at < now() - timedelta(days=value_of(DAYS_KEPT))))
