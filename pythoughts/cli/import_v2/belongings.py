"""Rows of what belongs to new people: how they sign in, and whom they ignore."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pythoughts.auth.models import Account
from pythoughts.auth.queries import CREDENTIAL
from pythoughts.cli.import_v2.people import People
from pythoughts.cli.import_v2.report import Report, Verdict
from pythoughts.db import new_id
from pythoughts.preferences.models import IGNORED_MAX
from pythoughts.services.passwords import LEGACY

Values = tuple[Any, ...]

PROVIDER = re.compile(r"[a-z0-9_.-]{1,64}", re.ASCII)
ACCOUNT_ID_MAX = 255  # characters (OpenID Connect Core, 2: `sub`)

ACCOUNT_COLUMNS = ("id", "account_id", "provider_id", "user_id", "password", "created_at", "updated_at")
PREFERENCES_COLUMNS = ("id", "user_id", "ignored_users", "settings", "created_at", "updated_at")


@dataclass(frozen=True)
class Belongings:
    """Decides about rows that have an owner; those of people who were here before stay as they are here."""

    people: People
    linked: set[tuple[str, str]]
    report: Report

    @classmethod
    def of(cls, session: Session, people: People, report: Report) -> "Belongings":
        """Start from the links to other providers that are here already; `session` is open on our database."""
        known = select(Account.provider_id, Account.account_id).where(Account.provider_id != CREDENTIAL)
        return cls(people, {(row.provider_id, row.account_id) for row in session.execute(known)}, report)

    def accounts(self, rows: Iterable[Values]) -> Iterator[Values]:
        """Passwords' hashes, and links to other providers without their tokens; `rows` begin with the last changed."""
        seen = set(self.linked)
        for account_id, provider, user_id, password, created_at, updated_at in rows:
            if not self._is_new("account", user_id):
                continue
            key = (provider, user_id if provider == CREDENTIAL else account_id)
            why = _problem(provider, account_id, password) or ("there is one like it already" if key in seen else None)
            if why:
                self.report.explain(Verdict.REFUSED, "account", f"{user_id}/{provider}", why)
                continue
            seen.add(key)
            self.report.count("account", Verdict.TAKEN)
            kept, created = password if provider == CREDENTIAL else None, created_at or self.people.started
            yield new_id(), key[1], provider, user_id, kept, created, updated_at or created

    def preferences(self, rows: Iterable[Values]) -> Iterator[Values]:
        """Whom new people ignore, as far as these are here."""
        done: set[str] = set()
        for user_id, ignored, created_at, updated_at in rows:
            if user_id in done or not self._is_new("user_preferences", user_id):
                continue
            done.add(user_id)
            self.report.count("user_preferences", Verdict.TAKEN)
            ids = json.dumps(self._ignored(user_id, ignored), separators=(",", ":"))
            created = created_at or self.people.started
            yield new_id(), user_id, ids, "{}", created, updated_at or created

    def _ignored(self, user_id: str, ignored: str | None) -> list[str]:
        listed = _listed(ignored)
        if listed is None:
            self.report.explain(Verdict.CHANGED, "user_preferences", user_id, "the list of ignored people is damaged")
            return []
        kept = [each for each in dict.fromkeys(listed) if each != user_id and self.people.knows(each)][:IGNORED_MAX]
        if kept != listed:
            why = f"left out of the ignored people, because nobody is there to ignore: {len(listed) - len(kept)}"
            self.report.explain(Verdict.CHANGED, "user_preferences", user_id, why)
        return kept

    def _is_new(self, table: str, user_id: str | None) -> bool:
        if user_id in self.people.new:
            return True
        if user_id in self.people.present:
            self.report.count(table, Verdict.PRESENT)
        else:
            self.report.explain(Verdict.REFUSED, table, user_id or "", "its owner was not taken")
        return False


def _problem(provider: str | None, account_id: str | None, password: str | None) -> str | None:
    """Why a way to sign in can't be taken."""
    if not PROVIDER.fullmatch(provider or ""):
        return "the provider's name makes no sense"
    if provider == CREDENTIAL:
        known = LEGACY.fullmatch(password or "")
        return None if known else "the password's hash is missing or of an unknown kind; they use Forgot password"
    return None if 0 < len(account_id or "") <= ACCOUNT_ID_MAX else "the provider's key makes no sense"


def _listed(ignored: str | None) -> list[str] | None:
    """The ids in the column, None when it holds something else."""
    try:
        found = json.loads(ignored or "[]")
    except (ValueError, RecursionError):
        return None
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else None
