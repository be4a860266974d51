"""The pages that lead back in without the password."""

import re

import pytest

from pythoughts.auth.models import Verification
from pythoughts.auth.queries import find_link
from pythoughts.auth.use_cases import send_reset_link
from tests.auth.rows import count, expire, link_of
from tests.factories import PASSWORD, make_user, post, sign_in

NEW = "another quiet evening walk"


@pytest.fixture
def ada(app):
    return make_user("ada")


@pytest.fixture
def url(ada):
    send_reset_link(user_id=ada.id)
    return f"/reset-password/{link_of(ada)}"


def test_known_and_unknown_addresses_get_the_same_answer(app, ada):
    answers = set()
    for email in ("ada@example.org", "bob@example.org"):
        client = app.test_client()
        answer = post(client, "/forgot-password", {"email": email})
        page = client.get(answer.location)
        answers.add((answer.status_code, answer.text, page.text.replace(page.headers["X-Request-ID"], "")))
    assert len(answers) == 1
    assert "Check your inbox" in answers.pop()[2]


@pytest.mark.parametrize("email", ["ada@example.org", "bob@example.org"])
def test_asking_again_at_once_is_too_fast_known_or_not(client, ada, email):
    post(client, "/forgot-password", {"email": email})
    answer = post(client, "/forgot-password", {"email": email})
    assert answer.status_code == 429
    assert 50 < int(answer.headers["Retry-After"]) <= 60


def test_what_is_no_address_is_told_and_kept(client):
    answer = post(client, "/forgot-password", {"email": "ada@"})
    assert answer.status_code == 422
    assert 'value="ada@"' in answer.text


def test_looking_at_the_link_does_not_use_it_up(client, ada, url):
    for _n in range(3):
        answer = client.get(url)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert find_link(url.rpartition("/")[2])


def test_the_link_sets_a_password_and_does_not_sign_in(client, ada, url):
    answer = post(client, url, {"password": NEW})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert client.get_cookie("pythoughts_session") is None
    assert post(client, "/sign-in", {"identifier": "ada", "password": NEW}).status_code == 303


def test_it_works_once(client, ada, url):
    post(client, url, {"password": NEW})
    assert client.get(url).status_code == 410
    answer = post(client, url, {"password": "yet another quiet walk"})
    assert answer.status_code == 410
    assert "This link works no longer" in answer.text


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "..%2F.."])
def test_what_is_no_link_is_gone(client, token):
    assert client.get(f"/reset-password/{token}").status_code in {404, 410}


def test_an_expired_link_is_gone(client, ada, url):
    expire(Verification)
    assert client.get(url).status_code == 410


def test_a_weak_password_is_told_and_the_link_stays(client, ada, url):
    answer = post(client, url, {"password": "password1234"})
    assert answer.status_code == 422
    assert "easy to guess" in answer.text
    assert "password1234" not in answer.text
    assert count(Verification) == 1


def test_without_a_token_nothing_is_used_up(client, ada, url):
    assert client.post(url, data={"password": NEW}).status_code == 400
    assert count(Verification) == 1


def test_staff_are_told_to_use_more(client, app):
    kenji = make_user("kenji", role="moderator")
    send_reset_link(user_id=kenji.id)
    page = client.get(f"/reset-password/{link_of(kenji)}").text
    assert "At least 15 characters." in page
    assert re.search(r'name="username" value="kenji"', page)


def test_the_browser_that_was_in_is_signed_out_too(client, ada, url):
    sign_in(client, ada)
    post(client, url, {"password": NEW})
    assert client.get("/verify").location.startswith("/sign-in")
    assert post(client, "/sign-in", {"identifier": "ada", "password": PASSWORD}).status_code == 422
