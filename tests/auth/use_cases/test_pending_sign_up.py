"""Signing up in the strict way: nobody exists until the code is right."""

import pytest
from sqlalchemy import select

from pythoughts.auth.models import PendingSignUp, Session, User
from pythoughts.auth.queries import find_pending_sign_up, find_session
from pythoughts.auth.tokens import sign_up_code
from pythoughts.auth.use_cases import (
    WaitingForCode,
    confirm_email_change,
    finish_sign_up,
    request_email_change,
    resend_sign_up_code,
    sign_up,
    tidy,
)
from pythoughts.db import db, transaction
from pythoughts.errors import Conflict, Gone, Invalid, TooFast
from pythoughts.limits.models import RateLimit
from pythoughts.mail.models import OutboxMail
from pythoughts.settings.use_cases import choose
from tests.auth.rows import acts, age, count, expire
from tests.auth.test_letters import mailed
from tests.factories import PASSWORD, make_user
from tests.races import together


@pytest.fixture(autouse=True)
def _strict(app):
    choose(actor=None, key="accounts.sign_up_mode", typed="strict")


def join(username="Grace", email="Grace@Example.org", password=PASSWORD) -> str:
    waiting = sign_up(username=username, email=email, password=password)
    assert isinstance(waiting, WaitingForCode)
    return waiting.token


def code_for(token, wrong=0):
    db.session.rollback()
    return f"{(int(sign_up_code(find_pending_sign_up(token))) + wrong) % 1_000_000:06}"


def finish(token, code=None):
    return finish_sign_up(token=token, code=code or code_for(token))


def forget_limits():
    with transaction() as database:
        database.query(RateLimit).delete()


def test_nobody_exists_before_the_code(app):
    token = join()
    assert (count(User), count(Session)) == (0, 0)
    row = db.session.execute(select(PendingSignUp.__table__)).mappings().one()
    assert not {token, PASSWORD, code_for(token)} & set(map(str, row.values()))


def test_the_right_code_makes_the_account_and_signs_it_in(app):
    user = find_session(finish(join()).token).user
    assert (user.username, user.display_username, user.email) == ("grace", "Grace", "grace@example.org")
    assert user.email_verified
    assert count(PendingSignUp) == 0
    assert [action for action, _reason in acts()][-1] == "user.sign_up"


def test_a_code_is_good_for_its_own_browser_only(app):
    first, second = join(), join("Ada", "ada@example.org")
    for token, code in ((first, code_for(second)), ("x", code_for(first)), ("x" * 100, code_for(first))):
        with pytest.raises((Invalid, Gone)):
            finish(token, code)


def test_a_taken_address_looks_like_a_free_one(app):
    make_user("ada", email="grace@example.org")
    taken = join()
    forget_limits()
    free = join("Lin", "lin@example.org")
    rows = db.session.execute(select(OutboxMail.template, OutboxMail.user_id).order_by(OutboxMail.id)).all()
    assert rows == [("auth/sign_up_code", None)] * 2
    for token in (taken, free):
        with pytest.raises(Invalid) as caught:
            finish(token, code_for(token, wrong=1))
        assert str(caught.value) == "That code is not right. 4 tries left."


def test_its_owner_hears_of_it_and_gets_no_code(app):
    make_user("ada", name="Ada", email="grace@example.org")
    token = join()
    message = mailed("sign_up_code")
    assert "Hello Ada," in message.body
    for text in (message.body, message.html):
        assert "You have an account already" in text
        assert "/forgot-password" in text
        assert code_for(token) not in text


def test_a_newcomer_gets_the_code(app):
    token = join()
    message = mailed("sign_up_code")
    assert "Hello Grace," in message.body
    assert code_for(token) in message.body
    assert code_for(token) in message.html
    finish(token)
    assert mailed("sign_up_code") is None


def test_a_late_mail_carries_a_code_that_works(app):
    token = join()
    expire(PendingSignUp)
    message = mailed("sign_up_code")
    assert code_for(token) in message.body
    finish(token)


def test_a_taken_name_is_no_secret(app):
    make_user("grace", email="other@example.org")
    with pytest.raises(Invalid) as caught:
        join()
    assert caught.value.field == "username"


@pytest.mark.parametrize(
    ("username", "email", "field"),
    [("grace", "faster@example.org", "username"), ("faster", "grace@example.org", "email")],
)
def test_what_was_taken_meanwhile_is_a_conflict(app, username, email, field):
    token = join()
    make_user(username, email=email)
    with pytest.raises(Conflict) as caught:
        finish(token)
    assert caught.value.field == field
    assert count(PendingSignUp) == 1


def test_five_wrong_codes_spend_it_and_another_can_be_mailed(app):
    token = join()
    for wrong in range(1, 6):
        with pytest.raises(Invalid):
            finish(token, code_for(token, wrong))
    with pytest.raises(Invalid, match="works no longer"):
        finish(token)
    forget_limits()
    resend_sign_up_code(token=token)
    finish(token)


def test_sending_again_keeps_the_code_and_waits_a_minute(app):
    token = join()
    code = code_for(token)
    with pytest.raises(TooFast):
        resend_sign_up_code(token=token)
    forget_limits()
    resend_sign_up_code(token=token)
    assert code_for(token) == code
    with pytest.raises(Gone):
        resend_sign_up_code(token="unknown")


def test_20_right_codes_at_once_make_one_account(app):
    token = join()
    code = code_for(token)

    def attempt(_number):
        try:
            finish_sign_up(token=token, code=code)
        except (Invalid, Gone, TooFast):
            return "refused"
        return "made"

    assert together(app, 20, attempt).count("made") == 1
    assert count(User) == 1


def test_40_wrong_codes_at_once_are_five_tries(app):
    token = join()
    codes = [code_for(token, wrong) for wrong in range(1, 41)]

    def attempt(number):
        try:
            finish_sign_up(token=token, code=codes[number])
        except (Invalid, TooFast) as error:
            return "compared" if "not right" in str(error) else "refused"

    assert together(app, 40, attempt).count("compared") == 5


def test_who_never_came_back_is_forgotten(app):
    join()
    age(PendingSignUp, 1.2, "expires_at")
    tidy()
    assert count(PendingSignUp) == 0


def test_moving_to_a_taken_address_tells_nothing_either(app):
    ada = make_user("ada")
    make_user("grace")
    request_email_change(actor=ada, email="grace@example.org")
    message = mailed("change_email")
    assert "You have an account already" in message.body
    with pytest.raises(Invalid, match="4 tries left"):
        confirm_email_change(actor=ada, session_id=None, code="000000")
