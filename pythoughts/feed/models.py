"""Tables of the feed feature; that of posts is called `pythoughts`, as in the predecessor."""

from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pythoughts.auth.models import User
from pythoughts.db import Key, Model, Moment, Ref, Timestamps, Versioned

MESSAGE_MAX = 500  # graphemes
MESSAGE_BYTES_MAX = 16 * 1024  # bytes of UTF-8
DEPTH_SHOWN = 6  # levels of replies on one page, deeper ones behind "continue thread"


class PostState(StrEnum):
    """Who sees a post: everyone, or nobody but its author and staff."""

    LIVE = "live"
    HELD = "held"
    REMOVED = "removed"
    DELETED = "deleted"


STATES = ", ".join(f"'{state}'" for state in PostState)


class Post(Timestamps, Versioned, Model):
    """A thought, or a reply to one."""

    __tablename__ = "pythoughts"
    __table_args__ = (
        CheckConstraint(f"state in ({STATES})", name="state"),
        CheckConstraint(f"octet_length(message) between 1 and {MESSAGE_BYTES_MAX}", name="message_size"),
        CheckConstraint("depth >= 0 and reply_count >= 0", name="counts"),
        UniqueConstraint("user_id", "idempotency_key"),
        Index("ix_pythoughts_feed", "id", postgresql_where="state = 'live' and reply_to_id is null"),
        Index("ix_pythoughts_not_live", "state", "id", postgresql_where="state <> 'live'"),
        Index("ix_pythoughts_user_id_id", "user_id", "id"),
        Index("ix_pythoughts_reply_to_id", "reply_to_id"),
        Index("ix_pythoughts_root_id_id", "root_id", "id"),
        Index("ix_pythoughts_deleted_by", "deleted_by"),
        Index("ix_pythoughts_search", "search", postgresql_using="gin"),
    )

    id: Mapped[Key]
    message: Mapped[str]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    reply_to_id: Mapped[Ref | None] = mapped_column(ForeignKey("pythoughts.id", ondelete="SET NULL"))
    edited_at: Mapped[Moment | None]
    root_id: Mapped[Ref | None] = mapped_column(ForeignKey("pythoughts.id", ondelete="SET NULL"))
    depth: Mapped[int] = mapped_column(default=0, server_default="0")
    reply_count: Mapped[int] = mapped_column(default=0, server_default="0")
    state: Mapped[str] = mapped_column(default=PostState.LIVE, server_default=PostState.LIVE)
    deleted_at: Mapped[Moment | None]
    deleted_by: Mapped[Ref | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    delete_reason: Mapped[str | None]
    removed_op: Mapped[str | None]
    idempotency_key: Mapped[str | None]
    search: Mapped[Any] = mapped_column(
        TSVECTOR, Computed("to_tsvector('simple', message)", persisted=True), nullable=False, deferred=True
    )

    author: Mapped[User] = relationship(foreign_keys=[user_id], lazy="raise")


class PostRevision(Timestamps, Model):
    """What a post said before its author changed it; `created_at` is when that was.

    `post_version` is the version of the row that said so: whoever saw an older one has not seen this.
    """

    __tablename__ = "post_revision"
    __table_args__ = (UniqueConstraint("post_id", "post_version"),)

    id: Mapped[Key]
    post_id: Mapped[Ref] = mapped_column(ForeignKey("pythoughts.id", ondelete="CASCADE"))
    post_version: Mapped[int]
    message: Mapped[str]
    written_at: Mapped[Moment]
