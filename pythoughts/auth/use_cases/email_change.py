"""Move an account to another address, which proves itself by a code; the old one can take it back for three days."""

from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as Database

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth import queries, throttles
from pythoughts.auth.addresses import check_address
from pythoughts.auth.models import Event, PendingEmailChange, Session, User
from pythoughts.auth.tokens import change_code, digest, new_nonce, undo_token
from pythoughts.auth.use_cases.codes import CODE_LIFETIME
from pythoughts.auth.use_cases.history import note
from pythoughts.auth.use_cases.records import end_proofs, lock_user, mark_verified, one_of_a_kind, taken
from pythoughts.auth.use_cases.sessions import end_sessions
from pythoughts.auth.use_cases.sign_up import is_strict
from pythoughts.auth.use_cases.tries import CODE_TRIES, code_was_used, count_try, counted, require_code
from pythoughts.clock import now
from pythoughts.config import current_settings
from pythoughts.db import transaction
from pythoughts.errors import Conflict, Gone, Invalid
from pythoughts.i18n import _
from pythoughts.limits import use_cases as limits
from pythoughts.mail.use_cases import send_later

UNDO_TIME = timedelta(hours=72)
CODE_LETTER = "auth/change_email"
NOTICE = "auth/email_changed"


def request_email_change(*, actor: User, email: str) -> None:
    """Mail a code to the new address; asked again for the same one, the same code.

    Raises:
        Invalid: it is no address, or the actor's own, or somebody has it and sign-up tells that, too.
        TooFast: too many such mails to this address, of this account, or from this network.
    """
    address = check_address(email)
    if address == actor.email:
        raise Invalid(_("This is your address already."), field="email")
    limits.count(
        throttles.hits_of(actor.id, throttles.EMAIL_CHANGE)
        + throttles.hits_of(digest(address), throttles.CODE_MAIL)
        + throttles.hits_from_here(throttles.MAIL_NETWORK)
    )
    if not is_strict() and queries.user_id_of_address(address):
        raise taken("uq_user_email")
    with transaction() as database:
        user = lock_user(database, actor.id)
        send_later(template=CODE_LETTER, user_id=user.id, ref_id=_pending(database, user, address).id)


def _pending(database: Database, user: User, address: str) -> PendingEmailChange:
    """The one change that waits: for the same address and while its code is good the one there is, else a new one."""
    waiting = (PendingEmailChange.user_id == user.id, PendingEmailChange.changed_at.is_(None))
    good = (PendingEmailChange.expires_at > now(), PendingEmailChange.attempts < CODE_TRIES)
    change = database.scalar(select(PendingEmailChange).where(*waiting, *good))
    if change is not None and change.new_email == address:
        return change
    database.execute(delete(PendingEmailChange).where(*waiting))
    change = PendingEmailChange(
        user_id=user.id,
        old_email=user.email,
        old_verified=user.email_verified,
        new_email=address,
        nonce=new_nonce(),
        expires_at=now() + CODE_LIFETIME,
    )
    database.add(change)
    database.flush()  # the letter refers to it
    return change


def current_change_code(*, change: PendingEmailChange) -> str:
    """The code to mail now: when the mail was so late that the code has expired, it starts anew."""
    with transaction():
        if change.expires_at <= now():
            change.nonce, change.attempts, change.expires_at = new_nonce(), 0, now() + CODE_LIFETIME
        return change_code(change)


def confirm_email_change(*, actor: User, session_id: str | None, code: str) -> None:
    """Give the account its new address; every other device is signed out, and pending codes and links end.

    Each try is counted, and the count committed, before anything is compared; a code works once.

    Raises:
        Invalid: the code is wrong, used, expired, its tries are spent, or somebody has the address by now.
        TooFast: too many wrong codes within the hour.
    """
    waiting = (PendingEmailChange.user_id == actor.id, PendingEmailChange.changed_at.is_(None))
    with counted(actor.id, throttles.WRONG_CODE):
        tried = require_code(count_try(PendingEmailChange, *waiting), code, change_code)
        with one_of_a_kind(), transaction() as database:
            _change(database, actor, tried, session_id)


def _change(database: Database, actor: User, tried: PendingEmailChange, session_id: str | None) -> None:
    user = lock_user(database, actor.id)
    change = _use_up(database, user, tried)
    _move(database, user, change.new_email)
    end_sessions(database, Session.user_id == user.id, Session.id != (session_id or ""))
    _tell_old_address(database, change)
    note(database, user, Event.EMAIL_CHANGED, actor=actor)
    record(Act(actor, "user.change_email", "user", user.id, target_label=user.username))


def _use_up(database: Database, user: User, tried: PendingEmailChange) -> PendingEmailChange:
    same_row = (PendingEmailChange.id == tried.id, PendingEmailChange.nonce == tried.nonce)
    using = update(PendingEmailChange).where(*same_row, PendingEmailChange.changed_at.is_(None))
    change: PendingEmailChange | None = database.scalar(using.values(changed_at=now()).returning(PendingEmailChange))
    if change is None:
        raise code_was_used()
    change.old_email, change.old_verified = user.email, user.email_verified  # as they are by now
    return change


def _move(database: Database, user: User, address: str) -> None:
    """The new address has just been proven; whatever waited for the old one is worthless."""
    user.email = address
    user.version += 1
    database.flush()  # a taken address shows here
    mark_verified(user)
    end_proofs(database, user.id)


def _tell_old_address(database: Database, change: PendingEmailChange) -> None:
    """An address that was never proven may be a stranger's: it is told nothing, and could take nothing back."""
    if not change.old_verified:
        database.delete(change)
        return
    change.undo_nonce, change.undo_until = new_nonce(), now() + UNDO_TIME
    send_later(template=NOTICE, user_id=change.user_id, ref_id=change.id)


def undo_url(*, change: PendingEmailChange) -> str:
    """What the old address clicks to have the account back."""
    return f"{current_settings().public_url}/email-undo/{undo_token(change)}"


def undo_email_change(*, token: str) -> str:
    """Give the account the address that it had; everybody is signed out, and pending codes and links end.

    Changes that came after this one can't be taken back any more: their links went to addresses of whoever made them.

    Returns:
        The address.

    Raises:
        Gone: the link is unknown, used or older than 72 hours.
        Conflict: somebody else has the address by now.
    """
    change = queries.find_undo(token)
    if change is None:
        raise undo_gone()
    if queries.user_id_of_address(change.old_email) not in {None, change.user_id}:
        raise _lost()
    try:
        with one_of_a_kind(), transaction() as database:
            user = lock_user(database, change.user_id)
            _drop_with_later(database, user, change.id)
            user.email_verified = change.old_verified
            _restore(database, user, change.old_email)
    except Invalid:
        raise _lost() from None
    return change.old_email


def _drop_with_later(database: Database, user: User, change_id: str) -> None:
    made_at = database.scalar(
        delete(PendingEmailChange)
        .where(PendingEmailChange.id == change_id, PendingEmailChange.user_id == user.id)
        .returning(PendingEmailChange.changed_at)
    )
    if made_at is None:
        raise undo_gone()
    later = (PendingEmailChange.user_id == user.id, PendingEmailChange.changed_at >= made_at)
    database.execute(delete(PendingEmailChange).where(*later))


def _restore(database: Database, user: User, address: str) -> None:
    user.email = address
    user.version += 1
    database.flush()  # a taken address shows here
    end_sessions(database, Session.user_id == user.id)
    end_proofs(database, user.id)
    note(database, user, Event.EMAIL_CHANGE_UNDONE, actor=user)
    record(Act(user, "user.undo_email_change", "user", user.id, target_label=user.username))


def undo_gone() -> Gone:
    """What anybody hears whose link takes nothing back, whatever the reason."""
    return Gone(_("This link works no longer. It works once, and for three days after the change."))


def _lost() -> Conflict:
    return Conflict(_("Another account has this address by now. Write to the people who run this place."))
