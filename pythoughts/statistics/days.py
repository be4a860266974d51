"""Days in UTC, and stretches of them as the tables can be asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Date, DateTime, Text, column, values

from pythoughts.clock import now
from pythoughts.db import id_at

ONE = timedelta(days=1)


@dataclass(frozen=True)
class Stretch:
    """Some days, both ends included; what is counted in them is noted under the last."""

    first: date
    last: date


def today() -> date:
    """The day that is not over yet."""
    return now().date()


def days_until(last: date, count: int) -> list[date]:
    """`count` days in order, ending with `last`."""
    return [last - ONE * back for back in reversed(range(count))]


def single(days: Iterable[date]) -> list[Stretch]:
    """Each day for itself."""
    return [Stretch(day, day) for day in days]


def rows_of(stretches: Sequence[Stretch]) -> Any:
    """Stretches as rows of a statement.

    Returns:
        A selectable with `day`, the moments `since` and `until`, and the smallest keys of both: `low` and `high`.
    """
    columns = (
        column("day", Date),
        column("since", DateTime(timezone=True)),
        column("until", DateTime(timezone=True)),
        column("low", Text),
        column("high", Text),
    )
    return values(*columns, name="stretch").data([_row(stretch) for stretch in stretches])


def _row(stretch: Stretch) -> tuple[date, datetime, datetime, str, str]:
    since, until = _start_of(stretch.first), _start_of(stretch.last + ONE)
    return stretch.last, since, until, id_at(since, 0), id_at(until, 0)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(tzinfo=UTC))
