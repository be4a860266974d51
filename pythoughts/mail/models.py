"""Table of the outbox: which letter goes to whom, never its text."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from pythoughts.db import Key, Model, Moment, Ref, Timestamps


class MailState(StrEnum):
    """Where a letter is on its way; `expired` was not worth sending any more."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"


STATES = ", ".join(f"'{state}'" for state in MailState)


class OutboxMail(Timestamps, Model):
    """One letter; its text is made from `template`, `user_id` and `ref_id` when it is sent, and not kept."""

    __tablename__ = "outbox_mail"
    __table_args__ = (
        CheckConstraint(f"state in ({STATES})", name="state"),
        Index("ix_outbox_mail_user_id", "user_id"),
        Index("ix_outbox_mail_state_id", "state", "id"),
    )

    id: Mapped[Key]
    template: Mapped[str]
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    ref_id: Mapped[str | None]
    state: Mapped[str] = mapped_column(default=MailState.QUEUED, server_default=MailState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    last_error: Mapped[str | None]
    sent_at: Mapped[Moment | None]
