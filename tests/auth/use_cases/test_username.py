"""Taking another name."""

import pytest
from sqlalchemy import select

from pythoughts.auth.models import AuthEvent, User, UsernameHistory
from pythoughts.auth.queries import find_by_old_name
from pythoughts.auth.use_cases import change_username, create_user, sign_up
from pythoughts.db import db
from pythoughts.errors import Invalid, TooFast
from tests.auth.rows import acts, age, count, fresh
from tests.factories import make_user
from tests.races import together


@pytest.fixture
def ada(app):
    return make_user("ada", display_username="ada")


def rename(user, name):
    change_username(actor=user, username=name)


def refused(user, name):
    with pytest.raises(Invalid) as caught:
        rename(user, name)
    assert caught.value.field == "username"
    return str(caught.value)


def test_the_new_name_is_taken_and_the_old_one_remembered(ada):
    rename(ada, "Countess.Ada")
    user = fresh(ada)
    assert (user.username, user.display_username) == ("countess.ada", "Countess.Ada")
    assert find_by_old_name("ada").id == ada.id
    assert acts() == [("user.change_username", None)]
    assert count(AuthEvent, AuthEvent.kind == "username-changed") == 1


def test_upper_and_lower_case_change_freely(ada):
    for shown in ("Ada", "ADA", "aDa"):
        rename(ada, shown)
        assert fresh(ada).display_username == shown
    assert count(UsernameHistory) == 0
    assert acts() == []


def test_a_second_change_waits_14_days(ada):
    rename(ada, "countess")
    with pytest.raises(TooFast) as caught:
        rename(ada, "lovelace")
    assert 13 * 86_400 < caught.value.retry_after <= 14 * 86_400
    age(UsernameHistory, 14 * 24, "created_at")
    rename(ada, "lovelace")
    assert fresh(ada).username == "lovelace"


def test_the_old_name_stays_free_of_others_for_90_days(ada):
    rename(ada, "countess")
    grace = make_user("grace")
    assert refused(grace, "ADA") == "This name is taken."
    with pytest.raises(Invalid):
        sign_up(username="Ada", email="new@example.org", password="another quiet evening walk")
    with pytest.raises(Invalid):
        create_user(actor=None, username="ada", email="new@example.org")
    age(UsernameHistory, 90 * 24, "reserved_until")
    rename(grace, "ada")
    assert fresh(grace).username == "ada"


def test_ones_own_old_name_can_be_taken_again(ada):
    rename(ada, "countess")
    age(UsernameHistory, 14 * 24, "created_at")
    rename(ada, "ada")
    assert fresh(ada).username == "ada"
    assert find_by_old_name("ada") is None
    assert find_by_old_name("countess").id == ada.id


@pytest.mark.parametrize("name", ["grace", "GRACE", "admin", "ad", "", "a b c"])
def test_names_of_others_and_impossible_ones_are_refused(ada, name):
    make_user("grace")
    refused(ada, name)
    assert fresh(ada).username == "ada"
    assert count(UsernameHistory) == 0


def test_of_12_who_want_one_name_at_once_one_gets_it(app):
    ids = [make_user(f"member{number}", password=None).id for number in range(12)]

    def attempt(number):
        try:
            rename(db.session.get(User, ids[number]), "Countess")
        except Invalid:
            return "refused"
        return "got it"

    assert together(app, 12, attempt).count("got it") == 1


def test_nobody_slips_into_a_name_at_the_moment_it_is_given_up(app, ada):
    grace = make_user("grace").id
    wishes = [(ada.id, "countess"), (grace, "ada")]

    def attempt(number):
        try:
            rename(db.session.get(User, wishes[number][0]), wishes[number][1])
        except Invalid:
            return "refused"

    assert together(app, 2, attempt) == [None, "refused"]
    db.session.rollback()
    assert db.session.scalar(select(User.username).where(User.id == grace)) == "grace"
