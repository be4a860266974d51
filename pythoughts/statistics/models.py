"""Table of the daily numbers."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pythoughts.db import Model, Timestamps


class Number(StrEnum):
    """What is counted; the last two look back over as many days, because nobody is two people on two days."""

    SIGN_UPS = "sign_ups"
    POSTS = "posts"
    REPLIES = "replies"
    REMOVALS = "removals"
    REPORTS_OPENED = "reports_opened"
    REPORTS_RESOLVED = "reports_resolved"
    ACTIVE = "active"
    ACTIVE_30 = "active_30"
    ACTIVE_90 = "active_90"


PERIODS = {30: Number.ACTIVE_30, 90: Number.ACTIVE_90}
"""The periods that people choose from, in days, and who was active in them."""
NUMBERS = ", ".join(f"'{number}'" for number in Number)


class DailyStat(Timestamps, Model):
    """One number of one day in UTC; `updated_at` is when it was counted last."""

    __tablename__ = "daily_stat"
    __table_args__ = (
        CheckConstraint(f"name in ({NUMBERS})", name="name"),
        CheckConstraint("count >= 0", name="count"),
    )

    name: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]
