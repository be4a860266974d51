"""Talk to OpenID Connect providers. Whoever imports this needs the extra `oidc`; `openid.client` does.

The flow is the one with a code, with state, nonce and PKCE (RFC 9700).
"""

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import urlencode

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from pythoughts.clock import now
from pythoughts.config import Provider, current_settings
from pythoughts.errors import Invalid, Unavailable
from pythoughts.i18n import _
from pythoughts.services.openid import Identity, Question

SCOPE = "openid email profile"
TIMEOUT = 5  # seconds that a provider may take for each answer
FRESH = 3_600  # seconds that what a provider says of itself is kept
LEEWAY = 60  # seconds that clocks may differ
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures that only the provider can make; never `none`, nor one whose key is the client's secret."""

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_known: dict[str, tuple[float, dict[str, Any]]] = {}
_lock = Lock()


def address_for(provider: Provider, question: Question) -> str:
    """Where to send the browser.

    Raises:
        Unavailable: the provider does not answer.
    """
    digest = sha256(question.verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": callback_of(provider),
        "scope": SCOPE,
        "state": question.state,
        "nonce": question.nonce,
        "code_challenge": urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    endpoint = _metadata(provider)["authorization_endpoint"]
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"


def callback_of(provider: Provider) -> str:
    """Where the provider sends the browser back to, as registered there; never from the Host header."""
    return f"{current_settings().public_url}/sign-in/oidc/{provider.name}/callback"


def identify(provider: Provider, question: Question, code: str) -> Identity:
    """Exchange the code, and believe what is signed.

    Raises:
        Invalid: the code is worthless, or the answer is not for us, not from them, or not to this question.
        Unavailable: the provider does not answer.
    """
    metadata = _metadata(provider)
    try:
        tokens = _exchange(provider, metadata["token_endpoint"], question, code)
        claims = _claims(provider, metadata, question, tokens)
    except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError):
        raise refusal(provider) from None
    return Identity(
        provider=provider.name,
        subject=str(claims["sub"]),
        email=_text(claims.get("email")),
        name=_text(claims.get("name")),
        tokens={name: _text(tokens.get(name)) for name in ("access_token", "refresh_token", "id_token", "scope")},
        expires_at=_end_of(tokens.get("expires_in")),
    )


def check_answers(provider: Provider) -> None:
    """See whether the provider is there, and is the one that it should be.

    Raises:
        Unavailable: it does not answer, or says to be another.
    """
    _metadata(provider)


def refusal(provider: Provider) -> Invalid:
    """One sentence for whatever is wrong with an answer."""
    return Invalid(_("%(provider)s did not confirm who you are. Try again.", provider=provider.label))


def _exchange(provider: Provider, endpoint: str, question: Question, code: str) -> dict[str, Any]:
    try:
        with OAuth2Session(provider.client_id, provider.client_secret, redirect_uri=callback_of(provider)) as client:
            answer: dict[str, Any] = client.fetch_token(
                endpoint, code=code, code_verifier=question.verifier, timeout=TIMEOUT, allow_redirects=False
            )
    except requests.RequestException:
        raise _away(provider) from None
    return answer


def _claims(provider: Provider, metadata: dict[str, Any], question: Question, tokens: dict[str, Any]) -> dict[str, Any]:
    keys = KeySet.import_key_set(_get(provider, metadata["jwks_uri"]))  # type: ignore[arg-type]  # checked by itself
    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    read = jwt.decode(tokens["id_token"], keys, registry=registry)
    claims = CodeIDToken(
        read.claims,
        read.header,
        {
            "iss": {"essential": True, "value": metadata["issuer"]},
            "aud": {"essential": True, "value": provider.client_id},
        },
        {"nonce": question.nonce, "client_id": provider.client_id, "access_token": tokens.get("access_token")},
    )
    claims.validate(leeway=LEEWAY)
    if not claims["sub"]:
        raise ValueError("nobody")
    return dict(claims)


def _metadata(provider: Provider) -> dict[str, Any]:
    """What the provider says of itself, read at most once an hour; it must be the one that it says to be."""
    with _lock:
        read_at, kept = _known.get(provider.issuer, (0.0, {}))
        if kept and monotonic() - read_at < FRESH:
            return kept
    found = _get(provider, provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
    if found.get("issuer") != provider.issuer or not all(isinstance(found.get(name), str) for name in ENDPOINTS):
        raise _away(provider)
    with _lock:
        _known[provider.issuer] = (monotonic(), found)
    return found


def _get(provider: Provider, url: str) -> dict[str, Any]:
    try:
        answer = requests.get(url, timeout=TIMEOUT, allow_redirects=False)
        answer.raise_for_status()
        found: Any = answer.json()
    except (requests.RequestException, ValueError):
        raise _away(provider) from None
    return found if isinstance(found, dict) else {}


def _away(provider: Provider) -> Unavailable:
    return Unavailable(_("%(provider)s does not answer. Try again in a moment.", provider=provider.label))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _end_of(seconds: Any) -> datetime | None:
    return now() + timedelta(seconds=seconds) if isinstance(seconds, int) and 0 < seconds < 10**8 else None
