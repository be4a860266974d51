"""Tables of the notifications feature: what somebody is told, whom a post names, which digests were mailed."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pythoughts.db import Key, Model, Moment, Ref, Timestamps


class NoticeKind(StrEnum):
    """What happened."""

    REPLY = "reply"
    MENTION = "mention"
    POST_REMOVED = "post-removed"
    POST_RESTORED = "post-restored"
    POST_HELD = "post-held"
    POST_RELEASED = "post-released"
    REPORT_AGREED = "report-agreed"
    REPORT_DISAGREED = "report-disagreed"
    REPORT_GONE = "report-gone"
    SECURITY = "security"


SOCIAL = (NoticeKind.REPLY, NoticeKind.MENTION)
"""What other members cause: it hides with their posts, and with them when they are ignored or blocked."""
KINDS = ", ".join(f"'{kind}'" for kind in NoticeKind)


class Notification(Timestamps, Model):
    """One thing that `user_id` is told.

    Attributes:
        person_id: who did it, or whom a report was about; nobody for what staff or the site did.
        post_id: which post it is about: the reply, the post with the name in it, one's own.
        letter: the kind of mail that says the same, for what is about security.
        reason: what staff gave as theirs.
    """

    __tablename__ = "notification"
    __table_args__ = (
        CheckConstraint(f"kind in ({KINDS})", name="kind"),
        CheckConstraint(
            "kind not in ('reply', 'mention') or (person_id is not null and post_id is not null)", "social"
        ),
        CheckConstraint("(kind = 'security') = (letter is not null)", name="letter"),
        Index("ix_notification_order", "user_id", text("(read_at is null)"), "id"),
        Index(
            "uq_notification_once", "post_id", "user_id", unique=True, postgresql_where="kind in ('reply', 'mention')"
        ),
        Index("ix_notification_post_id", "post_id"),
        Index("ix_notification_person_id", "person_id"),
        Index("ix_notification_read_at", "read_at", postgresql_where="read_at is not null"),
    )

    id: Mapped[Key]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    kind: Mapped[str]
    person_id: Mapped[Ref | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    post_id: Mapped[Ref | None] = mapped_column(ForeignKey("pythoughts.id", ondelete="CASCADE"))
    letter: Mapped[str | None]
    reason: Mapped[str | None]
    read_at: Mapped[Moment | None]


class Mention(Timestamps, Model):
    """`post_id` names `user_id`; the row outlives what they were told, so that no edit tells them again."""

    __tablename__ = "mention"
    __table_args__ = (UniqueConstraint("post_id", "user_id"), Index("ix_mention_user_id", "user_id"))

    id: Mapped[Key]
    post_id: Mapped[Ref] = mapped_column(ForeignKey("pythoughts.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))


class Digest(Timestamps, Model):
    """A mail with what `user_id` had not read of the time from `starts_at` until before `ends_at`."""

    __tablename__ = "digest"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="span"),
        UniqueConstraint("user_id", "ends_at"),
        Index("ix_digest_ends_at", "ends_at"),
    )

    id: Mapped[Key]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    starts_at: Mapped[Moment]
    ends_at: Mapped[Moment]
