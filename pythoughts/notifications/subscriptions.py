"""The link that ends somebody's digests, from whatever mailbox they open it."""

import hmac
from base64 import urlsafe_b64encode

from pythoughts.config import current_settings
from pythoughts.text import is_id

TOKEN_MAX = 110  # characters: an id, a dot, and 43 that nobody can guess


def token_of(user_id: str) -> str:
    """What opens the link: whose digests, and a proof that the site wrote it. It opens nothing else."""
    return f"{user_id}.{_proof(user_id)}"


def url_of(user_id: str) -> str:
    """The address of the link."""
    return f"{current_settings().public_url}/unsubscribe/{token_of(user_id)}"


def owner_of(token: str) -> str | None:
    """Whose digests the token ends; None when we did not write it."""
    user_id, _dot, proof = token.partition(".")
    if len(token) > TOKEN_MAX or not is_id(user_id):
        return None
    given, expected = proof.encode("utf-8", "surrogatepass"), _proof(user_id).encode()
    return user_id if hmac.compare_digest(given, expected) else None


def _proof(user_id: str) -> str:
    """Derived with a key of its own, which is not in the database: a stolen dump ends nobody's digests."""
    key = hmac.digest(b"pythoughts links to unsubscribe", current_settings().secret_key.encode(), "sha256")
    return urlsafe_b64encode(hmac.digest(key, user_id.encode(), "sha256")).rstrip(b"=").decode()
