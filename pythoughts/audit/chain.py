"""The hash chain over the audit log: what goes into a hash, and the walk that compares.

A hash covers the rows of `audit_log` in a range of ids and the hash before. Names, reasons and addresses are in
`audit_personal` and outside it, so they can be erased without a trace here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, Select, Text, case, cast, func, select
from sqlalchemy.orm import Session

from pythoughts.audit.models import AuditLog, AuditSeal

BEGINNING = "0" * 64
"""Stands for the hash before the first."""

# Each act as a JSON array: nothing that is typed into a field can pass for the border of another one. The time is
# counted in microseconds, because how one is printed depends on settings.
FACTS = func.jsonb_build_array(
    AuditLog.id,
    func.trunc(func.extract("epoch", AuditLog.at) * 1_000_000),
    AuditLog.actor_id,
    AuditLog.on_behalf_of,
    AuditLog.action,
    AuditLog.target_type,
    AuditLog.target_id,
    AuditLog.op_id,
    AuditLog.before,
    AuditLog.after,
    AuditLog.request_id,
)
ROW = case((AuditLog.id.is_not(None), cast(FACTS, Text))).label("act")
LINK = ("id", "from_id", "to_id", "prev_hash", "hash")
BATCH = 1_000  # rows that are in memory at once, besides those of one link


@dataclass(frozen=True)
class Range:
    """Acts that are sealed together, by the first and the last id that belongs to them."""

    from_id: int
    to_id: int


@dataclass(frozen=True)
class Walk:
    """How far the chain holds.

    Attributes:
        up_to_id: the last id that it covers, 0 when nothing is sealed.
        acts: how many acts lie there.
        hash: of the last link that fits: whoever has written it down elsewhere can tell that no link was cut off.
        broken_seal_id: the first link that does not fit, None when all do.
    """

    up_to_id: int = 0
    acts: int = 0
    hash: str = BEGINNING
    broken_seal_id: int | None = None


def hash_of(covered: Range, prev_hash: str, acts: Iterable[str]) -> str:
    """The hash of a link: its place, what it hangs on, and what was done, an act after the other as `ROW` has it."""
    digest = sha256(f"{prev_hash} {covered.from_id} {covered.to_id}".encode())
    for act in acts:
        digest.update(b"\n" + act.encode())
    return digest.hexdigest()


def walk(session: Session) -> Walk:
    """Follow the chain from its beginning until it ends or breaks."""
    with session.execute(_links()) as rows:
        return _follow(rows)


def _follow(found: Iterable[Row[Any]]) -> Walk:
    seen = Walk()
    for seal, rows in groupby(found, key=attrgetter(*LINK)):
        seal_id, from_id, to_id, prev_hash, value = seal
        acts = [row.act for row in rows if row.act is not None]
        follows = from_id == seen.up_to_id + 1 and prev_hash == seen.hash
        if not follows or hash_of(Range(from_id, to_id), prev_hash, acts) != value:
            return replace(seen, broken_seal_id=seal_id)
        seen = Walk(to_id, seen.acts + len(acts), value)
    return seen


def _links() -> Select[Any]:
    """Every seal as often as it covers acts, or once: in one statement, read a batch at a time."""
    within = AuditLog.id.between(AuditSeal.from_id, AuditSeal.to_id)
    links = select(*(getattr(AuditSeal, name) for name in LINK), ROW).outerjoin(AuditLog, within)
    return links.order_by(AuditSeal.from_id, AuditLog.id).execution_options(yield_per=BATCH)
