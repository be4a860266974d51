"""Seal what was done, and see whether the seals still fit.

Ids are not committed in order: a transaction that took a small one may end long after others that took larger ones.
A seal must not pass an id that may still appear, so it waits until nobody is writing who might hold one.
"""

from datetime import timedelta
from time import monotonic, sleep

import structlog
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from pythoughts.audit.chain import BEGINNING, ROW, Range, Walk, hash_of, walk
from pythoughts.audit.models import AuditCheck, AuditLog, AuditSeal
from pythoughts.clock import now
from pythoughts.db import transaction

log = structlog.get_logger()

ACTS_MAX = 10_000  # in one seal
PATIENCE = 5.0  # seconds to wait for writers; after that the next minute tries again
POLL = 0.05  # seconds
ONLY_SEALER = 7_460_531_003  # an advisory lock; any number that nothing else in this database uses
CHECKS_KEPT = timedelta(days=30)

END = select(AuditSeal.to_id, AuditSeal.hash).order_by(AuditSeal.from_id.desc()).limit(1)
NEXT = select(AuditLog.id, ROW).order_by(AuditLog.id).limit(ACTS_MAX)
TAKEN = text("select coalesce(pg_sequence_last_value(pg_get_serial_sequence('audit_log', 'id')::regclass), 0)")
# Whoever inserts holds this lock from before the id is taken until after the commit can be seen.
WRITERS = text("""
    select virtualtransaction from pg_locks
    where locktype = 'relation' and relation = 'audit_log'::regclass and mode = 'RowExclusiveLock'
    and database = (select oid from pg_database where datname = current_database())
""")


def seal(*, patience: float = PATIENCE) -> int:
    """Seal all acts that nobody can come before any more; of two who try at once one does nothing.

    Args:
        patience: seconds to wait for those who are writing.

    Returns:
        How many acts were sealed.
    """
    with transaction() as session:
        if not session.scalar(select(func.pg_try_advisory_xact_lock(ONLY_SEALER))):
            return 0
        settled = session.scalar(TAKEN) or 0
        if not _ended(session, patience):
            log.info("audit-seal-waits", up_to=settled)
            return 0
        return _seal_up_to(session, settled)


def check_seals() -> Walk:
    """Walk along the whole chain and note how far it holds."""
    with transaction() as session:
        seen = walk(session)
        session.add(AuditCheck(up_to_id=seen.up_to_id, acts=seen.acts, broken_seal_id=seen.broken_seal_id))
        session.execute(delete(AuditCheck).where(AuditCheck.created_at < now() - CHECKS_KEPT))
    if seen.broken_seal_id is not None:
        log.error("audit-broken", seal=seen.broken_seal_id)
    return seen


def _ended(session: Session, patience: float) -> bool:
    """Whether all who are writing at this moment have ended in time; whoever begins later takes larger ids."""
    writers, deadline = set(session.scalars(WRITERS)), monotonic() + patience
    while writers and monotonic() < deadline:
        sleep(POLL)
        writers &= set(session.scalars(WRITERS))
    return not writers


def _seal_up_to(session: Session, settled: int) -> int:
    """Seal after seal, until no act is left at or below `settled`."""
    sealed = 0
    to_id, prev_hash = session.execute(END).one_or_none() or (0, BEGINNING)
    while acts := session.execute(NEXT.where(AuditLog.id > to_id, AuditLog.id <= settled)).all():
        covered = Range(to_id + 1, acts[-1].id if len(acts) == ACTS_MAX else settled)
        value = hash_of(covered, prev_hash, (act for _id, act in acts))
        session.add(AuditSeal(from_id=covered.from_id, to_id=covered.to_id, prev_hash=prev_hash, hash=value))
        log.info("audit-sealed", up_to=covered.to_id, hash=value)  # kept elsewhere, it tells of links cut off
        sealed, to_id, prev_hash = sealed + len(acts), covered.to_id, value
    return sealed
