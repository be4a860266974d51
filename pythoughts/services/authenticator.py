"""Codes of authenticator apps: a new one every 30 seconds, from a secret that app and site share (RFC 6238)."""

from hmac import compare_digest

import pyotp

from pythoughts.clock import now

STEP = 30  # seconds that a code is shown
DRIFT = 1  # steps that a clock may be wrong, either way
DIGITS = 6
ISSUER = "Pythoughts"  # how apps head the entry


def new_secret() -> str:
    """160 random bits in base32, as apps take them."""
    return pyotp.random_base32(32)


def address_of(secret: str, *, account: str) -> str:
    """What the QR code says: the secret, and under which name the app lists it."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP).provisioning_uri(name=account, issuer_name=ISSUER)


def current_step() -> int:
    """The number of the 30 seconds that we live in."""
    return int(now().timestamp()) // STEP


def code_at(secret: str, step: int) -> str:
    """What an app shows in that step."""
    return pyotp.HOTP(secret, digits=DIGITS).at(step)


def matching_step(secret: str, typed: str) -> int | None:
    """The step whose code `typed` is, one before or after the present one included; None when it is no such code."""
    if not (typed.isascii() and typed.isdigit()):
        return None
    present = current_step()
    steps = range(present - DRIFT, present + DRIFT + 1)
    return max((step for step in steps if compare_digest(code_at(secret, step), typed)), default=None)
