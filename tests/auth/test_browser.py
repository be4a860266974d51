"""The cookie: what it is like, whom it lets in, and when it is given, renewed and taken."""

import pytest
from sqlalchemy import select

from pythoughts.app import create_app
from pythoughts.auth.models import Session
from pythoughts.auth.use_cases import (
    Reset,
    ban_user,
    reset_account,
    reset_password,
    revoke_session,
    send_reset_link,
)
from pythoughts.db import db
from tests.auth.rows import age, count, link_of
from tests.factories import PASSWORD, make_user, post, sign_in
from tests.statements import statements

COOKIE = "pythoughts_session"
SEVEN_DAYS = f"Max-Age={7 * 24 * 3_600}"
MEMBERS_PAGE = "/verify"  # for an unproven address


@pytest.fixture
def ada(app):
    return make_user("ada", verified=False)


def enter(client, **fields):
    return post(client, "/sign-in", {"identifier": "ada", "password": PASSWORD, "remember": "y", **fields})


def is_in(client) -> bool:
    answer = client.get(MEMBERS_PAGE)
    assert answer.status_code in {200, 303}
    return answer.status_code == 200


def thief_of(app, client):
    """Another browser with a copy of the cookie."""
    thief = app.test_client()
    thief.set_cookie(COOKIE, client.get_cookie(COOKIE).value)
    return thief


def set_cookies(answer) -> dict[str, str]:
    return {line.partition("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client, ada):
    cookie = set_cookies(enter(client))[COOKIE]
    assert {"HttpOnly", "SameSite=Lax", "Path=/", SEVEN_DAYS} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert "Secure" not in cookie


def test_a_session_that_is_not_remembered_ends_with_the_browser(client, ada):
    cookie = set_cookies(enter(client, remember=""))[COOKIE]
    assert "Max-Age" not in cookie
    assert "Expires" not in cookie


def test_over_tls_the_cookie_belongs_to_this_host_alone(app, ada, make_settings, settings):
    secure = create_app(make_settings(settings.database_url, PUBLIC_URL="https://example.org"))
    with secure.app_context():
        client = secure.test_client()
        page = client.get("/sign-in", base_url="https://example.org")
        token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
        fields = {"identifier": "ada", "password": PASSWORD, "csrf_token": token}
        answer = client.post(
            "/sign-in", data=fields, base_url="https://example.org", headers={"Referer": "https://example.org/sign-in"}
        )
        db.engine.dispose()
    cookie = set_cookies(answer)["__Host-pythoughts_session"]
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_visitor_costs_no_query_and_gets_no_cookie(client, ada):
    with statements() as sent:
        answer = client.get("/nowhere")
    assert sent == []
    assert "Set-Cookie" not in answer.headers
    assert "Cache-Control" not in answer.headers


def test_who_is_signed_in_costs_one_query(app, client, ada):
    sign_in(client, ada)
    client.get("/nowhere")
    with statements() as sent:
        answer = client.get("/nowhere")
    assert len([statement for statement in sent if "FROM session" in statement or 'FROM "user"' in statement]) == 1
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_remember_token_cookie_means_nothing(client, ada):
    client.set_cookie("remember_token", f"{ada.id}|{'0' * 128}")
    sign_in(client, ada)
    assert is_in(client)


def test_the_row_of_a_session_is_no_cookie(client, ada):
    enter(client)
    token = db.session.scalar(select(Session.token))
    client.set_cookie(COOKIE, token)
    assert not is_in(client)


@pytest.mark.parametrize("value", ["", "x", "x" * 4_000, "a b", "%00"])
def test_what_is_no_token_lets_nobody_in(client, ada, value):
    client.set_cookie(COOKIE, value)
    assert not is_in(client)


def test_a_dead_cookie_is_taken_away(client, ada):
    sign_in(client, ada, expires_at=ada.created_at)
    cookie = set_cookies(client.get(MEMBERS_PAGE))[COOKIE]
    assert "Max-Age=0" in cookie


def end_by_sign_out(app, client, ada):
    post(client, "/sign-out")


def end_by_revoking(app, client, ada):
    revoke_session(actor=None, session_id=db.session.scalar(select(Session.id)))


def end_by_password_reset(app, client, ada):
    send_reset_link(user_id=ada.id)
    reset_password(token=link_of(ada), password="another quiet evening walk")


def end_by_account_reset(app, client, ada):
    reset_account(actor=None, user=ada, reset=Reset("Asked"))


def end_by_ban(app, client, ada):
    ban_user(actor=None, user=ada, reason="Spam")


@pytest.mark.parametrize(
    "end", [end_by_sign_out, end_by_revoking, end_by_password_reset, end_by_account_reset, end_by_ban]
)
def test_a_stolen_cookie_is_dead_on_the_next_request(app, client, ada, end):
    enter(client)
    thief = thief_of(app, client)
    assert is_in(thief)
    end(app, client, ada)
    assert not is_in(thief)
    assert not is_in(client)


def test_a_new_sign_in_ends_the_session_of_before(app, client, ada):
    enter(client)
    thief = thief_of(app, client)
    enter(client)
    assert not is_in(thief)
    assert is_in(client)
    assert count(Session) == 1


def test_a_cookie_from_before_signing_in_is_not_kept(client, ada):
    client.set_cookie(COOKIE, "chosen-by-somebody-else")
    enter(client)
    assert client.get_cookie(COOKIE).value != "chosen-by-somebody-else"


def test_the_csrf_token_of_before_signing_in_is_worth_nothing(client, ada):
    page = client.get("/sign-in")
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    client.post("/sign-in", data={"identifier": "ada", "password": PASSWORD, "csrf_token": token})
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 400
    assert is_in(client)


def test_the_cookie_is_renewed_once_a_day(client, ada):
    enter(client)
    assert COOKIE not in set_cookies(client.get(MEMBERS_PAGE))
    age(Session, 25, "updated_at", "created_at", "expires_at")
    cookie = set_cookies(client.get(MEMBERS_PAGE))[COOKIE]
    assert SEVEN_DAYS in cookie
    assert COOKIE not in set_cookies(client.get(MEMBERS_PAGE))
    assert is_in(client)
