"""Rows of people and of what belongs to each: credentials, sessions, choices, pending proofs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from pythoughts.access import Role
from pythoughts.auth.models import Purpose
from pythoughts.cli.seed_huge.timeline import Timeline
from pythoughts.preferences.models import IGNORED_MAX

Values = tuple[Any, ...]

ADMINS = 2
MODERATOR_EVERY = 500  # people
VERIFIED_SHARE = 0.95
BANNED_SHARE = 0.004
SIGNED_IN_SHARE = 0.4  # of people have at least one session
PENDING_EVERY = 30  # people, one has a pending proof
CHOOSING_EVERY = 8  # people, one has preferences
LIFETIME = timedelta(days=7)  # of a session
FIRST_NAMES = ("Ada", "Bo", "Cleo", "Dana", "Eli", "Fay", "Gus", "Hana", "Ines", "Juno", "Kai", "Lena", "Milo", "Nora")
LAST_NAMES = ("Abara", "Berg", "Costa", "Dimitrov", "Eriksen", "Fofana", "Garza", "Haddad", "Ito", "Jansen", "Kaya")
BROWSERS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/26.1 Mobile/15E148 Safari/604.1",
)

USER_COLUMNS = (
    "id", "name", "email", "email_verified", "username", "display_username", "role", "banned", "ban_reason",
    "banned_at", "banned_by", "bio", "last_seen_at", "created_at", "updated_at",
)  # fmt: skip
ACCOUNT_COLUMNS = ("id", "account_id", "provider_id", "user_id", "password", "created_at", "updated_at")
SESSION_COLUMNS = (
    "id", "token", "expires_at", "ip_address", "user_agent", "user_id", "auth_at", "created_at", "updated_at",
)  # fmt: skip
VERIFICATION_COLUMNS = ("id", "identifier", "value", "expires_at", "user_id", "purpose", "created_at", "updated_at")
PREFERENCES_COLUMNS = ("id", "user_id", "ignored_users", "settings", "created_at", "updated_at")


def role_of(number: int) -> Role:
    """The first people are staff."""
    if number < ADMINS:
        return Role.ADMIN
    return Role.MODERATOR if number % MODERATOR_EVERY == ADMINS else Role.MEMBER


@dataclass(frozen=True)
class People:
    """Makes the rows; each method makes those of one table.

    Attributes:
        password: a hash that nobody knows the password of; all credentials share it.
    """

    timeline: Timeline
    random: Random
    password: str

    def users(self) -> Iterator[Values]:
        """Everybody, staff first."""
        line = self.timeline
        for number in range(line.people):
            joined, role = line.joined_at(number), role_of(number)
            first, last = self.random.choice(FIRST_NAMES), self.random.choice(LAST_NAMES)
            username = f"{first}.{last}{number}"
            verified = role is not Role.MEMBER or self.random.random() < VERIFIED_SHARE
            banned = role is Role.MEMBER and self.random.random() < BANNED_SHARE
            removal = ("Advertising", joined + timedelta(days=1), line.user_id(0)) if banned else (None, None, None)
            address = f"{username.lower()}@example.org"
            about = f"{last} was here first." if number % 7 == 0 else None
            yield (
                line.user_id(number), f"{first} {last}", address, verified, username.lower(), username, role,
                banned, *removal, about, joined + self._since(number), joined, joined,
            )  # fmt: skip

    def accounts(self) -> Iterator[Values]:
        """One credential each."""
        line = self.timeline
        for number in range(line.people):
            user_id, joined = line.user_id(number), line.joined_at(number)
            yield line.id_of("account", number, joined), user_id, "credential", user_id, self.password, joined, joined

    def sessions(self) -> Iterator[Values]:
        """Browsers, some of them gone long ago but not yet swept."""
        line, random = self.timeline, self.random
        for number in range(line.people):
            browsers = 0 if random.random() >= SIGNED_IN_SHARE else min(20, int(random.paretovariate(1.2)))
            for browser in range(browsers):
                seen = max(line.joined_at(number), line.end - timedelta(days=random.expovariate(0.2)))
                key = line.id_of("session", number * 100 + browser, seen)
                token, address = f"{random.getrandbits(256):064x}", f"198.51.100.{random.randrange(256)}"
                agent = random.choice(BROWSERS)
                yield key, token, seen + LIFETIME, address, agent, line.user_id(number), seen, seen, seen

    def verifications(self) -> Iterator[Values]:
        """Codes and links that were asked for and not used, most of them too late by now."""
        line, random = self.timeline, self.random
        for number in range(0, line.people, PENDING_EVERY):
            asked = line.end - timedelta(minutes=random.expovariate(0.01))
            purpose = random.choice((Purpose.VERIFY_EMAIL, Purpose.RESET_PASSWORD))
            nonce, name = f"{random.getrandbits(128):032x}", f"{random.getrandbits(256):064x}"
            until = asked + timedelta(minutes=10 if purpose is Purpose.VERIFY_EMAIL else 60)
            key = line.id_of("verification", number, asked)
            yield key, name, nonce, until, line.user_id(number), purpose, asked, asked

    def preferences(self) -> Iterator[Values]:
        """Choices; a few people ignore very many."""
        line, random = self.timeline, self.random
        for number in range(0, line.people, CHOOSING_EVERY):
            joined = line.joined_at(number)
            wanted = min(IGNORED_MAX, line.people // 2, int(2 * random.paretovariate(0.9)))
            others = random.sample(range(line.people), wanted)
            ignored = json.dumps([line.user_id(other) for other in others if other != number])
            settings = json.dumps({"page_size": random.choice((10, 20, 50))})
            yield line.id_of("preferences", number, joined), line.user_id(number), ignored, settings, joined, joined

    def _since(self, number: int) -> timedelta:
        """From joining to the last visit."""
        return (self.timeline.end - self.timeline.joined_at(number)) * self.random.random()
