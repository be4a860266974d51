"""Reads of the audit log: acts as pages show them, without the address that they came from."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select

from pythoughts.audit.models import AuditCheck, AuditLog, AuditPersonal
from pythoughts.db import db

ACT: tuple[Any, ...] = (
    AuditLog.id,
    AuditLog.at,
    AuditLog.action,
    AuditLog.actor_id,
    AuditPersonal.actor_label,
    AuditLog.target_type,
    AuditLog.target_id,
    AuditPersonal.target_label,
    AuditPersonal.reason,
)


def acts() -> Select[Any]:
    """All acts with the names and the reason, as far as these were not erased."""
    return select(*ACT).outerjoin(AuditPersonal, AuditPersonal.audit_id == AuditLog.id)


def latest_acts(count: int, *, target_types: Sequence[str] = ()) -> Sequence[Row[Any]]:
    """What was done last, newest first.

    Args:
        count: most acts to return.
        target_types: kinds of things that the reader may hear about; none given means all.
    """
    statement = acts().where(AuditLog.target_type.in_(target_types)) if target_types else acts()
    return db.session.execute(statement.order_by(AuditLog.id.desc()).limit(count)).all()


def history_of(target_type: str, target_id: str, count: int) -> Sequence[Row[Any]]:
    """What was done to one thing, newest first, at most `count` acts."""
    statement = acts().where(AuditLog.target_type == target_type, AuditLog.target_id == target_id)
    return db.session.execute(statement.order_by(AuditLog.id.desc()).limit(count)).all()


def latest_check() -> AuditCheck | None:
    """How far the chain of seals held when somebody last walked along it; None before the first time."""
    return db.session.scalar(select(AuditCheck).order_by(AuditCheck.id.desc()).limit(1))
