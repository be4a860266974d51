"""Reads of accounts: who is signed in, who somebody is, what is pending."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager

from pythoughts.access import Role
from pythoughts.auth.addresses import find_address
from pythoughts.auth.models import (
    EMAIL_MAX,
    LINKS,
    Account,
    AuthEvent,
    KnownDevice,
    Passkey,
    PendingEmailChange,
    PendingSignUp,
    Purpose,
    RecoveryCode,
    Session,
    User,
    UsernameHistory,
    Verification,
)
from pythoughts.auth.permissions import can_impersonate
from pythoughts.auth.sealing import unseal
from pythoughts.auth.tokens import TOKEN_MAX, digest, hash_recovery_code, link_token, same, undo_token
from pythoughts.clock import now
from pythoughts.db import db
from pythoughts.errors import NotFound
from pythoughts.i18n import _
from pythoughts.services.openid import Identity
from pythoughts.text import is_id, is_storable

ABSOLUTE_LIFETIME = timedelta(days=30)
STAFF_IDLE = timedelta(hours=12)
EVENTS_SHOWN = 50  # on a page
CREDENTIAL = "credential"  # the provider whose row holds the password

LIVING_SESSION = (  # made once: it is part of every request of whoever is signed in
    select(Session)
    .join(Session.user)
    .options(contains_eager(Session.user))
    .where(
        Session.token == bindparam("token"),
        Session.expires_at > bindparam("now"),
        Session.created_at > bindparam("oldest"),
    )
)


@dataclass(frozen=True)
class Credential:
    """Whom an identifier names, and the hash that their password is compared with.

    Attributes:
        user_id: whose it is.
        password: the hash, if they have one.
        device_id: the row that knows the browser of the request, if they have signed in there before.
    """

    user_id: str
    password: str | None = field(repr=False)
    device_id: str | None = None


def find_session(token: str) -> Session | None:
    """The living session that the token opens, with its user, in one query.

    Dead are: expired ones, those older than 30 days, those of banned and deleted people, those of staff idle for 12 h.
    """
    if len(token) > TOKEN_MAX:
        return None
    moment = now()
    values = {"token": digest(token), "now": moment, "oldest": moment - ABSOLUTE_LIFETIME}
    session = db.session.scalar(LIVING_SESSION, values)
    if session is None or not session.user.is_active or _idle_too_long(session):
        return None
    return session


def find_looked_at(session: Session) -> User | None:
    """Through whose eyes the owner of the session looks at the site; None when it is their own, or over."""
    until = session.impersonation_expires_at
    if session.impersonating_user_id is None or until is None or until <= now():
        return None
    person = find_person(session.impersonating_user_id)
    return person if person and person.is_active and can_impersonate(session.user, person) else None


def _idle_too_long(session: Session) -> bool:
    return session.user.role != Role.MEMBER and session.updated_at < now() - STAFF_IDLE


def list_events(user_id: str, *, before: str | None = None) -> Sequence[AuthEvent]:
    """The sign-in history of one person, the newest first, one more than a page shows.

    Args:
        user_id: whose.
        before: the id of an event; only earlier ones are listed.
    """
    mine = select(AuthEvent).where(AuthEvent.user_id == user_id)
    if before is not None:
        mine = mine.where(AuthEvent.id < before)
    return db.session.scalars(mine.order_by(AuthEvent.id.desc()).limit(EVENTS_SHOWN + 1)).all()


def find_event(event_id: str | None) -> AuthEvent | None:
    """A line of somebody's history, unless it was forgotten."""
    return db.session.get(AuthEvent, event_id) if event_id else None


def list_sessions(user_id: str) -> Sequence[Session]:
    """The living sessions of one person, the one seen last first."""
    return db.session.scalars(
        select(Session)
        .where(
            Session.user_id == user_id,
            Session.expires_at > now(),
            Session.created_at > now() - ABSOLUTE_LIFETIME,
        )
        .order_by(Session.updated_at.desc(), Session.id.desc())
    ).all()


def find_credential(identifier: str, *, device: str | None = None) -> Credential | None:
    """Whom a username or an address names, with the password's hash if they have one.

    Args:
        identifier: as typed.
        device: what the cookie of the browser carries by which it is known again.
    """
    named = canonical_identifier(identifier)
    statement = _credential_by(User.email if "@" in named else User.username)
    row = db.session.execute(statement, {"named": named, "device": digest(device or "")}).first()
    return Credential(row.id, row.password, row.device_id) if row else None


def canonical_identifier(identifier: str) -> str:
    """One spelling for all that name the same account, known or not; empty when nobody can be meant."""
    typed = identifier.strip()
    if len(typed) > EMAIL_MAX or not is_storable(typed):
        return ""
    return find_address(typed) or typed.lower()


@cache
def _credential_by(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
) -> Select[str, str | None, str]:
    """Finds a credential by what `named` says of its owner; made once for each of the two columns."""
    known = (KnownDevice.user_id == User.id) & (KnownDevice.token == bindparam("device"))
    return (
        select(User.id, Account.password, KnownDevice.id.label("device_id"))
        .outerjoin(Account, (Account.user_id == User.id) & (Account.provider_id == CREDENTIAL))
        .outerjoin(KnownDevice, known)
        .where(column == bindparam("named"), User.deleted_at.is_(None))
    )


def find_user(username: str) -> User | None:
    """The person of that name, in any case; not those who are gone."""
    return db.session.scalar(
        select(User).where(User.username == canonical_identifier(username), User.deleted_at.is_(None))
    )


def get_user(user_id: str) -> User:
    """The person with that key.

    Raises:
        NotFound: nobody has it.
    """
    user = db.session.get(User, user_id) if is_storable(user_id) else None
    if user is None:
        raise NotFound(_("There is no such member."))
    return user


def find_person(user_id: str | None) -> User | None:
    """The person with that key, unless they are gone."""
    return db.session.scalar(select(User).where(User.id == user_id, User.deleted_at.is_(None)))


def find_verification(verification_id: str | None) -> Verification | None:
    """A proof that is pending, or has expired and not been swept away yet."""
    return db.session.get(Verification, verification_id) if verification_id else None


def password_of(user_id: str) -> str | None:
    """The hash on record, or None for an account without a password."""
    return db.session.scalar(
        select(Account.password).where(Account.user_id == user_id, Account.provider_id == CREDENTIAL)
    )


def user_id_of_address(address: str) -> str | None:
    """Whose address it is."""
    return db.session.scalar(select(User.id).where(User.email == address, User.deleted_at.is_(None)))


def taken_field(*, username: str, email: str) -> str | None:
    """Which of the two somebody has already, or had and nobody else may take yet: "username", "email" or None."""
    rows = db.session.execute(
        select(User.username, User.email).where((User.username == username) | (User.email == email))
    )
    for row in rows:
        return "username" if row.username == username else "email"
    return "username" if is_kept_for_another(username, None) else None


def is_name_taken(username: str) -> bool:
    """Whether somebody has the name, or had it and nobody else may take it yet."""
    held = db.session.scalar(select(User.id).where(User.username == username))
    return held is not None or is_kept_for_another(username, None)


def find_pending_sign_up(token: str) -> PendingSignUp | None:
    """Who signs up in the browser whose cookie holds the token, even when their code has expired."""
    found = select(PendingSignUp).where(PendingSignUp.binding == digest(token))
    return db.session.scalar(found) if len(token) <= TOKEN_MAX else None


def get_pending_sign_up(pending_id: str | None) -> PendingSignUp | None:
    """Somebody who signs up, unless they have finished or gone away."""
    return db.session.get(PendingSignUp, pending_id) if pending_id else None


def is_kept_for_another(username: str, user_id: str | None) -> bool:
    """Whether somebody other than `user_id` gave up the name so lately that nobody else may take it."""
    kept = select(UsernameHistory.id).where(
        UsernameHistory.username == username,
        UsernameHistory.user_id.is_distinct_from(user_id),
        UsernameHistory.reserved_until > now(),
    )
    return db.session.scalar(kept.limit(1)) is not None


def find_by_old_name(username: str) -> User | None:
    """Who had the name last, of those who gave it up."""
    had = select(User).join(UsernameHistory, UsernameHistory.user_id == User.id)
    return db.session.scalar(
        had.where(UsernameHistory.username == username).order_by(UsernameHistory.id.desc()).limit(1)
    )


def find_link(token: str) -> Verification | None:
    """The pending one-time link that the token opens, with its user."""
    if len(token) > TOKEN_MAX:
        return None
    link = db.session.scalar(
        select(Verification)
        .join(Verification.user)
        .options(contains_eager(Verification.user))
        .where(
            Verification.identifier == digest(token),
            Verification.purpose.in_(LINKS),
            Verification.expires_at > now(),
        )
    )
    return link if link and same(token, link_token(link)) else None


def find_email_change(user_id: str) -> PendingEmailChange | None:
    """The change of address that waits for its code."""
    waiting = (PendingEmailChange.changed_at.is_(None), PendingEmailChange.expires_at > now())
    return db.session.scalar(select(PendingEmailChange).where(PendingEmailChange.user_id == user_id, *waiting))


def find_change(change_id: str | None) -> PendingEmailChange | None:
    """A change of address, whatever became of it."""
    return db.session.get(PendingEmailChange, change_id) if change_id else None


def find_undo(token: str) -> PendingEmailChange | None:
    """The change of address that the token of a link takes back, while it can be."""
    change_id, _dot, _secret = token.partition(".")
    change = find_change(change_id) if is_id(change_id) else None
    if change is None or change.undo_until is None or change.undo_until <= now():
        return None
    return change if same(token, undo_token(change)) else None


def find_second_step(token: str) -> Verification | None:
    """The half sign-in that the token stands for, while it waits."""
    waiting = (
        Verification.identifier == digest(token),
        Verification.purpose == Purpose.SECOND_STEP,
        Verification.expires_at > now(),
    )
    return db.session.scalar(select(Verification).where(*waiting)) if len(token) <= TOKEN_MAX else None


def find_recovery_codes(user_id: str, codes: Sequence[str]) -> list[str]:
    """Those of the first ten `codes` that would be accepted now."""
    by_hash = {hash_recovery_code(user_id, code): code for code in codes[:10]}
    found = select(RecoveryCode.code_hash).where(
        RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None), RecoveryCode.code_hash.in_(by_hash)
    )
    known = set(db.session.scalars(found))
    return [code for hashed, code in by_hash.items() if hashed in known]


def recovery_codes_left(user_id: str) -> int:
    """How many recovery codes have not been used."""
    unused = (RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def list_passkeys(user_id: str) -> Sequence[Passkey]:
    """Somebody's passkeys, the oldest first."""
    return db.session.scalars(select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)).all()


def find_passkey(credential_id: bytes) -> Passkey | None:
    """The passkey that calls itself that."""
    return db.session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))


def owner_of_identity(provider: str, subject: str) -> str | None:
    """Who has connected that account elsewhere."""
    there = (Account.provider_id == provider, Account.account_id == subject)
    return db.session.scalar(select(Account.user_id).where(*there, Account.provider_id != CREDENTIAL))


def list_connections(user_id: str) -> Sequence[Account]:
    """The accounts elsewhere that somebody has connected."""
    mine = select(Account).where(Account.user_id == user_id, Account.provider_id != CREDENTIAL)
    return db.session.scalars(mine.order_by(Account.provider_id)).all()


def find_identity(token: str) -> Identity | None:
    """The account elsewhere that waits under that token."""
    waiting = (Verification.identifier == digest(token), Verification.purpose == Purpose.IDENTITY)
    sealed = db.session.scalar(select(Verification.value).where(*waiting, Verification.expires_at > now()))
    return read_identity(sealed) if sealed else None


def read_identity(sealed: str) -> Identity | None:
    """What was kept of an account elsewhere; None when the site's key has changed."""
    told = unseal(sealed)
    if told is None:
        return None
    values = json.loads(told)
    until = values.pop("expires_at")
    return Identity(**values, expires_at=datetime.fromisoformat(until) if until else None)
