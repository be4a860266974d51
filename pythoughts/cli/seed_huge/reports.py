"""Rows of reports and of what waits for review: much about few, most of it decided."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from pythoughts.cli.seed_huge.people import ADMINS, MODERATOR_EVERY
from pythoughts.cli.seed_huge.shape import DELETED, HELD, REMOVED, Shape
from pythoughts.cli.seed_huge.timeline import Timeline
from pythoughts.moderation.models import Category, ItemState, Outcome
from pythoughts.moderation.weights import weigh

Values = tuple[Any, ...]

REPORTED_SHARE = 0.004  # of live posts; of removed and held ones all
OPEN_SHARE = 0.1  # of what is reported and still there waits for a decision
REPORTERS_MAX = 40  # of one post
BLOCKING_EVERY = 12  # people, one blocks somebody

ITEM_COLUMNS = (
    "id", "post_id", "state", "score", "open_reports", "opened_at", "fine_at", "decided_by", "decided_at",
    "created_at", "updated_at", "version",
)  # fmt: skip
REPORT_COLUMNS = (
    "id", "item_id", "reporter_id", "category", "weight", "outcome", "decided_at", "created_at", "updated_at",
)  # fmt: skip
BLOCK_COLUMNS = ("id", "user_id", "blocked_id", "created_at", "updated_at")


@dataclass
class Reports:
    """Makes the rows; `told` fills while the items are made.

    Attributes:
        told: the reports of each item: its key, outcome, time, reporters' numbers, categories and weights.
    """

    timeline: Timeline
    shape: Shape
    random: Random
    told: list[Values] = field(default_factory=list)

    def items(self) -> Iterator[Values]:
        """One for each post that somebody reported."""
        line = self.timeline
        for number, state in enumerate(self.shape.state):
            if state == DELETED or (state not in {REMOVED, HELD} and self.random.random() >= REPORTED_SHARE):
                continue
            at = line.posted_at(number)
            yield self._item(number, state, min(line.end, at + timedelta(minutes=self.random.expovariate(0.02))))

    def _item(self, number: int, state: int, opened: datetime) -> Values:
        line = self.timeline
        key, outcome = line.id_of("item", number, opened), self._outcome(state)
        decided = None if outcome == Outcome.OPEN else min(line.end, opened + timedelta(hours=1))
        score = self._tell(key, outcome, opened, decided, line.joined_before(number))
        count = len(self.told[-1][4]) if decided is None else 0
        by = line.user_id(ADMINS if line.people > MODERATOR_EVERY else 0) if decided else None
        return (
            key, line.post_id(number), ItemState.DECIDED if decided else ItemState.OPEN, 0 if decided else score, count,
            opened, decided if outcome == Outcome.DISAGREED else None, by, decided, opened, decided or opened,
            3 if decided else 2,
        )  # fmt: skip

    def _outcome(self, state: int) -> Outcome:
        if state == REMOVED:
            return Outcome.AGREED
        is_open = state == HELD or self.random.random() < OPEN_SHARE
        return Outcome.OPEN if is_open else Outcome.DISAGREED

    def _tell(self, key: str, outcome: Outcome, opened: datetime, decided: datetime | None, people: int) -> int:
        """Let some people report it; what their reports weigh together."""
        wanted = min(REPORTERS_MAX, people, int(self.random.paretovariate(1.3)))
        reporters = self.random.sample(range(people), wanted)
        reasons = [self.random.choice(list(Category)) for _reporter in reporters]
        self.told.append((key, outcome, opened, decided, reporters, reasons))
        return sum(weigh(reason, None, is_staff=False) for reason in reasons)

    def reports(self) -> Iterator[Values]:
        """What they said, without words of their own."""
        line = self.timeline
        for number, (item, outcome, opened, decided, reporters, reasons) in enumerate(self.told):
            for place, (reporter, reason) in enumerate(zip(reporters, reasons, strict=True)):
                key, weight = line.id_of("report", number * 100 + place, opened), weigh(reason, None, is_staff=False)
                yield key, item, line.user_id(reporter), reason, weight, outcome, decided, opened, decided or opened

    def blocks(self) -> Iterator[Values]:
        """Who keeps whom away; a few people keep away many."""
        line, random = self.timeline, self.random
        for number in range(0, line.people, BLOCKING_EVERY):
            at = line.joined_at(number)
            wanted = min(line.people // 4, int(random.paretovariate(1.1)))
            others = [other for other in random.sample(range(line.people), wanted) if other != number]
            for place, other in enumerate(others):
                key = line.id_of("block", number * 1_000_000 + place, at)
                yield key, line.user_id(number), line.user_id(other), at, at
