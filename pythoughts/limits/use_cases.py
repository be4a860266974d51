"""Count an act against its limits, exactly, whatever the number of processes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Integer,
    String,
    Table,
    any_,
    bindparam,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
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
class Growth:
    """How long the acts beyond a limit have to wait: `first` seconds, then twice as long each time, at most `most`."""

    first: int
    most: int


@dataclass(frozen=True)
class Hit:
    """One act of one subject: a user's id, an address, a network."""

    limit: Limit
    subject: str

    @property
    def key(self) -> str:
        """The row that counts it."""
        return f"{self.limit.action}/{self.limit.seconds}:{self.subject}"


MOMENT = DateTime(timezone=True)


def _one_more() -> Any:
    """Counts one act for each of the `keys`: in windows that have ended by `started` it is the first one."""
    keys, ends = bindparam("keys", type_=ARRAY(String)), bindparam("ends", type_=ARRAY(MOMENT))
    acts = func.unnest(keys, ends).table_valued("key", "reset_at", name="acts").render_derived()
    over = RateLimit.reset_at <= bindparam("started", type_=MOMENT)
    first = select(acts.c.key, literal(1), acts.c.reset_at)
    rows = insert(cast("Table", RateLimit.__table__)).from_select(["key", "count", "reset_at"], first)
    upsert = rows.on_conflict_do_update(
        index_elements=[RateLimit.key],
        set_={
            "count": case((over, 1), else_=RateLimit.count + 1),
            "reset_at": case((over, rows.excluded.reset_at), else_=RateLimit.reset_at),
        },
    )
    return upsert.returning(RateLimit.key, RateLimit.count.label("hits"), RateLimit.reset_at)


def _step() -> Any:
    """Counts one act for `hit`, unless its wait is not over.

    Beyond the `free` ones, `reset_at` is the end of the wait plus QUIET.
    """
    started, window = bindparam("started", type_=MOMENT), bindparam("window", type_=MOMENT)
    free, quiet = bindparam("free", type_=Integer), bindparam("quiet", type_=MOMENT)
    is_over = RateLimit.reset_at <= started
    number = case((is_over, 1), else_=RateLimit.count + 1)
    rows = insert(cast("Table", RateLimit.__table__)).values(
        key=bindparam("hit"), count=1, reset_at=case((free > 1, window), else_=_forgotten(literal(1), free, quiet))
    )
    return rows.on_conflict_do_update(
        index_elements=[RateLimit.key],
        set_={
            "count": number,
            "reset_at": case(
                (number >= free, _forgotten(number, free, quiet)), (is_over, window), else_=RateLimit.reset_at
            ),
        },
        where=or_(is_over, RateLimit.count < free, RateLimit.reset_at <= quiet),
    ).returning(RateLimit.key)


def _forgotten(number: ColumnElement[int], free: ColumnElement[int], quiet: ColumnElement[Any]) -> ColumnElement[Any]:
    """When the wait after the act with this number is forgotten: as long after `quiet` as it lasts."""
    doublings = func.least(number - free, 20)  # more would overflow
    wait = bindparam("first_wait", type_=Integer) * func.power(2, doublings)
    seconds = func.least(wait, bindparam("most_wait", type_=Integer))
    return quiet + func.make_interval(0, 0, 0, 0, 0, 0, seconds)


def _relenting() -> Any:
    """Ends the windows of `forgotten`, and takes one act from the counters of the other `keys`.

    The rows are locked in the order in which `count` takes them: otherwise the two could wait for each other.
    """
    keys, forgotten = bindparam("keys", type_=ARRAY(String)), bindparam("forgotten", type_=ARRAY(String))
    held = select(RateLimit.key).where(RateLimit.key == any_(keys)).order_by(RateLimit.key).with_for_update()
    is_forgotten = RateLimit.key == any_(forgotten)
    relenting = update(cast("Table", RateLimit.__table__)).where(RateLimit.key.in_(held), RateLimit.count > 0)
    return relenting.values(
        count=case((is_forgotten, 0), else_=RateLimit.count - 1),
        reset_at=case((is_forgotten, bindparam("moment", type_=MOMENT)), else_=RateLimit.reset_at),
    )


ONE_MORE = _one_more()  # these are made once: with values of their own they would be compiled anew for each act
STEP = _step()
RELENTING = _relenting()
QUIET = timedelta(hours=1)  # after a wait, until it is forgotten that there was one


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


def slow_down(hit: Hit, growth: Growth) -> None:
    """Count an act in one statement and commit it: as many as the limit says are free, each further one has to wait.

    Whoever comes too early does not count: the wait grows no longer by that.

    Raises:
        TooFast: the wait is not over.
    """
    with transaction() as session:
        if session.scalar(STEP, _step_of(hit, growth)) is not None:
            return
        forgotten_at = session.scalars(select(RateLimit.reset_at).where(RateLimit.key == hit.key)).one()
    seconds = max(1, ceil((forgotten_at - QUIET - now()).total_seconds()))
    raise TooFast(_sentence(seconds), retry_after=seconds)


def is_slowed_down(hit: Hit) -> bool:
    """Whether the free acts are used up."""
    used_up = (RateLimit.key == hit.key, RateLimit.reset_at > now(), RateLimit.count >= hit.limit.count)
    with transaction() as session:
        return session.scalar(select(RateLimit.key).where(*used_up)) is not None


def forget(hits: Sequence[Hit]) -> None:
    """Start the counters anew: after a success, or when staff clear a lock-out."""
    relent(forgotten=hits)


def give_back(hits: Sequence[Hit]) -> None:
    """Take back what `count` counted, where only failures are limited and this was none."""
    relent(given_back=hits)


def relent(*, forgotten: Sequence[Hit] = (), given_back: Sequence[Hit] = ()) -> None:
    """After a success: forget the failures before it, and give back what was counted for it, in one statement.

    What is forgotten is a window that has ended; `tidy` deletes it.
    """
    over = [hit.key for hit in forgotten]
    values = {"keys": [*over, *(hit.key for hit in given_back)], "forgotten": over, "moment": now()}
    with transaction() as session:
        session.execute(RELENTING, values)


def tidy() -> None:
    """Delete the counters whose windows have ended."""
    ended = select(RateLimit.key).where(RateLimit.reset_at <= now()).order_by(RateLimit.key)
    with transaction() as session:
        session.execute(delete(RateLimit).where(RateLimit.key.in_(ended.with_for_update(skip_locked=True))))


def seconds_left(hits: Sequence[Hit]) -> int:
    """How long until the next of these acts is allowed: 0 means now. Nothing is counted."""
    by_key = {hit.key: hit.limit for hit in hits}
    with transaction() as session:
        rows = session.scalars(select(RateLimit).where(RateLimit.key.in_(by_key), RateLimit.reset_at > now())).all()
        ends = [row.reset_at for row in rows if row.count >= by_key[row.key].count]
    return ceil((max(ends) - now()).total_seconds()) if ends else 0


def _step_of(hit: Hit, growth: Growth) -> dict[str, Any]:
    """The values of STEP for an act that happens now."""
    started = now()
    return {
        "hit": hit.key,
        "started": started,
        "window": started + timedelta(seconds=hit.limit.seconds),
        "quiet": started + QUIET,
        "free": hit.limit.count,
        "first_wait": growth.first,
        "most_wait": growth.most,
    }


def _ends(hits: Sequence[Hit]) -> list[datetime]:
    """When the windows of the limits that are used up end."""
    by_key = {hit.key: hit.limit for hit in hits}
    if not by_key:
        return []
    started, keys = now(), sorted(by_key)  # one order for everybody: two statements never wait for each other
    ends = [started + timedelta(seconds=by_key[key].seconds) for key in keys]
    with transaction() as session:
        counted = session.execute(ONE_MORE, {"keys": keys, "ends": ends, "started": started}).all()
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
