"""All that a moderator needs to decide about one item: what was said, by whom, who complained, what was done before."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import FromClause, Row, ScalarSelect, Select, and_, func, lateral, literal, or_, select, true
from sqlalchemy.orm import aliased

from pythoughts.admin.person import MODERATION
from pythoughts.admin.queue import OPEN_REPORT, PERSON_ID, is_claimed
from pythoughts.audit.models import AuditLog
from pythoughts.audit.queries import acts
from pythoughts.auth.models import User
from pythoughts.db import db
from pythoughts.errors import NotFound
from pythoughts.feed.models import Post, PostState
from pythoughts.feed.queries import Author
from pythoughts.i18n import _
from pythoughts.moderation.models import ItemState, Outcome, Report, ReviewItem
from pythoughts.moderation.permissions import can_review
from pythoughts.moderation.queries import DECIDED_KNOWN
from pythoughts.words.models import WatchedWord

CONSIDERED = 1_000  # of the author's posts, the newest
REPORTS_SHOWN = 20  # the heaviest
ACTS_SHOWN = 15
REMOVED_CONSIDERED = 20  # removed posts of the author whose acts are shown

Parent, ParentAuthor = aliased(Post, name="parent"), aliased(User, name="parent_author")
Claimer, Decider = aliased(User, name="claimer"), aliased(User, name="decider")
ABOUT_PERSON = (*MODERATION, "review.agree", "review.disagree", "review.ignore", "review.reopen", "review.note")
AUTHOR = ("id", "username", "display_username", "name", "role", "avatar_version")


@dataclass(frozen=True)
class Dossier:
    """An item and all that lies around it.

    Attributes:
        item: the item with its post, what that replies to, and counts about the author.
        author: whoever wrote the post, or the person.
        reports: who complained, and how often staff agreed with them before.
        history: what staff did to the post, to the author and to what they wrote.
        may_decide: whether it waits and nobody else looks at it.
    """

    item: Row[Any]
    author: Author
    reports: Sequence[Row[Any]]
    history: Sequence[Row[Any]]
    may_decide: bool

    @property
    def others(self) -> int:
        """How many more items wait because of the same person."""
        waiting: int = self.item.all_waiting
        return waiting - 1 if self.item.state == ItemState.OPEN else waiting


def get_dossier(item_id: str, *, reader: User) -> Dossier:
    """Everything about one item, in three statements.

    Raises:
        NotFound: there is none, or it is about somebody whom the reader may not act on.
    """
    item = db.session.execute(_items().where(ReviewItem.id == item_id)).one_or_none()
    author = Author(*(getattr(item, f"member_{name}") for name in AUTHOR)) if item else None
    if item is None or author is None or not can_review(reader, author):
        raise NotFound(_("There is nothing to review at this address."))
    is_free = not item.is_claimed or item.claimed_by == reader.id
    return Dossier(item, author, _reports(item_id), _history(item), item.state == ItemState.OPEN and is_free)


@cache
def _items() -> Select[Any]:
    counts = _counts()
    columns: tuple[Any, ...] = (
        *(getattr(ReviewItem, name) for name in ("id", "version", "state", "score", "opened_at", "open_reports")),
        *(getattr(ReviewItem, name) for name in ("post_id", "person_id", "claimed_by", "claimed_until", "decided_at")),
        is_claimed().label("is_claimed"),
        WatchedWord.word,
        Claimer.username.label("claimer"),
        Decider.username.label("decider"),
        *(getattr(Post, name) for name in ("message", "edited_at", "reply_count", "reply_to_id", "root_id")),
        Post.state.label("post_state"),
        Post.created_at.label("posted_at"),
        Parent.message.label("parent_message"),
        Parent.state.label("parent_state"),
        ParentAuthor.username.label("parent_username"),
        *(getattr(User, name).label(f"member_{name}") for name in AUTHOR),
        User.created_at.label("joined_at"),
        counts.c.posts,
        counts.c.removed,
        (counts.c.waiting + _about_person()).label("all_waiting"),
        _strongest().label("category"),
    )
    return (
        select(*columns)
        .select_from(ReviewItem)
        .outerjoin(Post, Post.id == ReviewItem.post_id)
        .join(User, User.id == PERSON_ID)
        .join(counts, true())
        .outerjoin(WatchedWord, WatchedWord.id == ReviewItem.word_id)
        .outerjoin(Claimer, Claimer.id == ReviewItem.claimed_by)
        .outerjoin(Decider, Decider.id == ReviewItem.decided_by)
        .outerjoin(Parent, Parent.id == Post.reply_to_id)
        .outerjoin(ParentAuthor, ParentAuthor.id == Parent.user_id)
    )


def _counts() -> FromClause:
    """Of the author's newest posts: how many there are, were removed, wait for review."""
    theirs, other = aliased(Post, name="theirs"), aliased(ReviewItem, name="other")
    facts: tuple[Any, ...] = (theirs.id, theirs.state)
    newest = select(*facts).where(theirs.user_id == User.id).order_by(theirs.id.desc()).limit(CONSIDERED)
    some = newest.correlate(User).lateral("some")
    waits = and_(other.post_id == some.c.id, other.state == ItemState.OPEN)
    removed = func.count().filter(some.c.state == PostState.REMOVED)
    numbers = (func.count().label("posts"), removed.label("removed"), func.count(other.id).label("waiting"))
    return lateral(select(*numbers).select_from(some).outerjoin(other, waits), "counts")


def _about_person() -> ScalarSelect[Any]:
    """One when the author as a whole waits for review."""
    whole = aliased(ReviewItem, name="whole")
    waits = (whole.person_id == User.id, whole.state == ItemState.OPEN)
    return select(func.count()).select_from(whole).where(*waits).correlate(User).scalar_subquery()


def _strongest() -> ScalarSelect[Any]:
    found = select(Report.category).where(OPEN_REPORT).order_by(Report.weight.desc(), Report.id).limit(1)
    return found.correlate(ReviewItem).scalar_subquery()


def _reports(item_id: str) -> Sequence[Row[Any]]:
    """The open ones first; of each reporter, how many of their last DECIDED_KNOWN decided reports were agreed with."""
    earlier = aliased(Report, name="earlier")
    decided = (earlier.reporter_id == Report.reporter_id, earlier.outcome.in_((Outcome.AGREED, Outcome.DISAGREED)))
    last = select(earlier.outcome).where(*decided).order_by(earlier.id.desc()).limit(DECIDED_KNOWN).correlate(Report)
    known = last.lateral("last")
    agreed = func.count().filter(known.c.outcome == Outcome.AGREED).label("agreed")
    record = lateral(select(agreed, func.count().label("decided")).select_from(known), "record")
    columns: tuple[Any, ...] = (
        *(Report.category, Report.details, Report.outcome, Report.created_at, Report.weight),
        *(getattr(User, name).label(f"member_{name}") for name in AUTHOR),
        *(record.c.agreed, record.c.decided),
    )
    found = select(*columns).select_from(Report).join(User, User.id == Report.reporter_id).join(record, true())
    order = ((Report.outcome != Outcome.OPEN), Report.weight.desc(), Report.id)
    return db.session.execute(found.where(Report.item_id == item_id).order_by(*order).limit(REPORTS_SHOWN)).all()


def _history(item: Row[Any]) -> Sequence[Row[Any]]:
    newest = select(Post.id, Post.state).where(Post.user_id == item.member_id).order_by(Post.id.desc())
    some = newest.limit(CONSIDERED).subquery()
    removed = select(some.c.id).where(some.c.state == PostState.REMOVED).limit(REMOVED_CONSIDERED)
    ids = removed.union(select(literal(item.post_id))) if item.post_id else removed
    to_posts = and_(AuditLog.target_type == "post", AuditLog.target_id.in_(ids))
    to_person = (AuditLog.target_type == "user", AuditLog.target_id == item.member_id)
    statement = acts().where(or_(to_posts, and_(*to_person, AuditLog.action.in_(ABOUT_PERSON))))
    return db.session.execute(statement.order_by(AuditLog.id.desc()).limit(ACTS_SHOWN)).all()
