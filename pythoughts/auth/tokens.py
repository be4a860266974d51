"""Secrets that people carry: session tokens, mailed codes, links. The database keeps none of them.

A session's row keeps the token's digest. A verification's row keeps a nonce; its code or link is derived from the
nonce with a key that is not in the database, so a stolen dump opens nothing.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

from pythoughts.auth.models import PendingEmailChange, PendingSignUp, Verification
from pythoughts.config import current_settings

TOKEN_BYTES = 32  # 256 bits; 43 characters as base64url
TOKEN_MAX = 64  # characters; nothing longer is looked up
CODE_DIGITS = 6


def new_token() -> str:
    """A random session token, as the cookie carries it."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_device() -> str:
    """What the cookie of a browser carries so that it is known again: random, with a mark that it comes from us."""
    value = new_token()
    return f"{value}.{_mark(value)}"


def is_device(given: str) -> bool:
    """Whether we gave it out."""
    value, _dot, mark = given.partition(".")
    return same(mark, _mark(value))


def _mark(value: str) -> str:
    return hmac.digest(_key(), b"device\0" + value.encode("utf-8", "surrogatepass"), "sha256").hex()[:32]


def digest(token: str) -> str:
    """What a row keeps of a token: enough to find it again, useless to whoever reads the row."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def new_nonce() -> str:
    """What a verification's row keeps; a new one makes a new code."""
    return secrets.token_hex(16)


def code_for(verification: Verification, address: str) -> str:
    """The six digits that prove `address`; another purpose, person or address has another code."""
    return _digits(_derive(verification, address))


def change_code(change: PendingEmailChange) -> str:
    """The six digits that prove the new address of a change."""
    return _digits(_mac("change-email", change.nonce, change.user_id, change.new_email))


def sign_up_code(pending: PendingSignUp) -> str:
    """The six digits that prove the address of somebody who signs up."""
    return _digits(_mac("sign-up", pending.nonce, pending.id, pending.email))


def undo_token(change: PendingEmailChange) -> str:
    """What opens the link that takes a change back: the key of its row, then 43 characters that nobody can guess."""
    secret = _mac("undo-email", change.undo_nonce or "", change.user_id, change.old_email)
    return f"{change.id}.{_characters(secret)}"


def _digits(secret: bytes) -> str:
    return f"{int.from_bytes(secret) % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def _characters(secret: bytes) -> str:
    return urlsafe_b64encode(secret).rstrip(b"=").decode()


def link_token(verification: Verification) -> str:
    """The 43 characters that open the verification's link."""
    return _characters(_derive(verification, ""))


def challenge_of(verification: Verification) -> bytes:
    """The 32 bytes that a passkey has to sign."""
    return _derive(verification, "")


def same(given: str, expected: str) -> bool:
    """Compare two secrets in a time that tells nothing."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())


def hash_recovery_code(user_id: str, code: str) -> str:
    """What the row keeps: without the key outside the database nobody can try codes against it."""
    parts = ("recovery-code", user_id, code.replace("-", "").lower())
    return hmac.digest(_key(), "\0".join(parts).encode("utf-8", "surrogatepass"), "sha256").hex()


def _derive(verification: Verification, address: str) -> bytes:
    return _mac(verification.purpose, verification.value, verification.user_id or "", address)


def _mac(*parts: str) -> bytes:
    return hmac.digest(_key(), "\0".join(parts).encode(), "sha256")


def _key() -> bytes:
    """A key of its own, derived as HKDF's first step does (RFC 5869)."""
    return hmac.digest(b"pythoughts codes and links", current_settings().secret_key.encode(), "sha256")
