"""Table of the preferences feature: one row a member, made when they first choose something."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pythoughts.db import Key, Model, Ref, Timestamps

IGNORED_MAX = 1_000  # people


class UserPreferences(Timestamps, Model):
    """A member's choices; `ignored_users` keeps the predecessor's form, a JSON array of user ids as text."""

    __tablename__ = "user_preferences"
    __table_args__ = (CheckConstraint("jsonb_typeof(ignored_users::jsonb) = 'array'", name="ignored_is_array"),)

    id: Mapped[Key]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    ignored_users: Mapped[str] = mapped_column(default="[]", server_default="[]")
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
