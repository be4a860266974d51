"""Mail people what they have not read, as often as they like and no more."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy.dialects.postgresql import insert

from pythoughts.auth.models import User
from pythoughts.auth.queries import find_person
from pythoughts.clock import now
from pythoughts.db import new_id, transaction
from pythoughts.errors import NotFound
from pythoughts.i18n import _
from pythoughts.mail.use_cases import send_later
from pythoughts.notifications.models import Digest
from pythoughts.notifications.queries import due_for_digest
from pythoughts.notifications.subscriptions import owner_of
from pythoughts.preferences.use_cases import save_settings

LETTER = "notifications/digest"
BATCH = 200  # people in one transaction
DAY = timedelta(days=1)
OFF = "off"


def queue_digests() -> None:
    """Ask for the mails about yesterday and about last week, in UTC.

    Each person's row of that time is made with the mail and only once, so it does not matter how often this runs, how
    many run it at once, or where the last run ended.
    """
    today = now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - today.weekday() * DAY
    for often, starts_at, ends_at in (("daily", today - DAY, today), ("weekly", monday - 7 * DAY, monday)):
        while _queue_some(often, starts_at, ends_at):
            pass


def stop_digests(*, token: str) -> None:
    """Mail no more digests to whom the link was written to. A second time changes nothing.

    Raises:
        NotFound: we did not write this link, or its reader is gone.
    """
    save_settings(actor=subscriber(token), settings={"digest": OFF})


def subscriber(token: str) -> User:
    """Whom the link in a digest was written to.

    Raises:
        NotFound: we did not write it, or they are gone.
    """
    person = find_person(owner_of(token))
    if person is None:
        raise NotFound(_("This link is not one of ours. Copy all of it, or change your settings after signing in."))
    return person


def _queue_some(often: str, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether there were people to write to."""
    with transaction() as session:
        due = due_for_digest(often, starts_at, ends_at, limit=BATCH)
        rows = [{"id": new_id(), "user_id": each, "starts_at": starts_at, "ends_at": ends_at} for each in due]
        if rows:
            once = insert(Digest).values(rows).on_conflict_do_nothing().returning(Digest.id, Digest.user_id)
            _ask_for(session.execute(once).all())
        return bool(rows)


def _ask_for(made: Sequence[tuple[str, str]]) -> None:
    for digest_id, user_id in made:
        send_later(template=LETTER, user_id=user_id, ref_id=digest_id)
