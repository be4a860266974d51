"""Ask Cloudflare Turnstile whether a person solved its puzzle here, for this, just now."""

import json
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from uuid import uuid4

import structlog

log = structlog.get_logger()

TIMEOUT = 3  # seconds for one try
TRIES = 2
TOKEN_MAX = 2_048  # characters, as the provider promises
ANSWER_MAX = 64 * 1024  # bytes
OUR_FAULT = frozenset({"missing-input-secret", "invalid-input-secret", "bad-request"})
THEIR_FAULT = frozenset({"internal-error"})


class CaptchaDown(Exception):
    """The provider can't tell at the moment, or does not know us."""


@dataclass(frozen=True)
class Solution:
    """What a browser sent, and what it has to have been solved for.

    Attributes:
        token: of the widget; good once, for five minutes.
        action: which form it stood in.
        hostname: our own, so that a puzzle solved elsewhere counts for nothing.
        ip_address: of the browser.
    """

    token: str = field(repr=False)
    action: str
    hostname: str
    ip_address: str | None = field(default=None, repr=False)


def is_solved(solution: Solution, *, verify_url: str, secret: str) -> bool:
    """Whether the provider says so; asked again once when it does not answer, with the same key so that it counts once.

    Raises:
        CaptchaDown: it did not answer twice, or it refuses our secret.
    """
    if not solution.token or len(solution.token) > TOKEN_MAX:
        return False
    fields = {"secret": secret, "response": solution.token, "idempotency_key": str(uuid4())}
    if solution.ip_address:
        fields["remoteip"] = solution.ip_address
    answer = _ask(Request(verify_url, data=urlencode(fields).encode("utf-8", "replace")))  # noqa: S310 (from our settings)
    return _is_ours(answer, solution)


def _is_ours(answer: dict[str, Any], solution: Solution) -> bool:
    told = (answer.get("success"), answer.get("action"), answer.get("hostname"))
    return told == (True, solution.action, solution.hostname)


def _ask(request: Request) -> dict[str, Any]:
    for _try in range(TRIES):
        answer = _try_once(request)
        codes = set(answer.get("error-codes") or ()) if answer else THEIR_FAULT
        if codes & OUR_FAULT:
            log.error("captcha-refuses-us", codes=sorted(codes & OUR_FAULT))
            break
        if answer is not None and not codes & THEIR_FAULT:
            return answer
    raise CaptchaDown


def _try_once(request: Request) -> dict[str, Any] | None:
    """The answer, or None when there is no sense in it."""
    try:
        with urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310 (from our settings)
            body = response.read(ANSWER_MAX)
    except HTTPError as error:
        body = error.read(ANSWER_MAX)
    except (OSError, HTTPException) as error:
        log.warning("captcha-does-not-answer", kind=type(error).__name__)
        return None
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) and "success" in answer else None
