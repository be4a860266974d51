"""Tables of the moderation feature: one review item for each post or person, and the reports that brought it there."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pythoughts.db import Key, Model, Moment, Ref, Stamp, Timestamps, Versioned

DETAILS_MAX = 500  # graphemes


class Category(StrEnum):
    """What is wrong with it."""

    SPAM = "spam"
    HARASSMENT = "harassment"
    VIOLENCE = "violence"
    SEXUAL = "sexual"
    PRIVATE = "private"
    OTHER = "other"


class ItemState(StrEnum):
    """Whether somebody has to look."""

    OPEN = "open"
    DECIDED = "decided"


class Outcome(StrEnum):
    """What became of a report: staff saw it so or not, or the thing was gone before anybody looked."""

    OPEN = "open"
    AGREED = "agreed"
    DISAGREED = "disagreed"
    GONE = "gone"


class Verdict(StrEnum):
    """What a moderator can say of an item; after the last two it goes on waiting."""

    APPROVE = "approve"
    REMOVE = "remove"
    AGREE = "agree"
    IGNORE = "ignore"
    HOLD = "hold"
    RELEASE = "release"


CATEGORIES = ", ".join(f"'{category}'" for category in Category)
ITEM_STATES = ", ".join(f"'{state}'" for state in ItemState)
OUTCOMES = ", ".join(f"'{outcome}'" for outcome in Outcome)


class ReviewItem(Timestamps, Versioned, Model):
    """What staff have to look at, a post or a person; it stays when it is decided and opens again when it must.

    Attributes:
        score: how urgent it is; the sum of what its open reports weigh and of what the word filter adds.
        open_reports: reports that wait for the decision.
        opened_at: since when it waits.
        word_id: the watched word that brought it here, if one did.
        fine_at: when staff found it fine as it is; until it is edited, reports collapse.
        claimed_by: who looks at it right now, until `claimed_until`.
    """

    __tablename__ = "review_item"
    __table_args__ = (
        CheckConstraint("(post_id is null) <> (person_id is null)", name="one_target"),
        CheckConstraint(f"state in ({ITEM_STATES})", name="state"),
        CheckConstraint("open_reports >= 0", name="open_reports"),
        Index("ix_review_item_queue", text("score desc"), "opened_at", "id", postgresql_where="state = 'open'"),
        Index("ix_review_item_word_id", "word_id"),
        Index("ix_review_item_claimed_by", "claimed_by"),
        Index("ix_review_item_decided_by", "decided_by"),
    )

    id: Mapped[Key]
    post_id: Mapped[Ref | None] = mapped_column(ForeignKey("pythoughts.id", ondelete="CASCADE"), unique=True)
    person_id: Mapped[Ref | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    state: Mapped[str] = mapped_column(default=ItemState.OPEN, server_default=ItemState.OPEN)
    score: Mapped[int] = mapped_column(default=0, server_default="0")
    open_reports: Mapped[int] = mapped_column(default=0, server_default="0")
    opened_at: Mapped[Stamp]
    word_id: Mapped[Ref | None] = mapped_column(ForeignKey("watched_word.id", ondelete="SET NULL"))
    fine_at: Mapped[Moment | None]
    claimed_by: Mapped[Ref | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    claimed_until: Mapped[Moment | None]
    decided_by: Mapped[Ref | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    decided_at: Mapped[Moment | None]


class Report(Timestamps, Model):
    """What one member said about one post or person; `outcome` is what they may hear of it."""

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint(f"category in ({CATEGORIES})", name="category"),
        CheckConstraint(f"outcome in ({OUTCOMES})", name="outcome"),
        UniqueConstraint("item_id", "reporter_id"),
        Index("ix_report_reporter_id_id", "reporter_id", "id"),
        Index("ix_report_open", "id", postgresql_where="outcome = 'open'"),
        Index("ix_report_decided_at", "decided_at", "id"),
    )

    id: Mapped[Key]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("review_item.id", ondelete="CASCADE"))
    reporter_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    category: Mapped[str]
    details: Mapped[str | None]
    weight: Mapped[int] = mapped_column(default=0, server_default="0")
    outcome: Mapped[str] = mapped_column(default=Outcome.OPEN, server_default=Outcome.OPEN)
    decided_at: Mapped[Moment | None]
