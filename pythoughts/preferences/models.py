"""Tables of the preferences feature: what a member has chosen, and whom they have blocked."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pythoughts.db import Key, Model, Ref, Timestamps

IGNORED_MAX = 1_000  # people
BLOCKED_MAX = 1_000  # people


class UserPreferences(Timestamps, Model):
    """A member's choices; `ignored_users` keeps the predecessor's form, a JSON array of user ids as text."""

    __tablename__ = "user_preferences"
    __table_args__ = (CheckConstraint("jsonb_typeof(ignored_users::jsonb) = 'array'", name="ignored_is_array"),)

    id: Mapped[Key]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    ignored_users: Mapped[str] = mapped_column(default="[]", server_default="[]")
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")


class UserBlock(Timestamps, Model):
    """`user_id` has blocked `blocked_id`: neither hears the other."""

    __tablename__ = "user_block"
    __table_args__ = (
        CheckConstraint("user_id <> blocked_id", name="others_only"),
        UniqueConstraint("user_id", "blocked_id"),
        Index("ix_user_block_blocked_id", "blocked_id"),
    )

    id: Mapped[Key]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    blocked_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
