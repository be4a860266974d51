"""The feed: roots of threads, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, Text, bindparam, func, literal_column, select

from pythoughts.db import db
from pythoughts.errors import NotFound
from pythoughts.feed.models import Post
from pythoughts.feed.queries.rows import LIVE, PostRow, not_for, to_row, visible
from pythoughts.i18n import _

NEWER_COUNTED = 99  # thoughts that are counted at most; nobody needs to know of more
PAGE_LAST = 500  # pages that can be reached by number; beyond that by `before` only


@dataclass(frozen=True, slots=True)
class Page:
    """Some posts, and where the next ones begin.

    Attributes:
        older: the id before which the next page begins, None on the last page.
    """

    posts: list[PostRow]
    older: str | None


def feed_before(cursor: str | None, *, reader_id: str | None, size: int) -> Page:
    """The newest thoughts, or those that are older than `cursor`, which need not exist any more.

    Args:
        cursor: the id of a post.
        reader_id: whoever reads; people they ignore or are kept apart from are left out.
        size: posts on a page.
    """
    statement = _newest(size + 1, is_member=reader_id is not None, goes_on=cursor is not None)
    rows = db.session.execute(statement, {"reader_id": reader_id, "cursor": cursor})
    return _page_of(rows.all(), size)


@cache
def _newest(most: int, *, is_member: bool, goes_on: bool) -> Select[Any]:
    """The statement for each kind and size of page, made once: every request would make the same one anew.

    The size is written into it: not knowing it, PostgreSQL keeps no plan but makes one for each request.
    """
    reader = bindparam("reader_id", type_=Text) if is_member else None
    selection = visible(reader).where(Post.reply_to_id.is_(None))
    if goes_on:
        selection = selection.where(Post.id < bindparam("cursor"))
    return selection.order_by(Post.id.desc()).limit(literal_column(str(most)))


def feed_page(number: int, *, reader_id: str | None, size: int) -> Page:
    """The page with this number, 1 being the newest.

    Raises:
        NotFound: there are not that many pages, or the number is beyond PAGE_LAST.
    """
    if number == 1:
        return feed_before(None, reader_id=reader_id, size=size)
    first = _first_id(reader_id, (number - 1) * size) if 1 < number <= PAGE_LAST else None
    if first is None:
        raise NotFound(_("There is no page with this number."))
    return read_page(visible(reader_id).where(Post.reply_to_id.is_(None), Post.id <= first), size)


def count_newer(cursor: str | None, *, reader_id: str | None) -> int:
    """How many thoughts have come after `cursor`, without the reader's own; counting stops right after NEWER_COUNTED.

    Args:
        cursor: the id of a post, which need not exist any more; None counts from the beginning.
        reader_id: whoever reads; people they ignore or are kept apart from are left out.
    """
    newer = select(Post.id).where(LIVE, Post.reply_to_id.is_(None), Post.id > (cursor or ""), *not_for(reader_id))
    if reader_id is not None:
        newer = newer.where(Post.user_id != reader_id)
    some = newer.limit(NEWER_COUNTED + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def _first_id(reader_id: str | None, offset: int) -> str | None:
    """Walk the index alone to where a numbered page begins."""
    selection = select(Post.id).where(LIVE, Post.reply_to_id.is_(None), *not_for(reader_id))
    found: str | None = db.session.scalar(selection.order_by(Post.id.desc()).offset(offset).limit(1))
    return found


def read_page(selection: Select[Any], size: int) -> Page:
    """Up to `size` posts of a selection, the newest first; one more is read to know whether there are older ones."""
    return _page_of(db.session.execute(selection.order_by(Post.id.desc()).limit(size + 1)).all(), size)


def _page_of(rows: Sequence[Row[Any]], size: int) -> Page:
    posts = [to_row(row) for row in rows[:size]]
    return Page(posts, older=posts[-1].id if len(rows) > size else None)
