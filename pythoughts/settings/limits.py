"""Limits whose counts an admin may set."""

from dataclasses import dataclass

from pythoughts.i18n import Text
from pythoughts.limits.use_cases import Limit
from pythoughts.settings.queries import value_of
from pythoughts.settings.registry import Definition, define

COUNT_MAX = 100_000


@dataclass(frozen=True)
class Throttle:
    """How often `action` may be done within `seconds`; the count is a setting."""

    action: str
    seconds: int
    count: Definition

    @property
    def limit(self) -> Limit:
        """The limit in force now."""
        return Limit(self.action, value_of(self.count), self.seconds)


def throttle(action: str, count: int, seconds: int, help: Text) -> Throttle:  # noqa: A002 (the word on the page)
    """Define the setting `limits.<action>_<seconds>` and the throttle that it steers."""
    key = f"limits.{action.replace('-', '_')}_{seconds}"
    return Throttle(action, seconds, define(key, count, help, least=1, most=COUNT_MAX))
