"""Secrets that have to be read again: encrypted with a key that is not in the database."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pythoughts.config import current_settings

KEY_BYTES = 32  # what Fernet asks for


def seal(secret: str) -> str:
    """What a row or a cookie may keep of `secret`."""
    return _box(current_settings().secret_key).encrypt(secret.encode()).decode()


def unseal(sealed: str, *, within: timedelta | None = None) -> str | None:
    """The secret, or None when it was sealed with another SECRET_KEY, tampered with, or longer ago than `within`."""
    seconds = int(within.total_seconds()) if within else None
    try:
        return _box(current_settings().secret_key).decrypt(sealed.encode(), ttl=seconds).decode()
    except InvalidToken:
        return None


@cache
def _box(secret_key: str) -> Fernet:
    """A key of its own, derived from the one that the operator keeps (HKDF, RFC 5869)."""
    derived = HKDF(SHA256(), length=KEY_BYTES, salt=None, info=b"pythoughts sealed secrets")
    return Fernet(urlsafe_b64encode(derived.derive(secret_key.encode())))
