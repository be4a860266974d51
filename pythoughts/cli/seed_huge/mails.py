"""Rows of the outbox: most letters left long ago, a few wait or were given up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from pythoughts.cli.seed_huge.timeline import Timeline
from pythoughts.mail.models import MailState

Values = tuple[Any, ...]

EVERY = 4  # people, one got a letter lately
FAILED_SHARE, QUEUED_SHARE = 0.01, 0.002
TEMPLATES = ("auth/verify_email", "auth/new_device", "auth/password_changed", "auth/reset_link")
COLUMNS = (
    "id", "template", "user_id", "state", "attempts", "last_error", "created_at", "updated_at", "sent_at",
)  # fmt: skip


@dataclass(frozen=True)
class Mails:
    """Makes the rows."""

    timeline: Timeline
    random: Random

    def rows(self) -> Iterator[Values]:
        """A letter each; the text of none is kept."""
        line, random = self.timeline, self.random
        for number in range(0, line.people, EVERY):
            asked = max(line.joined_at(number), line.end - timedelta(days=random.expovariate(0.02)))
            state, tries, error = self._end()
            sent = asked + timedelta(seconds=20) if state == MailState.SENT else None
            key, template = line.id_of("mail", number, asked), random.choice(TEMPLATES)
            yield key, template, line.user_id(number), state, tries, error, asked, sent or asked, sent

    def _end(self) -> tuple[str, int, str | None]:
        chance = self.random.random()
        if chance < FAILED_SHARE:
            return MailState.FAILED, 4, "SMTPRecipientsRefused"
        return (MailState.QUEUED, 0, None) if chance < FAILED_SHARE + QUEUED_SHARE else (MailState.SENT, 1, None)
