"""Reads of the moderation feature: what may be reported, what was, and what watched words would catch."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from pythoughts.auth.models import User
from pythoughts.clock import now
from pythoughts.db import db, id_at
from pythoughts.errors import NotFound
from pythoughts.feed.models import Post
from pythoughts.feed.queries import PostRow, get_post
from pythoughts.feed.queries.rows import posts, to_row
from pythoughts.i18n import _
from pythoughts.moderation.models import Outcome, Report, ReviewItem
from pythoughts.preferences.queries import get_person
from pythoughts.words.matching import Matcher, Word
from pythoughts.words.models import Action

DECIDED_KNOWN = 100  # decided reports that tell how accurate somebody is
LATELY = timedelta(days=30)
LOOKED_AT = 10_000  # posts that a word is tried on at most
BATCH = 1_000  # of them in memory at once


@dataclass(frozen=True, slots=True)
class Subject:
    """What somebody reports.

    Attributes:
        person: its author, or the person.
        post: None when it is about the person.
        reported: the outcome of an earlier report by the same reader, None when there is none.
    """

    person: Any
    post: PostRow | None
    reported: str | None


@dataclass(frozen=True, slots=True)
class Caught:
    """How many of the newest posts hold a word."""

    posts: int
    looked_at: int


def get_post_to_report(post_id: str, *, reader: User) -> Subject:
    """A post as everybody sees it, whoever has blocked whom; in any state to those who have reported it.

    Raises:
        NotFound: there is none, or it is held.
        Gone: it was taken away.
    """
    reported = _outcome(reader, ReviewItem.post_id == post_id)
    if reported is None:
        post = get_post(post_id, reader=None)
    else:
        post = to_row(db.session.execute(posts().where(Post.id == post_id)).one())
    return Subject(post.author, post, reported)


def get_person_to_report(username: str, *, reader: User) -> Subject:
    """A person by name.

    Raises:
        NotFound: nobody has it.
    """
    person = get_person(username)
    return Subject(person, None, _outcome(reader, ReviewItem.person_id == person.id))


def _outcome(reader: User, target: ColumnElement[bool]) -> str | None:
    mine = select(Report.outcome).join(ReviewItem, ReviewItem.id == Report.item_id)
    return db.session.scalar(mine.where(target, Report.reporter_id == reader.id))


def get_item(item_id: str) -> ReviewItem:
    """A review item by its key.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(ReviewItem, item_id)
    if found is None:
        raise NotFound(_("There is nothing to review at this address."))
    return found


def accuracy_of(reporter_id: str) -> float | None:
    """With which share of somebody's last reports staff agreed; None when they never decided about one."""
    decided = (Report.reporter_id == reporter_id, Report.outcome.in_((Outcome.AGREED, Outcome.DISAGREED)))
    last = select(Report.outcome).where(*decided).order_by(Report.id.desc()).limit(DECIDED_KNOWN).subquery()
    agreed = func.count().filter(last.c.outcome == Outcome.AGREED)
    right, all_of_them = db.session.execute(select(agreed, func.count()).select_from(last)).one()
    return right / all_of_them if all_of_them else None


def caught_lately(word: str) -> Caught:
    """How many posts of the last 30 days a word would have matched, of the newest LOOKED_AT at most.

    Args:
        word: as it would be watched for, in any spelling; it needs a letter or a digit.
    """
    matcher = Matcher.of([Word("", word, Action.FLAG)])
    lately = select(Post.message).where(Post.id >= id_at(now() - LATELY, 0)).order_by(Post.id.desc()).limit(LOOKED_AT)
    found = looked_at = 0
    for message in db.session.scalars(lately.execution_options(yield_per=BATCH)):
        looked_at += 1
        found += bool(matcher.find(message))
    return Caught(found, looked_at)
