"""Tables of changes under way and of what happened to an account."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pythoughts.db import Key, Model, Moment, Ref, Timestamps


class PendingSignUp(Timestamps, Model):
    """Somebody who signs up in the strict mode: nobody exists until the mailed code is right."""

    __tablename__ = "pending_sign_up"
    __table_args__ = (
        Index("ix_pending_sign_up_expires_at", "expires_at"),
        CheckConstraint("email = lower(email)", name="email_lower"),
    )

    id: Mapped[Key]
    binding: Mapped[str] = mapped_column(unique=True)  # SHA-256 of a random value in the signed cookie
    username: Mapped[str]
    display_username: Mapped[str]
    email: Mapped[str]
    password: Mapped[str]  # argon2id
    nonce: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    expires_at: Mapped[Moment]


class PendingEmailChange(Timestamps, Model):
    """A change of address: proven by a code to the new one, undone by a link to the old one for 72 hours."""

    __tablename__ = "pending_email_change"
    __table_args__ = (
        Index("ix_pending_email_change_user_id", "user_id"),
        Index("ix_pending_email_change_undo_until", "undo_until"),
    )

    id: Mapped[Key]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    old_email: Mapped[str]
    old_verified: Mapped[bool]
    new_email: Mapped[str]
    nonce: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    expires_at: Mapped[Moment]
    changed_at: Mapped[Moment | None]
    undo_nonce: Mapped[str | None]
    undo_until: Mapped[Moment | None]


class UsernameHistory(Timestamps, Model):
    """A name that somebody gave up: it redirects to them, and nobody else may take it for 90 days."""

    __tablename__ = "username_history"
    __table_args__ = (
        Index("ix_username_history_user_id", "user_id"),
        Index("ix_username_history_username", "username"),
    )

    id: Mapped[Key]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    username: Mapped[str]
    reserved_until: Mapped[Moment]


class KnownDevice(Timestamps, Model):
    """A browser in which somebody has signed in before: it is not slowed down when others guess."""

    __tablename__ = "known_device"
    __table_args__ = (UniqueConstraint("user_id", "token"),)

    id: Mapped[Key]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    token: Mapped[str]  # SHA-256 of the cookie's random value


class Event(StrEnum):
    """What the sign-in history tells."""

    SIGN_UP = "sign-up"
    SIGN_IN = "sign-in"
    SIGN_IN_FAILED = "sign-in-failed"
    SIGN_OUT = "sign-out"
    SESSION_REVOKED = "session-revoked"
    SESSIONS_REVOKED = "sessions-revoked"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105  (a kind of event)
    PASSWORD_RESET = "password-reset"  # noqa: S105  (a kind of event)
    EMAIL_VERIFIED = "email-verified"
    EMAIL_CHANGED = "email-changed"
    EMAIL_CHANGE_UNDONE = "email-change-undone"
    USERNAME_CHANGED = "username-changed"
    ACCOUNT_RESET = "account-reset"
    TWO_FACTOR_ON = "two-factor-on"
    TWO_FACTOR_OFF = "two-factor-off"
    RECOVERY_CODES_RENEWED = "recovery-codes-renewed"
    RECOVERY_CODE_USED = "recovery-code-used"
    PASSKEY_ADDED = "passkey-added"
    PASSKEY_REMOVED = "passkey-removed"
    SECOND_FACTOR_FAILED = "second-factor-failed"
    ACCOUNT_CONNECTED = "account-connected"
    ACCOUNT_DISCONNECTED = "account-disconnected"
    ACCOUNT_CLOSED = "account-closed"
    ACCOUNT_REOPENED = "account-reopened"
    BANNED = "banned"
    BAN_LIFTED = "ban-lifted"
    ROLE_CHANGED = "role-changed"
    IMPERSONATED = "impersonated"


class AuthEvent(Model):
    """One line of the sign-in history that a person and admins can read."""

    __tablename__ = "auth_event"
    __table_args__ = (Index("ix_auth_event_user_id_id", "user_id", "id"), Index("ix_auth_event_at", "at"))

    id: Mapped[Key]
    at: Mapped[Moment]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    kind: Mapped[str]  # an Event
    ip_address: Mapped[str | None]
    user_agent: Mapped[str | None]


class DataExport(Timestamps, Model):
    """An archive of everything about a person: asked for, made by a job, downloaded for a week."""

    __tablename__ = "data_export"
    __table_args__ = (
        Index("ix_data_export_user_id", "user_id"),
        CheckConstraint("state in ('waiting', 'ready', 'failed')", name="state"),
    )

    id: Mapped[Key]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(default="waiting", server_default="waiting")
    byte_count: Mapped[int | None]
    ready_at: Mapped[Moment | None]
    expires_at: Mapped[Moment | None]
