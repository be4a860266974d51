"""Reset an account: the password is scrambled, nothing stays signed in, a one-time link lets the owner back."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete
from sqlalchemy.orm import Session as Database

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth import throttles
from pythoughts.auth.addresses import check_address
from pythoughts.auth.models import Account, Event, PendingEmailChange, Purpose, Session, User, Verification
from pythoughts.auth.permissions import can_reset
from pythoughts.auth.queries import CREDENTIAL
from pythoughts.auth.tokens import digest
from pythoughts.auth.use_cases.codes import send_code
from pythoughts.auth.use_cases.devices import forget_devices
from pythoughts.auth.use_cases.factors import remove_factors, remove_passkeys
from pythoughts.auth.use_cases.history import note
from pythoughts.auth.use_cases.links import make_link, url_of
from pythoughts.auth.use_cases.notices import tell_old_address
from pythoughts.auth.use_cases.records import (
    check_reason,
    end_proofs,
    lock_user,
    mark_verified,
    one_of_a_kind,
    require,
    rows_of,
    set_password,
)
from pythoughts.auth.use_cases.sessions import end_sessions
from pythoughts.db import transaction
from pythoughts.limits import use_cases as limits
from pythoughts.mail.use_cases import send_later
from pythoughts.services.passwords import unusable_hash

LETTER = "auth/account_reset"


class Delivery(StrEnum):
    """How the owner gets the link."""

    MAIL = "mail"
    SHOW = "show"


class Confirmation(StrEnum):
    """What becomes of the proof of the address."""

    KEEP = "keep"
    RESEND = "resend"
    MARK = "mark"


@dataclass(frozen=True)
class Reset:
    """What the staff member chose; scrambling, signing out and making a link are no choice.

    Attributes:
        reason: for the audit log.
        link: mailed to the owner, or shown once to whoever resets.
        clear_lockout: forget failed sign-ins and codes.
        verification: leave the proof of the address, ask for it again, or take the address as proven.
        remove_two_factor: let the new password alone sign in; without that, the link does not get past it.
        email: a new address; the old one is told. Unless it is taken as proven, it has to be.
    """

    reason: str
    link: Delivery = Delivery.MAIL
    clear_lockout: bool = False
    verification: Confirmation = Confirmation.KEEP
    remove_two_factor: bool = False
    email: str | None = None


def reset_account(*, actor: User | None, user: User, reset: Reset) -> str | None:
    """Take the account out of whosever hands it is in; audited, in one transaction.

    Returns:
        The link, when it is to be shown; nobody can see it again.

    Raises:
        NotAllowed: the actor has no right to it, or not the rank.
        Invalid: no reason, or a new address that can't be taken.
    """
    require(can_reset(actor, user))
    reason = check_reason(reset.reason)
    address = check_address(reset.email) if reset.email else user.email
    scrambled = unusable_hash()
    with one_of_a_kind(), transaction() as database:
        target = lock_user(database, user.id)
        require(can_reset(actor, target))
        before = _facts(target)
        set_password(database, target.id, scrambled)
        ended = _end(database, target)
        removed = _remove_factors(database, target, reset)
        moved = _move(database, target, address)
        _settle_proof(database, target, reset.verification)
        link = _link(database, target, reset.link)
        _clear_lockout(target, wanted=reset.clear_lockout)
        target.version += 1
        note(database, target, Event.ACCOUNT_RESET, actor=actor)
        after = _facts(target) | ended | removed | {"address_changed": moved} | _choices(reset)
        record(Act(actor, "user.reset", "user", target.id, target.username, reason, before, after))
        return url_of(link) if reset.link == Delivery.SHOW else None


def _facts(target: User) -> dict[str, bool]:
    return {"email_verified": target.email_verified}


def _choices(reset: Reset) -> dict[str, str | bool]:
    return {"link": reset.link, "clear_lockout": reset.clear_lockout, "verification": reset.verification}


def _end(database: Database, target: User) -> dict[str, int]:
    forget_devices(database, target)
    database.execute(delete(PendingEmailChange).where(PendingEmailChange.user_id == target.id))  # undoing too
    return {
        "sessions_ended": end_sessions(database, Session.user_id == target.id),
        "proofs_ended": end_proofs(database, target.id),
    }


def _remove_factors(database: Database, target: User, reset: Reset) -> dict[str, bool | int]:
    """Passkeys and linked accounts sign in on their own, so they go as the password does."""
    linked = delete(Account).where(Account.user_id == target.id, Account.provider_id != CREDENTIAL)
    return {
        "passkeys_removed": remove_passkeys(database, target),
        "links_removed": rows_of(database.execute(linked)),
        "two_factor_removed": reset.remove_two_factor and remove_factors(database, target),
    }


def _move(database: Database, target: User, address: str) -> bool:
    """Whether the address has changed; a new one is not proven."""
    if address == target.email:
        return False
    tell_old_address(database, target)
    target.email = address
    target.email_verified = False
    database.flush()  # a taken address shows here
    return True


def _settle_proof(database: Database, target: User, choice: Confirmation) -> None:
    if choice == Confirmation.MARK:
        mark_verified(target)
    if choice == Confirmation.RESEND:
        target.email_verified = False
        send_code(database, target)


def _link(database: Database, target: User, delivery: Delivery) -> Verification:
    """Make the link, and write to the owner in any case: with it, or that there was a reset."""
    mailed = delivery == Delivery.MAIL
    link = make_link(database, target, Purpose.RESET_PASSWORD if mailed else Purpose.ONE_TIME_LINK)
    send_later(template=LETTER, user_id=target.id, ref_id=link.id if mailed else None)
    return link


def _clear_lockout(target: User, *, wanted: bool) -> None:
    if wanted:
        of_account = throttles.SIGN_IN + throttles.SECOND_FACTOR + throttles.WRONG_CODE + throttles.CODE_MAIL
        limits.forget(
            throttles.hits_of(target.id, of_account) + throttles.hits_of(digest(target.email), throttles.RESET_MAIL)
        )
