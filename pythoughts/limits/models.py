"""Table of the limits."""

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from pythoughts.db import Model, Moment


class RateLimit(Model):
    """How often `key` was hit since its window began; UNLOGGED, because losing it in a crash harms nobody."""

    __tablename__ = "rate_limit"
    __table_args__ = (Index("ix_rate_limit_reset_at", "reset_at"), {"prefixes": ["UNLOGGED"]})

    key: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    count: Mapped[int]
    reset_at: Mapped[Moment]
