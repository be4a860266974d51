"""Tables of second factors and passkeys."""

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pythoughts.db import Key, Model, Moment, Ref, Timestamps


class TwoFactor(Timestamps, Model):
    """A person's authenticator app; unconfirmed until the first right code."""

    __tablename__ = "two_factor"

    id: Mapped[Key]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    secret: Mapped[str]  # encrypted with a key derived from SECRET_KEY
    last_step: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")  # 30-second step last accepted
    confirmed_at: Mapped[Moment | None]


class RecoveryCode(Timestamps, Model):
    """One of ten codes that each replace the authenticator once; only its hash is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[Key]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    code_hash: Mapped[str]
    used_at: Mapped[Moment | None]


class Passkey(Timestamps, Model):
    """A WebAuthn credential: signs in without a password."""

    __tablename__ = "passkey"
    __table_args__ = (Index("ix_passkey_user_id", "user_id"),)

    id: Mapped[Key]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    name: Mapped[str]
    last_used_at: Mapped[Moment | None]
