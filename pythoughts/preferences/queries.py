"""What a member has chosen, read in one row, whom they ignore, and between whom there is a block."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, Select, Text, and_, bindparam, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from pythoughts.access import Permission, Role, grants
from pythoughts.auth.models import User
from pythoughts.auth.queries import find_user
from pythoughts.db import db
from pythoughts.errors import NotFound
from pythoughts.i18n import LANGUAGES, _
from pythoughts.preferences.models import UserBlock, UserPreferences

PAGE_SIZES = (10, 20, 50)  # posts
THEMES = ("system", "light", "dark")
DENSITIES = ("roomy", "compact")
DIGESTS = ("off", "daily", "weekly")
IGNORED_SHOWN = 50  # people on one page of the list
BLOCKED_SHOWN = 50  # the same of blocked people
WATCHFUL = tuple(literal(str(role)) for role in Role if grants(role, Permission.POST_MODERATE))
"""Roles that go on seeing whoever blocks them: nobody gets out of their sight.

Literals, for plain values are written into a statement anew each time it is sent.
"""


@dataclass(frozen=True, slots=True)
class Choices:
    """How pages look and work for one reader; the defaults are a visitor's.

    Attributes:
        page_size: posts on one page of a list.
        theme: "system", "light" or "dark".
        density: "roomy" or "compact" lists.
        background: whether dots move behind the page.
        motion: whether anything slides or fades; a system that asks for less motion has its way in any case.
        shortcuts: whether single keys do something.
        language: as in "en" or "pt_BR"; nothing for what the browser asks for.
        replies: whether the reader is told of replies.
        mentions: the same of posts that name them.
        digest: "off", "daily" or "weekly" mails with what they have not read.
        ignored: ids of the people whom the reader does not want to hear.
        blocked: ids of the people whom the reader has blocked.
        blocking: ids of those who have blocked the reader; none for staff, who go on seeing them.
        numbers: what features above have read along (`read_along`), by name.
    """

    page_size: int = 20
    theme: str = "system"
    density: str = "roomy"
    background: bool = True
    motion: bool = True
    shortcuts: bool = True
    language: str = ""
    replies: bool = True
    mentions: bool = True
    digest: str = "off"
    ignored: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    blocking: frozenset[str] = frozenset()
    numbers: Mapping[str, int] = field(default_factory=dict, compare=False)

    @property
    def unheard(self) -> frozenset[str]:
        """Whoever's words the reader does not want to see at first sight."""
        return self.ignored | self.blocked


@dataclass(frozen=True, slots=True)
class IgnoredPerson:
    """One line of the list of ignored or of blocked people."""

    id: str
    username: str
    display_username: str | None
    name: str | None
    avatar_version: int


@dataclass(frozen=True, slots=True)
class IgnoredPage:
    """Some of them; `after` is the id after which the next page begins, None on the last."""

    people: list[IgnoredPerson]
    after: str | None


DEFAULTS = Choices()
FACE: tuple[Any, ...] = (User.id, User.username, User.display_username, User.name, User.avatar_version)
NUMBERS: dict[str, Callable[[BindParameter[str]], Select[int]]] = {}
ALLOWED: Mapping[str, Sequence[Any]] = {
    "page_size": PAGE_SIZES,
    "theme": THEMES,
    "density": DENSITIES,
    "background": (True, False),
    "motion": (True, False),
    "shortcuts": (True, False),
    "language": ("", *LANGUAGES),
    "replies": (True, False),
    "mentions": (True, False),
    "digest": DIGESTS,
}


def get_choices(user_id: str) -> Choices:
    """What `user_id` has chosen; what the row doesn't hold, or holds wrongly, is as for a visitor."""
    row = db.session.execute(_chosen(), {"user_id": user_id}).one()
    ignored, blocked, blocking = map(frozenset, (read_ids(row[0] or "[]"), *row[2:4]))
    numbers = dict(zip(NUMBERS, row[4:], strict=True))
    chosen = Choices(ignored=ignored, blocked=blocked, blocking=blocking, numbers=numbers)
    return replace(chosen, **_allowed(row.settings or {}))


def read_along(name: str, number: Callable[[BindParameter[str]], Select[int]]) -> None:
    """Let a feature above have a number of its own read with the choices, which every page of a member asks for anyway.

    Args:
        name: what it is called in `Choices.numbers`.
        number: selects it for the person whose id the parameter is.
    """
    NUMBERS[name] = number
    _chosen.cache_clear()


def language_of(user_id: str) -> str | None:
    """The language that `user_id` has chosen, None when they leave it to the browser."""
    chosen = select(UserPreferences.settings["language"].astext).where(UserPreferences.user_id == user_id)
    found: str | None = db.session.scalar(chosen)
    return found if found in LANGUAGES else None


@cache
def _chosen() -> Select[Any]:
    """The row of `user_id`, as a statement that is made once: every page of somebody signed in asks for it."""
    person = bindparam("user_id", type_=Text)
    blocks = (func.array(each.scalar_subquery()) for each in (_blocked_by(person), _blocking(person)))
    numbers = (number(person).scalar_subquery() for number in NUMBERS.values())
    columns = (UserPreferences.ignored_users, UserPreferences.settings, *blocks, *numbers)
    anybody = select(literal(1)).subquery("anybody")  # who has chosen nothing has no row, but maybe blocks
    return select(*columns).select_from(anybody).outerjoin(UserPreferences, UserPreferences.user_id == person)


def _allowed(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: settings[name] for name, values in ALLOWED.items() if settings.get(name) in values}


def read_ids(ignored_users: str) -> list[str]:
    """The ids in the column's JSON text, in the order in which they were added."""
    return [each for each in json.loads(ignored_users) if isinstance(each, str)]


def ignored_ids(user_id: str | BindParameter[str]) -> Select[tuple[str]]:
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
    rows = db.session.execute(select(*FACE).where(User.id.in_(shown), User.username.is_not(None)))
    people = {row.id: IgnoredPerson(*row) for row in rows}
    is_last = len(ids) <= start + IGNORED_SHOWN
    return IgnoredPage([people[each] for each in shown if each in people], after=None if is_last else shown[-1])


def _ids_of(user_id: str) -> list[str]:
    text = db.session.scalar(select(UserPreferences.ignored_users).where(UserPreferences.user_id == user_id))
    return read_ids(text) if text else []


def cut_ids(user_id: str | BindParameter[str]) -> CompoundSelect[str]:
    """The people whom `user_id` neither hears nor reaches, as a subquery for the lists of the features above.

    They are those whom the person has blocked and, but for staff, those who have blocked the person.
    """
    return _blocked_by(user_id).union_all(_blocking(user_id))


def _blocked_by(user_id: str | BindParameter[str]) -> Select[str]:
    return select(UserBlock.blocked_id).where(UserBlock.user_id == user_id)


def _blocking(user_id: str | BindParameter[str]) -> Select[str]:
    blocking = select(UserBlock.user_id).join(User, User.id == UserBlock.blocked_id)
    return blocking.where(UserBlock.blocked_id == user_id, User.role.not_in(WATCHFUL))


def is_cut(one_id: str, *other_ids: str) -> bool:
    """Whether there is a block between one person and any of the others, whoever made it and whatever their rank."""
    made = and_(UserBlock.user_id == one_id, UserBlock.blocked_id.in_(other_ids))
    got = and_(UserBlock.blocked_id == one_id, UserBlock.user_id.in_(other_ids))
    return db.session.scalar(select(UserBlock.id).where(or_(made, got)).limit(1)) is not None


def list_blocked(user_id: str, *, after: str | None = None) -> IgnoredPage:
    """People whom `user_id` has blocked, the last one first, a page of BLOCKED_SHOWN at a time.

    Args:
        user_id: whose list.
        after: the id of the last person on the page before.
    """
    mine = select(*FACE).join(UserBlock, UserBlock.blocked_id == User.id)
    mine = mine.where(UserBlock.user_id == user_id, User.username.is_not(None))
    if after is not None:
        edge = select(UserBlock.id).where(UserBlock.user_id == user_id, UserBlock.blocked_id == after)
        mine = mine.where(UserBlock.id < edge.scalar_subquery())
    rows = db.session.execute(mine.order_by(UserBlock.id.desc()).limit(BLOCKED_SHOWN + 1)).all()
    people = [IgnoredPerson(*row) for row in rows[:BLOCKED_SHOWN]]
    return IgnoredPage(people, after=people[-1].id if len(rows) > BLOCKED_SHOWN else None)


def get_person(username: str) -> User:
    """The person whom somebody names, with or without the @.

    Raises:
        NotFound: nobody has this name.
    """
    person = find_user(username.strip().removeprefix("@"))
    if person is None:
        raise NotFound(_("Nobody here has this name."), field="username")
    return person
