"""Count an act against its limits, exactly, whatever the number of processes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from sqlalchemy import Select, case, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.errors import TooFast
from pythoughts.i18n import Text, plural
from pythoughts.limits.models import RateLimit


@dataclass(frozen=True)
class Limit:
    """At most `count` acts called `action` within `seconds` of the first, for one subject."""

    action: str
    count: int
    seconds: int


@dataclass(frozen=True)
class Hit:
    """One act of one subject: a user's id, an address, a network."""

    limit: Limit
    subject: str

    @property
    def key(self) -> str:
        """The row that counts it."""
        return f"{self.limit.action}/{self.limit.seconds}:{self.subject}"


def network(ip: str) -> str:
    """What one household looks like: the address itself, for IPv6 its /64 (RFC 6177)."""
    address = ip_address(ip)
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network(f"{address}/64", strict=False))
    return str(address)


def count(hits: Sequence[Hit]) -> None:
    """Count all hits in one statement and commit it, so that a refused act counts too.

    Raises:
        TooFast: one of the limits is used up; the longest wait is told.
    """
    ends = _ends(hits)
    if ends:
        seconds = max(1, ceil((max(ends) - now()).total_seconds()))
        raise TooFast(_sentence(seconds), retry_after=seconds)


def forget(hits: Sequence[Hit]) -> None:
    """Start the counters anew: after a success, or when staff clear a lock-out."""
    with transaction() as session:
        session.execute(delete(RateLimit).where(RateLimit.key.in_(_locked(hits))))


def give_back(hits: Sequence[Hit]) -> None:
    """Take back what `count` counted, where only failures are limited and this was none."""
    one_less = update(RateLimit).values(count=RateLimit.count - 1)
    with transaction() as session:
        session.execute(one_less.where(RateLimit.key.in_(_locked(hits)), RateLimit.count > 0))


def tidy() -> None:
    """Delete the counters whose windows have ended."""
    ended = select(RateLimit.key).where(RateLimit.reset_at <= now()).order_by(RateLimit.key)
    with transaction() as session:
        session.execute(delete(RateLimit).where(RateLimit.key.in_(ended.with_for_update(skip_locked=True))))


def _locked(hits: Sequence[Hit]) -> Select[str]:
    """The hits' rows, locked in the order in which `count` takes them: otherwise the two could wait for each other."""
    keys = select(RateLimit.key).where(RateLimit.key.in_([hit.key for hit in hits]))
    return keys.order_by(RateLimit.key).with_for_update()


def seconds_left(hits: Sequence[Hit]) -> int:
    """How long until the next of these acts is allowed: 0 means now. Nothing is counted."""
    by_key = {hit.key: hit.limit for hit in hits}
    with transaction() as session:
        rows = session.scalars(select(RateLimit).where(RateLimit.key.in_(by_key), RateLimit.reset_at > now())).all()
        ends = [row.reset_at for row in rows if row.count >= by_key[row.key].count]
    return ceil((max(ends) - now()).total_seconds()) if ends else 0


def _ends(hits: Sequence[Hit]) -> list[datetime]:
    """When the windows of the limits that are used up end."""
    by_key = {hit.key: hit.limit for hit in hits}
    if not by_key:
        return []
    started = now()
    rows = [
        {"key": key, "count": 1, "reset_at": started + timedelta(seconds=by_key[key].seconds)}
        for key in sorted(by_key)  # one order for everybody: two statements never wait for each other
    ]
    statement = insert(RateLimit).values(rows)
    over = RateLimit.reset_at <= started
    upsert = statement.on_conflict_do_update(
        index_elements=[RateLimit.key],
        set_={
            "count": case((over, 1), else_=RateLimit.count + 1),
            "reset_at": case((over, statement.excluded.reset_at), else_=RateLimit.reset_at),
        },
    ).returning(RateLimit.key, RateLimit.count.label("hits"), RateLimit.reset_at)
    with transaction() as session:
        counted = session.execute(upsert).all()
    return [row.reset_at for row in counted if row.hits > by_key[row.key].count]


def _sentence(seconds: int) -> Text:
    if seconds < 120:
        return plural(
            "That was too fast. Try again in %(num)d second.",
            "That was too fast. Try again in %(num)d seconds.",
            seconds,
        )
    minutes = ceil(seconds / 60)
    return plural(
        "That was too often. Try again in %(num)d minute.", "That was too often. Try again in %(num)d minutes.", minutes
    )
