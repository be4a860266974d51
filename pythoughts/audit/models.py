"""Tables of the audit log. Triggers refuse to change or remove a row of `audit_log` and of `audit_seal`."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pythoughts.db import Model, Moment, Stamp, Timestamps


class AuditLog(Model):
    """One act. It holds ids and values that are nobody's personal data, so it never needs erasing."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_target", "target_type", "target_id", "id"),
        Index("ix_audit_log_actor_id_id", "actor_id", "id"),
        Index("ix_audit_log_op_id", "op_id"),
        Index("ix_audit_log_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[Stamp]
    actor_id: Mapped[str | None]
    on_behalf_of: Mapped[str | None]
    action: Mapped[str]
    target_type: Mapped[str]
    target_id: Mapped[str]
    op_id: Mapped[str | None]
    before: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    after: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    request_id: Mapped[str | None]


class AuditPersonal(Model):
    """What an act tells of people: names, the typed reason, the address. Erasable, outside the hash."""

    __tablename__ = "audit_personal"

    audit_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("audit_log.id", ondelete="RESTRICT"), primary_key=True)
    actor_label: Mapped[str | None]
    target_label: Mapped[str | None]
    reason: Mapped[str | None]
    ip_address: Mapped[str | None]
    erased_at: Mapped[Moment | None]


class AuditSeal(Timestamps, Model):
    """A link of the chain: the hash of all acts whose ids lie from `from_id` to `to_id`, and of the link before.

    Ids that nobody took belong to it too, so that an act which is put there later shows.
    """

    __tablename__ = "audit_seal"
    __table_args__ = (CheckConstraint("from_id <= to_id", name="range"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    from_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    to_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    prev_hash: Mapped[str] = mapped_column(unique=True)
    hash: Mapped[str] = mapped_column(unique=True)


class AuditCheck(Timestamps, Model):
    """One walk along the chain, and how far it came.

    Attributes:
        up_to_id: the last act that is as it was sealed, 0 when there is none.
        acts: how many acts that are.
        broken_seal_id: the first seal that does not fit, None when all do.
    """

    __tablename__ = "audit_check"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    up_to_id: Mapped[int] = mapped_column(BigInteger)
    acts: Mapped[int] = mapped_column(BigInteger)
    broken_seal_id: Mapped[int | None] = mapped_column(BigInteger)
