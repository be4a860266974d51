"""Signing in with a passkey."""

import pytest

from pythoughts.auth.models import Session, Verification
from pythoughts.auth.use_cases import add_passkey, ask_for_new_passkey
from tests.auth.rows import count
from tests.auth.soft_passkey import SoftPasskey
from tests.factories import csrf_token, make_user, post

URL = "/sign-in/passkey"


@pytest.fixture
def phone(app):
    """Ada's."""
    ada, passkey = make_user("ada"), SoftPasskey()
    asked = ask_for_new_passkey(actor=ada)
    add_passkey(actor=ada, token=asked.token, answer=passkey.create(asked.options), name="Phone")
    return passkey


def ask(client):
    return client.post(f"{URL}/options", headers={"X-CSRFToken": csrf_token(client)})


def test_the_form_is_there_for_browsers_that_can(client):
    page = client.get("/sign-in?next=/preferences").text
    form = page.partition('data-passkey="get"')
    assert f'action="{URL}?next=/preferences"' in form[0].rpartition("<form")[2]
    assert "js-only" in form[0].rpartition("<form")[2]


def test_question_and_answer_sign_in(client, phone):
    asked = ask(client)
    assert asked.mimetype == "application/json"
    answer = post(client, f"{URL}?next=/preferences", {"credential": phone.get(asked.text)})
    assert (answer.status_code, answer.location) == (303, "/preferences")
    assert client.get("/preferences").status_code == 200


def test_another_browser_can_not_answer(app, client, phone):
    asked = ask(client)
    answer = post(app.test_client(), URL, {"credential": phone.get(asked.text)})
    assert answer.status_code == 422
    assert count(Session) == 0


@pytest.mark.parametrize("credential", ["", "{}", "x" * 9_000])
def test_what_does_not_fit_is_told_on_the_form(client, phone, credential):
    ask(client)
    answer = post(client, f"{URL}?next=/preferences", {"credential": credential})
    assert answer.status_code == 422
    assert "That passkey was not accepted" in answer.text
    assert 'action="/sign-in?next=/preferences"' in answer.text


def test_the_way_on_never_leaves_the_site(client, phone):
    asked = ask(client)
    assert post(client, f"{URL}?next=//evil.example", {"credential": phone.get(asked.text)}).location == "/"


def test_without_a_token_nothing_is_asked_or_answered(client, phone):
    assert client.post(f"{URL}/options").status_code == 400
    asked = ask(client)
    assert client.post(URL, data={"credential": phone.get(asked.text)}).status_code == 400
    assert count(Verification) == 1
    assert count(Session) == 0
