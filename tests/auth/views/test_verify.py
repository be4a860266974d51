"""The page for the code."""

import pytest

from pythoughts.auth.use_cases import resend_code
from tests.auth.rows import code_of, fresh, letters, proof_of, wrong_codes
from tests.factories import make_user, post, sign_in


@pytest.fixture
def ada(app, client):
    user = make_user("ada", verified=False)
    sign_in(client, user)
    return user


@pytest.fixture
def code(ada):
    resend_code(actor=ada)
    return code_of(ada)


def test_the_right_code_lets_post(client, ada, code):
    answer = post(client, "/verify", {"code": code})
    assert (answer.status_code, answer.location) == (303, "/")
    assert fresh(ada).email_verified
    assert "Your email is confirmed" in client.get("/nowhere").text


def test_a_code_is_taken_with_a_gap_in_it(client, ada, code):
    assert post(client, "/verify", {"code": f"{code[:3]} {code[3:]}"}).status_code == 303


def test_a_wrong_code_says_how_many_tries_are_left(client, ada, code):
    wrong = wrong_codes(ada, 1)[0]
    answer = post(client, "/verify", {"code": wrong})
    assert answer.status_code == 422
    assert wrong not in answer.text
    assert "That code is not right. 4 tries left." in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_what_is_no_code_uses_no_try(client, ada, code):
    answer = post(client, "/verify", {"code": "hello"})
    assert answer.status_code == 422
    assert proof_of(ada, "verify-email").attempts == 0


def test_without_a_token_no_try_is_used(client, ada, code):
    answer = client.post("/verify", data={"code": code})
    assert answer.status_code == 400
    assert proof_of(ada, "verify-email").attempts == 0


def test_the_box_suits_phones_and_readers(client, ada):
    page = client.get("/verify").text
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page


def test_looking_mails_nothing(client, ada):
    client.get("/verify")
    assert letters() == []


def test_a_resend_is_mailed_and_then_waits(client, ada):
    answer = post(client, "/verify/resend")
    assert (answer.status_code, answer.location) == (303, "/verify")
    assert letters() == ["auth/verify_email"]
    page = client.get("/verify").text
    assert "on its way again" in page
    assert 'data-wait="' in page


def test_a_second_resend_is_too_fast(client, ada):
    post(client, "/verify/resend")
    answer = post(client, "/verify/resend")
    assert answer.status_code == 429
    assert 50 < int(answer.headers["Retry-After"]) <= 60
    assert "Check your inbox" in answer.text


def test_who_is_proven_has_nothing_to_do_here(client):
    sign_in(client, make_user("bob"))
    assert client.get("/verify").location == "/"
    assert post(client, "/verify", {"code": "123456"}).status_code == 409
    assert post(client, "/verify/resend").status_code == 409


@pytest.mark.parametrize(("method", "url"), [("get", "/verify"), ("post", "/verify"), ("post", "/verify/resend")])
def test_visitors_are_sent_to_sign_in(client, method, url):
    answer = getattr(client, method)(url)
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")
