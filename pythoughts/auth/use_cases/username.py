"""Take another name; the old one leads here and stays free of others for a while."""

from datetime import timedelta
from math import ceil

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Database

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth import queries
from pythoughts.auth.models import Event, User, UsernameHistory
from pythoughts.auth.names import Username, check_username
from pythoughts.auth.use_cases.history import note
from pythoughts.auth.use_cases.records import hold_names, lock_user, one_of_a_kind, taken
from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.errors import TooFast
from pythoughts.i18n import _
from pythoughts.settings.queries import value_of
from pythoughts.settings.registry import define

DAYS_BETWEEN = define("accounts.username_days", 14, _("Days until a username may be changed again."), most=3_650)
DAYS_KEPT = define(
    "accounts.username_kept_days", 90, _("Days for which nobody else may take a username given up."), most=3_650
)


def change_username(*, actor: User, username: str) -> None:
    """Call the actor something else; upper and lower case may change at any time.

    Raises:
        Invalid: the name can't be taken, or somebody has it, or had it lately.
        TooFast: the last change is too recent.
    """
    name = check_username(username)
    with one_of_a_kind(), transaction() as database:
        user = lock_user(database, actor.id)
        if name.key != user.username:
            _rename(database, user, name)
        if name.shown != user.display_username:
            user.display_username = name.shown
            user.version += 1


def _rename(database: Database, user: User, name: Username) -> None:
    _require_patience(database, user)
    hold_names(database, name.key, user.username or name.key)
    if queries.is_kept_for_another(name.key, user.id):
        raise taken("uq_user_username")
    mine = (UsernameHistory.user_id == user.id, UsernameHistory.username == name.key)
    database.execute(delete(UsernameHistory).where(*mine))
    if user.username:
        kept_until = now() + timedelta(days=value_of(DAYS_KEPT))
        database.add(UsernameHistory(user_id=user.id, username=user.username, reserved_until=kept_until))
    user.username = name.key
    database.flush()  # a taken name shows here
    note(database, user, Event.USERNAME_CHANGED, actor=user)
    record(Act(user, "user.change_username", "user", user.id, target_label=name.key))


def _require_patience(database: Database, user: User) -> None:
    newest = select(UsernameHistory.created_at).where(UsernameHistory.user_id == user.id)
    changed_at = database.scalar(newest.order_by(UsernameHistory.id.desc()).limit(1))
    free_at = changed_at + timedelta(days=value_of(DAYS_BETWEEN)) if changed_at else now()
    if free_at > now():
        sentence = _(
            "You changed your username lately. You can change it again from %(day)s.", day=f"{free_at:%Y-%m-%d}"
        )
        raise TooFast(sentence, retry_after=ceil((free_at - now()).total_seconds()), field="username")
