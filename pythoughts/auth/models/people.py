"""Tables of people: user, session, account, verification."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pythoughts.access import GRANTS, Permission, Role
from pythoughts.clock import now
from pythoughts.db import Key, Model, Moment, Ref, Timestamps, Versioned

USERNAME_MIN, USERNAME_MAX = 3, 30  # characters
EMAIL_MAX = 254  # characters (RFC 5321: 256 with the angle brackets)
BIO_MAX = 160  # graphemes
USER_AGENT_MAX = 512  # characters kept of what a browser says of itself
USERNAME_PATTERN = r"^(?!\.)(?!.*\.\.)(?!.*\.$)[a-z0-9_.]{3,30}$"
ROLES = ", ".join(f"'{role}'" for role in Role)


class Purpose(StrEnum):
    """What a pending proof is for."""

    VERIFY_EMAIL = "verify-email"
    RESET_PASSWORD = "reset-password"  # noqa: S105  (mailed, so using it proves the address)
    ONE_TIME_LINK = "one-time-link"  # handed over by staff or by the command line, so it proves nothing
    SECOND_STEP = "second-step"  # the password was right, the code of the second factor is to come
    PASSKEY = "passkey"  # a challenge that a browser is to answer
    IDENTITY = "identity"  # an account elsewhere, sealed, which waits for a name or for a yes
    ADDRESS_CHANGED = "address-changed"  # nothing to prove: `value` is the old address, until it is told


LINKS = (Purpose.RESET_PASSWORD, Purpose.ONE_TIME_LINK)


@dataclass(frozen=True, slots=True)
class Face:
    """As much of a person as every page shows them of themselves: plain values, so that a page can be remembered."""

    id: str
    username: str | None
    display_username: str | None
    name: str | None
    role: str
    avatar_version: int


class User(Timestamps, Versioned, Model):
    """A person with an account; what Flask-Login calls the current user."""

    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint(f"username ~ '{USERNAME_PATTERN}'", name="username_shape"),
        CheckConstraint(f"role in ({ROLES})", name="role"),
        Index("ix_user_banned_by", "banned_by"),
        Index("ix_user_created_at_id", "created_at", "id"),
        Index("ix_user_delete_after", "delete_after", postgresql_where="delete_after is not null"),
    )

    id: Mapped[Key]
    name: Mapped[str | None]
    email: Mapped[str] = mapped_column(unique=True)
    email_verified: Mapped[bool] = mapped_column(default=False, server_default="false")
    image: Mapped[str | None]
    username: Mapped[str | None] = mapped_column(unique=True)
    display_username: Mapped[str | None]
    role: Mapped[str] = mapped_column(default=Role.MEMBER, server_default=Role.MEMBER)
    banned: Mapped[bool] = mapped_column(default=False, server_default="false")
    ban_reason: Mapped[str | None]
    ban_expires: Mapped[Moment | None]
    banned_at: Mapped[Moment | None]
    banned_by: Mapped[Ref | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    silenced_until: Mapped[Moment | None]
    two_factor_enabled: Mapped[bool] = mapped_column(default=False, server_default="false")
    last_seen_at: Mapped[Moment | None]
    bio: Mapped[str | None]
    avatar_version: Mapped[int] = mapped_column(default=1, server_default="1")
    delete_after: Mapped[Moment | None]
    deleted_at: Mapped[Moment | None]
    anonymised_at: Mapped[Moment | None]

    is_authenticated = True  # Flask-Login asks; a visitor is its own anonymous class
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Whether the account may be used now: neither banned nor closed nor deleted."""
        return self.deleted_at is None and not self.is_closed and not self.is_banned

    @property
    def is_closed(self) -> bool:
        """Whether the person wants to be erased at `delete_after`; signing in before opens the account again."""
        return self.delete_after is not None

    @property
    def is_banned(self) -> bool:
        """Whether a ban holds at this moment; a passed end lifts it without anybody's doing."""
        return self.banned and (self.ban_expires is None or self.ban_expires > now())

    @property
    def face(self) -> Face:
        """What the frame of a page shows of them."""
        return Face(self.id, self.username, self.display_username, self.name, self.role, self.avatar_version)

    def get_id(self) -> str:
        """The key, under the name that Flask-Login asks for."""
        return self.id

    def can(self, permission: Permission) -> bool:
        """Whether the user's role grants `permission`."""
        return permission in GRANTS[Role(self.role)]


class Session(Timestamps, Model):
    """One signed-in browser; deleting the row signs it out."""

    __tablename__ = "session"
    __table_args__ = (
        Index("ix_session_user_id", "user_id"),
        Index("ix_session_expires_at", "expires_at"),
        Index("ix_session_impersonating_user_id", "impersonating_user_id"),
        CheckConstraint("token ~ '^[0-9a-f]{64}$'", name="token_is_digest"),
    )

    id: Mapped[Key]
    token: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[Moment]
    ip_address: Mapped[str | None]
    user_agent: Mapped[str | None]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    auth_at: Mapped[Moment] = mapped_column(default=now)
    remember: Mapped[bool] = mapped_column(default=True, server_default="true")
    impersonating_user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    impersonation_expires_at: Mapped[Moment | None]

    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="raise")


class Account(Timestamps, Model):
    """One way to sign in; provider `credential` holds the password's hash."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("provider_id", "account_id"), Index("ix_account_user_id", "user_id"))

    id: Mapped[Key]
    account_id: Mapped[str]
    provider_id: Mapped[str]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    access_token: Mapped[str | None]
    refresh_token: Mapped[str | None]
    id_token: Mapped[str | None]
    access_token_expires_at: Mapped[Moment | None]
    refresh_token_expires_at: Mapped[Moment | None]
    scope: Mapped[str | None]
    password: Mapped[str | None]


class Verification(Timestamps, Model):
    """A pending proof, as its `purpose` says. `value` is the nonce that code or link are derived from."""

    __tablename__ = "verification"
    __table_args__ = (Index("ix_verification_user_id", "user_id"), Index("ix_verification_expires_at", "expires_at"))

    id: Mapped[Key]
    identifier: Mapped[str] = mapped_column(unique=True)
    value: Mapped[str]
    expires_at: Mapped[Moment]
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(default="", server_default="")
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")

    user: Mapped[User | None] = relationship(lazy="raise")
