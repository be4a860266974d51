"""Prove an address with the six digits that were mailed to it."""

from datetime import timedelta

from sqlalchemy import case, delete, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Database

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth import throttles
from pythoughts.auth.models import Event, Purpose, User, Verification
from pythoughts.auth.tokens import code_for, new_nonce
from pythoughts.auth.use_cases.history import note
from pythoughts.auth.use_cases.records import lock_user, mark_verified
from pythoughts.auth.use_cases.tries import CODE_TRIES, code_was_used, count_try, counted, require_code
from pythoughts.clock import now
from pythoughts.db import new_id, transaction
from pythoughts.errors import Conflict
from pythoughts.i18n import _
from pythoughts.limits import use_cases as limits
from pythoughts.mail.use_cases import send_later

CODE_LIFETIME = timedelta(seconds=600)
LETTER = "auth/verify_email"


def send_code(database: Database, user: User) -> None:
    """Mail the code that proves the address of `user`: the pending one while it is good, else a new one."""
    send_later(template=LETTER, user_id=user.id, ref_id=pending_code(database, user.id).id)


def pending_code(database: Database, user_id: str) -> Verification:
    """The verification of this person's address; started anew when it has expired or its tries are spent."""
    table = Verification.__table__.c
    spent = or_(table.expires_at <= now(), table.attempts >= CODE_TRIES)
    fresh = insert(Verification).values(
        id=new_id(),
        identifier=_identifier(user_id),
        value=new_nonce(),
        expires_at=now() + CODE_LIFETIME,
        user_id=user_id,
        purpose=Purpose.VERIFY_EMAIL,
    )
    statement = fresh.on_conflict_do_update(
        index_elements=[Verification.identifier],
        set_={
            "value": case((spent, fresh.excluded.value), else_=table.value),
            "expires_at": case((spent, fresh.excluded.expires_at), else_=table.expires_at),
            "attempts": case((spent, 0), else_=table.attempts),
        },
    )
    return database.scalars(statement.returning(Verification), execution_options={"populate_existing": True}).one()


def current_code(*, user: User) -> str:
    """The code to mail now."""
    with transaction() as database:
        return code_for(pending_code(database, user.id), user.email)


def resend_code(*, actor: User) -> None:
    """Mail the code again.

    Raises:
        Conflict: the address is proven already.
        TooFast: it was mailed less than a minute ago, or five times within the hour.
    """
    _require_unproven(actor)
    limits.count(throttles.hits_of(actor.id, throttles.CODE_MAIL) + throttles.hits_from_here(throttles.MAIL_NETWORK))
    with transaction() as database:
        send_code(database, lock_user(database, actor.id))


def seconds_until_resend(*, actor: User) -> int:
    """How long the person has to wait before the code can be mailed again."""
    return limits.seconds_left(throttles.hits_of(actor.id, throttles.CODE_MAIL))


def verify_email(*, actor: User, code: str) -> None:
    """Prove the address of `actor` with the code that was mailed to it.

    Each try is counted, and the count committed, before anything is compared; a code works once.

    Raises:
        Conflict: the address is proven already.
        Invalid: the code is wrong, used, expired, or its tries are spent.
        TooFast: too many wrong codes within the hour.
    """
    _require_unproven(actor)
    with counted(actor.id, throttles.WRONG_CODE):
        tried = count_try(Verification, Verification.identifier == _identifier(actor.id))
        mine = require_code(tried, code, lambda row: code_for(row, actor.email))
        with transaction() as database:
            _use_up(database, actor, mine)


def _require_unproven(actor: User) -> None:
    if actor.email_verified:
        raise Conflict(_("Your address is confirmed already."))


def _identifier(user_id: str) -> str:
    return f"{Purpose.VERIFY_EMAIL}:{user_id}"


def _use_up(database: Database, actor: User, tried: Verification) -> None:
    user = lock_user(database, actor.id)
    used = database.scalar(
        delete(Verification)
        .where(Verification.id == tried.id, Verification.value == tried.value)
        .returning(Verification.id)
    )
    if used is None or user.email_verified:
        raise code_was_used()
    mark_verified(user)
    note(database, user, Event.EMAIL_VERIFIED, actor=actor)
    record(Act(actor, "user.verify_email", "user", user.id, target_label=user.username))
