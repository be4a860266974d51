"""Forget what was read long ago."""

from datetime import timedelta

from sqlalchemy import Delete, delete, select

from pythoughts.auth.use_cases.records import rows_of
from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.i18n import _
from pythoughts.notifications.models import Digest, Notification
from pythoughts.settings.queries import value_of
from pythoughts.settings.registry import define

DAYS_KEPT = define(
    "notifications.days_kept", 90, _("Days that notifications are kept after they were read."), least=1, most=3_650
)
DIGESTS_KEPT = timedelta(days=60)  # longer than any time that a digest is about
BATCH = 5_000  # rows in one transaction


def forget_old() -> None:
    """Delete what was read before the days that the setting allows, and the digests of two months ago."""
    cutoff = now() - timedelta(days=value_of(DAYS_KEPT))
    read = select(Notification.id).where(Notification.read_at < cutoff).limit(BATCH)
    _delete_all(delete(Notification).where(Notification.id.in_(read)))
    _delete_all(delete(Digest).where(Digest.ends_at < now() - DIGESTS_KEPT))


def _delete_all(statement: Delete) -> None:
    """Go on until a round finds fewer rows than it may take."""
    found = BATCH
    while found >= BATCH:
        with transaction() as session:
            found = rows_of(session.execute(statement, execution_options={"synchronize_session": False}))
