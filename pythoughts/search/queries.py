"""Posts by their words, people by their names; nothing that its reader would not find by walking the pages.

The words are looked up without any language's endings: `cats` finds `cats` alone, in whatever language.
"""

import re
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Select, case, func, select

from pythoughts.auth.models import User
from pythoughts.db import db
from pythoughts.errors import NotFound
from pythoughts.feed.models import Post
from pythoughts.feed.queries.rows import PostRow, posts_and_answered, to_row, visible
from pythoughts.i18n import _
from pythoughts.preferences.queries import cut_ids, ignored_ids
from pythoughts.search.models import NAMES, SIMPLE
from pythoughts.words.queries import censored

WORDS_MAX = 200  # characters that are looked for
RANKED = 1_000  # matches that are put in order, the newest
NAMES_RANKED = 1_000  # people, likewise
NAME_WORDS_MAX = 5
OPEN, CLOSE = "\ue000", "\ue001"  # around what matched; from the private area, which no keyboard has
MARKS = f"StartSel={OPEN}, StopSel={CLOSE}, HighlightAll=true"
NAME_PART = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Found:
    """Some posts that match, with OPEN and CLOSE around the words in their messages.

    Attributes:
        next_page: the number of the page that follows in the order of rank, None on the last.
        older: the id before which the next page begins in the order of time, None on the last.
    """

    posts: list[PostRow]
    next_page: int | None = None
    older: str | None = None


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """One line of a list of people."""

    id: str
    username: str
    display_username: str | None
    name: str | None
    bio: str | None
    role: str
    avatar_version: int


PERSON_COLUMNS: tuple[Any, ...] = (
    User.id,
    User.username,
    User.display_username,
    User.name,
    User.bio,
    User.role,
    User.avatar_version,
)


def best_posts(words: str, *, reader_id: str | None, page: int, size: int) -> Found:
    """The best of the newest RANKED matches.

    Args:
        words: as a search engine takes them: `"a phrase"`, `or`, `-without`.
        reader_id: whoever reads; people they do not want to hear are left out.
        page: its number, from 1.
        size: posts on a page.

    Raises:
        NotFound: there is no page of this number.
    """
    wanted, offset = _wanted(words), (page - 1) * size
    if not 0 <= offset < RANKED:
        raise NotFound(_("There is no page with this number."))
    newest = _ids(wanted, reader_id).add_columns(func.ts_rank(Post.search, wanted).label("rank")).limit(RANKED)
    ranked = newest.cte("newest").prefix_with("materialized")
    best = select(ranked.c.id, ranked.c.rank).order_by(ranked.c.rank.desc(), ranked.c.id.desc())
    shown = best.limit(size + 1).offset(offset).subquery("shown")
    posts = _read(wanted, posts_and_answered().join(shown, shown.c.id == Post.id).order_by(shown.c.rank.desc()))
    if page > 1 and not posts:
        raise NotFound(_("There is no page with this number."))
    return Found(posts[:size], next_page=page + 1 if len(posts) > size and offset + size < RANKED else None)


def newest_posts(words: str, *, reader_id: str | None, cursor: str | None, size: int) -> Found:
    """All matches, the newest first; `cursor` is the id before which they begin."""
    wanted = _wanted(words)
    ids = _ids(wanted, reader_id) if cursor is None else _ids(wanted, reader_id).where(Post.id < cursor)
    shown = ids.limit(size + 1).cte("shown").prefix_with("materialized")
    posts = _read(wanted, posts_and_answered().join(shown, shown.c.id == Post.id))
    return Found(posts[:size], older=posts[size - 1].id if len(posts) > size else None)


def find_people(words: str, *, reader_id: str | None, size: int) -> list[FoundPerson]:
    """Up to `size` people one of whose names begins with each of the words, an exact name first."""
    parts = NAME_PART.findall(words.lower())[:NAME_WORDS_MAX]
    if not parts:
        return []
    wanted = func.to_tsquery(SIMPLE, " & ".join(f"'{part}':*" for part in parts))
    some = select(User.id).where(NAMES.op("@@")(wanted), *_reachable(reader_id)).limit(NAMES_RANKED)
    exact = case((User.username == words.strip().removeprefix("@").lower(), 0), else_=1)
    selection = select(*PERSON_COLUMNS).where(User.id.in_(some))
    rows = db.session.execute(selection.order_by(exact, func.length(User.username), User.username).limit(size))
    return [FoundPerson(*row) for row in rows]


def _reachable(reader_id: str | None) -> list[ColumnElement[bool]]:
    open_account: list[ColumnElement[bool]] = [User.username.is_not(None), User.deleted_at.is_(None)]
    open_account.append(User.delete_after.is_(None))
    if reader_id is None:
        return open_account
    return [*open_account, User.id.not_in(ignored_ids(reader_id)), User.id.not_in(cut_ids(reader_id))]


def _wanted(words: str) -> ColumnElement[Any]:
    return func.websearch_to_tsquery(SIMPLE, words[:WORDS_MAX])


def _ids(wanted: ColumnElement[Any], reader_id: str | None) -> Select[Any]:
    """The ids of all matches, newest first: joined to what a page shows only once they are few."""
    selection = visible(reader_id).with_only_columns(Post.id).where(Post.search.op("@@")(wanted))
    return selection.order_by(Post.id.desc())


def _read(wanted: ColumnElement[Any], selection: Select[Any]) -> list[PostRow]:
    marked = func.ts_headline(SIMPLE, Post.message, wanted, MARKS)
    rows = db.session.execute(selection.add_columns(marked).order_by(Post.id.desc()))
    return [_marked(to_row(cast("Row[Any]", row[:-1])), row[-1]) for row in rows]


def _marked(post: PostRow, message: str) -> PostRow:
    """The post with its words marked, unless its author uses our marks for something else."""
    return post if OPEN in post.message or CLOSE in post.message else replace(post, message=censored(message))
