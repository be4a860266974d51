"""A person's page: who they are, how much they wrote, and what."""

import re
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select

from pythoughts.auth.models import USERNAME_PATTERN, User
from pythoughts.db import db
from pythoughts.errors import Gone, NotFound
from pythoughts.feed.models import Post
from pythoughts.feed.queries.listing import Page, read_page
from pythoughts.feed.queries.rows import LIVE, posts, with_parents
from pythoughts.i18n import _

NAME = re.compile(USERNAME_PATTERN)
COUNTED = 10_000  # posts that are counted at most; beyond, the page says "10,000+"


class Tab(StrEnum):
    """Which of a person's posts are listed."""

    ALL = ""
    THOUGHTS = "thoughts"
    REPLIES = "replies"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many live posts a person has; `more` when counting stopped at COUNTED."""

    thoughts: int
    replies: int
    more: bool


def get_person(username: str) -> User:
    """Whoever has this name, banned people included.

    Raises:
        NotFound: nobody has it.
        Gone: whoever had it has deleted the account.
    """
    lowered = username.lower()
    person = None
    if NAME.fullmatch(lowered):
        person = db.session.scalar(select(User).where(User.username == lowered))
    if person is None:
        raise NotFound(_("Nobody here has this name."))
    if person.deleted_at is not None:
        raise Gone(_("This account was deleted."))
    return person


def count_posts(user_id: str) -> Counts:
    """Count the live posts of `user_id`, no further than COUNTED."""
    is_reply = Post.reply_to_id.is_not(None).label("is_reply")
    some = select(is_reply).where(Post.user_id == user_id, LIVE).limit(COUNTED + 1).subquery()
    row = db.session.execute(
        select(func.count().filter(~some.c.is_reply), func.count().filter(some.c.is_reply)).select_from(some)
    ).one()
    return Counts(row[0], row[1], more=row[0] + row[1] > COUNTED)


def posts_of(user_id: str, *, tab: Tab, cursor: str | None, size: int) -> Page:
    """What `user_id` wrote, newest first, with what each reply answers.

    Args:
        user_id: whose posts.
        tab: thoughts, replies, or both.
        cursor: the id of a post; only older ones are listed.
        size: posts on a page.
    """
    selection = with_parents(posts()).where(Post.user_id == user_id, LIVE)
    if tab is not Tab.ALL:
        selection = selection.where(Post.reply_to_id.is_(None) == (tab is Tab.THOUGHTS))
    if cursor is not None:
        selection = selection.where(Post.id < cursor)
    return read_page(selection, size)
