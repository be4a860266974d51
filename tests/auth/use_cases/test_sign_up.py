"""Becoming a member."""

import pytest

from pythoughts import signals
from pythoughts.auth.models import Session, User, Verification
from pythoughts.auth.queries import find_session, find_user
from pythoughts.auth.use_cases import sign_up
from pythoughts.errors import Invalid, TooFast
from pythoughts.limits.models import RateLimit
from tests.auth.rows import acts, come_from, count, letters
from tests.factories import PASSWORD, make_user
from tests.races import together


def join(username="Ada", email="Ada@Example.org", password=PASSWORD):
    return sign_up(username=username, email=email, password=password)


def refusal(**typed) -> Invalid:
    with pytest.raises(Invalid) as caught:
        join(**typed)
    return caught.value


def test_a_newcomer_is_signed_in_and_waits_for_the_code(app):
    opened = join()
    user = find_session(opened.token).user
    assert (user.username, user.display_username, user.email) == ("ada", "Ada", "ada@example.org")
    assert (user.role, user.email_verified) == ("member", False)
    assert letters() == ["auth/verify_email"]
    assert count(Verification, Verification.user_id == user.id) == 1
    assert acts() == [("user.sign_up", None)]


def test_others_hear_of_a_newcomer(app):
    heard = []
    with signals.user_joined.connected_to(lambda user: heard.append(user.username)):
        join()
    assert heard == ["ada"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"username": "admin"}, "username"),
        ({"username": "ada.html"}, "username"),
        ({"email": "ada@localhost"}, "email"),
        ({"password": "password1234"}, "password"),
        ({"password": "short"}, "password"),
        ({"username": "lovelace.ada", "password": "lovelace.ada1"}, "password"),
    ],
)
def test_what_breaks_a_rule_is_refused_beside_its_field(app, typed, field):
    assert refusal(**typed).field == field
    assert count(User) == 0


def test_a_taken_name_is_refused_in_any_case(app):
    make_user("ada", email="other@example.org")
    error = refusal(username="ADA")
    assert (error.field, str(error)) == ("username", "This name is taken.")


def test_a_taken_address_is_refused_in_any_case(app):
    make_user("bob", email="ada@example.org")
    assert refusal(email="ADA@example.org").field == "email"


def test_nothing_is_left_of_a_sign_up_that_fails(app):
    def fail(_user):
        raise ConnectionError

    with signals.user_joined.connected_to(fail), pytest.raises(ConnectionError):
        join()
    assert (count(User), count(Session), letters()) == (0, 0, [])


def test_of_24_who_want_one_name_at_once_one_gets_it(app):
    def try_it(number: int) -> str:
        try:
            join(username=["ada", "Ada", "ADA", "aDa"][number % 4], email=f"ada{number}@example.org")
        except Invalid as error:
            return error.field
        return "joined"

    results = together(app, 24, try_it)
    assert sorted(results) == ["joined"] + ["username"] * 23
    assert count(User) == count(Session) == len(letters()) == 1


def test_of_8_who_want_one_address_at_once_one_gets_it(app):
    def try_it(number: int) -> str:
        try:
            join(username=f"ada{number}")
        except Invalid as error:
            return error.field
        return "joined"

    assert sorted(together(app, 8, try_it)) == ["email"] * 7 + ["joined"]


def test_one_network_makes_five_accounts_an_hour(app):
    come_from("203.0.113.7")
    for number in range(5):
        join(username=f"ada{number}", email=f"ada{number}@example.org")
    with pytest.raises(TooFast) as caught:
        join(username="ada5", email="ada5@example.org")
    assert 3_500 < caught.value.retry_after <= 3_600
    assert count(User) == 5


def test_mistakes_do_not_use_up_the_accounts_of_a_network(app):
    come_from("203.0.113.7")
    for _n in range(8):
        refusal(username="admin")
    assert count(RateLimit) == 0
    join()


def test_a_newcomer_is_found_by_any_spelling_of_the_name(app):
    join()
    assert find_user(" ADA ").email == "ada@example.org"
