"""Connecting an account elsewhere, and letting go of it."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from pythoughts.auth.models import Account, Session
from pythoughts.clock import now
from pythoughts.db import transaction
from tests.auth.rows import acts, count, letters
from tests.elsewhere import connect, row, visit
from tests.factories import make_user, post, sign_in


@pytest.fixture
def ada(app):
    return make_user("ada")


@pytest.fixture
def mine(site, visitor, ada):
    """Ada, signed in at the site."""
    return sign_in(visitor, ada)


def test_somebody_signed_in_connects_by_saying_yes(mine, ada):
    answer = visit(mine)
    question = "/preferences/connections/club/connect"
    assert answer.location == question
    assert "Ada@Example.org" in mine.get(question).text
    assert count(Account, Account.provider_id == "club") == 0
    assert post(mine, question).location == "/preferences/connections"
    assert row().account_id == "ada-there"
    assert acts() == [("user.connect", None)]
    assert letters() == ["auth/account_connected"]
    assert visit(mine.application.test_client()).location == "/"


def test_saying_yes_twice_is_no_mistake(mine, ada):
    for _n in range(2):
        post(mine, visit(mine).location)
    assert acts() == [("user.connect", None)]


def test_another_site_can_not_say_yes(mine):
    question = visit(mine).location
    assert mine.post(question).status_code == 400
    assert count(Account, Account.provider_id == "club") == 0


def test_an_account_of_somebody_else_is_not_taken_over(mine, ada):
    grace = make_user("grace")
    connect(grace)
    answer = post(mine, visit(mine).location)
    assert answer.status_code == 409
    assert row().user_id == grace.id
    assert mine.get("/preferences").status_code == 200


def test_one_account_of_each_provider(mine, ada):
    connect(ada, "ada-of-old")
    assert post(mine, visit(mine).location).status_code == 409
    assert row().account_id == "ada-of-old"


def test_connecting_needs_a_recent_proof(mine):
    question = visit(mine).location
    with transaction() as database:
        database.execute(update(Session).values(auth_at=now() - timedelta(minutes=16)))
    assert post(mine, question).location == f"/confirm-password?next={question}"
    assert mine.get("/preferences/connections").location.startswith("/confirm-password")
    assert count(Account, Account.provider_id == "club") == 0


def test_it_can_be_disconnected_while_there_is_another_way_in(mine, ada):
    connect(ada)
    url = "/preferences/connections"
    assert "Disconnect The Club" in mine.get(url).text
    assert post(mine, f"{url}/club/disconnect").location == url
    assert "Connect The Club" in mine.get(url).text
    assert post(mine, f"{url}/club/disconnect").status_code == 404
    assert post(mine, f"{url}/credential/disconnect").status_code == 404
    assert letters() == ["auth/account_disconnected"]


def test_the_only_way_in_stays(visitor):
    newcomer = {"username": "ada", "email": "ada@example.org"}
    post(visitor, visit(visitor).location, newcomer)
    assert post(visitor, "/preferences/connections/club/disconnect").status_code == 409
    assert row()
