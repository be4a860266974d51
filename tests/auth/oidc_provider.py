"""A small OpenID Connect provider on loopback: real HTTP, really signed tokens, and knobs to make it lie."""

import base64
import hashlib
import json
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "pythoughts", "the client's own secret with length"


@dataclass
class OidcProvider:
    """Who is signed in there, and what it says.

    Attributes:
        person: the claims about whoever is signed in there.
        claims: what the signed token says besides, or instead.
        key: what signs; the one that is published stays.
        header: of the signed token.
        grants: what was asked with each code that was not exchanged yet.
        asked: how often each path was asked for.
    """

    person: dict[str, Any] = field(default_factory=lambda: {"sub": "ada-there", "email": "Ada@Example.org"})
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "1"})
    discovery: dict[str, Any] = field(default_factory=dict)
    published: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    key: Any = None
    grants: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    issuer: str = ""
    broken: bool = False

    def start(self) -> "OidcProvider":
        """Listen on a free port."""
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.answer(self, parse_qs(urlsplit(self.path).query))

            def do_POST(self) -> None:
                size = int(self.headers.get("Content-Length", 0))
                provider.answer(self, parse_qs(self.rfile.read(size).decode()))

            def log_message(self, *_args: Any) -> None:
                """Nothing: pytest shows what matters."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        """Listen no more."""
        self.server.shutdown()
        self.server.server_close()

    def answer(self, request: BaseHTTPRequestHandler, asked: dict[str, list[str]]) -> None:
        """Route a request."""
        path = urlsplit(request.path).path
        self.asked.append(path)
        values = {name: value[0] for name, value in asked.items()}
        if self.broken:
            return _send(request, 500, b"")
        if path == "/authorize":
            return self._authorize(request, values)
        routes = {"/.well-known/openid-configuration": self._discovery, "/jwks": self._keys}
        found = routes[path]() if path in routes else self._token(request, values)
        return _send(request, 200 if "error" not in found else 400, json.dumps(found).encode())

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
        } | self.discovery

    def _keys(self) -> dict[str, Any]:
        return {"keys": [self.published.as_dict(private=False)]}

    def _authorize(self, request: BaseHTTPRequestHandler, asked: dict[str, str]) -> None:
        code = token_urlsafe(8)
        self.grants[code] = asked
        request.send_response(302)
        back = urlencode({"code": code, "state": asked["state"]})
        request.send_header("Location", f"{asked['redirect_uri']}?{back}")
        request.end_headers()

    def _token(self, request: BaseHTTPRequestHandler, given: dict[str, str]) -> dict[str, Any]:
        asked = self.grants.pop(given.get("code", ""), None)
        secret = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        proof = base64.urlsafe_b64encode(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
        right = (
            asked is not None
            and request.headers.get("Authorization") == f"Basic {secret}"
            and asked["code_challenge"] == proof.rstrip(b"=").decode()
            and asked["redirect_uri"] == given["redirect_uri"]
        )
        return self._tokens(asked["nonce"]) if right and asked else {"error": "invalid_grant"}

    def _tokens(self, nonce: str) -> dict[str, Any]:
        second = int(time.time())
        said = {"iss": self.issuer, "aud": CLIENT, "iat": second, "exp": second + 300, "nonce": nonce}
        claims = {name: value for name, value in (said | self.person | self.claims).items() if value is not None}
        signed = jwt.encode(self.header, claims, self.key or self.published, algorithms=[self.header["alg"]])
        return {
            "access_token": "access-there",
            "refresh_token": "refresh-there",
            "id_token": signed,
            "token_type": "Bearer",
            "expires_in": 3_600,
            "scope": "openid email",
        }


def _send(request: BaseHTTPRequestHandler, status: int, body: bytes) -> None:
    request.send_response(status)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)
