"""The puzzle in the forms that programs like."""

from time import time

import pytest
from itsdangerous import Signer

from pythoughts.app import create_app
from pythoughts.auth.models import PendingSignUp, User
from pythoughts.config import ConfigError
from pythoughts.db import db, transaction
from pythoughts.limits.models import RateLimit
from tests.auth.rows import count, letters
from tests.captcha import keys_for
from tests.conftest import Browser
from tests.factories import PASSWORD, make_user, post, sign_in

HUMAN = "cf-turnstile-response"
UNSCRIPTED = {"without_scripts": "1"}


@pytest.fixture
def keys(provider):
    return keys_for(provider)


@pytest.fixture
def client(app, database_url, make_settings, keys):
    """A browser at a site that has the keys."""
    guarded = create_app(make_settings(database_url, **keys))
    guarded.test_client_class = Browser
    guarded.testing = False
    with guarded.app_context():
        yield guarded.test_client()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def fields(app):
    stamp = Signer(app.secret_key, salt="form time").sign(f"{time() - 10:.1f}").decode()
    return {"username": "Grace", "email": "grace@example.org", "password": PASSWORD, "form_time": stamp}


def forget_limits():
    with transaction() as database:
        database.query(RateLimit).delete()


def over_wait():
    """Let the wait after a failed sign-in pass."""
    with transaction() as database:
        database.query(RateLimit).filter(RateLimit.key.like("sign-in/%")).update(
            {"reset_at": RateLimit.reset_at - db.func.make_interval(0, 0, 0, 0, 0, 0, 5)}
        )


def guess(client, **more):
    return post(client, "/sign-in", {"identifier": "ada", "password": "wrong"} | more)


@pytest.mark.parametrize("page", ["/sign-up", "/forgot-password", "/verify"])
def test_the_pages_carry_it_and_let_its_provider_in(client, provider, page):
    sign_in(client, make_user("eve", verified=False)) if page == "/verify" else None
    answer = client.get(page)
    assert 'class="cf-turnstile" data-sitekey="site-key"' in answer.text
    assert f'<script src="{provider.url}/api.js"' in answer.text
    policy = answer.headers["Content-Security-Policy"]
    for part in ("script-src", "connect-src"):
        assert f"{part} 'self' {provider.url};" in policy
    assert policy.endswith(f"frame-src {provider.url}")
    assert "trusted-types" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("page", ["/", "/sign-in", "/user/eve"])
def test_other_pages_know_nothing_of_it(client, page):
    make_user("eve")
    answer = client.get(page)
    assert "turnstile" not in answer.text
    assert "require-trusted-types-for" in answer.headers["Content-Security-Policy"]
    assert "frame-src" not in answer.headers["Content-Security-Policy"]


def test_a_person_signs_up_as_ever(client, fields):
    answer = post(client, "/sign-up", fields | {HUMAN: "human:sign-up"})
    assert (answer.status_code, answer.location) == (303, "/verify")
    assert count(User) == 1


@pytest.mark.parametrize("token", [{}, {HUMAN: ""}, {HUMAN: "robot:sign-up"}, {HUMAN: "human:sign-in"}])
def test_a_program_gets_the_form_back(client, fields, token):
    answer = post(client, "/sign-up", fields | token)
    assert answer.status_code == 422
    assert 'value="grace@example.org"' in answer.text
    assert "cf-turnstile" in answer.text
    assert count(User) == 0


def test_the_token_is_not_spent_on_a_form_with_mistakes(client, provider, fields):
    answer = post(client, "/sign-up", fields | {HUMAN: "human:sign-up", "username": "admin"})
    assert answer.status_code == 422
    assert provider.asked == []


@pytest.mark.parametrize(
    ("page", "typed", "kept"),
    [
        ("/sign-up", {}, ['value="Grace"', 'value="grace@example.org"']),
        ("/forgot-password", {"email": "grace@example.org"}, ['value="grace@example.org"']),
        (
            "/sign-in",
            {"identifier": "ada", "password": PASSWORD, "next": "/user/ada", "remember": "y"},
            ['value="ada"', 'action="/sign-in?next=/user/ada"', " checked"],
        ),
    ],
)
def test_while_the_provider_is_down_the_form_is_kept(client, provider, fields, page, typed, kept):
    make_user("ada")
    for _n in range(5 if page == "/sign-in" else 0):
        guess(client)
    over_wait()
    provider.answers = [None, None]
    answer = post(client, page, (typed or fields) | {HUMAN: "human"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "does not answer right now" in answer.text
    assert [part for part in kept if part not in answer.text] == []
    assert PASSWORD not in answer.text
    assert len({asked["idempotency_key"] for asked in provider.asked}) == 1
    assert (len(provider.asked), count(User)) == (2, 1)


def test_while_the_provider_is_down_the_code_can_still_be_typed(client, provider):
    sign_in(client, make_user("eve", verified=False))
    provider.answers = [None, None]
    answer = post(client, "/verify/resend", {HUMAN: "human:send-code"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert 'name="code"' in answer.text
    assert letters() == []


def test_without_scripts_the_code_comes_first(client, provider, fields):
    answer = post(client, "/sign-up", fields | UNSCRIPTED)
    assert (answer.status_code, answer.location) == (303, "/verify")
    assert (count(User), count(PendingSignUp)) == (0, 1)
    assert provider.asked == []


def test_without_scripts_there_is_half_of_every_limit(client, fields):
    for number in range(2):
        post(
            client, "/sign-up", fields | UNSCRIPTED | {"username": f"grace{number}", "email": f"g{number}@example.org"}
        )
    assert post(client, "/sign-up", fields | UNSCRIPTED).status_code == 429
    assert post(client, "/sign-up", fields | {HUMAN: "human:sign-up"}).status_code == 303


@pytest.mark.parametrize(("token", "status"), [({HUMAN: "human:forgot-password"}, 303), ({}, 422), (UNSCRIPTED, 303)])
def test_a_forgotten_password_asks_for_it(client, token, status):
    assert post(client, "/forgot-password", {"email": "ada@example.org"} | token).status_code == status


@pytest.mark.parametrize(("token", "status"), [({HUMAN: "human:send-code"}, 303), ({}, 422)])
def test_sending_the_code_again_asks_for_it(client, token, status):
    sign_in(client, make_user("eve", verified=False))
    assert post(client, "/verify/resend", token).status_code == status
    assert letters() == ["auth/verify_email"] * (status == 303)


@pytest.mark.parametrize("name", ["ada", "nobody"])
def test_signing_in_asks_for_it_after_five_failures_whoever_is_meant(client, name):
    make_user("ada")
    for number in range(5):
        answer = guess(client, identifier=name)
        assert ("cf-turnstile" in answer.text) is (number == 4)
    over_wait()
    without = guess(client, identifier=name)
    assert "Show that you are human" in without.text
    assert guess(client, identifier=name, **{HUMAN: "human:sign-in"}).status_code == 422


def test_a_browser_of_the_owner_is_never_asked(client):
    make_user("ada")
    post(client, "/sign-in", {"identifier": "ada", "password": PASSWORD})
    post(client, "/sign-out")
    stranger = client.application.test_client()
    for _n in range(5):
        guess(stranger)
    assert "cf-turnstile" not in guess(client).text
    assert post(client, "/sign-in", {"identifier": "ada", "password": PASSWORD}).status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"TURNSTILE_SCRIPT_URL": "javascript:x"},
        {"TURNSTILE_VERIFY_URL": "https://a.example/ script-src *"},
        {"TURNSTILE_SECRET_KEY": "1x0000000000000000000000000000000AA", "PUBLIC_URL": "https://a.example"},
    ],
)
def test_keys_that_can_not_be_right_are_refused_at_start(make_settings, keys, wrong):
    with pytest.raises(ConfigError, match="TURNSTILE"):
        make_settings("postgresql://localhost/x", **keys | wrong)
