"""Filters of the lists: each owns one name in the address, and refuses a value that it does not know."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar

from flask_admin.model.filters import BaseFilter
from sqlalchemy import ColumnElement, Select, select

from pythoughts.auth.models import USERNAME_PATTERN, User
from pythoughts.i18n import Text, _
from pythoughts.text import is_id

USERNAME = re.compile(USERNAME_PATTERN, re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class ListFilter(BaseFilter):  # type: ignore[misc]  # Flask-Admin is untyped
    """One condition on a list.

    Attributes:
        key: its name in the address.
        label: what people call it.
        kind: the control that asks for it: "select", "text" or "date".
        choices: words for every value, when there are few.
        quick: whether the choices stand as chips beside the search.
    """

    kind: ClassVar[str] = "text"
    relation: ClassVar[Text] = _("is")

    def __init__(self, key: str, label: Text) -> None:
        super().__init__(name=key)
        self.key = key
        self.label = label
        self.choices: dict[str, Text] = {}
        self.quick = False

    def operation(self) -> Text:
        """What stands between the label and the value: "is", "from", "until"."""
        return self.relation

    def clean(self, value: str) -> Any:
        """What the typed value means.

        Raises:
            ValueError: nothing.
        """
        raise NotImplementedError

    def clause(self, value: Any) -> ColumnElement[bool]:
        """The condition for a cleaned value."""
        raise NotImplementedError

    def apply(self, query: Select[Any], value: Any) -> Select[Any]:
        """Keep only the rows that meet the condition."""
        return query.where(self.clause(value))

    def words(self, value: str) -> Text | str:
        """A value as people read it."""
        return self.choices.get(value, value)


@dataclass(frozen=True)
class Option:
    """A value that can be chosen, its name, and the rows it stands for."""

    value: str
    label: Text
    clause: ColumnElement[bool]


class ChoiceFilter(ListFilter):
    """One of a few values."""

    kind = "select"

    def __init__(self, key: str, label: Text, options: Sequence[Option], *, quick: bool = False) -> None:
        super().__init__(key, label)
        self.quick = quick
        self.choices = {option.value: option.label for option in options}
        self._clauses = {option.value: option.clause for option in options}

    def clean(self, value: str) -> str:
        """The value itself, when it is one of the options.

        Raises:
            ValueError: it is none.
        """
        if value not in self._clauses:
            raise ValueError("not an option")
        return value

    def clause(self, value: str) -> ColumnElement[bool]:
        """The condition of the option."""
        return self._clauses[value]


class PersonFilter(ListFilter):
    """Rows of one person, named by username, with or without an @, or by id."""

    def __init__(self, key: str, label: Text, column: Any) -> None:
        super().__init__(key, label)
        self._column = column

    def clean(self, value: str) -> str:
        """A username in lower case, or an id.

        Raises:
            ValueError: it can be neither.
        """
        name = value.removeprefix("@").lower()
        if USERNAME.fullmatch(name):
            return name
        if is_id(value):
            return value
        raise ValueError("neither a username nor an id")

    def clause(self, value: str) -> ColumnElement[bool]:
        """Compares with one id, so that the index on the column serves both spellings."""
        if not USERNAME.fullmatch(value):
            return self._column == value  # type: ignore[no-any-return]
        found = select(User.id).where((User.username == value) | (User.id == value)).limit(1)
        return self._column == found.scalar_subquery()  # type: ignore[no-any-return]


class ExactFilter(ListFilter):
    """Rows whose column is exactly what was typed: an id or a code name."""

    SHAPE: ClassVar[re.Pattern[str]] = re.compile(r"[A-Za-z0-9_./-]{1,64}")

    def __init__(self, key: str, label: Text, column: Any) -> None:
        super().__init__(key, label)
        self._column = column

    def clean(self, value: str) -> str:
        """The value itself.

        Raises:
            ValueError: it holds what no id holds.
        """
        if not self.SHAPE.fullmatch(value):
            raise ValueError("not an id")
        return value

    def clause(self, value: str) -> ColumnElement[bool]:
        """Equality."""
        return self._column == value  # type: ignore[no-any-return]


class DayFilter(ListFilter):
    """Rows made on a day (UTC) or later; when `until`, on it or earlier."""

    kind = "date"

    def __init__(self, key: str, label: Text, column: Any, *, until: bool = False) -> None:
        super().__init__(key, label)
        self._column = column
        self._until = until

    def operation(self) -> Text:
        """Which side of the day is meant."""
        return _("until") if self._until else _("from")

    def clean(self, value: str) -> datetime:
        """The first moment that is in, or for `until` the first that is out.

        Raises:
            ValueError: no such day.
        """
        if not DAY.fullmatch(value):
            raise ValueError("not a day")
        start = datetime.combine(date.fromisoformat(value), time(tzinfo=UTC))
        try:
            return start + timedelta(days=self._until)
        except OverflowError:
            raise ValueError("no such day") from None

    def clause(self, value: datetime) -> ColumnElement[bool]:
        """Compares with the edge of the day."""
        edge = self.edge(value)
        return self._column < edge if self._until else self._column >= edge  # type: ignore[no-any-return]

    def edge(self, moment: datetime) -> Any:
        """The moment as the column holds it."""
        return moment


class KeyDayFilter(DayFilter):
    """The same for rows whose key begins with the time of their making: the key's index serves it."""

    def edge(self, moment: datetime) -> str:
        """The start of every UUIDv7 of that millisecond (RFC 9562, section 5.7)."""
        milliseconds = max(0, int(moment.timestamp() * 1000))
        digits = f"{milliseconds:012x}"
        return f"{digits[:8]}-{digits[8:]}"


class SpanFilter(KeyDayFilter):
    """Rows that something was made for in a span of days (UTC), typed as `2026-11-01..2026-11-30`."""

    kind = "text"
    relation = _("in")

    def __init__(self, key: str, label: Text, *, column: Any, owner: Any, made: Any) -> None:
        """Look into another table.

        Args:
            key: its name in the address.
            label: what people call it.
            column: the key of the rows that are listed.
            owner: the column of the other table that refers to them.
            made: the key of the other table, which begins with the time of making.
        """
        super().__init__(key, label, column)
        self._owner, self._made = owner, made

    def operation(self) -> Text:
        """What stands between the label and the span."""
        return self.relation

    def clean(self, value: str) -> Any:
        """The first moment that is in, and the first that is out.

        Raises:
            ValueError: it is no span.
        """
        first, dots, last = value.partition("..")
        if not dots or first > last:
            raise ValueError("not a span")
        return super().clean(first), super().clean(last) + timedelta(days=1)

    def clause(self, value: Any) -> ColumnElement[bool]:
        """Compares with the keys of that time."""
        since, until = value
        made = select(self._owner).where(self._made >= self.edge(since), self._made < self.edge(until))
        return self._column.in_(made)  # type: ignore[no-any-return]
