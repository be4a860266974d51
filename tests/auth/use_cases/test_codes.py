"""Proving an address by a mailed code."""

import pytest

from pythoughts import signals
from pythoughts.auth.models import User, Verification
from pythoughts.auth.use_cases import current_code, resend_code, seconds_until_resend, verify_email
from pythoughts.auth.use_cases.codes import send_code
from pythoughts.db import db, transaction
from pythoughts.errors import Conflict, Invalid, TooFast
from pythoughts.limits.models import RateLimit
from tests.auth.rows import acts, age, code_of, come_from, count, expire, fresh, letters, proof_of, wrong_codes
from tests.factories import make_user
from tests.races import together


@pytest.fixture
def ada(app):
    user = make_user("ada", verified=False)
    mail_code(user)
    return user


def mail_code(user: User) -> None:
    with transaction() as database:
        send_code(database, user)


def attempt(app, user: User, codes: list[str]) -> list[str]:
    """What each of the codes gives when all are tried at the same moment."""
    user_id = user.id
    db.session.rollback()

    def act(number: int) -> str:
        try:
            verify_email(actor=db.session.get(User, user_id), code=codes[number])
        except TooFast:
            return "too fast"
        except (Invalid, Conflict) as error:
            return "wrong" if "not right" in str(error) else "dead"
        return "right"

    return together(app, len(codes), act)


def refusal(user: User, code: str) -> str:
    with pytest.raises(Invalid) as caught:
        verify_email(actor=user, code=code)
    assert caught.value.field == "code"
    return str(caught.value)


def test_the_right_code_proves_the_address_once(ada):
    code = code_of(ada)
    verify_email(actor=ada, code=code)
    assert fresh(ada).email_verified
    assert count(Verification) == 0
    assert acts() == [("user.verify_email", None)]
    with pytest.raises(Conflict):
        verify_email(actor=ada, code=code)


def test_others_hear_of_a_proven_address(ada):
    heard = []
    with signals.email_verified.connected_to(lambda user: heard.append(user.username)):
        verify_email(actor=ada, code=code_of(ada))
    assert heard == ["ada"]


def test_wrong_codes_tell_how_many_tries_are_left(ada):
    sentences = [refusal(ada, code) for code in wrong_codes(ada, 6)]
    assert sentences == [
        "That code is not right. 4 tries left.",
        "That code is not right. 3 tries left.",
        "That code is not right. 2 tries left.",
        "That code is not right. 1 try left.",
        "That code is not right, and this was its last try. Ask for a new one.",
        "This code works no longer. Ask for a new one.",
    ]


def test_the_right_code_comes_too_late_after_five_wrong_ones(ada):
    right = code_of(ada)
    for code in wrong_codes(ada, 5):
        refusal(ada, code)
    assert "works no longer" in refusal(ada, right)
    assert not fresh(ada).email_verified


def test_40_wrong_codes_at_once_are_five_tries(app, ada):
    results = attempt(app, ada, wrong_codes(ada, 40))
    assert results.count("wrong") == 5
    assert "right" not in results
    assert proof_of(ada, "verify-email").attempts == 5


def test_a_wrong_code_is_counted_although_it_is_refused(ada):
    refusal(ada, wrong_codes(ada, 1)[0])
    assert proof_of(ada, "verify-email").attempts == 1


def test_20_right_codes_at_once_prove_the_address_once(app, ada):
    results = attempt(app, ada, [code_of(ada)] * 20)
    assert results.count("right") == 1
    assert acts() == [("user.verify_email", None)]


def test_a_code_expires_after_ten_minutes(ada):
    right = code_of(ada)
    expire(Verification)
    assert "works no longer" in refusal(ada, right)


def test_a_code_belongs_to_one_person(ada):
    bob = make_user("bob", verified=False)
    mail_code(bob)
    code = code_of(ada)
    if code != code_of(bob):
        assert "not right" in refusal(bob, code)
    assert not fresh(bob).email_verified


def test_a_code_belongs_to_one_address(ada):
    code = code_of(ada)
    with transaction():
        fresh(ada).email = "moved@example.org"
    assert "not right" in refusal(fresh(ada), code)


def test_ten_wrong_codes_an_hour_whatever_the_code(ada):
    for _code in range(2):
        for code in wrong_codes(ada, 5):
            refusal(ada, code)
        mail_code(ada)
    with pytest.raises(TooFast):
        verify_email(actor=ada, code=code_of(ada))


def test_a_network_tries_30_wrong_codes_an_hour(app):
    come_from("203.0.113.7")
    people = [make_user(f"user{n}", verified=False, password=None) for n in range(7)]
    for user in people:
        mail_code(user)
    for user in people[:6]:
        for code in wrong_codes(user, 5):
            refusal(user, code)
    with pytest.raises(TooFast):
        verify_email(actor=people[6], code=code_of(people[6]))


def test_a_right_code_leaves_the_limits_as_they_were(ada):
    come_from("203.0.113.7")
    verify_email(actor=ada, code=code_of(ada))
    assert {row.count for row in db.session.query(RateLimit)} == {0}


def test_a_resend_sends_the_same_code(ada):
    code, ends = code_of(ada), proof_of(ada, "verify-email").expires_at
    resend_code(actor=ada)
    assert code_of(ada) == code
    assert proof_of(ada, "verify-email").expires_at == ends
    assert letters() == ["auth/verify_email"] * 2


@pytest.mark.parametrize("spent", ["expired", "tried"])
def test_a_resend_makes_a_new_code_when_the_old_one_is_spent(ada, spent):
    nonce = proof_of(ada, "verify-email").value
    if spent == "expired":
        expire(Verification)
    else:
        for code in wrong_codes(ada, 5):
            refusal(ada, code)
    resend_code(actor=ada)
    pending = proof_of(ada, "verify-email")
    assert (pending.value != nonce, pending.attempts) == (True, 0)
    verify_email(actor=ada, code=code_of(ada))


def test_a_resend_waits_a_minute(ada):
    assert seconds_until_resend(actor=ada) == 0
    resend_code(actor=ada)
    assert 55 < seconds_until_resend(actor=ada) <= 60
    with pytest.raises(TooFast) as caught:
        resend_code(actor=ada)
    assert 55 < caught.value.retry_after <= 60


def test_five_codes_an_hour_are_mailed(ada):
    for _n in range(5):
        resend_code(actor=ada)
        pause_ends()
    with pytest.raises(TooFast) as caught:
        resend_code(actor=ada)
    assert caught.value.retry_after > 3_000


def pause_ends() -> None:
    """Let the minute between two mails be over."""
    with transaction() as database:
        database.query(RateLimit).filter(RateLimit.key.like("code-mail/60:%")).delete()


def test_nobody_with_a_proven_address_gets_a_code(app):
    with pytest.raises(Conflict):
        resend_code(actor=make_user("bob"))
    assert letters() == []


def test_a_mail_that_is_late_carries_a_new_code(ada):
    old = proof_of(ada, "verify-email").value
    age(Verification, 1, "expires_at")
    code = current_code(user=ada)
    assert proof_of(ada, "verify-email").value != old
    verify_email(actor=ada, code=code)


def test_a_stolen_row_holds_no_code(ada):
    row = proof_of(ada, "verify-email")
    assert code_of(ada) not in (row.identifier, row.value, row.id)
