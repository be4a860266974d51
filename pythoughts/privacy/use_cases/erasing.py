"""Erase people: their rows go or lose what tells of them; what others need of a thread stays."""

from datetime import timedelta

from sqlalchemy.orm import Session as Database

from pythoughts import personal
from pythoughts.audit.use_cases import Act, record
from pythoughts.auth.models import User
from pythoughts.auth.permissions import can_anonymise
from pythoughts.auth.use_cases.records import check_reason, lock_user, require
from pythoughts.auth.use_cases.standing import keep_an_admin, lock_beside_admins
from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.errors import NotFound
from pythoughts.i18n import _
from pythoughts.jobs.queue import enqueue
from pythoughts.privacy import queries
from pythoughts.privacy.use_cases.closing import PostsFate
from pythoughts.settings.queries import value_of
from pythoughts.settings.registry import define

ADDRESS_DAYS = define(
    "accounts.address_days",
    30,
    _("Days that network addresses are kept in sessions, in the sign-in history and in the audit log."),
    least=1,
)


def anonymise_user(*, actor: User | None, user: User, reason: str, posts: PostsFate = PostsFate.KEEP) -> None:
    """Erase somebody at once and for good; their posts stay under nobody's name, or lose their texts.

    Raises:
        NotAllowed: the actor has no right to it, or not the rank.
        Invalid: no reason.
        Conflict: nobody would be left to run the site.
        NotFound: they are erased already.
    """
    require(can_anonymise(actor, user))
    why = check_reason(reason)
    with transaction() as database:
        target = lock_beside_admins(database, user)
        require(can_anonymise(actor, target))
        keep_an_admin(database, target)
        _erase(database, target, posts)
        record(Act(actor, "user.anonymise", "user", target.id, reason=why, after={"posts": posts}))


def request_erasures() -> None:
    """Ask for a job for everybody whose grace has ended; one that fails holds up nobody else."""
    with transaction():
        for user_id in queries.due_for_erasure(now()):
            enqueue("privacy.erase", queueing_lock=f"privacy.erase:{user_id}", user_id=user_id)


def anonymise_if_due(*, user_id: str) -> bool:
    """Erase somebody whose grace has ended.

    Returns:
        Whether it was done: until the lock is held, the person may have come back, or another worker been faster.
    """
    with transaction() as database:
        try:
            user = lock_user(database, user_id)
        except NotFound:
            return False
        if user.delete_after is None or user.delete_after > now():
            return False
        posts = PostsFate.REMOVE if queries.wants_posts_removed(user.id) else PostsFate.KEEP
        _erase(database, user, posts)
        record(Act(None, "user.anonymise", "user", user.id, after={"posts": posts}))
        return True


def _erase(database: Database, user: User, posts: PostsFate) -> None:
    personal.erase(database, queries.farewell_of(user, removes_posts=posts == PostsFate.REMOVE))
    database.expire(user)


def forget_addresses() -> None:
    """Empty network addresses that are older than the setting allows."""
    with transaction() as database:
        personal.forget_addresses(database, now() - timedelta(days=value_of(ADDRESS_DAYS)))
