"""Turn the second factor on and off. Views ask for a recent proof before any of this."""

from sqlalchemy.orm import Session as Database

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth import throttles
from pythoughts.auth.models import Event, TwoFactor, User
from pythoughts.auth.sealing import seal
from pythoughts.auth.use_cases.factors import accept_code, new_codes, remove_factors, watched, wrong_code
from pythoughts.auth.use_cases.history import note
from pythoughts.auth.use_cases.records import lock_user
from pythoughts.auth.use_cases.tries import counted
from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.errors import Conflict
from pythoughts.i18n import _
from pythoughts.mail.use_cases import send_later
from pythoughts.services.authenticator import matching_step


def turn_on_two_factor(*, actor: User, secret: str, code: str) -> list[str]:
    """Ask for a code of the app at every sign-in from now on.

    Args:
        actor: whose account.
        secret: what the app was given.
        code: what it shows, which proves that it took the secret.

    Returns:
        Ten recovery codes, which nobody can see again.

    Raises:
        Conflict: it is on already.
        Invalid: the code is not the app's.
        TooFast: too many wrong codes.
    """
    _require(actor, on=False)
    with counted(actor.id, throttles.SECOND_FACTOR):
        step = matching_step(secret, code)
        if step is None:
            raise wrong_code()
        with transaction() as database:
            user = _lock(database, actor, on=False)
            database.add(TwoFactor(user_id=user.id, secret=seal(secret), last_step=step, confirmed_at=now()))
            user.two_factor_enabled = True
            user.version += 1
            _note(user, "user.two_factor_on", "auth/two_factor_on")
            note(database, user, Event.TWO_FACTOR_ON, actor=actor)
            return new_codes(database, user)


def turn_off_two_factor(*, actor: User, code: str) -> None:
    """Let the password alone sign in again.

    Raises:
        Conflict: it is off already.
        Invalid: the code is wrong or was used before.
        TooFast: too many wrong codes.
    """
    _require(actor, on=True)
    with watched(actor.id), transaction() as database:
        user = _lock(database, actor, on=True)
        accept_code(database, user, code)
        remove_factors(database, user)
        user.version += 1
        _note(user, "user.two_factor_off", "auth/two_factor_off")
        note(database, user, Event.TWO_FACTOR_OFF, actor=actor)


def renew_recovery_codes(*, actor: User, code: str) -> list[str]:
    """Make ten new recovery codes; the old ones work no more.

    Raises:
        Conflict: there is no second factor that they could replace.
        Invalid: the code is wrong or was used before.
        TooFast: too many wrong codes.
    """
    _require(actor, on=True)
    with watched(actor.id), transaction() as database:
        user = _lock(database, actor, on=True)
        accept_code(database, user, code)
        _note(user, "user.renew_recovery_codes", "auth/recovery_codes_renewed")
        note(database, user, Event.RECOVERY_CODES_RENEWED, actor=actor)
        return new_codes(database, user)


def _lock(database: Database, actor: User, *, on: bool) -> User:
    user = lock_user(database, actor.id)
    _require(user, on=on)
    return user


def _require(user: User, *, on: bool) -> None:
    if user.two_factor_enabled and not on:
        raise Conflict(_("Two-factor sign-in is on already."))
    if on and not user.two_factor_enabled:
        raise Conflict(_("Two-factor sign-in is off already."))


def _note(user: User, action: str, letter: str) -> None:
    record(Act(user, action, "user", user.id, target_label=user.username))
    send_later(template=letter, user_id=user.id)
