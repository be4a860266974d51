"""Reads of the daily numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from pythoughts.db import db
from pythoughts.statistics.days import days_until
from pythoughts.statistics.models import PERIODS, DailyStat, Number

LENGTH = bindparam("length", type_=Integer)
"""Days of the period."""
ENDED = select(func.max(DailyStat.day)).where(DailyStat.name == Number.ACTIVE_30).scalar_subquery()
"""The last day that was counted when it was over: only then is it known who was active."""
IS_NOW = DailyStat.day > ENDED - LENGTH
BY_DAY = aggregate_order_by(DailyStat.count, DailyStat.day)
STATEMENT = (
    select(
        DailyStat.name,
        ENDED.label("last"),
        func.max(DailyStat.updated_at).label("as_of"),
        func.array_agg(BY_DAY).filter(IS_NOW).label("counts"),
        func.array_agg(aggregate_order_by(DailyStat.day, DailyStat.day)).filter(IS_NOW).label("days"),
        func.coalesce(func.sum(DailyStat.count).filter(~IS_NOW), 0).label("before"),
        func.coalesce(func.max(DailyStat.count).filter(DailyStat.day == ENDED - LENGTH), 0).label("border"),
    )
    .where(DailyStat.day > ENDED - 2 * LENGTH, DailyStat.day <= ENDED)
    .group_by(DailyStat.name)
)


@dataclass(frozen=True)
class Course:
    """One number over the days of a period.

    Attributes:
        total: of the period.
        before: of the period before it.
        daily: one for each day.
    """

    total: int
    before: int
    daily: tuple[int, ...]


@dataclass(frozen=True)
class Period:
    """Full days, and what happened on them.

    Attributes:
        days: in order; the last one is the last that is over and counted.
        as_of: when the numbers were counted.
        courses: by what is counted; `ACTIVE` counts people once in the whole period.
    """

    days: tuple[date, ...]
    as_of: datetime
    courses: Mapping[Number, Course] = field(hash=False)


def period(length: int) -> Period | None:
    """What happened in the last `length` days that are over, 30 or 90 of them; None before anything was counted."""
    found = {row.name: row for row in db.session.execute(STATEMENT, {"length": length})}
    if not found:
        return None
    ended = next(iter(found.values()))
    days = tuple(days_until(ended.last, length))
    courses = {number: _course(found.get(number), days) for number in Number}
    if looking_back := found.get(PERIODS[length]):
        courses[Number.ACTIVE] = Course(looking_back.counts[-1], looking_back.border, courses[Number.ACTIVE].daily)
    return Period(days, max(row.as_of for row in found.values()), courses)


def _course(row: Any | None, days: Sequence[date]) -> Course:
    """The days that were never counted are 0."""
    known = dict(zip(row.days or (), row.counts or (), strict=True)) if row else {}
    daily = tuple(known.get(day, 0) for day in days)
    return Course(sum(daily), int(row.before) if row else 0, daily)
