"""A person's page: who they are, how much they wrote, and what."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, func, select

from pythoughts.auth.models import USERNAME_PATTERN, User
from pythoughts.auth.queries import find_by_old_name
from pythoughts.db import db
from pythoughts.errors import Gone, NotFound
from pythoughts.feed.models import Post, PostState
from pythoughts.feed.queries.listing import Page, read_page
from pythoughts.feed.queries.rows import LIVE, behind_block, posts_and_answered
from pythoughts.i18n import _

NAME = re.compile(USERNAME_PATTERN)
COUNTED = 10_000  # posts of a kind that are counted at most


class Tab(StrEnum):
    """Which of a person's posts are listed."""

    ALL = ""
    THOUGHTS = "thoughts"
    REPLIES = "replies"


@dataclass(frozen=True, slots=True)
class Profile:
    """A person, and how many live thoughts and replies they have; counting stops right after COUNTED."""

    person: User
    thoughts: int
    replies: int


def get_profile(username: str, *, hidden: Collection[str] = ()) -> Profile:
    """Whoever has this name in any case, banned people included; of a name given up, who had it last.

    Args:
        username: in any case.
        hidden: ids of people who have blocked the reader.

    Raises:
        NotFound: nobody has it, or somebody hidden.
        Gone: whoever has it has closed the account.
    """
    lowered = username.lower()
    selection = select(User, _count(Post.reply_to_id.is_(None)), _count(Post.reply_to_id.is_not(None)))
    row = _find(selection, lowered) if NAME.fullmatch(lowered) else None
    if row is None:
        raise NotFound(_("Nobody here has this name."))
    profile = Profile(*row)
    if profile.person.id in hidden:
        raise NotFound(_("There is nothing here for you to see."))
    if profile.person.is_closed or profile.person.deleted_at is not None:
        raise Gone(_("This account is closed."))
    return profile


def _find(selection: Select[User, int, int], username: str) -> Row[User, int, int] | None:
    found = db.session.execute(selection.where(User.username == username)).first()
    successor = find_by_old_name(username) if found is None else None
    return db.session.execute(selection.where(User.id == successor.id)).first() if successor else found


def _count(kind: ColumnElement[bool]) -> ScalarSelect[int]:
    some = select(Post.id).where(Post.user_id == User.id, LIVE, kind).limit(COUNTED + 1).correlate(User).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def capped(number: int) -> str:
    """A count with thousands separated, or "10,000+" where counting stopped."""
    return f"{COUNTED:,}+" if number > COUNTED else f"{number:,}"


def posts_of(user_id: str, *, reader: User | None, tab: Tab, cursor: str | None, size: int) -> Page:
    """What `user_id` wrote, newest first, with what each reply answers; to themselves also what is held.

    Args:
        user_id: whose posts.
        reader: whoever reads, None for a visitor; those behind a block read nothing.
        tab: thoughts, replies, or both.
        cursor: the id of a post; only older ones are listed.
        size: posts on a page.
    """
    state = Post.state.in_((PostState.LIVE, PostState.HELD)) if reader is not None and reader.id == user_id else LIVE
    selection = posts_and_answered().where(Post.user_id == user_id, state, ~behind_block(reader))
    if tab is not Tab.ALL:
        selection = selection.where(Post.reply_to_id.is_(None) == (tab is Tab.THOUGHTS))
    if cursor is not None:
        selection = selection.where(Post.id < cursor)
    return read_page(selection, size)
