"""Turning the second factor on and off."""

import pytest
from sqlalchemy import select

from pythoughts.auth.models import RecoveryCode, TwoFactor
from pythoughts.auth.queries import find_recovery_codes, get_user, recovery_codes_left
from pythoughts.auth.sealing import unseal
from pythoughts.auth.use_cases import (
    Reset,
    renew_recovery_codes,
    reset_account,
    reset_password,
    send_reset_link,
    turn_off_two_factor,
    turn_on_two_factor,
)
from pythoughts.db import db, transaction
from pythoughts.errors import Conflict, Invalid, TooFast
from pythoughts.services.authenticator import new_secret
from tests.auth.rows import acts, add_two_factor, app_code, come_from, count, fresh, letters, link_of
from tests.factories import make_user
from tests.races import together

NEW = "another quiet evening walk"


@pytest.fixture
def ada(app):
    return make_user("ada")


@pytest.fixture
def secret(ada):
    """Of Ada's app, which is on."""
    return add_two_factor(ada)


def turn_on(user, secret=None, code=None):
    secret = secret or new_secret()
    return turn_on_two_factor(actor=user, secret=secret, code=code or app_code(secret))


def test_a_code_of_the_app_turns_it_on(ada):
    codes = turn_on(ada)
    assert fresh(ada).two_factor_enabled
    assert len(set(codes)) == 10
    assert recovery_codes_left(ada.id) == 10
    assert acts() == [("user.two_factor_on", None)]
    assert letters() == ["auth/two_factor_on"]


def test_a_code_of_another_app_does_not(ada):
    with pytest.raises(Invalid) as caught:
        turn_on(ada, code=app_code(new_secret()))
    assert caught.value.field == "code"
    assert not fresh(ada).two_factor_enabled
    assert count(TwoFactor) == 0


def test_the_code_that_turned_it_on_is_used_up(ada):
    secret = new_secret()
    turn_on(ada, secret=secret)
    with pytest.raises(Invalid):
        turn_off_two_factor(actor=fresh(ada), code=app_code(secret, -1))
    turn_off_two_factor(actor=fresh(ada), code=app_code(secret, 1))


def test_a_second_app_is_refused(ada, secret):
    with pytest.raises(Conflict):
        turn_on(fresh(ada))


def test_of_two_who_turn_it_on_at_once_one_does(app, ada):
    key = ada.id

    def act(_number):
        try:
            return turn_on(get_user(key))
        except Conflict:
            return None

    assert len([codes for codes in together(app, 4, act) if codes]) == 1
    assert (count(TwoFactor), count(RecoveryCode)) == (1, 10)


def test_a_dump_holds_neither_secret_nor_code(ada):
    secret = new_secret()
    codes = turn_on(ada, secret=secret)
    row = db.session.scalars(select(TwoFactor)).one()
    hashes = db.session.scalars(select(RecoveryCode.code_hash)).all()
    assert secret not in row.secret
    assert unseal(row.secret) == secret
    assert not any(code.replace("-", "") in "".join(hashes) for code in codes)


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_it_is_turned_off_by_a_code_of_either_kind(ada, kind):
    secret = new_secret()
    codes = turn_on(ada, secret=secret)
    turn_off_two_factor(actor=fresh(ada), code=app_code(secret, 1) if kind == "app" else codes[3].upper())
    assert not fresh(ada).two_factor_enabled
    assert (count(TwoFactor), count(RecoveryCode)) == (0, 0)
    assert acts()[-1] == ("user.two_factor_off", None)
    assert letters()[-1] == "auth/two_factor_off"


@pytest.mark.parametrize("code", ["", "000000x", "aaaaa-aaaaa", "\ud800" * 10, "12345\x00"])
def test_what_is_no_code_turns_nothing_off(ada, secret, code):
    with pytest.raises(Invalid):
        turn_off_two_factor(actor=fresh(ada), code=code)
    assert fresh(ada).two_factor_enabled


def test_there_is_nothing_to_turn_off_twice(ada):
    with pytest.raises(Conflict):
        turn_off_two_factor(actor=ada, code="123456")
    with pytest.raises(Conflict):
        renew_recovery_codes(actor=ada, code="123456")


def test_new_recovery_codes_replace_the_old_ones(ada):
    secret = new_secret()
    old = turn_on(ada, secret=secret)
    new = renew_recovery_codes(actor=fresh(ada), code=app_code(secret, 1))
    assert find_recovery_codes(ada.id, old) == []
    assert find_recovery_codes(ada.id, new) == new
    assert letters()[-1] == "auth/recovery_codes_renewed"


def test_a_recovery_code_works_once(ada):
    first = turn_on(ada)[0]
    codes = renew_recovery_codes(actor=fresh(ada), code=first)
    renewed = renew_recovery_codes(actor=fresh(ada), code=codes[0])
    with pytest.raises(Invalid):
        renew_recovery_codes(actor=fresh(ada), code=codes[0])
    assert find_recovery_codes(make_user("grace").id, renewed) == []


def test_of_many_who_send_the_same_code_at_once_one_is_in_time(app, ada, secret):
    key, code = ada.id, app_code(secret)

    def act(_number):
        try:
            return renew_recovery_codes(actor=get_user(key), code=code)
        except Invalid:
            return None

    assert len([codes for codes in together(app, 8, act) if codes]) == 1


def test_an_earlier_code_is_refused_after_a_later_one(ada, secret):
    renew_recovery_codes(actor=fresh(ada), code=app_code(secret, 1))
    with pytest.raises(Invalid):
        renew_recovery_codes(actor=fresh(ada), code=app_code(secret))


def test_ten_wrong_codes_an_hour_and_no_more(ada, secret):
    for _n in range(10):
        with pytest.raises(Invalid):
            turn_off_two_factor(actor=fresh(ada), code="aaaaa-aaaaa")
    with pytest.raises(TooFast):
        turn_off_two_factor(actor=fresh(ada), code=app_code(secret))


def test_right_codes_do_not_use_up_the_limit(ada, secret):
    come_from("203.0.113.7")
    codes = renew_recovery_codes(actor=fresh(ada), code=app_code(secret))
    for _n in range(12):
        codes = renew_recovery_codes(actor=fresh(ada), code=codes[0])


def test_a_reset_by_staff_leaves_it_unless_they_say_so(ada, secret):
    reset_account(actor=None, user=ada, reset=Reset("Asked"))
    assert fresh(ada).two_factor_enabled
    reset_account(actor=None, user=ada, reset=Reset("Lost phone", remove_two_factor=True))
    assert not fresh(ada).two_factor_enabled
    assert (count(TwoFactor), count(RecoveryCode)) == (0, 0)


def test_a_mailed_link_leaves_it_where_the_address_was_proven(ada, secret):
    send_reset_link(user_id=ada.id)
    reset_password(token=link_of(ada), password=NEW)
    assert fresh(ada).two_factor_enabled


def test_proving_an_address_ends_what_somebody_else_may_have_set_up_before(app):
    bob = make_user("bob", verified=False)
    add_two_factor(bob)
    send_reset_link(user_id=bob.id)
    reset_password(token=link_of(bob), password=NEW)
    assert not fresh(bob).two_factor_enabled
    assert count(TwoFactor) == 0


def test_a_secret_that_the_site_can_not_read_any_more_accepts_nothing(ada, secret):
    with transaction() as database:
        database.scalars(select(TwoFactor)).one().secret = "sealed with a key that is gone"
    with pytest.raises(Invalid):
        turn_off_two_factor(actor=fresh(ada), code=app_code(secret))
