"""One post with everything below it: the replies in the order they came, as a tree of bounded size."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Select, Text, bindparam, literal, select
from sqlalchemy.orm import aliased

from pythoughts.auth.models import User
from pythoughts.db import db
from pythoughts.errors import Gone, NotFound
from pythoughts.feed.models import DEPTH_SHOWN, Post, PostState
from pythoughts.feed.queries.rows import (
    HIDDEN,
    Answered,
    Author,
    Eyes,
    PostRow,
    author_columns,
    behind_block,
    may_open,
    may_see,
    posts,
    posts_and_answered,
    to_place,
    to_row,
)
from pythoughts.i18n import _

REPLIES_SHOWN = 200  # on one page of a thread
PLACES = frozenset({PostState.DELETED, HIDDEN})  # of which only the place is shown, and only when it is needed
POST_ID = bindparam("post_id", type_=Text)
STATE = select(Post.state).where(Post.id == POST_ID)  # made once: whoever posts is led on by it


class Order(StrEnum):
    """Which replies come first."""

    OLDEST = ""
    NEWEST = "new"


@dataclass(frozen=True, slots=True)
class Thread:
    """A post, and one page of what was replied to it.

    Attributes:
        tops: the replies that stand at the left: to the post itself, or to something on an earlier page.
        children: the replies to each reply, by its id.
        later: the id after which the next page begins, None on the last page.
    """

    post: PostRow
    tops: list[PostRow]
    children: dict[str, list[PostRow]]
    later: str | None


def find_post(post_id: str, *, reader: Any | None) -> PostRow | None:
    """The post with what it replies to, in any state, unless the reader may not know of it."""
    row = db.session.execute(_opened(Eyes.of(reader)), _values(post_id, reader)).first()
    return to_row(row) if row else None


@cache
def _opened(eyes: Eyes | None) -> Select[Any]:
    """One post for readers of a kind; made once, as what selects the replies is."""
    return posts_and_answered().where(Post.id == POST_ID, may_open(eyes))


def _values(post_id: str, reader: Any | None, after: str | None = None) -> dict[str, str | None]:
    return {"post_id": post_id, "reader_id": reader.id if reader else None, "after": after}


def get_post(post_id: str, *, reader: Any | None) -> PostRow:
    """The live post, or the reader's own held one.

    Raises:
        NotFound: there is none, or it is held and not for the reader's eyes.
        Gone: its author or a moderator took it away.
    """
    post = find_post(post_id, reader=reader)
    if post is None:
        raise NotFound(_("There is no thought at this address."))
    if is_gone(post):
        raise Gone(_("This thought was taken away."))
    return post


def get_own_post(post_id: str, *, author: Any) -> PostRow:
    """The post that its author may still delete.

    Raises:
        NotFound: there is none, or it is somebody else's.
        Gone: it was taken away already.
    """
    post = get_post(post_id, reader=author)
    if post.author.id != author.id:
        raise NotFound(_("There is no thought of yours at this address."))
    return post


def get_thread(post_id: str, *, reader: Any | None, after: str | None = None, order: Order = Order.OLDEST) -> Thread:
    """The post and up to REPLIES_SHOWN replies to it, DEPTH_SHOWN levels deep.

    Args:
        post_id: a root or a reply.
        reader: whoever reads, None for a visitor.
        after: the id of the last reply on the page before.
        order: which replies come first; what was said to one of them is always told in the order it was said.

    Raises:
        NotFound: there is none, or it is held or behind a block and not for the reader's eyes.
        Gone: it was taken away, and no reply needs it.
    """
    post = find_post(post_id, reader=reader)
    if post is None:
        raise NotFound(_("There is no thought at this address."))
    rows = _replies(post, reader, after, order)
    thread = _tree(post, rows[:REPLIES_SHOWN], has_later=len(rows) > REPLIES_SHOWN, order=order)
    if is_gone(post) and not _is_needed(thread, after):
        raise Gone(_("This thought was taken away."))
    return thread


def is_live(post_id: str) -> bool:
    """Whether everybody may see the post."""
    return db.session.scalar(STATE, {"post_id": post_id}) == PostState.LIVE


def is_gone(post: PostRow) -> bool:
    """Whether a moderator removed it or its author deleted it."""
    return post.state in {PostState.REMOVED, PostState.DELETED}


def _is_needed(thread: Thread, after: str | None) -> bool:
    """Whether a live reply hangs below the post, so that its place must stay."""
    shown = [*thread.tops, *(reply for below in thread.children.values() for reply in below)]
    return bool(thread.later or after) or any(reply.is_live or reply.reply_count for reply in shown)


def _replies(post: PostRow, reader: Any | None, after: str | None, order: Order) -> list[PostRow]:
    selection = _below(Eyes.of(reader), order, is_root=post.depth == 0, goes_on=after is not None)
    rows = db.session.execute(selection, _values(post.id, reader, after))
    return [to_place(row[:-1]) if row[-1] else to_row(row[:-1]) for row in rows]


@cache
def _below(eyes: Eyes | None, order: Order, *, is_root: bool, goes_on: bool) -> Select[Any]:
    """A page of what was replied, each with whether a block hides it."""
    selection = _of_root() if is_root else _of_reply()
    if goes_on:
        after = bindparam("after", type_=Text)
        selection = selection.where(Post.id < after if order is Order.NEWEST else Post.id > after)
    direction = Post.id.desc() if order is Order.NEWEST else Post.id
    selection = selection.where(may_see(eyes)).order_by(direction).limit(REPLIES_SHOWN + 1)
    return selection.add_columns(behind_block(eyes))


def _of_root() -> Select[Any]:
    """Every reply knows its root: one walk along an index, however long the thread."""
    return posts().where(Post.root_id == POST_ID, Post.depth <= DEPTH_SHOWN)


def _of_reply() -> Select[Any]:
    """What hangs below a reply has to be followed level by level."""
    child = aliased(Post)
    first = select(Post.id, literal(1).label("level")).where(Post.reply_to_id == POST_ID)
    below = first.cte("below", recursive=True)
    deeper = select(child.id, below.c.level + 1).join(below, child.reply_to_id == below.c.id)
    below = below.union_all(deeper.where(below.c.level < DEPTH_SHOWN))
    return posts().join(below, below.c.id == Post.id)


def _tree(post: PostRow, rows: Sequence[PostRow], *, has_later: bool, order: Order) -> Thread:
    is_newest_first = order is Order.NEWEST
    kept = _without_dead_ends(rows[::-1] if is_newest_first else rows)
    shown = {reply.id for reply in kept}
    children: dict[str, list[PostRow]] = {}
    for reply in kept:
        if reply.reply_to_id in shown:
            children.setdefault(str(reply.reply_to_id), []).append(reply)
    tops = [reply for reply in kept if reply.reply_to_id not in shown]
    named = _saying_what_they_answer(tops, post)
    later = rows[-1].id if has_later else None
    return Thread(post, named[::-1] if is_newest_first else named, children, later)


def _saying_what_they_answer(tops: list[PostRow], post: PostRow) -> list[PostRow]:
    """Name what replies answer that is neither the post itself nor on this page; mostly there is no such reply."""
    elsewhere = {reply.reply_to_id for reply in tops if reply.state != HIDDEN} - {post.id, None}
    if not elsewhere:
        return tops
    rows = db.session.execute(select(Post.id, *author_columns(User)).join(Post.author).where(Post.id.in_(elsewhere)))
    named = {row[0]: Answered(row[0], Author(*row[1:])) for row in rows}
    return [replace(reply, answers=named.get(reply.reply_to_id or "")) for reply in tops]


def _without_dead_ends(rows: Iterable[PostRow]) -> list[PostRow]:
    """Leave out what an author deleted and what a block hides, unless something that stays hangs below it."""
    needed: set[str | None] = set()
    kept = []
    for reply in reversed(list(rows)):  # the newest first: replies are seen before what they reply to
        if reply.state not in PLACES or reply.id in needed or reply.reply_count:
            needed.add(reply.reply_to_id)
            kept.append(reply)
    return kept[::-1]
