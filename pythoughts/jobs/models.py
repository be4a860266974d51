"""Tables of the queue's library, to be read; only its own functions write them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey
from sqlalchemy.dialects.postgresql import ENUM, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class JobState(StrEnum):
    """What has become of a job."""

    TODO = "todo"
    DOING = "doing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ABORTING = "aborting"
    ABORTED = "aborted"


class LibraryTable(DeclarativeBase):
    """Base of tables that are not ours: with metadata of their own, no migration of ours sees them."""


class Job(LibraryTable):
    """One job; `args` are ids and numbers, never a secret."""

    __tablename__ = "procrastinate_jobs"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    queue_name: Mapped[str]
    task_name: Mapped[str]
    queueing_lock: Mapped[str | None]
    args: Mapped[dict[str, Any]] = mapped_column(JSONB)
    status: Mapped[str] = mapped_column(ENUM(*JobState, name="procrastinate_job_status", create_type=False))
    scheduled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    attempts: Mapped[int]


class JobEvent(LibraryTable):
    """Something that happened to a job."""

    __tablename__ = "procrastinate_events"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    job_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(Job.id))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
