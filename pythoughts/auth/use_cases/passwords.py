"""Change a password, or set a new one by a mailed link."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Database

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth import queries, throttles
from pythoughts.auth.models import LINKS, Account, Event, Purpose, Session, User, Verification
from pythoughts.auth.queries import CREDENTIAL
from pythoughts.auth.tokens import digest
from pythoughts.auth.use_cases.confirming import prove_password, wrong_password
from pythoughts.auth.use_cases.devices import forget_devices
from pythoughts.auth.use_cases.factors import remove_factors, remove_passkeys
from pythoughts.auth.use_cases.history import note
from pythoughts.auth.use_cases.links import gone, make_link, use_up
from pythoughts.auth.use_cases.records import (
    context_words,
    end_proofs,
    lock_credential,
    lock_user,
    mark_verified,
    password_minimum,
    set_password,
)
from pythoughts.auth.use_cases.sessions import OpenedSession, end_sessions, open_session
from pythoughts.db import transaction
from pythoughts.errors import Invalid
from pythoughts.i18n import _
from pythoughts.jobs.queue import enqueue
from pythoughts.limits import use_cases as limits
from pythoughts.mail.use_cases import send_later
from pythoughts.services.passwords import check_new_password, hash_password

NOTICE = "auth/password_changed"
LETTER = "auth/reset_link"


def change_password(
    *, actor: User, session_id: str | None, current: str, new: str, keep_others: bool = False
) -> OpenedSession:
    """Replace the password of `actor`; this browser gets a new session, other devices are signed out.

    Args:
        actor: whose password it is.
        session_id: the session that asks; it ends in any case.
        current: the password so far, typed again.
        new: the one to come.
        keep_others: leave other devices signed in.

    Raises:
        Invalid: the current password is wrong, or the new one can't be taken.
        TooFast: too many wrong passwords for this account or from this network.
    """
    stored = queries.password_of(actor.id)
    prove_password(actor, current, stored, field="current_password")
    if new == current:
        raise Invalid(_("This is the password that you have already."), field="new_password")
    _check_new(actor, new, field="new_password")
    hashed = hash_password(new)
    with transaction() as database:
        user = lock_user(database, actor.id)
        _replace(database, user, stored, hashed)
        remember = _end_own(database, user, session_id, keep_others=keep_others)
        database.execute(delete(Verification).where(Verification.user_id == user.id, Verification.purpose.in_(LINKS)))
        send_later(template=NOTICE, user_id=user.id)
        record(Act(actor, "user.change_password", "user", user.id, target_label=user.username))
        return open_session(database, user, remember=remember, why=Event.PASSWORD_CHANGED)


def request_password_reset(*, email: str) -> None:
    """Have a link mailed to the address, if somebody has it.

    A job finds that out: here a known address costs the same as an unknown one.

    Raises:
        TooFast: this address, or this network, asked too often.
    """
    address = queries.canonical_identifier(email)
    limits.count(
        throttles.hits_of(digest(address), throttles.RESET_MAIL) + throttles.hits_from_here(throttles.MAIL_NETWORK)
    )
    with transaction():
        enqueue("auth.send_reset_link", user_id=queries.user_id_of_address(address))


def send_reset_link(*, user_id: str) -> None:
    """Make a link and mail it."""
    with transaction() as database:
        user = lock_user(database, user_id)
        link = make_link(database, user, Purpose.RESET_PASSWORD)
        send_later(template=LETTER, user_id=user.id, ref_id=link.id)


def reset_password(*, token: str, password: str) -> None:
    """Set a new password by a link; every session, code and link of the account ends.

    A mailed link proves the address, so whatever else could sign in before that proof goes too.

    Raises:
        Gone: the link is unknown, used or expired.
        Invalid: the password can't be taken; the link stays good.
    """
    link = queries.find_link(token)
    if link is None or link.user is None:
        raise gone()
    _check_new(link.user, password, field="password")
    hashed = hash_password(password)
    with transaction() as database:
        user = lock_user(database, link.user.id)
        use_up(database, link)
        set_password(database, user.id, hashed)
        if link.purpose == Purpose.RESET_PASSWORD:
            _prove_address(database, user)
        _end_everything(database, user)
        note(database, user, Event.PASSWORD_RESET, actor=user)
        send_later(template=NOTICE, user_id=user.id)
        record(Act(user, "user.reset_password", "user", user.id, target_label=user.username))


def _check_new(user: User, password: str, *, field: str) -> None:
    check_new_password(
        password,
        minimum=password_minimum(user.role),
        context=context_words(user.username or "", user.email),
        field=field,
    )


def _replace(database: Database, user: User, stored: str | None, hashed: str) -> None:
    account = lock_credential(database, user.id)
    if account is None or account.password != stored:
        raise wrong_password("current_password")
    account.password = hashed


def _end_own(database: Database, user: User, session_id: str | None, *, keep_others: bool) -> bool:
    """End this session, and the others unless they are kept; whether this one was to outlive the browser."""
    current = Session.id == (session_id or "")
    remember = database.scalar(select(Session.remember).where(Session.user_id == user.id, current))
    end_sessions(database, Session.user_id == user.id, *([current] if keep_others else []))
    return bool(remember)


def _prove_address(database: Database, user: User) -> None:
    if not user.email_verified:
        database.execute(delete(Account).where(Account.user_id == user.id, Account.provider_id != CREDENTIAL))
        remove_factors(database, user)
        remove_passkeys(database, user)
        mark_verified(user)


def _end_everything(database: Database, user: User) -> None:
    end_sessions(database, Session.user_id == user.id)
    end_proofs(database, user.id)
    forget_devices(database, user)
    limits.forget(throttles.hits_of(user.id, throttles.SIGN_IN))
