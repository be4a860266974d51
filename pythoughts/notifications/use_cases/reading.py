"""Note what somebody has read."""

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from pythoughts.auth.models import User
from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.feed.models import Post
from pythoughts.notifications.models import NoticeKind, Notification
from pythoughts.notifications.queries import Notice, get_notice
from pythoughts.text import is_id


def mark_read(*, actor: User, notice_id: str) -> Notice:
    """Note that the actor has read a notice and, when it is a reply, the earlier replies to the same post.

    Returns:
        The notice as it was.

    Raises:
        NotFound: it is somebody else's, or not there for them.
    """
    with transaction() as session:
        notice = get_notice(notice_id, user_id=actor.id)
        _read(session, Notification.user_id == actor.id, Notification.id == notice.id)
        if notice.kind == NoticeKind.REPLY and notice.answered_id:
            _read(session, *_replies_to(actor.id, notice.answered_id), Notification.id < notice.id)
        return notice


def mark_all_read(*, actor: User, until: str | None = None) -> None:
    """Note that the actor has read everything.

    Args:
        actor: whose notices.
        until: the id of the newest one that they saw; what came after it stays new.
    """
    seen = (Notification.id <= until,) if until and is_id(until) else ()
    with transaction() as session:
        _read(session, Notification.user_id == actor.id, *seen)


def mark_answered(session: Session, *, author_id: str, post_id: str) -> None:
    """Whoever answers a post has read it."""
    _read(session, Notification.user_id == author_id, Notification.post_id == post_id)


def _replies_to(user_id: str, answered_id: str) -> tuple[ColumnElement[bool], ...]:
    answers = Notification.post_id == Post.id
    return (
        Notification.user_id == user_id,
        Notification.kind == NoticeKind.REPLY,
        answers,
        Post.reply_to_id == answered_id,
    )


def _read(session: Session, *which: ColumnElement[bool]) -> None:
    """One statement; rows that are read already keep the time of the first reading."""
    unread = update(Notification).where(*which, Notification.read_at.is_(None)).values(read_at=now())
    session.execute(unread, execution_options={"synchronize_session": False})
