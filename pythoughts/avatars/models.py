"""Table of uploaded pictures. It holds them itself, so that every process on every machine has them."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from pythoughts.db import Model, Ref, Timestamps


class Avatar(Timestamps, Model):
    """The picture that a person has uploaded: what is shown, and what came and waits to be prepared.

    Attributes:
        original: the file as it came, deleted as soon as a job has looked at it.
        upload_id: a new one for each file, so that a job never answers for another file than its own.
        failed: whether the last file could not be read.
        small: WebP of SMALL pixels a side, as is `large` of LARGE.
    """

    __tablename__ = "avatar"
    __table_args__ = (
        CheckConstraint("(original is null) = (upload_id is null)", name="upload_named"),
        CheckConstraint("(small is null) = (large is null)", name="both_sizes"),
    )

    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    upload_id: Mapped[Ref | None]
    failed: Mapped[bool] = mapped_column(default=False, server_default="false")
    original: Mapped[bytes | None] = mapped_column(deferred=True)
    small: Mapped[bytes | None] = mapped_column(deferred=True)
    large: Mapped[bytes | None] = mapped_column(deferred=True)
