"""Table of the overrides; a setting that has none keeps its default."""

from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pythoughts.db import Model, Timestamps, Versioned


class Setting(Timestamps, Versioned, Model):
    """One override of the registry."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB, nullable=False)
