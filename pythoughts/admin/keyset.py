"""Pages of a list, found by the key of a neighbouring row: the last page costs what the first one does."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, literal, tuple_

from pythoughts.text import is_id

SEPARATOR = "~"  # in no id and in no number
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BIGINT_DIGITS = 18  # the largest 64-bit number has 19


@dataclass(frozen=True)
class Window:
    """Some rows of a list.

    Attributes:
        rows: at most as many as the page holds.
        before: cursor of the page before this one, None on the first.
        after: cursor of the page after this one, None on the last.
    """

    rows: Sequence[Row[Any]]
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Order:
    """A total order of rows.

    Attributes:
        columns: what to sort by, together unique and together in an index.
        descending: largest first.
    """

    columns: tuple[Any, ...]
    descending: bool = True

    def sort(self, statement: Select[Any], *, backwards: bool) -> Select[Any]:
        """Put the rows in order, or in the opposite one to walk back."""
        down = self.descending != backwards
        return statement.order_by(*(column.desc() if down else column.asc() for column in self.columns))

    def beyond(self, cursor: tuple[Any, ...], *, backwards: bool) -> ColumnElement[bool]:
        """Rows that come after the one with the key `cursor`, or before it."""
        here = tuple_(*self.columns)
        there = tuple_(*(literal(value, column.type) for value, column in zip(cursor, self.columns, strict=True)))
        return here < there if self.descending != backwards else here > there

    def cursor_of(self, row: Row[Any]) -> str:
        """The key of a row as an address carries it."""
        return SEPARATOR.join(_write(getattr(row, str(column.key))) for column in self.columns)

    def cursor_from(self, text: str) -> tuple[Any, ...]:
        """The key that an address carries.

        Raises:
            ValueError: it is none.
        """
        parts = text.split(SEPARATOR)
        if len(parts) != len(self.columns):
            raise ValueError("wrong number of parts")
        return tuple(READERS[column.type.python_type](part) for part, column in zip(parts, self.columns, strict=True))

    def window(self, found: Sequence[Row[Any]], size: int, *, started: bool, backwards: bool) -> Window:
        """Cut what was fetched, one row more than fits, down to the page.

        Args:
            found: the rows in the order they were walked.
            size: rows of a page.
            started: whether the walk began at a cursor, so that there is a page behind it.
            backwards: whether it went towards the beginning.
        """
        rows = list(found[:size])
        if not rows:
            return Window(rows, None, None)
        if backwards:
            rows.reverse()
        more = len(found) > size
        has_before, has_after = (more, started) if backwards else (started, more)
        first, last = self.cursor_of(rows[0]), self.cursor_of(rows[-1])
        return Window(rows, first if has_before else None, last if has_after else None)


def _write(value: Any) -> str:
    if isinstance(value, datetime):
        return str((value - EPOCH) // timedelta(microseconds=1))
    return str(value)


def _read_key(text: str) -> str:
    if not is_id(text):
        raise ValueError("not an id")
    return text


def _read_number(text: str) -> int:
    if not re.fullmatch(rf"[0-9]{{1,{BIGINT_DIGITS}}}", text):
        raise ValueError("not a number")
    return int(text)


def _read_moment(text: str) -> datetime:
    try:
        return EPOCH + timedelta(microseconds=_read_number(text))
    except OverflowError:
        raise ValueError("no such time") from None


READERS: dict[type, Callable[[str], Any]] = {str: _read_key, int: _read_number, datetime: _read_moment}
