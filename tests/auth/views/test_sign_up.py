"""The page that makes an account."""

import re
from time import time

import pytest
from itsdangerous import Signer

from pythoughts.auth.models import User
from tests.auth.rows import count
from tests.factories import PASSWORD, make_user, post, sign_in


def focused(page: str) -> list[str]:
    """Names of the fields that want the focus."""
    return re.findall(r'<input[^>]*\bautofocus(?: |=)[^>]*\bname="(\w+)"', page)


@pytest.fixture
def fields(app):
    stamp = Signer(app.secret_key, salt="form time").sign(f"{time() - 10:.1f}").decode()
    return {"username": "Ada", "email": "ada@example.org", "password": PASSWORD, "form_time": stamp}


def test_the_form_tells_browsers_what_belongs_where(client):
    page = client.get("/sign-up").text
    for token in ("username", "email", "new-password"):
        assert f'autocomplete="{token}"' in page
    assert focused(page) == ["username"]


def test_a_newcomer_is_signed_in_and_asked_for_the_code(client, fields):
    answer = post(client, "/sign-up", fields)
    assert (answer.status_code, answer.location) == (303, "/verify")
    page = client.get("/verify")
    assert page.status_code == 200
    assert "ada@example.org" in page.text


def test_a_mistake_keeps_everything_but_the_password(client, fields):
    answer = post(client, "/sign-up", fields | {"username": "admin"})
    assert answer.status_code == 422
    assert 'value="admin"' in answer.text
    assert 'value="ada@example.org"' in answer.text
    assert PASSWORD not in answer.text
    assert "This name is taken." in answer.text
    assert focused(answer.text) == ["username"]


def test_all_that_is_wrong_is_told_at_once(client):
    answer = post(client, "/sign-up", {"username": "ad", "email": "nowhere", "password": "short"})
    for sentence in ("Use at least 3 characters.", "an address like name@example.org", "Use at least 10 characters."):
        assert sentence in answer.text


def test_a_taken_address_is_told_beside_its_field(client, fields):
    make_user("bob", email="ada@example.org")
    answer = post(client, "/sign-up", fields)
    assert answer.status_code == 422
    assert "account with this address already" in answer.text


def test_what_is_typed_never_becomes_markup(client, fields):
    answer = post(client, "/sign-up", fields | {"username": '"><script>alert(1)</script>'})
    assert "<script>alert" not in answer.text


def test_without_a_token_the_form_comes_back_filled_in(client, fields):
    answer = client.post("/sign-up", data=fields)
    assert answer.status_code == 400
    assert 'value="Ada"' in answer.text
    assert "open for too long" in answer.text
    assert count(User) == 0


@pytest.mark.parametrize("trap", [{"website": "https://spam.example"}, {"form_time": ""}])
def test_programs_are_stopped(client, fields, trap):
    answer = post(client, "/sign-up", fields | trap)
    assert answer.status_code == 422
    assert count(User) == 0


def test_too_many_from_one_network_are_told_when_to_return(client, fields):
    for number in range(5):
        typed = fields | {"username": f"ada{number}", "email": f"ada{number}@example.org"}
        assert post(client, "/sign-up", typed).status_code == 303
        post(client, "/sign-out")
    answer = post(client, "/sign-up", fields)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 3_500
    assert 'value="Ada"' in answer.text


def test_members_have_an_account_already(client):
    sign_in(client, make_user())
    answer = client.get("/sign-up")
    assert (answer.status_code, answer.location) == (303, "/")
