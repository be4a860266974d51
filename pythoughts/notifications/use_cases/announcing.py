"""Tell people of a post that answers or names them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session, aliased

from pythoughts.auth.models import User
from pythoughts.db import new_id, transaction
from pythoughts.feed.models import Post, PostState
from pythoughts.markup import mentioned
from pythoughts.notifications.models import Mention, NoticeKind, Notification
from pythoughts.preferences.models import UserBlock, UserPreferences

MENTIONS_MAX = 10  # people whom one post can name, all its edits taken together
Answered = aliased(Post, name="answered")


@dataclass(frozen=True)
class News:
    """A live post, as far as others may have to hear of it; `answered_id` is who wrote what it replies to."""

    post_id: str
    author_id: str
    message: str
    answered_id: str | None


def announce(post_id: str) -> None:
    """Tell whom a live post answers and whom it names; asking again tells nobody twice, a post out of sight nobody."""
    with transaction() as session:
        post = _find(session, post_id)
        if post is None:
            return
        names = mentioned(post.message)
        reachable = _reachable(session, post, names) if names or post.answered_id else []
        answered = [each.id for each in reachable if each.id == post.answered_id and each.wants_replies]
        named = _note_mentions(session, post, [each for each in reachable if each.username in names])
        tell(session, NoticeKind.REPLY, answered, person_id=post.author_id, post_id=post.post_id)
        others = [each.id for each in named if each.id not in answered and each.wants_mentions]
        tell(session, NoticeKind.MENTION, others, person_id=post.author_id, post_id=post.post_id)


def tell(session: Session, kind: NoticeKind, user_ids: Iterable[str], **about: Any) -> None:
    """One new notice for each of them, in one statement; whom a post has reached once, it does not reach again.

    Args:
        session: of the transaction.
        kind: what happened.
        user_ids: who is told.
        **about: further columns, the same for everybody.
    """
    rows = [{"id": new_id(), "user_id": user_id, "kind": kind, **about} for user_id in user_ids]
    if rows:
        session.execute(insert(Notification).on_conflict_do_nothing(), rows)


def _find(session: Session, post_id: str) -> News | None:
    columns = (Post.id, Post.user_id, Post.message, Answered.user_id)
    live = select(*columns).outerjoin(Answered, Answered.id == Post.reply_to_id)
    row = session.execute(live.where(Post.id == post_id, Post.state == PostState.LIVE)).first()
    return News(*row) if row else None


def _reachable(session: Session, post: News, names: Sequence[str]) -> Sequence[Any]:
    """Whoever is answered or named, exists, is somebody else, and hears the author."""
    meant = or_(User.id == (post.answered_id or ""), and_(User.username.in_(names), ~_ignored_by(post.author_id)))
    wishes = (_wish("replies").label("wants_replies"), _wish("mentions").label("wants_mentions"))
    heard = UserPreferences.ignored_users.cast(JSONB).has_key(post.author_id)
    present = (User.id != post.author_id, User.deleted_at.is_(None), User.delete_after.is_(None))
    found = (
        select(User.id, User.username, *wishes)
        .outerjoin(UserPreferences, UserPreferences.user_id == User.id)
        .where(meant, *present, ~func.coalesce(heard, False), ~_is_behind_block(post.author_id))
    )
    return session.execute(found).all()


def _wish(name: str) -> ColumnElement[bool]:
    """A choice that somebody has made, yes when they have not."""
    return func.coalesce(UserPreferences.settings[name].as_boolean(), True)


def _ignored_by(author_id: str) -> ColumnElement[bool]:
    """Whom the author does not hear, they do not call either."""
    mine = aliased(UserPreferences, name="mine")
    ids = select(mine.ignored_users.cast(JSONB).has_key(User.id)).where(mine.user_id == author_id)
    return func.coalesce(ids.scalar_subquery(), False)


def _is_behind_block(author_id: str) -> ColumnElement[bool]:
    made = and_(UserBlock.user_id == author_id, UserBlock.blocked_id == User.id)
    got = and_(UserBlock.user_id == User.id, UserBlock.blocked_id == author_id)
    return select(UserBlock.id).where(or_(made, got)).exists()


def _note_mentions(session: Session, post: News, named: Sequence[Any]) -> Sequence[Any]:
    """Those whom the post names for the first time, as many as there is room for."""
    if not named:
        return []
    noted = set(session.scalars(select(Mention.user_id).where(Mention.post_id == post.post_id)))
    fresh = [each for each in named if each.id not in noted][: max(0, MENTIONS_MAX - len(noted))]
    if fresh:
        rows = [{"id": new_id(), "post_id": post.post_id, "user_id": each.id} for each in fresh]
        session.execute(insert(Mention).on_conflict_do_nothing(), rows)
    return fresh
