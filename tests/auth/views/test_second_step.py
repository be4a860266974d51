"""The page between password and session, and staff who need one."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from pythoughts.auth.models import Session, Verification
from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.settings.use_cases import choose
from tests.auth.rows import add_two_factor, app_code, count, expire
from tests.factories import PASSWORD, make_user, post, session_cookie, sign_in

URL = "/sign-in/two-factor"


@pytest.fixture
def ada(app):
    return make_user("ada")


@pytest.fixture
def secret(ada):
    return add_two_factor(ada)


def first_step(client, url="/sign-in", **typed):
    return post(client, url, {"identifier": "ada", "password": PASSWORD} | typed)


def test_the_password_leads_to_the_code_and_the_code_in(client, secret):
    answer = first_step(client, "/sign-in?next=/preferences")
    assert (answer.status_code, answer.location) == (303, f"{URL}?next=/preferences")
    assert 'autocomplete="one-time-code"' in client.get(answer.location).text
    done = post(client, answer.location, {"code": app_code(secret)})
    assert (done.status_code, done.location) == (303, "/preferences")
    assert client.get("/preferences").status_code == 200


def test_half_signed_in_is_not_signed_in(client, secret):
    first_step(client)
    assert client.get_cookie(session_cookie()) is None
    for url in ("/preferences", "/verify", "/preferences/two-factor", "/confirm-password"):
        assert client.get(url).location.startswith("/sign-in?")
    assert count(Session) == 0


def test_the_token_of_the_first_step_does_not_work_as_a_cookie(client, secret):
    first_step(client)
    with client.session_transaction() as cookie:
        token = cookie["second_step"]["token"]
    client.set_cookie(session_cookie(), token)
    assert client.get("/preferences").status_code == 303


def test_without_a_first_step_there_is_nothing_to_finish(client, secret):
    for answer in (client.get(f"{URL}?next=/preferences"), post(client, f"{URL}?next=/preferences", {"code": "1"})):
        assert (answer.status_code, answer.location) == (303, "/sign-in?next=/preferences")


def test_another_browser_can_not_finish(app, client, secret):
    first_step(client)
    assert post(app.test_client(), URL, {"code": app_code(secret)}).location == "/sign-in"
    assert count(Session) == 0


def test_a_wrong_code_is_told_and_the_form_stays(client, secret):
    answer = first_step(client, "/sign-in?next=/preferences")
    wrong = post(client, answer.location, {"code": "aaaaa-aaaaa"})
    assert wrong.status_code == 422
    assert "That code is not right" in wrong.text
    assert f'action="{URL}?next=/preferences"' in wrong.text


def test_an_empty_code_is_asked_for_and_is_no_try(client, secret):
    first_step(client)
    assert post(client, URL, {"code": " "}).status_code == 422
    assert count(Verification, Verification.attempts > 0) == 0


def test_spaces_and_capitals_do_not_matter(client, secret):
    first_step(client)
    code = app_code(secret)
    assert post(client, URL, {"code": f" {code[:3]} {code[3:]} "}).location == "/"


@pytest.mark.parametrize("remember", [True, False])
def test_the_choice_of_the_first_step_holds(client, secret, remember):
    first_step(client, **({"remember": "y"} if remember else {}))
    answer = post(client, URL, {"code": app_code(secret)})
    given = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith(session_cookie()))
    assert ("Max-Age" in given) == remember


@pytest.mark.parametrize("end", ["expired", "spent"])
def test_when_it_is_over_everything_starts_again(client, secret, end):
    answer = first_step(client, "/sign-in?next=/preferences")
    if end == "expired":
        expire(Verification)
    else:
        for _n in range(5):
            post(client, URL, {"code": "aaaaa-aaaaa"})
    again = post(client, answer.location, {"code": app_code(secret)})
    assert (again.status_code, again.location) == (303, "/sign-in?next=/preferences")
    assert "second_step" not in client.get_cookie("pythoughts_form").value
    assert count(Session) == 0


def test_too_many_wrong_codes_are_told_when_to_return(client, secret):
    for _round in range(2):
        first_step(client)
        for _n in range(5):
            post(client, URL, {"code": "aaaaa-aaaaa"})
    first_step(client)
    answer = post(client, URL, {"code": app_code(secret)})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 3_000


def test_without_a_token_no_code_is_tried(client, secret):
    first_step(client)
    assert client.post(URL, data={"code": app_code(secret)}).status_code == 400
    assert count(Verification, Verification.attempts > 0) == 0


@pytest.fixture
def required(app):
    choose(actor=None, key="accounts.staff_two_factor", typed="1")


@pytest.mark.parametrize("role", ["moderator", "admin"])
def test_where_it_is_required_staff_set_it_up_first(client, required, role):
    sign_in(client, make_user("kenji", role=role))
    for answer in (client.get("/admin/"), client.get("/admin/posts/"), post(client, "/admin/posts/x/remove")):
        assert (answer.status_code, answer.location) == (303, "/preferences/two-factor")
    assert client.get("/").status_code == 200
    assert client.get("/preferences/two-factor").status_code == 200


def test_staff_with_a_second_factor_go_on(client, required):
    kenji = make_user("kenji", role="moderator")
    add_two_factor(kenji)
    sign_in(client, kenji)
    assert client.get("/admin/").status_code == 200


def test_it_is_not_required_by_default(client):
    sign_in(client, make_user("kenji", role="moderator"))
    assert client.get("/admin/").status_code == 200


def test_members_still_find_nothing_there(client, required):
    sign_in(client, make_user("ada"))
    assert client.get("/admin/").status_code == 404


def test_an_account_that_goes_between_the_steps_is_told_nothing_special(client, ada, secret):
    first_step(client)
    with transaction() as database:
        database.execute(delete(type(ada)).where(type(ada).id == ada.id))
    assert post(client, URL, {"code": "123456"}).location == "/sign-in"


def test_the_session_counts_as_proven_just_now(client, secret):
    first_step(client)
    post(client, URL, {"code": app_code(secret)})
    assert count(Session, Session.auth_at > now() - timedelta(minutes=1)) == 1
