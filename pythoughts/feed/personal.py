"""What a person wrote: it stays under nobody's name, or goes too."""

from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.orm import Session

from pythoughts.clock import now
from pythoughts.db import db
from pythoughts.feed.models import Post, PostRevision, PostState
from pythoughts.i18n import Text, _
from pythoughts.personal import Farewell, Part

BLANK = "-"  # no row may be empty
COLUMNS: tuple[Any, ...] = (
    Post.id,
    Post.message,
    Post.state,
    Post.reply_to_id,
    Post.root_id,
    Post.created_at,
    Post.edited_at,
    Post.deleted_at,
    Post.delete_reason,
    Post.reply_count,
)
EARLIER: tuple[Any, ...] = (
    PostRevision.post_id,
    PostRevision.message,
    PostRevision.written_at,
    PostRevision.created_at,
)


def _rows(user_id: str) -> Select[Any]:
    return select(*COLUMNS).where(Post.user_id == user_id).order_by(Post.id)


def _erase(session: Session, farewell: Farewell) -> None:
    """What the person deleted loses its text in any case."""
    mine = Post.user_id == farewell.user_id
    wanted = (mine,) if farewell.removes_posts else (mine, Post.state == PostState.DELETED)
    _hold(session, *wanted)
    _count_off(session, *wanted)
    values = {
        "state": PostState.DELETED,
        "message": BLANK,
        "deleted_at": func.coalesce(Post.deleted_at, now()),
        "deleted_by": farewell.user_id,
        "delete_reason": None,
        "removed_op": None,
        "version": Post.version + 1,
    }
    quietly = {"synchronize_session": False}
    session.execute(update(Post).where(*wanted).values(values), execution_options=quietly)
    keyed = update(Post).where(mine, Post.idempotency_key.is_not(None)).values(idempotency_key=None)
    session.execute(keyed, execution_options=quietly)


def _hold(session: Session, *wanted: ColumnElement[bool]) -> None:
    """Lock the posts and what they answer; everybody locks the newer one first, so nobody waits in a circle."""
    own = select(Post.id).where(*wanted)
    answered = select(Post.reply_to_id).where(*wanted, Post.reply_to_id.is_not(None))
    both = select(Post.id).where(Post.id.in_(own.union(answered).scalar_subquery()))
    session.execute(both.order_by(Post.id.desc()).with_for_update(key_share=True))


def _count_off(session: Session, *wanted: ColumnElement[bool]) -> None:
    """What was answered has fewer live replies now."""
    lost = (
        select(Post.reply_to_id, func.count().label("replies"))
        .where(*wanted, Post.state == PostState.LIVE, Post.reply_to_id.is_not(None))
        .group_by(Post.reply_to_id)
        .subquery()
    )
    fewer = update(Post).where(Post.id == lost.c.reply_to_id).values(reply_count=Post.reply_count - lost.c.replies)
    session.execute(fewer, execution_options={"synchronize_session": False})


def _loss(user_id: str) -> Text:
    kept = or_(Post.state != PostState.DELETED, Post.reply_count > 0)
    is_reply = Post.reply_to_id.is_not(None)
    counted = select(func.count().filter(~is_reply), func.count().filter(is_reply))
    thoughts, replies = db.session.execute(counted.where(Post.user_id == user_id, kept)).one()
    return _(
        "Thoughts: %(thoughts)s, replies: %(replies)s. Their texts are removed.",
        thoughts=f"{thoughts:,}",
        replies=f"{replies:,}",
    )


def _earlier_rows(user_id: str) -> Select[Any]:
    theirs = select(*EARLIER).join(Post, Post.id == PostRevision.post_id).where(Post.user_id == user_id)
    return theirs.order_by(PostRevision.id)


def _erase_earlier(session: Session, farewell: Farewell) -> None:
    """What somebody took back stays taken back, even where the rest of their words stays."""
    theirs = select(Post.id).where(Post.user_id == farewell.user_id).scalar_subquery()
    gone = delete(PostRevision).where(PostRevision.post_id.in_(theirs))
    session.execute(gone, execution_options={"synchronize_session": False})


PARTS = (
    Part("pythoughts", _("Thoughts and replies"), rows=_rows, erase=_erase, loss=_loss),
    Part("post_revision", _("What they said before they were edited"), rows=_earlier_rows, erase=_erase_earlier),
)
