"""Somebody new with an account elsewhere, where nobody exists until the mailed code is right."""

import pytest
from sqlalchemy import select, update

from pythoughts.auth.models import Account, PendingSignUp, Session, User, Verification
from pythoughts.auth.tokens import sign_up_code
from pythoughts.db import db, transaction
from pythoughts.limits.models import RateLimit
from pythoughts.settings.use_cases import choose
from tests.auth.rows import acts, count, expire, letters
from tests.auth.test_letters import mailed
from tests.elsewhere import START, connect, visit
from tests.factories import make_user, post

NEW = f"{START}/new"


@pytest.fixture(autouse=True)
def _strict(app):
    choose(actor=None, key="accounts.sign_up_mode", typed="strict")


def join(browser, username="Ada", email="ada@example.org"):
    return post(browser, NEW, {"username": username, "email": email})


@pytest.fixture
def waiting(visitor):
    """A browser that came back from the club, chose a name, and waits for the code."""
    assert visit(visitor).location == NEW
    assert join(visitor).location == "/verify"
    return visitor


def forget_limits():
    with transaction() as database:
        database.query(RateLimit).delete()


def pending():
    db.session.rollback()
    return db.session.scalars(select(PendingSignUp).order_by(PendingSignUp.id.desc()).limit(1)).one()


def enter_code(browser, wrong=0):
    return post(browser, "/verify", {"code": f"{(int(sign_up_code(pending())) + wrong) % 1_000_000:06}"})


def test_nobody_exists_before_the_code(waiting):
    assert [count(model) for model in (User, Session, Account)] == [0, 0, 0]
    assert letters() == ["auth/sign_up_code"]
    assert "ada@example.org" in waiting.get("/verify").text


def test_the_code_makes_the_account_proven_and_connected_without_a_password(waiting):
    answer = enter_code(waiting)
    assert (answer.status_code, answer.location) == (303, "/")
    user = db.session.scalars(select(User)).one()
    assert (user.username, user.email, user.email_verified) == ("ada", "ada@example.org", True)
    assert count(Account) == count(Account, Account.provider_id == "club") == 1
    assert acts()[-1] == ("user.sign_up", None)
    assert count(Verification) == count(PendingSignUp) == 0
    assert visit(waiting.application.test_client()).location == "/"


def test_a_taken_address_looks_like_a_free_one(site, visitor):
    make_user("grace", email="ada@example.org")
    visit(visitor)
    taken = join(visitor)
    assert (taken.status_code, taken.location) == (303, "/verify")
    assert "You have an account already" in mailed("sign_up_code").body
    assert enter_code(visitor, wrong=1).status_code == 422
    assert count(User) == 1


def test_a_taken_name_is_no_secret(visitor):
    make_user("ada", email="other@example.org")
    visit(visitor)
    answer = join(visitor)
    assert answer.status_code == 422
    assert "This name is taken." in answer.text


def test_another_address_can_be_chosen_and_the_code_before_is_worthless(waiting):
    before = pending()
    assert f'href="{NEW}"' in waiting.get("/verify").text
    forget_limits()
    assert waiting.get(NEW).status_code == 200
    assert join(waiting, email="right@example.org").location == "/verify"
    assert enter_code(waiting).location == "/"
    assert db.session.scalars(select(User.email)).all() == ["right@example.org"]
    assert count(PendingSignUp, PendingSignUp.id == before.id) == 1


def test_a_name_taken_meanwhile_gives_the_form_of_a_newcomer_back(waiting):
    make_user("ada", email="faster@example.org")
    answer = enter_code(waiting)
    assert answer.status_code == 409
    assert f'action="{NEW}"' in answer.text
    assert 'value="ada@example.org"' in answer.text
    assert 'name="password"' not in answer.text
    forget_limits()
    assert join(waiting, "ada2").location == "/verify"
    assert enter_code(waiting).location == "/"


def test_an_account_connected_meanwhile_is_a_conflict(waiting):
    connect(make_user("grace"))
    assert enter_code(waiting).status_code == 409
    assert count(User) == 1


@pytest.mark.parametrize("lost", ["expired", "taken", "sealed with another key"])
def test_without_the_account_elsewhere_nobody_is_made(waiting, lost):
    if lost == "expired":
        expire(Verification)
    with transaction() as database:
        if lost == "taken":
            database.query(Verification).delete()
        if lost == "sealed with another key":
            database.execute(update(Verification).values(value="nonsense"))
    assert enter_code(waiting).status_code == 410
    assert (count(User), count(PendingSignUp)) == (0, 1)


def test_an_account_that_waits_no_longer_gets_no_code(visitor):
    visit(visitor)
    expire(Verification)
    assert join(visitor).status_code == 410
    assert (letters(), count(PendingSignUp)) == ([], 0)
