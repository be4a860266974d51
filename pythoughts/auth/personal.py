"""What accounts know of a person; never the hashes, tokens and nonces that open something."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session as Database

from pythoughts.access import Role
from pythoughts.auth.models import (
    Account,
    AuthEvent,
    KnownDevice,
    Passkey,
    PendingEmailChange,
    RecoveryCode,
    Session,
    TwoFactor,
    User,
    UsernameHistory,
    Verification,
)
from pythoughts.clock import now
from pythoughts.i18n import _
from pythoughts.personal import Farewell, Part, owned

NOWHERE = "deleted.invalid"  # no mail arrives there (RFC 2606)
USER_COLUMNS: tuple[Any, ...] = (
    User.id,
    User.username,
    User.display_username,
    User.name,
    User.bio,
    User.image,
    User.email,
    User.email_verified,
    User.role,
    User.banned,
    User.ban_reason,
    User.ban_expires,
    User.silenced_until,
    User.two_factor_enabled,
    User.last_seen_at,
    User.created_at,
    User.updated_at,
)


def _user(user_id: str) -> Select[Any]:
    return select(*USER_COLUMNS).where(User.id == user_id)


def _erase_user(database: Database, farewell: Farewell) -> None:
    """The row stays, because posts and the audit log refer to it; nothing in it tells who it was."""
    texts = (User.name, User.image, User.username, User.display_username, User.bio, User.ban_reason)
    values = {column.key: None for column in texts} | {
        "email": f"{farewell.user_id.lower()}@{NOWHERE}",
        "email_verified": False,
        "two_factor_enabled": False,
        "role": Role.MEMBER,
        "last_seen_at": None,
        "delete_after": None,
        "deleted_at": now(),
        "anonymised_at": now(),
        "avatar_version": func.abs(User.avatar_version) + 1,  # drawn again, whatever was uploaded
        "version": User.version + 1,
    }
    database.execute(
        update(User).where(User.id == farewell.user_id).values(values), execution_options={"synchronize_session": False}
    )


def _forget_places_of_sessions(database: Database, before: datetime) -> None:
    old = (Session.created_at < before, Session.ip_address.is_not(None))
    database.execute(update(Session).where(*old).values(ip_address=None, updated_at=Session.updated_at))


def _forget_places_of_events(database: Database, before: datetime) -> None:
    old = (AuthEvent.at < before, AuthEvent.ip_address.is_not(None))
    database.execute(update(AuthEvent).where(*old).values(ip_address=None))


def _sessions() -> Part:
    part = owned(
        Session,
        _("Where you are signed in"),
        Session.ip_address,
        Session.user_agent,
        Session.created_at,
        Session.updated_at.label("last_seen_at"),
        Session.expires_at,
    )
    return replace(part, forget_addresses=_forget_places_of_sessions)


def _events() -> Part:
    part = owned(
        AuthEvent,
        _("Sign-in history"),
        AuthEvent.at,
        AuthEvent.kind,
        AuthEvent.ip_address,
        AuthEvent.user_agent,
    )
    return replace(part, forget_addresses=_forget_places_of_events)


PARTS = (
    Part("user", _("You"), rows=_user, erase=_erase_user),
    _sessions(),
    owned(Account, _("Ways to sign in"), Account.provider_id, Account.account_id, Account.scope, Account.created_at),
    owned(
        Verification,
        _("Pending codes and links"),
        Verification.purpose,
        Verification.attempts,
        Verification.created_at,
        Verification.expires_at,
    ),
    owned(
        PendingEmailChange,
        _("Changes of your address"),
        PendingEmailChange.old_email,
        PendingEmailChange.new_email,
        PendingEmailChange.created_at,
        PendingEmailChange.changed_at,
    ),
    owned(
        UsernameHistory,
        _("Names that you had"),
        UsernameHistory.username,
        UsernameHistory.created_at,
        UsernameHistory.reserved_until,
    ),
    owned(KnownDevice, _("Browsers that are known"), KnownDevice.created_at, KnownDevice.updated_at),
    _events(),
    owned(TwoFactor, _("Two-factor sign-in"), TwoFactor.created_at, TwoFactor.confirmed_at),
    owned(RecoveryCode, _("Recovery codes"), RecoveryCode.created_at, RecoveryCode.used_at),
    owned(
        Passkey,
        _("Passkeys"),
        Passkey.name,
        func.encode(Passkey.credential_id, "hex").label("credential_id"),
        Passkey.created_at,
        Passkey.last_used_at,
    ),
    Part("pending_sign_up", withheld="nobody has an account yet; the rows go after ten minutes"),
)
