"""Signing up in the strict way, in a browser."""

from time import time

import pytest
from itsdangerous import Signer
from sqlalchemy import select

from pythoughts.auth.models import PendingSignUp, User
from pythoughts.auth.tokens import sign_up_code
from pythoughts.db import db
from pythoughts.settings.use_cases import choose
from tests.auth.rows import count
from tests.factories import PASSWORD, make_user, post


@pytest.fixture
def waiting(client, app):
    """A browser that has sent the form and waits for the code."""
    choose(actor=None, key="accounts.sign_up_mode", typed="strict")
    stamp = Signer(app.secret_key, salt="form time").sign(f"{time() - 10:.1f}").decode()
    fields = {"username": "Grace", "email": "grace@example.org", "password": PASSWORD, "form_time": stamp}
    answer = post(client, "/sign-up", fields)
    assert (answer.status_code, answer.location) == (303, "/verify")
    return client


def code(wrong=0):
    db.session.rollback()
    pending = db.session.scalars(select(PendingSignUp)).one()
    return f"{(int(sign_up_code(pending)) + wrong) % 1_000_000:06}"


def test_the_page_names_the_address_and_the_code_lets_in(waiting):
    assert "grace@example.org" in waiting.get("/verify").text
    answer = post(waiting, "/verify", {"code": code()})
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Your email is confirmed" in waiting.get("/preferences").text
    assert count(User, User.email_verified) == 1


def test_a_wrong_code_keeps_the_page(waiting):
    answer = post(waiting, "/verify", {"code": code(wrong=1)})
    assert answer.status_code == 422
    assert "4 tries left" in answer.text


def test_nobody_is_signed_in_before_the_code(waiting):
    assert waiting.get("/preferences").location.startswith("/sign-in")


def test_another_browser_knows_nothing_of_it(waiting):
    other = waiting.application.test_client()
    assert other.get("/verify").location == "/sign-in?next=/verify"
    assert post(other, "/verify", {"code": code()}).location == "/sign-in"
    assert post(other, "/verify/resend").location == "/sign-in"
    assert count(User) == 0


@pytest.mark.parametrize(("method", "url"), [("get", "/verify"), ("post", "/verify"), ("post", "/verify/resend")])
def test_who_comes_too_late_starts_over(client, method, url):
    with client.session_transaction() as cookie:
        cookie["pending_sign_up"] = "x" * 43
    answer = client.get(url) if method == "get" else post(client, url, {"code": "123456"})
    assert (answer.status_code, answer.location) == (303, "/sign-up")
    assert client.get("/verify").location == "/sign-in?next=/verify"


def test_a_form_without_a_token_is_refused(waiting):
    assert waiting.post("/verify", data={"code": code()}).status_code == 400
    assert count(User) == 0


def test_a_name_taken_meanwhile_gives_the_form_back(waiting):
    make_user("grace", email="faster@example.org")
    answer = post(waiting, "/verify", {"code": code()})
    assert answer.status_code == 409
    assert "This name is taken." in answer.text
    assert 'value="Grace"' in answer.text
    assert 'value="grace@example.org"' in answer.text


def test_sending_again_waits_a_minute(waiting):
    answer = post(waiting, "/verify/resend")
    assert answer.status_code == 429
    assert 50 < int(answer.headers["Retry-After"]) <= 60


def test_the_way_back_leads_to_the_form(waiting):
    assert 'href="/sign-up"' in waiting.get("/verify").text
