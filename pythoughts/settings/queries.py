"""What a setting is worth now: the environment wins, then the override, then the default."""

from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any

from sqlalchemy import select

from pythoughts.db import db
from pythoughts.settings.models import Setting
from pythoughts.settings.registry import REGISTRY, Definition, from_environment

FRESH_SECONDS = 5  # how long another process may not notice a change


class Overrides:
    """The rows of the table, read at most every 5 seconds by this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._values: dict[str, Any] = {}
        self._read_at = -FRESH_SECONDS * 1.0

    def get(self, key: str) -> Any | None:
        """The override of `key`, or None."""
        if monotonic() - self._read_at >= FRESH_SECONDS:
            self._read()
        return self._values.get(key)

    def forget(self) -> None:
        """Read anew next time."""
        self._read_at = -FRESH_SECONDS * 1.0

    def _read(self) -> None:
        with self._lock:
            rows = db.session.execute(select(Setting.key, Setting.value))
            self._values = {row.key: row.value for row in rows}
            self._read_at = monotonic()


overrides = Overrides()


def value_of(definition: Definition) -> Any:
    """The value in force; of the type of the setting's default."""
    fixed = from_environment(definition)
    if fixed is not None:
        return fixed
    chosen = overrides.get(definition.key)
    return definition.default if chosen is None else chosen


@dataclass(frozen=True, slots=True)
class Standing:
    """How one setting stands.

    Attributes:
        value: in force.
        is_fixed: whether the environment decides.
        is_chosen: whether somebody has overridden the default.
        version: of the override; 0 without one.
    """

    definition: Definition
    value: Any
    is_fixed: bool
    is_chosen: bool
    version: int


def list_standings(words: str = "") -> list[Standing]:
    """All settings by key, or those whose key or help holds each of the words; read anew, never from memory."""
    wanted = words.lower().split()
    rows = {row.key: row for row in db.session.execute(select(Setting.key, Setting.value, Setting.version))}
    found = [each for _key, each in sorted(REGISTRY.items()) if all(word in _haystack(each) for word in wanted)]
    return [_standing(each, rows.get(each.key)) for each in found]


def _haystack(definition: Definition) -> str:
    return f"{definition.key} {definition.help}".lower()


def _standing(definition: Definition, row: Any | None) -> Standing:
    fixed = from_environment(definition)
    chosen = definition.default if row is None else row.value
    value = chosen if fixed is None else fixed
    return Standing(definition, value, fixed is not None, row is not None, row.version if row else 0)
