"""Sign up in the strict way: until the mailed code is right, nobody exists.

A taken address looks like a free one at every step. Only its owner learns, by mail, that there is an account already.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Database

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth import queries, throttles
from pythoughts.auth.models import Event, PendingSignUp, User
from pythoughts.auth.names import Username
from pythoughts.auth.tokens import digest, new_nonce, new_token, sign_up_code
from pythoughts.auth.use_cases.codes import CODE_LIFETIME
from pythoughts.auth.use_cases.identities import attach, hand_over, take_identity
from pythoughts.auth.use_cases.records import NewPerson, add_person, one_of_a_kind, taken
from pythoughts.auth.use_cases.sessions import OpenedSession, open_session
from pythoughts.auth.use_cases.tries import CODE_TRIES, code_was_used, count_try, counted, require_code
from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.errors import Conflict, Gone, Invalid
from pythoughts.i18n import _
from pythoughts.limits import use_cases as limits
from pythoughts.mail.use_cases import send_later
from pythoughts.services.passwords import hash_password

PENDING_KEPT = timedelta(hours=1)  # beyond the end of the code, so that a new one can be asked for
LETTER = "auth/sign_up_code"
ELSEWHERE = ""  # instead of a password's hash: an account elsewhere waits under the same token


@dataclass(frozen=True)
class WaitingForCode:
    """Somebody who signs up. The token is good for the code, in the same browser, and for nothing else."""

    token: str = field(repr=False)


def begin_sign_up(*, name: Username, address: str, password: str) -> WaitingForCode:
    """Mail a code, or to the owner of the address that they have an account.

    Args:
        name: free of rules' complaints, as are the others.
        address: where the code goes.
        password: as typed.

    Raises:
        Invalid: somebody has the name, which is no secret.
        TooFast: too many accounts from this network, or mails to this address.
    """
    _admit(name, address)
    hashed = hash_password(password)
    with transaction() as database:
        return _add_pending(database, name, address, hashed)


def begin_sign_up_elsewhere(*, name: Username, address: str, identity: str) -> WaitingForCode:
    """The same for somebody who signs in with an account elsewhere, which waits with them from now on.

    Args:
        name: free of rules' complaints, as is the address.
        address: where the code goes.
        identity: the token under which the account waits.

    Raises:
        Gone: it waits no longer.
        Invalid: somebody has the name, which is no secret.
        TooFast: too many accounts from this network, or mails to this address.
    """
    _admit(name, address)
    with transaction() as database:
        waiting = _add_pending(database, name, address, ELSEWHERE)
        hand_over(database, identity, waiting.token, within=CODE_LIFETIME + PENDING_KEPT)
        return waiting


def _admit(name: Username, address: str) -> None:
    if queries.is_name_taken(name.key):
        raise taken("uq_user_username")
    limits.count(
        throttles.hits_from_here(throttles.SIGN_UP_NETWORK)
        + throttles.hits_from_here(throttles.MAIL_NETWORK)
        + _mails_to(address)
    )


def _add_pending(database: Database, name: Username, address: str, hashed: str) -> WaitingForCode:
    waiting = WaitingForCode(new_token())
    pending = PendingSignUp(
        binding=digest(waiting.token), username=name.key, display_username=name.shown, email=address, password=hashed
    )
    _start(pending)
    database.add(pending)
    database.flush()  # the letter refers to it
    send_later(template=LETTER, user_id=None, ref_id=pending.id)
    return waiting


def resend_sign_up_code(*, token: str) -> None:
    """Mail the code again; a new one when it has expired or its tries are spent.

    Raises:
        Gone: nobody signs up with this token.
        TooFast: it was mailed less than a minute ago, or five times within the hour.
    """
    limits.count(_mails_to(_get(token).email) + throttles.hits_from_here(throttles.MAIL_NETWORK))
    with transaction() as database:
        pending = _hold(database, token)
        if pending.expires_at <= now() or pending.attempts >= CODE_TRIES:
            _start(pending)
        send_later(template=LETTER, user_id=None, ref_id=pending.id)


def seconds_until_sign_up_resend(*, address: str) -> int:
    """How long until the code can be mailed again."""
    return limits.seconds_left(_mails_to(address))


def current_sign_up_code(*, pending: PendingSignUp) -> str:
    """The code to mail now: when the mail was so late that the code has expired, it starts anew."""
    with transaction():
        if pending.expires_at <= now():
            _start(pending)
        return sign_up_code(pending)


def finish_sign_up(*, token: str, code: str) -> OpenedSession:
    """Make the account, with its address proven, and sign it in.

    Each try is counted, and the count committed, before anything is compared; a code works once.

    Raises:
        Gone: nobody signs up with this token, or their account elsewhere waits no longer.
        Invalid: the code is wrong, used, expired, or its tries are spent.
        Conflict: somebody has taken the name, the address or the account elsewhere meanwhile.
        TooFast: too many wrong codes for this address or from this network.
    """
    with counted(digest(_get(token).email), throttles.WRONG_CODE):
        tried = count_try(PendingSignUp, PendingSignUp.binding == digest(token))
        return _make(require_code(tried, code, sign_up_code), token)


def _make(tried: PendingSignUp, token: str) -> OpenedSession:
    name, password = Username(tried.username, tried.display_username), tried.password
    with transaction() as database:
        _use_up(database, tried)
        identity = take_identity(database, token) if password == ELSEWHERE else None
        user = _add(database, NewPerson(name, tried.email, None if identity else password, verified=True))
        if identity:
            attach(database, user, identity)
        after = {"provider": identity.provider} if identity else {}
        record(Act(user, "user.sign_up", "user", user.id, target_label=user.username, after=after))
        return open_session(database, user, remember=True, why=Event.SIGN_UP)


def _use_up(database: Database, tried: PendingSignUp) -> None:
    row = (PendingSignUp.id == tried.id, PendingSignUp.nonce == tried.nonce)
    if database.scalar(delete(PendingSignUp).where(*row).returning(PendingSignUp.id)) is None:
        raise code_was_used()


def _add(database: Database, person: NewPerson) -> User:
    try:
        with one_of_a_kind():
            return add_person(database, person)
    except Invalid as error:
        raise Conflict(error.message, field=error.field) from None


def _mails_to(address: str) -> list[limits.Hit]:
    return throttles.hits_of(digest(address), throttles.CODE_MAIL)


def _start(pending: PendingSignUp) -> None:
    pending.nonce, pending.attempts, pending.expires_at = new_nonce(), 0, now() + CODE_LIFETIME


def _get(token: str) -> PendingSignUp:
    pending = queries.find_pending_sign_up(token)
    if pending is None:
        raise _gone()
    return pending


def _hold(database: Database, token: str) -> PendingSignUp:
    row = select(PendingSignUp).where(PendingSignUp.binding == digest(token)).with_for_update()
    pending = database.scalar(row.execution_options(populate_existing=True))
    if pending is None:
        raise _gone()
    return pending


def _gone() -> Gone:
    return Gone(_("That took too long. Create your account again."))


def tidy_sign_ups(database: Database) -> None:
    """Forget those who went away."""
    database.execute(delete(PendingSignUp).where(PendingSignUp.expires_at < now() - PENDING_KEPT))
