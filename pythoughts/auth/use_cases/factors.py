"""What accepts a second factor: the code of the app, or one of the ten that replace it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as Database

from pythoughts.auth import throttles
from pythoughts.auth.models import Event, Passkey, RecoveryCode, TwoFactor, User
from pythoughts.auth.sealing import unseal
from pythoughts.auth.tokens import hash_recovery_code
from pythoughts.auth.use_cases.history import note_failure
from pythoughts.auth.use_cases.records import rows_of
from pythoughts.auth.use_cases.tries import counted
from pythoughts.clock import now
from pythoughts.errors import Invalid
from pythoughts.i18n import _
from pythoughts.services.authenticator import DIGITS, matching_step

RECOVERY_CODES = 10
RECOVERY_LENGTH = 10  # characters, 49 bits; no try is free, and a dump without the key tells nothing
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else


class Factor(StrEnum):
    """What a code came from."""

    APP = "app"
    RECOVERY = "recovery"


@contextmanager
def watched(user_id: str) -> Iterator[None]:
    """Count a try at a second factor, and let its owner read of a wrong one, though everything else is taken back.

    Raises:
        TooFast: too many wrong codes for this account or from this network.
    """
    with counted(user_id, throttles.SECOND_FACTOR):
        try:
            yield
        except Invalid:
            note_failure(user_id, Event.SECOND_FACTOR_FAILED)
            raise


def accept_code(database: Database, user: User, typed: str) -> Factor:
    """Use up the code; of two who send the same at once, one is too late.

    Raises:
        Invalid: it is wrong, or was used before.
    """
    code = typed.replace("-", "").lower()
    if len(code) == DIGITS and _is_from_app(database, user, code):
        return Factor.APP
    if len(code) == RECOVERY_LENGTH and _is_recovery(database, user, code):
        return Factor.RECOVERY
    raise wrong_code()


def wrong_code() -> Invalid:
    """What anybody hears whose code does not fit, whatever the reason."""
    return Invalid(_("That code is not right, or was used before. Wait for the next one and try again."), field="code")


def _is_from_app(database: Database, user: User, code: str) -> bool:
    app = database.scalar(select(TwoFactor).where(TwoFactor.user_id == user.id))
    secret = unseal(app.secret) if app else None
    step = matching_step(secret, code) if secret else None
    if step is None:
        return False
    fresh = (TwoFactor.user_id == user.id, TwoFactor.last_step < step)
    return database.scalar(update(TwoFactor).where(*fresh).values(last_step=step).returning(TwoFactor.id)) is not None


def _is_recovery(database: Database, user: User, code: str) -> bool:
    fits = (RecoveryCode.user_id == user.id, RecoveryCode.code_hash == hash_recovery_code(user.id, code))
    unused = update(RecoveryCode).where(*fits, RecoveryCode.used_at.is_(None)).values(used_at=now())
    return database.scalar(unused.returning(RecoveryCode.id)) is not None


def new_codes(database: Database, user: User) -> list[str]:
    """Ten new recovery codes instead of whatever there was; nobody can see them again."""
    database.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [_random_code() for _n in range(RECOVERY_CODES)]
    database.add_all(RecoveryCode(user_id=user.id, code_hash=hash_recovery_code(user.id, code)) for code in codes)
    return codes


def _random_code() -> str:
    signs = "".join(secrets.choice(ALPHABET) for _n in range(RECOVERY_LENGTH))
    return f"{signs[:5]}-{signs[5:]}"


def remove_factors(database: Database, user: User) -> bool:
    """Take the second factor off the account; whether there was one."""
    had_one = user.two_factor_enabled
    for table in (TwoFactor, RecoveryCode):
        database.execute(delete(table).where(table.user_id == user.id))
    user.two_factor_enabled = False
    return had_one


def remove_passkeys(database: Database, user: User) -> int:
    """Let no passkey open the account any more; how many there were."""
    return rows_of(database.execute(delete(Passkey).where(Passkey.user_id == user.id)))
