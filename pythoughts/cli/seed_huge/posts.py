"""Rows of posts, and of the acts that removed some."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from pythoughts.access import Role
from pythoughts.cli.seed_huge.people import ADMINS, MODERATOR_EVERY, role_of
from pythoughts.cli.seed_huge.shape import DELETED, NOBODY, REMOVED, STATES, Shape
from pythoughts.cli.seed_huge.timeline import Timeline
from pythoughts.cli.seed_huge.words import Writer
from pythoughts.feed.models import PostState

Values = tuple[Any, ...]

EDITED_SHARE = 0.02
REASONS = ("Advertising.", "Off topic.", "Personal data of somebody else.", "An attack on a person.")
POST_COLUMNS = (
    "id", "message", "user_id", "reply_to_id", "edited_at", "root_id", "depth", "reply_count", "state", "deleted_at",
    "deleted_by", "delete_reason", "created_at", "updated_at", "version",
)  # fmt: skip
AUDIT_COLUMNS = ("id", "at", "actor_id", "action", "target_type", "target_id", "before", "after", "request_id")
PERSONAL_COLUMNS = ("audit_id", "actor_label", "target_label", "reason", "ip_address")
BEFORE, AFTER = json.dumps({"state": PostState.LIVE}), json.dumps({"state": PostState.REMOVED})


@dataclass(frozen=True)
class Removal:
    """One post that a moderator took away."""

    at: datetime
    post_id: str
    moderator: int
    reason: str


@dataclass
class Posts:
    """Makes the rows; `removals` fills while they are made."""

    timeline: Timeline
    shape: Shape
    random: Random
    writer: Writer
    removals: list[Removal] = field(default_factory=list)

    def rows(self) -> Iterator[Values]:
        """Every post, the oldest first."""
        line, shape = self.timeline, self.shape
        for number, parent in enumerate(shape.parent):
            at, author = line.posted_at(number), self._author(number)
            post_id, user_id = line.id_of("post", number, at), line.user_id(author)
            edited = at + timedelta(minutes=3) if self.random.random() < EDITED_SHARE else None
            state, gone = self._end(number, author, at, post_id)
            yield (
                post_id, self.writer.message(number), user_id, None if parent == NOBODY else line.post_id(parent),
                edited, None if parent == NOBODY else line.post_id(shape.root[number]), shape.depth[number],
                shape.replies[number], state, *gone, at, gone[0] or edited or at, 1 + bool(edited) + bool(gone[0]),
            )  # fmt: skip

    def audit(self, first: int) -> Iterator[Values]:
        """What the moderators did, in order, with ids from `first` on."""
        for audit_id, removal in enumerate(self._in_order(), first):
            actor, request = self.timeline.user_id(removal.moderator), f"{self.random.getrandbits(64):016x}"
            yield audit_id, removal.at, actor, "post.remove", "post", removal.post_id, BEFORE, AFTER, request

    def personal(self, first: int) -> Iterator[Values]:
        """The erasable part of `audit`."""
        for audit_id, removal in enumerate(self._in_order(), first):
            yield audit_id, f"moderator{removal.moderator}", None, removal.reason, "192.0.2.1"

    def _in_order(self) -> list[Removal]:
        return sorted(self.removals, key=lambda removal: removal.at)

    def _author(self, number: int) -> int:
        """Few write most of it: rank r writes in proportion to 1/r (Zipf)."""
        return int(self.timeline.joined_before(number) ** self.random.random()) - 1

    def _end(self, number: int, author: int, at: datetime, post_id: str) -> tuple[str, Values]:
        """The state of a post, and when, by whom and why it was taken away."""
        state = self.shape.state[number]
        if state not in {REMOVED, DELETED}:
            return STATES[state], (None, None, None)
        moment = min(self.timeline.end, at + timedelta(minutes=self.random.expovariate(0.005)))
        if state == DELETED or role_of(author) is not Role.MEMBER:  # staff is removed by nobody; they delete
            return PostState.DELETED, (moment, self.timeline.user_id(author), None)
        moderator, reason = self._moderator(number), self.random.choice(REASONS)
        self.removals.append(Removal(moment, post_id, moderator, reason))
        return PostState.REMOVED, (moment, self.timeline.user_id(moderator), reason)

    def _moderator(self, number: int) -> int:
        """Somebody on duty at the time of that post."""
        return self.random.choice(range(ADMINS, self.timeline.joined_before(number), MODERATOR_EVERY))
