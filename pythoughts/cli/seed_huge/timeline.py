"""When everything happened, and the ids that follow from it: computed anew where needed, so that nothing is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from pythoughts.db import id_at

SPAN = timedelta(days=3 * 365)  # from the first post to the last
FIRST_PEOPLE = 10  # were there before the first post


@dataclass(frozen=True)
class Timeline:
    """The history of a community of a certain size.

    Attributes:
        seed: another one makes other ids.
        posts: how many there are.
        people: how many there are.
        end: the moment of the last post.
    """

    seed: int
    posts: int
    people: int
    end: datetime

    def posted_at(self, number: int) -> datetime:
        """When post `number` was written; a later number is a later time."""
        return self.end - SPAN * ((self.posts - number) / self.posts)  # divided first: 3 years times a million overflow

    def joined_at(self, number: int) -> datetime:
        """When person `number` came, a day before they may have written anything."""
        late = max(0, number - FIRST_PEOPLE) / self.people
        return self.end - SPAN * (1 - late) - timedelta(days=1)

    def joined_before(self, post: int) -> int:
        """How many people could have written that post."""
        return min(self.people, FIRST_PEOPLE + (self.people - FIRST_PEOPLE) * post // self.posts)

    def post_id(self, number: int) -> str:
        """The key of post `number`."""
        return self.id_of("post", number, self.posted_at(number))

    def user_id(self, number: int) -> str:
        """The key of person `number`."""
        return self.id_of("user", number, self.joined_at(number))

    def id_of(self, kind: str, number: int, moment: datetime) -> str:
        """The key of thing `number` of a kind, made at `moment`."""
        digest = blake2b(f"{self.seed} {kind} {number}".encode(), digest_size=10).digest()
        return id_at(moment, int.from_bytes(digest))
