"""The second step of signing in."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from pythoughts.auth.models import Account, RecoveryCode, User, Verification
from pythoughts.auth.queries import find_second_step, find_session
from pythoughts.auth.use_cases import (
    HalfSignedIn,
    ban_user,
    finish_second_step,
    reset_account,
    sign_in,
    turn_off_two_factor,
)
from pythoughts.auth.use_cases.account_reset import Reset
from pythoughts.auth.use_cases.factors import new_codes
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.errors import Gone, Invalid, NotAllowed, TooFast
from tests.auth.rows import acts, add_two_factor, app_code, count, expire, fresh, letters, proof_of, sessions_of
from tests.factories import PASSWORD, make_user
from tests.races import meanwhile, together


@pytest.fixture
def ada(app):
    return make_user("ada")


@pytest.fixture
def secret(ada):
    return add_two_factor(ada)


@pytest.fixture
def half(secret):
    """The token of a first step."""
    return begin()


def begin():
    return sign_in(identifier="ada", password=PASSWORD, remember=True).token


def finish(token, code, *, remember=True):
    return finish_second_step(token=token, code=code, remember=remember)


def recovery_code(user):
    with transaction() as database:
        return new_codes(database, user)[0]


def test_the_password_alone_opens_no_session(ada, secret):
    assert isinstance(sign_in(identifier="ada", password=PASSWORD, remember=True), HalfSignedIn)
    assert sessions_of(ada) == 0


def test_password_and_code_do(ada, secret, half):
    opened = finish(half, app_code(secret), remember=False)
    assert find_session(opened.token).user_id == ada.id
    assert not opened.remember
    assert opened.expires_at - now() < timedelta(days=2)


def test_the_token_of_the_first_step_is_no_session(half):
    assert find_session(half) is None
    assert half not in db.session.query(Verification).one().identifier


def test_it_works_once(half, secret):
    finish(half, app_code(secret))
    with pytest.raises(Gone):
        finish(half, app_code(secret, 1))


def test_a_code_works_once_over_several_first_steps(ada, secret):
    first, second = begin(), begin()
    finish(first, app_code(secret))
    with pytest.raises(Invalid):
        finish(second, app_code(secret))
    assert sessions_of(ada) == 1


def test_a_wrong_code_leaves_the_step_open(half, secret):
    with pytest.raises(Invalid):
        finish(half, "aaaaa-aaaaa")
    finish(half, app_code(secret))


def test_five_tries_and_no_more(half, secret):
    for _n in range(5):
        with pytest.raises(Invalid):
            finish(half, "aaaaa-aaaaa")
    with pytest.raises(Gone):
        finish(half, app_code(secret))


def test_a_new_first_step_does_not_give_more_than_ten_tries_an_hour(ada, secret):
    for _round in range(2):
        half = begin()
        for _n in range(5):
            with pytest.raises(Invalid):
                finish(half, "aaaaa-aaaaa")
    with pytest.raises(TooFast):
        finish(begin(), app_code(secret))


def test_forty_guesses_at_once_are_five_guesses(app, half):
    def guess(_number):
        try:
            finish(half, "aaaaa-aaaaa")
        except (Invalid, Gone) as error:
            return type(error)

    results = together(app, 40, guess)
    assert (results.count(Invalid), results.count(Gone)) == (5, 35)


def test_the_right_code_sent_many_times_at_once_opens_one_session(app, ada, secret, half):
    code = app_code(secret)

    def act(_number):
        try:
            return finish(half, code)
        except (Invalid, Gone):
            return None

    assert len([opened for opened in together(app, 5, act) if opened]) == 1
    assert sessions_of(ada) == 1


def test_after_ten_minutes_it_is_over(ada, half, secret):
    lasts = proof_of(ada, "second-step").expires_at - now()
    assert timedelta(minutes=9) < lasts <= timedelta(minutes=10)
    expire(Verification)
    assert find_second_step(half) is None
    with pytest.raises(Gone):
        finish(half, app_code(secret))


def test_a_changed_password_ends_it(ada, half, secret):
    with transaction() as database:
        database.execute(update(Account).values(password="another hash"))
    with pytest.raises(Gone):
        finish(half, app_code(secret))
    assert sessions_of(ada) == 0


def test_a_password_change_under_way_ends_it(app, ada, half, secret):
    code = app_code(secret)
    db.session.execute(update(User).where(User.id == ada.id).values(name="held"))
    db.session.execute(update(Account).values(password="another hash"))
    racing = meanwhile(app, finish, half, code)
    db.session.commit()
    with pytest.raises(Gone):
        racing.result(timeout=10)
    assert sessions_of(ada) == 0


def test_a_reset_by_staff_ends_it(ada, half, secret):
    reset_account(actor=None, user=ada, reset=Reset("Stolen"))
    with pytest.raises(Gone):
        finish(half, app_code(secret))


def test_a_ban_ends_it(ada, half, secret):
    ban_user(actor=None, user=ada, reason="Spam")
    with pytest.raises(Gone):
        finish(half, app_code(secret))


def test_somebody_banned_meanwhile_hears_why(ada, half, secret):
    with transaction() as database:
        database.execute(update(User).values(banned=True, ban_reason="Spam"))
    with pytest.raises(NotAllowed, match="Spam"):
        finish(half, app_code(secret))


def test_turned_off_meanwhile_it_is_over(ada, half, secret):
    turn_off_two_factor(actor=fresh(ada), code=app_code(secret))
    with pytest.raises(Gone):
        finish(half, app_code(secret, 1))


def test_the_link_to_a_new_password_is_no_first_step(ada, secret):
    with pytest.raises(Gone):
        finish("x" * 43, app_code(secret))


def test_a_recovery_code_replaces_the_app_once_and_is_told(ada, secret):
    code = recovery_code(ada)
    finish(begin(), f" {code.upper()} ".strip())
    assert sessions_of(ada) == 1
    assert acts() == [("user.use_recovery_code", None)]
    assert letters() == ["auth/recovery_code_used", "auth/new_device"]
    with pytest.raises(Invalid):
        finish(begin(), code)
    assert count(RecoveryCode, RecoveryCode.used_at.is_(None)) == 9


def test_a_code_of_somebody_else_is_wrong(ada, half):
    grace = make_user("grace")
    other = add_two_factor(grace)
    with pytest.raises(Invalid):
        finish(half, app_code(other))
    with pytest.raises(Invalid):
        finish(half, recovery_code(grace))
