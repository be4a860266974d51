"""Tables of the audit log. Triggers refuse to change or remove a row of `audit_log`."""

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pythoughts.db import Model, Moment, Stamp


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
