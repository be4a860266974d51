"""Take back the deletion of an account by signing in before its end."""

from sqlalchemy.orm import Session as Database

from pythoughts import signals
from pythoughts.audit.use_cases import Act, record
from pythoughts.auth.models import Event, User
from pythoughts.auth.use_cases.history import note


def reopen(database: Database, user: User) -> None:
    """Whoever signs in wants to stay; the caller holds the user's lock. Nothing happens to an open account."""
    if user.delete_after is not None:
        user.delete_after = None
        user.version += 1
        note(database, user, Event.ACCOUNT_REOPENED, actor=user)
        record(Act(user, "user.reopen", "user", user.id, target_label=user.username))
        signals.account_reopened.send(user)
