"""What a browser keeps, in its signed cookie, on the way to an OpenID Connect provider and back."""

import json
from dataclasses import asdict
from datetime import timedelta

from flask import session

from pythoughts.auth.returning import HOME, safe_next
from pythoughts.auth.sealing import seal, unseal
from pythoughts.auth.tokens import same
from pythoughts.services.openid import Question

ASKED, NEXT, WAITING = "openid_asked", "openid_next", "openid_waiting"  # names in the cookie
PATIENCE = timedelta(minutes=10)  # for whatever the provider asks of the person


def leave(question: Question, target: str | None) -> None:
    """Keep what has to come back, sealed, and where to go on then."""
    session[ASKED] = seal(json.dumps(asdict(question)))
    session[NEXT] = safe_next(target)


def come_back(provider: str, state: str) -> Question | None:
    """The question that this browser left with, once; None when the answer is to another one, or too late."""
    sealed = unseal(session.pop(ASKED, ""), within=PATIENCE)
    question = Question(**json.loads(sealed)) if sealed else None
    if question is None or question.provider != provider or not same(state, question.state):
        return None
    return question


def way_on() -> str:
    """Where the person was going."""
    target: str = session.pop(NEXT, HOME)
    return target


def keep_waiting(token: str) -> None:
    """Remember the account elsewhere that nobody has connected yet."""
    session[WAITING] = token


def waiting() -> str:
    """The token of the account that waits, empty for none."""
    token: str = session.get(WAITING, "")
    return token
