"""The pages that let in and out."""

import re
from datetime import timedelta

import pytest

from pythoughts.auth.models import Session
from pythoughts.clock import now
from tests.auth.rows import count
from tests.auth.test_returning import TRAPS
from tests.factories import PASSWORD, make_user, post, sign_in

CHANGING = re.compile(r'name="csrf_token" value="[^"]*"')


def focused(page: str) -> list[str]:
    """Names of the fields that want the focus."""
    return re.findall(r'<input[^>]*\bautofocus(?: |=)[^>]*\bname="(\w+)"', page)


@pytest.fixture
def ada(app):
    return make_user("ada")


def enter(client, url="/sign-in", **typed):
    return post(client, url, {"identifier": "ada", "password": PASSWORD} | typed)


def test_the_form_tells_browsers_what_belongs_where(client):
    page = client.get("/sign-in").text
    for token in ("username", "current-password"):
        assert f'autocomplete="{token}"' in page
    assert focused(page) == ["identifier"]


def test_who_signs_in_goes_to_the_feed(client, ada):
    answer = enter(client)
    assert (answer.status_code, answer.location) == (303, "/")


@pytest.mark.parametrize("way", ["query", "field"])
def test_or_on_to_where_they_were_going(client, ada, way):
    target = "/posts/abc?x=1"
    answer = enter(client, "/sign-in?next=/posts/abc?x%3D1") if way == "query" else enter(client, next=target)
    assert answer.location == target


@pytest.mark.parametrize("trap", [trap for trap in TRAPS if trap and "\x00" not in trap])
def test_never_to_another_site(client, ada, trap):
    assert enter(client, next=trap).location == "/"


def test_a_page_for_members_leads_here_and_back(client, app):
    make_user("ada", verified=False)
    away = client.get("/verify")
    assert away.status_code == 303
    assert enter(client, away.location).location == "/verify"


def test_a_failed_try_keeps_the_way_on(client, ada):
    answer = enter(client, "/sign-in?next=/posts/abc", password="wrong")
    assert 'action="/sign-in?next=/posts/abc"' in answer.text


def test_what_does_not_match_keeps_the_name_and_not_the_password(client, ada):
    answer = enter(client, password="not my password")
    assert answer.status_code == 422
    assert 'value="ada"' in answer.text
    assert "not my password" not in answer.text
    assert "That name and password do not match." in answer.text
    assert focused(answer.text) == ["password"]
    assert count(Session) == 0


def test_known_and_unknown_names_get_the_same_bytes(app, ada):
    make_user("eve", password=None)
    answers = set()
    for name in ("ada", "bob", "eve"):
        answer = enter(app.test_client(), identifier=name, password="not my password")
        same = CHANGING.sub("", answer.text).replace(answer.headers["X-Request-ID"], "")
        answers.add((answer.status_code, same.replace(f'value="{name}"', "")))
    assert len(answers) == 1


@pytest.mark.parametrize("empty", ["identifier", "password"])
def test_an_empty_field_is_asked_for(client, ada, empty):
    assert enter(client, **{empty: ""}).status_code == 422


def test_without_a_token_the_form_comes_back_filled_in(client, ada):
    answer = client.post("/sign-in", data={"identifier": "ada", "password": PASSWORD})
    assert answer.status_code == 400
    assert 'value="ada"' in answer.text
    assert count(Session) == 0


def test_too_many_failures_are_told_when_to_return(client, ada):
    for _n in range(5):
        enter(client, password="wrong")
    answer = enter(client)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "5"
    assert 'value="ada"' in answer.text


def test_somebody_banned_is_told_so(client):
    make_user("ada", banned=True, ban_reason="Spam", ban_expires=now() + timedelta(days=1))
    answer = enter(client)
    assert answer.status_code == 403
    assert "This account is banned until" in answer.text


def test_who_is_in_already_goes_on(client, ada):
    sign_in(client, ada)
    assert client.get("/sign-in?next=/posts/abc").location == "/posts/abc"


def test_signing_out_needs_a_post(client, ada):
    sign_in(client, ada)
    assert client.get("/sign-out").status_code == 405
    assert count(Session) == 1


def test_signing_out_ends_the_session_and_takes_the_cookies(client, ada):
    sign_in(client, ada)
    answer = post(client, "/sign-out")
    assert (answer.status_code, answer.location) == (303, "/")
    assert count(Session) == 0
    assert client.get_cookie("pythoughts_session") is None
    assert client.get_cookie("pythoughts_form") is None


def test_signing_out_twice_is_no_mistake(client):
    assert post(client, "/sign-out").status_code == 303


def test_another_site_cannot_sign_anybody_out(client, ada):
    sign_in(client, ada)
    assert client.post("/sign-out").status_code == 400
    assert count(Session) == 1
