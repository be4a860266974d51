"""Posts as lists show them: one frozen row with its author, read without the weight of mapped objects."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from pythoughts.access import Permission, grants
from pythoughts.auth.models import User
from pythoughts.feed.models import Post, PostState
from pythoughts.feed.permissions import is_young
from pythoughts.preferences.queries import cut_ids, ignored_ids
from pythoughts.words.queries import censored

# Written into the statement: a parameter would keep a prepared plan from using the partial index.
LIVE = Post.state == literal_column(f"'{PostState.LIVE}'")
HIDDEN = "hidden"  # the state of a row whose reader and author are kept apart: it only holds a place

PersonId = str | BindParameter[str] | None  # None is a visitor

Parent = aliased(Post, name="parent")
ParentAuthor = aliased(User, name="parent_author")


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote it; without a username they are gone."""

    id: str
    username: str | None
    display_username: str | None
    name: str | None
    role: str
    avatar_version: int


NOBODY = Author("", None, None, None, "", 0)


@dataclass(frozen=True, slots=True)
class Answered:
    """The post that a reply answers, as far as a line above the reply names it."""

    id: str
    author: Author


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post as a page shows it.

    Attributes:
        message: as everybody reads it, with the words masked that staff want masked; empty when it is HIDDEN.
        reply_count: live replies directly to it.
        answers: what it replies to, when the query asked for it.
    """

    id: str
    message: str
    created_at: datetime
    edited_at: datetime | None
    reply_to_id: str | None
    root_id: str | None
    depth: int
    reply_count: int
    state: str
    author: Author
    answers: Answered | None = None

    @property
    def is_live(self) -> bool:
        """Whether everybody may read it."""
        return self.state == PostState.LIVE

    def seen_by(self, reader: Any | None) -> str:
        """Whose eyes are on it, as far as a page differs by that: "visitor", "reader", "author" or "editor".

        An editor is an author who may still change it.
        """
        if reader is None:
            return "visitor"
        if reader.id != self.author.id:
            return "reader"
        return "editor" if self.state in (PostState.LIVE, PostState.HELD) and is_young(self.created_at) else "author"


POST_COLUMNS = (
    Post.id,
    Post.message,
    Post.created_at,
    Post.edited_at,
    Post.reply_to_id,
    Post.root_id,
    Post.depth,
    Post.reply_count,
    Post.state,
)
POST_WIDTH = len(POST_COLUMNS)
AUTHOR_WIDTH = 6
READER_ID = bindparam("reader_id", type_=Text)


def author_columns(person: type[User]) -> tuple[Any, ...]:
    """The columns that make an Author, of the users table or an alias of it."""
    return (person.id, person.username, person.display_username, person.name, person.role, person.avatar_version)


@cache
def posts() -> Select[Any]:
    """All posts with their authors, whatever their state; every other selection starts here."""
    return select(*POST_COLUMNS, *author_columns(User)).join(User, User.id == Post.user_id)


@cache
def posts_and_answered() -> Select[Any]:
    """The same, with what names the post that each of them replies to."""
    return (
        posts()
        .add_columns(Parent.id, *author_columns(ParentAuthor))
        .outerjoin(Parent, Parent.id == Post.reply_to_id)
        .outerjoin(ParentAuthor, ParentAuthor.id == Parent.user_id)
    )


def visible(reader_id: PersonId) -> Select[Any]:
    """The live posts, without those of people whom the reader ignores or is kept apart from."""
    return posts().where(LIVE, *not_for(reader_id))


def not_for(reader_id: PersonId) -> tuple[ColumnElement[bool], ...]:
    """What leaves out posts by people whom the reader does not hear: ignored ones, and those behind a block."""
    if reader_id is None:
        return ()
    return Post.user_id.not_in(ignored_ids(reader_id)), Post.user_id.not_in(cut_ids(reader_id))


@dataclass(frozen=True, slots=True)
class Eyes:
    """Stands for every reader of one role in a statement that is made once; their id comes when it is sent."""

    role: str

    @property
    def id(self) -> BindParameter[str]:
        """The parameter `reader_id`."""
        return READER_ID

    @classmethod
    def of(cls, reader: Any | None) -> "Eyes | None":
        """Those of a reader; a visitor has none."""
        return cls(reader.role) if reader else None


def may_see(reader: Any | None) -> ColumnElement[bool]:
    """Which posts the reader may know of: a held one only as its author or as staff."""
    not_held = Post.state != PostState.HELD
    if reader is None:
        return not_held
    if is_staff(reader):
        return and_(literal_column("true"))
    return or_(not_held, Post.user_id == reader.id)


def may_open(reader: Any | None) -> ColumnElement[bool]:
    """The same without what a block hides; staff open everything."""
    return and_(may_see(reader), ~behind_block(reader))


def behind_block(reader: Any | None) -> ColumnElement[bool]:
    """Whether there is a block between the reader and the author that hides one from the other."""
    if reader is None or is_staff(reader):
        return literal_column("false", Boolean)
    return Post.user_id.in_(cut_ids(reader.id))


def is_staff(reader: Any) -> bool:
    """Whether somebody has to see what they moderate."""
    return grants(reader.role, Permission.POST_MODERATE)


def to_row(row: Sequence[Any]) -> PostRow:
    """Make a PostRow of what `posts()` or `posts_and_answered()` selects."""
    authored = POST_WIDTH + AUTHOR_WIDTH
    author = Author(*row[POST_WIDTH:authored])
    answers = Answered(row[authored], Author(*row[authored + 1 :])) if len(row) > authored and row[authored] else None
    return PostRow(*[row[0], censored(row[1]), *row[2:POST_WIDTH], author, answers])


def to_place(row: Sequence[Any]) -> PostRow:
    """The same with nothing in it but its place in the thread, for whoever must not read it."""
    post = to_row(row)
    return replace(post, message="", state=HIDDEN, author=NOBODY, answers=None, edited_at=None)
