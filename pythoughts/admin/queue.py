"""What waits for review: the list in order of urgency, narrowed and counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Subquery,
    and_,
    any_,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)

from pythoughts.access import Role, actor
from pythoughts.admin.asking import Asked, Vocabulary
from pythoughts.admin.filters import USERNAME, ListFilter, PersonFilter
from pythoughts.admin.keyset import Order, Window
from pythoughts.admin.listing import COUNT_CAP
from pythoughts.auth.models import User
from pythoughts.db import db
from pythoughts.feed.models import Post, PostState
from pythoughts.i18n import Text, _
from pythoughts.moderation.labels import LABELS
from pythoughts.moderation.models import Category, ItemState, Outcome, Report, ReviewItem

PAGE_SIZE = 25  # items
KINDS_COUNTED = 1_000  # items whose reports are looked through for the numbers of the kinds
EXCERPT = 200  # characters of a post
KINDS: dict[str, Text] = {
    **{str(category): label for category, label in LABELS.items()},
    "word": _("Watched word"),
    "held": _("Held"),
    "person": _("Members"),
    "mine": _("Claimed by me"),
}
"""What the queue can be narrowed to."""
CATEGORIES = frozenset(Category)

# Written into the statement: a parameter would keep a prepared plan from using the partial index.
WAITS = ReviewItem.state == literal_column(f"'{ItemState.OPEN}'")
PERSON_ID = func.coalesce(ReviewItem.person_id, Post.user_id)
OPEN_REPORT = and_(Report.item_id == ReviewItem.id, Report.outcome == Outcome.OPEN)


class ByUrgency(Order):
    """The highest score first, then what has waited longest: the order of the queue's index."""

    def sort(self, statement: Select[Any], *, backwards: bool) -> Select[Any]:
        """Put the rows in order, or in the opposite one to walk back."""
        score, *others = self.columns
        ends = [score, *(column.desc() for column in others)] if backwards else [score.desc(), *others]
        return statement.order_by(*ends)

    def beyond(self, cursor: tuple[Any, ...], *, backwards: bool) -> ColumnElement[bool]:
        """Rows that come after the one with the key `cursor`, or before it."""
        score, *others = self.columns
        here = tuple_(*others)
        there = tuple_(*(literal(value, column.type) for value, column in zip(cursor[1:], others, strict=True)))
        if backwards:
            return and_(score >= cursor[0], or_(score > cursor[0], here < there))
        return and_(score <= cursor[0], or_(score < cursor[0], here > there))


class KindFilter(ListFilter):
    """One kind of items: with reports of a category, or what KINDS names besides."""

    def __init__(self) -> None:
        super().__init__("kind", _("Kind"))
        self.choices = KINDS

    def clean(self, value: str) -> str:
        """The value itself, when there is such a kind.

        Raises:
            ValueError: there is none.
        """
        if value not in KINDS:
            raise ValueError("no such kind")
        return value

    def clause(self, value: str) -> ColumnElement[bool]:
        """The condition of the kind, for the reader."""
        return _is_kind(value, actor().id)


class AuthorFilter(PersonFilter):
    """Items about somebody and about what they wrote."""

    def __init__(self) -> None:
        super().__init__("author", _("Member"), PERSON_ID)

    def clause(self, value: str) -> ColumnElement[bool]:
        """Found by their posts, so that an index serves it."""
        named = select(User.id).where(or_(User.username == value, User.id == value)).limit(1).scalar_subquery()
        person = named if USERNAME.fullmatch(value) else literal(value)
        of_posts = ReviewItem.post_id.in_(select(Post.id).where(Post.user_id == person))
        return or_(of_posts, ReviewItem.person_id == person)


ORDER = ByUrgency((ReviewItem.score, ReviewItem.opened_at, ReviewItem.id))
VOCABULARY = Vocabulary({"kind": KindFilter(), "author": AuthorFilter()}, {"urgency": ORDER}, searchable=False)


@dataclass(frozen=True)
class Tally:
    """How much waits.

    Attributes:
        total: all of it, one more than COUNT_CAP when there is more.
        kinds: how many of each of KINDS are among the KINDS_COUNTED most urgent.
        oldest: since when the one waits that has waited longest.
    """

    total: int
    kinds: dict[str, int]
    oldest: datetime | None

    @property
    def is_cut(self) -> bool:
        """Whether there may be more of each kind than was counted."""
        return self.total > KINDS_COUNTED


@dataclass(frozen=True)
class Queue:
    """What one page shows of it, and how much there is."""

    window: Window
    tally: Tally


def waiting(reader: User) -> Select[Any]:
    """One row for each item that the reader may decide about: those about people of a lower rank."""
    return _joined(select(literal(1))).where(WAITS, _is_below(reader))


def read_queue(asked: Asked, reader: User) -> Queue:
    """One page of the queue and the size of all of it, in one statement."""
    counts, found = _counts(asked, reader).subquery("counts"), _page(asked, reader).subquery("page")
    statement = select(*counts.c, *found.c).select_from(counts).outerjoin(found, true())
    in_order = ByUrgency((found.c.score, found.c.opened_at, found.c.id))
    rows = db.session.execute(in_order.sort(statement, backwards=asked.backwards)).all()
    tally = Tally(rows[0].total, {kind: getattr(rows[0], kind) for kind in KINDS}, rows[0].oldest)
    items = [row for row in rows if row.id is not None]
    return Queue(ORDER.window(items, PAGE_SIZE, started=asked.cursor is not None, backwards=asked.backwards), tally)


def _page(asked: Asked, reader: User) -> Select[Any]:
    statement = _narrowed(_rows().where(WAITS, _is_below(reader)), asked.filters)
    if asked.cursor is not None:
        statement = statement.where(ORDER.beyond(asked.cursor, backwards=asked.backwards))
    return ORDER.sort(statement, backwards=asked.backwards).limit(PAGE_SIZE + 1)


def _counts(asked: Asked, reader: User) -> Select[Any]:
    """All of it up to the cap, and of which kinds the most urgent are; narrowed to an author, only what is theirs."""
    theirs = {name: value for name, value in asked.filters.items() if name == "author"}
    every = _narrowed(waiting(reader).add_columns(ReviewItem.opened_at), theirs).limit(COUNT_CAP + 1).subquery("every")
    others = (_is_kind(kind, reader.id).label(kind) for kind in KINDS if kind not in CATEGORIES)
    columns: list[Any] = [_categories(), *others]
    urgent = _narrowed(_joined(select(*columns)).where(WAITS, _is_below(reader)), theirs)
    counted = ORDER.sort(urgent, backwards=False).limit(KINDS_COUNTED).subquery("counted")
    numbers: list[Any] = [func.count().filter(_is_counted(counted, kind)).label(kind) for kind in KINDS]
    total = select(func.count().label("total"), func.min(every.c.opened_at).label("oldest")).subquery("total")
    of_kinds = select(*numbers).subquery("of_kinds")
    return select(*total.c, *of_kinds.c).select_from(total).join(of_kinds, true())


def _is_counted(counted: Subquery, kind: str) -> ColumnElement[bool]:
    return literal(kind) == any_(counted.c.categories) if kind in CATEGORIES else counted.c[kind]


def _categories() -> ColumnElement[Any]:
    """Of the open reports of an item; looked up for each item, so that what is beyond the limit costs nothing."""
    found = select(func.array_agg(Report.category)).where(OPEN_REPORT)
    return found.correlate(ReviewItem).scalar_subquery().label("categories")


def next_after(rows: Sequence[Row[Any]], place: tuple[int, datetime, str], reader: User) -> Row[Any] | None:
    """The item that follows a place in the order, or the last one; rather one that nobody else looks at."""
    free = [row for row in rows if not row.is_claimed or row.claimed_by == reader.id] or list(rows)
    score, opened_at, key = place
    behind = (row for row in free if (-row.score, row.opened_at, row.id) > (-score, opened_at, key))
    return next(behind, free[-1] if free else None)


@cache
def _rows() -> Select[Any]:
    strongest = select(Report.category).where(OPEN_REPORT).order_by(Report.weight.desc(), Report.id).limit(1)
    return _joined(
        select(
            ReviewItem.id,
            ReviewItem.score,
            ReviewItem.opened_at,
            ReviewItem.open_reports,
            ReviewItem.word_id,
            ReviewItem.claimed_by,
            is_claimed().label("is_claimed"),
            func.left(Post.message, EXCERPT).label("message"),
            Post.state.label("post_state"),
            strongest.correlate(ReviewItem).scalar_subquery().label("category"),
            User.id.label("member_id"),
            User.username.label("member_username"),
            User.avatar_version.label("member_avatar_version"),
        )
    )


def is_claimed() -> ColumnElement[bool]:
    """Whether somebody looks at an item at this moment."""
    return func.coalesce(ReviewItem.claimed_until > func.now(), False)


def _joined(selection: Select[Any]) -> Select[Any]:
    with_post = selection.select_from(ReviewItem).outerjoin(Post, Post.id == ReviewItem.post_id)
    return with_post.join(User, User.id == PERSON_ID)


def _is_below(reader: User) -> ColumnElement[bool]:
    """The rank rule, which nobody gets around by being reported about."""
    return User.role.in_([role for role in Role if role.rank < Role(reader.role).rank])


def _narrowed(statement: Select[Any], filters: Mapping[str, str]) -> Select[Any]:
    for name, value in filters.items():
        chosen = VOCABULARY.filters[name]
        statement = chosen.apply(statement, chosen.clean(value))
    return statement


def _is_kind(kind: str, reader_id: str) -> ColumnElement[bool]:
    if kind in CATEGORIES:
        return select(Report.id).where(OPEN_REPORT, Report.category == kind).correlate(ReviewItem).exists()
    others = {
        "word": ReviewItem.word_id.is_not(None),
        "held": Post.state == PostState.HELD,
        "person": ReviewItem.person_id.is_not(None),
        "mine": and_(is_claimed(), ReviewItem.claimed_by == reader_id),
    }
    return others[kind]
