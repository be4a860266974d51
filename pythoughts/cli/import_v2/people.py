"""Rows of people, with names and addresses that our rules allow and nobody else has."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pythoughts.auth.addresses import find_address
from pythoughts.auth.models import USERNAME_MAX, USERNAME_MIN, User, UsernameHistory
from pythoughts.auth.names import check_username
from pythoughts.cli.import_v2.report import Report, Verdict
from pythoughts.clock import now
from pythoughts.errors import Invalid
from pythoughts.preferences.use_cases import DIRECTION_MARKS, NAME_MAX
from pythoughts.text import GRAPHEME, is_id, normalise

Values = tuple[Any, ...]

PLACEHOLDER = "imported.invalid"  # no mail arrives there (RFC 2606)
IMAGE_MAX = 2_048  # characters
SIGN_MAX = 16  # code points of one grapheme; a tower of accents is left out
NOBODY = "member"

USER_COLUMNS = (
    "id", "name", "email", "email_verified", "image", "username", "display_username", "created_at", "updated_at",
)  # fmt: skip


@dataclass
class Names:
    """Which usernames are taken, here or by their rightful owners in v2; finds free ones for the others."""

    taken: set[str]
    claimed: set[str]
    _tried: Counter[str] = field(default_factory=Counter)

    def keep(self, wanted: str) -> str | None:
        """The name itself, when our rules allow it and nobody has it."""
        try:
            key = check_username(wanted).key
        except Invalid:
            return None
        if key in self.taken:
            return None
        self.taken.add(key)
        return key

    def find(self, wanted: str) -> str:
        """A free name that resembles `wanted`."""
        base = _plain(wanted)
        while True:
            self._tried[base] += 1
            number = self._tried[base]
            ending = "" if number == 1 else f"_{number}"
            candidate = base[: USERNAME_MAX - len(ending)].rstrip("._") + ending
            if candidate not in self.claimed and (found := self.keep(candidate)):
                return found


def _plain(wanted: str) -> str:
    """What is left of a name in the signs that a username may have."""
    ascii_only = unicodedata.normalize("NFKD", wanted).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "_", ascii_only).strip("_")
    return words if len(words) >= USERNAME_MIN else f"{NOBODY}_{words}".rstrip("_")


@dataclass
class People:
    """Decides about one person after the other; whoever comes first keeps a name or an address that two have.

    Attributes:
        present: ids of the people who were here before.
        new: ids of those who are taken now.
        addresses: those that somebody has.
    """

    names: Names
    addresses: set[str]
    present: set[str]
    report: Report
    new: set[str] = field(default_factory=set)
    started: datetime = field(default_factory=now)

    @classmethod
    def of(cls, session: Session, claimed: Iterable[str], report: Report) -> "People":
        """Start from who is here already.

        Args:
            session: open on our database.
            claimed: usernames in v2, lower case.
            report: where to write what happens.
        """
        rows = session.execute(select(User.id, User.username, User.email)).all()
        held = select(UsernameHistory.username).where(UsernameHistory.reserved_until > now())
        taken = {row.username for row in rows if row.username} | set(session.scalars(held))
        return cls(Names(taken, set(claimed)), {row.email for row in rows}, {row.id for row in rows}, report)

    def knows(self, user_id: str) -> bool:
        """Whether this person is here, or will be."""
        return user_id in self.present or user_id in self.new

    def users(self, rows: Iterable[Values]) -> Iterator[Values]:
        """The rows to write of the people in `rows`."""
        for row in rows:
            user_id = row[0] or ""
            if self.knows(user_id):
                self.report.count("user", Verdict.PRESENT)
            elif not is_id(user_id):
                why = "a key holds letters, digits, _ and - only, at most 64"
                self.report.explain(Verdict.REFUSED, "user", user_id, why)
            else:
                yield self._take(*row)

    def _take(self, user_id: str, name: str | None, email: str | None, verified: bool | None, *rest: Any) -> Values:
        image, username, display, created_at, updated_at = rest
        self.new.add(user_id)
        self.report.count("user", Verdict.TAKEN)
        key, shown = self._username(user_id, username, display, name)
        address, proven = self._address(user_id, email, verified=bool(verified))
        created = created_at or updated_at or self.started
        if created_at is None:
            self._changed(user_id, "the time of joining was missing or out of range")
        return (
            user_id, self._name(user_id, name) or shown, address, proven, self._image(user_id, image), key, shown,
            created, updated_at or created,
        )  # fmt: skip

    def _changed(self, user_id: str, why: str) -> None:
        self.report.explain(Verdict.CHANGED, "user", user_id, why)

    def _username(self, user_id: str, old: str | None, display: str | None, name: str | None) -> tuple[str, str]:
        """The name to sign in with, and how it is shown."""
        if old and (key := self.names.keep(old)):
            same = display is not None and display.lower() == key
            return key, str(display) if same else key
        found = self.names.find(old or display or name or NOBODY)
        problem = f"the username {old!r} is taken or not allowed" if old else "there was no username"
        self._changed(user_id, f"{problem}; it is {found} now")
        return found, found

    def _address(self, user_id: str, email: str | None, *, verified: bool) -> tuple[str, bool]:
        """The address and whether it is proven; one that can't be taken is replaced by one that reaches nobody."""
        address = find_address(email or "")
        if address is not None and address not in self.addresses:
            if address != email:
                self._changed(user_id, "the address is written in lower case now")
            self.addresses.add(address)
            return address, verified
        problem = "mail can't be sent to the address" if address is None else "somebody else has the same address"
        self._changed(user_id, f"{problem}; they sign in by username and have to give a new one")
        return f"{user_id.lower()}@{PLACEHOLDER}", False

    def _name(self, user_id: str, name: str | None) -> str:
        """The name as people see it: one line of at most NAME_MAX graphemes."""
        line = " ".join("".join(_shown(sign) for sign in normalise(name or "")).split())
        signs = islice((found[0] for found in GRAPHEME.finditer(line)), NAME_MAX)
        short = "".join(sign for sign in signs if len(sign) <= SIGN_MAX).strip()
        if short != (name or ""):
            self._changed(user_id, f"the name was brought into one line of at most {NAME_MAX} characters")
        return short

    def _image(self, user_id: str, image: str | None) -> str | None:
        if image is not None and len(image) > IMAGE_MAX:
            self._changed(user_id, "the picture was left: its address is too long")
            return None
        return image


def _shown(sign: str) -> str:
    """Nothing for marks that turn the direction of writing, a space for control characters, else the sign."""
    if sign in DIRECTION_MARKS:
        return ""
    return " " if unicodedata.category(sign) == "Cc" else sign
