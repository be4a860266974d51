"""What somebody was told and where they are named, and how both are forgotten."""

from typing import Any

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import Session

from pythoughts.i18n import _
from pythoughts.notifications.models import Digest, Mention, Notification
from pythoughts.personal import Farewell, Part, owned

COLUMNS: tuple[Any, ...] = (
    Notification.kind,
    Notification.post_id,
    Notification.letter,
    Notification.reason,
    Notification.created_at,
    Notification.read_at,
)


def _rows(user_id: str) -> Select[Any]:
    return select(*COLUMNS).where(Notification.user_id == user_id).order_by(Notification.id)


def _erase(session: Session, farewell: Farewell) -> None:
    """What they were told goes, and what others were told of them; those find replies that stay in their threads."""
    theirs = or_(Notification.user_id == farewell.user_id, Notification.person_id == farewell.user_id)
    session.execute(delete(Notification).where(theirs))


PARTS = (
    Part("notification", _("Notifications"), rows=_rows, erase=_erase),
    owned(Mention, _("Thoughts that name you"), Mention.post_id, Mention.created_at),
    owned(Digest, _("Mails about what is new"), Digest.starts_at, Digest.ends_at, Digest.created_at),
)
