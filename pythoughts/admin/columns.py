"""What several lists show, find and sort the same way."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from pythoughts.access import actor, can_act_on
from pythoughts.admin.filters import KeyDayFilter
from pythoughts.admin.keyset import Order
from pythoughts.auth.models import User
from pythoughts.i18n import Text

MEMBER = (
    User.id.label("member_id"),
    User.username.label("member_username"),
    User.role.label("member_role"),
    User.avatar_version.label("member_avatar_version"),
)
"""Whom a row belongs to."""


@dataclass(frozen=True)
class Member:
    """As much of a person as the rank rule needs."""

    id: str
    role: str


def may_act_on(row: Row[Any]) -> bool:
    """Whether the reader's rank lets them act on whom the row belongs to; a row of nobody is for nobody."""
    return row.member_id is not None and can_act_on(actor(), Member(row.member_id, row.member_role))


def named(words: str) -> Any:
    """The ids of people with `words` in their name."""
    return select(User.id).where(User.username.icontains(words.removeprefix("@"), autoescape=True))


def both_ways(name: str, *columns: Any) -> dict[str, Order]:
    """The two orders by a column, largest first being the first."""
    return {f"-{name}": Order(columns), name: Order(columns, descending=False)}


def made_between(label: Text, key: Any) -> tuple[KeyDayFilter, KeyDayFilter]:
    """The two filters for the day on which a row was made, told by its key."""
    return KeyDayFilter("since", label, key), KeyDayFilter("until", label, key, until=True)
