"""Small makers of real rows and small acts of a browser: rows are committed when they are returned."""

import secrets
from datetime import timedelta
from functools import cache
from typing import Any

from flask.testing import FlaskClient
from flask_wtf.csrf import URLSafeTimedSerializer
from sqlalchemy import update
from werkzeug.test import TestResponse

from pythoughts.auth import tokens
from pythoughts.auth.models import Account, Session, User
from pythoughts.clock import now
from pythoughts.config import current_settings
from pythoughts.db import transaction
from pythoughts.feed.models import Post, PostState
from pythoughts.services import passwords

PASSWORD = "winter-lamp-42-orchard"


def make_user(
    username: str = "ada",
    *,
    role: str = "member",
    verified: bool = True,
    password: str | None = PASSWORD,
    **columns: Any,
) -> User:
    """A person who can sign in with `password`; with None they have no password.

    Args:
        username: also the name and the local part of `<username>@example.org`.
        role: member, moderator or admin.
        verified: whether the address is proven.
        password: what they type to sign in.
        **columns: any other column of the row.
    """
    values = {"name": username, "display_username": username, "email": f"{username.lower()}@example.org"} | columns
    with transaction() as session:
        user = User(username=username.lower(), role=role, email_verified=verified, **values)
        session.add(user)
        session.flush()
        if password is not None:
            session.add(
                Account(account_id=user.id, provider_id="credential", user_id=user.id, password=_hashed(password))
            )
    return user


@cache
def _hashed(password: str) -> str:
    return passwords.hash_password(password)


def sign_in(client: FlaskClient, user: User, **columns: Any) -> FlaskClient:
    """Let `client` be signed in as `user`, without the form; `columns` go to the session's row."""
    token = tokens.new_token()
    values = {"expires_at": now() + timedelta(days=7)} | columns
    with transaction() as session:
        session.add(Session(token=tokens.digest(token), user_id=user.id, **values))
    client.set_cookie(session_cookie(), token)
    return client


def session_cookie() -> str:
    """The name of the cookie that carries a session's token."""
    return "__Host-pythoughts_session" if current_settings().https else "pythoughts_session"


def csrf_token(client: FlaskClient) -> str:
    """The token that the forms of this browser carry, without loading a page."""
    with client.session_transaction() as session:
        raw = session.setdefault("csrf_token", secrets.token_hex(20))
    return str(URLSafeTimedSerializer(client.application.secret_key, salt="wtf-csrf-token").dumps(raw))


def post(client: FlaskClient, url: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
    """Send a form as a browser does, with its CSRF token."""
    return client.post(url, data={"csrf_token": csrf_token(client), **(data or {})}, **kwargs)


def make_post(author: User, message: str = "A thought.", *, reply_to: Post | None = None, **columns: Any) -> Post:
    """A post, or a live reply that `reply_to` counts.

    Args:
        author: whoever wrote it.
        message: what it says.
        reply_to: the post that it answers.
        **columns: any other column of the row.
    """
    place = _place_below(reply_to) if reply_to else {}
    with transaction() as session:
        made = Post(message=message, user_id=author.id, **(place | columns))
        session.add(made)
        session.flush()
        if reply_to is not None and made.state == PostState.LIVE:
            more = update(Post).where(Post.id == reply_to.id).values(reply_count=Post.reply_count + 1)
            session.execute(more)
    return made


def _place_below(parent: Post) -> dict[str, Any]:
    return {"reply_to_id": parent.id, "root_id": parent.root_id or parent.id, "depth": parent.depth + 1}
