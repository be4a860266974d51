"""Tries at a code: each is counted, and the count committed, before anything is compared."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import ColumnElement, update

from pythoughts.auth import throttles
from pythoughts.auth.models import PendingEmailChange, PendingSignUp, Verification
from pythoughts.auth.tokens import same
from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.errors import Invalid
from pythoughts.i18n import _, plural
from pythoughts.limits import use_cases as limits
from pythoughts.settings.limits import Throttle

CODE_TRIES = 5

Pending = TypeVar("Pending", Verification, PendingEmailChange, PendingSignUp)


@contextmanager
def counted(subject: str, throttle: tuple[Throttle, ...]) -> Iterator[None]:
    """Count a try before it is made, and take it back when it was right.

    Args:
        subject: the account, or the digest of an address.
        throttle: how many wrong ones it may have.

    Raises:
        TooFast: too many wrong codes for this account or from this network.
    """
    account = throttles.hits_of(subject, throttle)
    network = throttles.hits_from_here(throttles.WRONG_CODE_NETWORK)
    limits.count(account + network)
    yield
    limits.relent(forgotten=account, given_back=network)


def count_try(model: type[Pending], *waiting: ColumnElement[bool]) -> Pending | None:
    """The waiting row with one try less, or None when there is none to try."""
    good = (*waiting, model.expires_at > now(), model.attempts < CODE_TRIES)
    counting = update(model).where(*good).values(attempts=model.attempts + 1).returning(model)
    with transaction() as database:
        tried = database.scalar(counting, execution_options={"populate_existing": True})
        if tried:
            database.expunge(tried)  # keeps its values beyond the commit
    return tried


def require_code(tried: Pending | None, typed: str, code_of: Callable[[Pending], str]) -> Pending:
    """The row that was tried, when the code is its own.

    Raises:
        Invalid: it is not, or there is nothing to try any more.
    """
    if tried is None:
        raise Invalid(_("This code works no longer. Ask for a new one."), field="code")
    if not same(typed, code_of(tried)):
        raise _wrong(CODE_TRIES - tried.attempts)
    return tried


def _wrong(left: int) -> Invalid:
    if left <= 0:
        return Invalid(_("That code is not right, and this was its last try. Ask for a new one."), field="code")
    sentence = plural("That code is not right. %(num)d try left.", "That code is not right. %(num)d tries left.", left)
    return Invalid(sentence, field="code")


def code_was_used() -> Invalid:
    """What the slower of two hears who send the right code."""
    return Invalid(_("This code has been used already."), field="code")
