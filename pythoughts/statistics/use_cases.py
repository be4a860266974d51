"""Count what happened. Counting again gives the same, so late rows and undone ones correct themselves."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, distinct, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pythoughts.audit.models import AuditLog
from pythoughts.auth.models import User
from pythoughts.db import transaction
from pythoughts.feed.models import Post
from pythoughts.moderation.models import Outcome, Report
from pythoughts.statistics.days import ONE, Stretch, days_until, rows_of, single, today
from pythoughts.statistics.models import PERIODS, DailyStat, Number

LATELY = 3  # days that are counted again and again
KNOWN = 181  # days that are counted each night: two periods of 90 days, and today

Count = Callable[[Any], ScalarSelect[int]]


def _rows(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).where(*conditions).scalar_subquery()


def _active(stretch: Any) -> ScalarSelect[int]:
    """Whoever wrote something, whatever has become of it."""
    wrote = (Post.id >= stretch.c.low, Post.id < stretch.c.high)
    return select(func.count(distinct(Post.user_id))).where(*wrote).scalar_subquery()


COUNTS: dict[Number, Count] = {
    Number.SIGN_UPS: lambda days: _rows(User.created_at >= days.c.since, User.created_at < days.c.until),
    Number.POSTS: lambda days: _rows(Post.id >= days.c.low, Post.id < days.c.high),
    Number.REPLIES: lambda days: _rows(Post.id >= days.c.low, Post.id < days.c.high, Post.depth > 0),
    Number.REMOVALS: lambda days: _rows(
        AuditLog.action == "post.remove", AuditLog.at >= days.c.since, AuditLog.at < days.c.until
    ),
    Number.REPORTS_OPENED: lambda days: _rows(Report.id >= days.c.low, Report.id < days.c.high),
    Number.REPORTS_RESOLVED: lambda days: _rows(
        Report.outcome.in_((Outcome.AGREED, Outcome.DISAGREED)),
        Report.decided_at >= days.c.since,
        Report.decided_at < days.c.until,
    ),
    Number.ACTIVE: _active,
}


def count_lately() -> None:
    """Count the last days again; all that pages look back on when days were missed."""
    with transaction() as session:
        newest = session.scalar(select(func.max(DailyStat.day)))
        is_behind = newest is None or newest <= today() - ONE * LATELY
        _count(session, KNOWN if is_behind else LATELY)


def count_all() -> None:
    """Count all days again that pages look back on: what was erased since must not go on counting."""
    with transaction() as session:
        _count(session, KNOWN)


def _count(session: Session, days: int) -> None:
    chosen = days_until(today(), days)
    for name, count in COUNTS.items():
        _note(session, name, count, single(chosen))
    over = chosen[:-1]
    for period, name in PERIODS.items():
        ends = [day for day in (over[-1] - ONE * period, over[-1]) if day in over]
        _note(session, name, _active, [Stretch(day - ONE * (period - 1), day) for day in ends])


def _note(session: Session, name: Number, count: Count, stretches: Sequence[Stretch]) -> None:
    days = rows_of(stretches)
    counted = select(literal(name), days.c.day, count(days)).select_from(days)
    row = insert(DailyStat).from_select(["name", "day", "count"], counted)
    latest = {"count": row.excluded.count, "updated_at": func.now()}
    session.execute(row.on_conflict_do_update(index_elements=["name", "day"], set_=latest))
