"""What a member has chosen, read in one row, and whom they ignore."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB

from pythoughts.auth.models import User
from pythoughts.db import db
from pythoughts.preferences.models import UserPreferences

PAGE_SIZES = (10, 20, 50)  # posts
THEMES = ("system", "light", "dark")
DENSITIES = ("roomy", "compact")
IGNORED_SHOWN = 50  # people on one page of the list


@dataclass(frozen=True, slots=True)
class Choices:
    """How pages look and work for one reader; the defaults are a visitor's.

    Attributes:
        page_size: posts on one page of a list.
        theme: "system", "light" or "dark".
        density: "roomy" or "compact" lists.
        background: whether dots move behind the page.
        shortcuts: whether single keys do something.
        ignored: ids of the people whom the reader does not want to hear.
    """

    page_size: int = 20
    theme: str = "system"
    density: str = "roomy"
    background: bool = True
    shortcuts: bool = True
    ignored: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class IgnoredPerson:
    """One line of the list of ignored people."""

    id: str
    username: str
    display_username: str | None
    name: str | None
    avatar_version: int


@dataclass(frozen=True, slots=True)
class IgnoredPage:
    """Some ignored people; `after` is the id after which the next page begins, None on the last."""

    people: list[IgnoredPerson]
    after: str | None


DEFAULTS = Choices()
ALLOWED: Mapping[str, Sequence[Any]] = {
    "page_size": PAGE_SIZES,
    "theme": THEMES,
    "density": DENSITIES,
    "background": (True, False),
    "shortcuts": (True, False),
}


def get_choices(user_id: str) -> Choices:
    """What `user_id` has chosen; what the row doesn't hold, or holds wrongly, is as for a visitor."""
    columns = (UserPreferences.ignored_users, UserPreferences.settings)
    row = db.session.execute(select(*columns).where(UserPreferences.user_id == user_id)).first()
    if row is None:
        return DEFAULTS
    return Choices(**_allowed(row.settings), ignored=frozenset(read_ids(row.ignored_users)))


def _allowed(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: settings[name] for name, values in ALLOWED.items() if settings.get(name) in values}


def read_ids(ignored_users: str) -> list[str]:
    """The ids in the column's JSON text, in the order in which they were added."""
    return [each for each in json.loads(ignored_users) if isinstance(each, str)]


def ignored_ids(user_id: str) -> Select[tuple[str]]:
    """The people whom `user_id` ignores, as a subquery for the lists of the features above."""
    ignored = cast(UserPreferences.ignored_users, JSONB)
    each = func.jsonb_array_elements_text(ignored).column_valued("each", joins_implicitly=True)
    # One null would make NOT IN unknown for everybody, and so hide every post.
    return select(each).select_from(UserPreferences).where(UserPreferences.user_id == user_id, each.is_not(None))


def list_ignored(user_id: str, *, after: str | None = None) -> IgnoredPage:
    """People whom `user_id` ignores, the last added first, a page of IGNORED_SHOWN at a time.

    Args:
        user_id: whose list.
        after: the last id of the page before.
    """
    ids = _ids_of(user_id)[::-1]
    start = ids.index(after) + 1 if after in ids else 0
    shown = ids[start : start + IGNORED_SHOWN]
    columns: tuple[Any, ...] = (User.id, User.username, User.display_username, User.name, User.avatar_version)
    rows = db.session.execute(select(*columns).where(User.id.in_(shown), User.username.is_not(None)))
    people = {row.id: IgnoredPerson(*row) for row in rows}
    is_last = len(ids) <= start + IGNORED_SHOWN
    return IgnoredPage([people[each] for each in shown if each in people], after=None if is_last else shown[-1])


def _ids_of(user_id: str) -> list[str]:
    text = db.session.scalar(select(UserPreferences.ignored_users).where(UserPreferences.user_id == user_id))
    return read_ids(text) if text else []
