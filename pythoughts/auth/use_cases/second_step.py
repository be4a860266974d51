"""The second step of signing in. Between the two steps there is no session, only a row that waits for a code."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Database

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth.models import Account, Event, Purpose, User, Verification
from pythoughts.auth.tokens import digest, new_token, same
from pythoughts.auth.use_cases.factors import Factor, accept_code, watched
from pythoughts.auth.use_cases.history import note
from pythoughts.auth.use_cases.records import check_may_enter, lock_user
from pythoughts.auth.use_cases.sessions import OpenedSession, open_session
from pythoughts.auth.use_cases.tries import count_try
from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.errors import Gone
from pythoughts.i18n import _
from pythoughts.mail.use_cases import send_later

SECOND_STEP_LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True)
class HalfSignedIn:
    """The first step is done. The token is good for the second one, in the same browser, and for nothing else."""

    token: str = field(repr=False)


def begin_second_step(database: Database, user: User, account: Account) -> HalfSignedIn:
    """Wait for the code; the caller holds `user` and has proven `account`, as it is now."""
    half = HalfSignedIn(new_token())
    database.add(
        Verification(
            identifier=digest(half.token),
            purpose=Purpose.SECOND_STEP,
            value=_proof(account),
            user_id=user.id,
            expires_at=now() + SECOND_STEP_LIFETIME,
        )
    )
    return half


def finish_second_step(*, token: str, code: str, remember: bool) -> OpenedSession:
    """Open the session.

    Each try is counted, and the count committed, before anything is compared.

    Args:
        token: what the first step gave.
        code: of the app, or a recovery code.
        remember: what was chosen in the first step.

    Raises:
        Gone: the first step is too long ago, its tries are spent, or what it proved has changed since.
        Invalid: the code is wrong or was used before.
        NotAllowed: the person has been banned meanwhile.
        TooFast: too many wrong codes for this account or from this network.
    """
    waiting = (Verification.identifier == digest(token), Verification.purpose == Purpose.SECOND_STEP)
    tried = count_try(Verification, *waiting)
    if tried is None or tried.user_id is None:
        raise _over()
    with watched(tried.user_id), transaction() as database:
        user = lock_user(database, tried.user_id)
        _use_up(database, user, tried)
        check_may_enter(user)
        if accept_code(database, user, code) == Factor.RECOVERY:
            note(database, user, Event.RECOVERY_CODE_USED, actor=user)
            record(Act(user, "user.use_recovery_code", "user", user.id, target_label=user.username))
            send_later(template="auth/recovery_code_used", user_id=user.id)
        return open_session(database, user, remember=remember)


def _proof(account: Account) -> str:
    """Changes with the password, so that the second step dies with what the first one proved."""
    return digest(f"{account.id}\0{account.password or ''}")


def _use_up(database: Database, user: User, tried: Verification) -> None:
    """Take the row away; when the code turns out to be wrong, the rollback brings it back."""
    used = database.scalar(delete(Verification).where(Verification.id == tried.id).returning(Verification.id))
    accounts = database.scalars(
        select(Account).where(Account.user_id == user.id).execution_options(populate_existing=True)
    )
    if used is None or not user.two_factor_enabled or not any(same(tried.value, _proof(each)) for each in accounts):
        raise _over()


def _over() -> Gone:
    return Gone(_("That took too long, or too many tries. Sign in again."))
