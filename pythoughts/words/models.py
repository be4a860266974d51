"""Table of the watched words."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from pythoughts.db import Key, Model, Ref, Timestamps, Versioned

WORD_MAX = 100  # characters
NOTE_MAX = 300  # characters


class Action(StrEnum):
    """What happens to a post with the word in it, the strictest first."""

    BLOCK = "block"
    HOLD = "hold"
    FLAG = "flag"
    CENSOR = "censor"


ACTIONS = ", ".join(f"'{action}'" for action in Action)


class WatchedWord(Timestamps, Versioned, Model):
    """A word or a phrase; `folded` is what spellings of it have in common, so each is there once."""

    __tablename__ = "watched_word"
    __table_args__ = (
        CheckConstraint(f"action in ({ACTIONS})", name="action"),
        CheckConstraint(f"char_length(word) between 1 and {WORD_MAX}", name="word_length"),
        Index("ix_watched_word_created_by", "created_by"),
    )

    id: Mapped[Key]
    word: Mapped[str]
    folded: Mapped[str] = mapped_column(unique=True)
    action: Mapped[str]
    note: Mapped[str | None]
    created_by: Mapped[Ref | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
