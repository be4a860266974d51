"""Moving to another address, and taking that back."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from pythoughts.auth.models import AuthEvent, PendingEmailChange, User, Verification
from pythoughts.auth.queries import find_email_change, find_session, find_undo
from pythoughts.auth.tokens import change_code, undo_token
from pythoughts.auth.use_cases import (
    Reset,
    confirm_email_change,
    request_email_change,
    reset_account,
    reset_password,
    send_reset_link,
    sign_in,
    tidy,
    undo_email_change,
)
from pythoughts.auth.use_cases.codes import send_code
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.errors import Conflict, Gone, Invalid, TooFast
from pythoughts.limits.models import RateLimit
from tests.auth.rows import acts, age, count, fresh, letters, link_of, sessions_of
from tests.factories import PASSWORD, make_user
from tests.races import together

NEW = "ada@lovelace.example"


@pytest.fixture
def ada(app):
    return make_user("ada")


def enter():
    return find_session(sign_in(identifier="ada", password=PASSWORD, remember=True).token).id


def waiting() -> PendingEmailChange:
    db.session.rollback()
    newest = select(PendingEmailChange).order_by(PendingEmailChange.id.desc()).limit(1)
    return db.session.scalars(newest.execution_options(populate_existing=True)).one()


def wrong(number=0):
    return f"{(int(change_code(waiting())) + 1 + number) % 1_000_000:06}"


def forget_limits():
    with transaction() as database:
        database.query(RateLimit).delete()


def move(user, address=NEW, session_id=None):
    forget_limits()
    request_email_change(actor=fresh(user), email=address)
    confirm_email_change(actor=fresh(user), session_id=session_id, code=change_code(waiting()))


def token():
    return undo_token(waiting())


def refused(call, **kwargs):
    with pytest.raises(Invalid) as caught:
        call(**kwargs)
    return str(caught.value)


def test_asking_changes_nothing_but_mails_a_code(ada):
    request_email_change(actor=ada, email=" ADA@Lovelace.example ")
    assert fresh(ada).email == "ada@example.org"
    assert waiting().new_email == NEW
    assert letters() == ["auth/change_email"]
    assert acts() == []


def test_the_right_code_moves_the_account_and_leaves_this_device_alone(ada):
    here, _elsewhere = enter(), enter()
    with transaction() as database:
        send_code(database, ada)
    send_reset_link(user_id=ada.id)
    move(ada, session_id=here)
    user = fresh(ada)
    assert (user.email, user.email_verified) == (NEW, True)
    assert sessions_of(ada) == 1
    assert count(Verification) == 0
    assert letters()[-2:] == ["auth/change_email", "auth/email_changed"]
    assert acts() == [("user.change_email", None)]
    assert count(AuthEvent, AuthEvent.kind == "email-changed") == 1


def test_the_row_holds_neither_code_nor_link(ada):
    move(ada)
    row = db.session.execute(select(PendingEmailChange.__table__)).mappings().one()
    secret = token().partition(".")[2]
    assert len(secret) == 43
    assert secret not in "".join(map(str, row.values()))


@pytest.mark.parametrize("address", ["not an address", "ada@example.org", "Grace@example.org"])
def test_some_addresses_are_refused_at_once(ada, address):
    make_user("grace")
    refused(request_email_change, actor=ada, email=address)
    assert (count(PendingEmailChange), letters()) == (0, [])


def test_the_same_address_again_gets_the_same_code_and_another_one_another(ada):
    request_email_change(actor=ada, email=NEW)
    first = change_code(waiting())
    forget_limits()
    request_email_change(actor=ada, email=NEW)
    assert change_code(waiting()) == first
    request_email_change(actor=ada, email="countess@lovelace.example")
    assert count(PendingEmailChange) == 1
    assert "no longer" not in refused(confirm_email_change, actor=ada, session_id=None, code=wrong())


def test_an_address_is_mailed_once_a_minute_and_an_account_five_times_an_hour(ada):
    request_email_change(actor=ada, email=NEW)
    with pytest.raises(TooFast):
        request_email_change(actor=ada, email=NEW)
    for number in range(3):
        request_email_change(actor=ada, email=f"ada{number}@lovelace.example")
    with pytest.raises(TooFast):
        request_email_change(actor=ada, email="another@lovelace.example")


def test_five_wrong_codes_spend_it(ada):
    request_email_change(actor=ada, email=NEW)
    for number in range(5):
        refused(confirm_email_change, actor=ada, session_id=None, code=wrong(number))
    right = change_code(waiting())
    assert "works no longer" in refused(confirm_email_change, actor=ada, session_id=None, code=right)
    assert fresh(ada).email == "ada@example.org"


def test_an_old_code_works_no_longer(ada):
    request_email_change(actor=ada, email=NEW)
    age(PendingEmailChange, 0.2, "expires_at")
    refused(confirm_email_change, actor=ada, session_id=None, code=change_code(waiting()))
    assert find_email_change(ada.id) is None


def test_somebody_elses_code_moves_nothing(ada):
    grace = make_user("grace")
    request_email_change(actor=ada, email=NEW)
    refused(confirm_email_change, actor=grace, session_id=None, code=change_code(waiting()))


def test_40_wrong_codes_at_once_are_five_tries(app, ada):
    request_email_change(actor=ada, email=NEW)
    codes = [wrong(number) for number in range(40)]

    def attempt(number):
        try:
            confirm_email_change(actor=db.session.get(User, ada.id), session_id=None, code=codes[number])
        except (Invalid, TooFast) as error:
            return "compared" if "not right" in str(error) else "refused"

    assert together(app, 40, attempt).count("compared") == 5


def test_of_two_who_want_one_address_the_slower_gets_an_error(ada):
    grace = make_user("grace")
    request_email_change(actor=ada, email=NEW)
    code = change_code(waiting())
    forget_limits()
    move(grace)
    assert "Somebody has" in refused(confirm_email_change, actor=ada, session_id=None, code=code)
    assert fresh(ada).email == "ada@example.org"


def test_right_codes_of_two_people_at_once_move_one(app, ada):
    people = [ada, make_user("grace")]
    codes = []
    for person in people:
        forget_limits()
        request_email_change(actor=person, email=NEW)
        codes.append(change_code(waiting()))

    def attempt(number):
        try:
            confirm_email_change(actor=db.session.get(User, people[number].id), session_id=None, code=codes[number])
        except Invalid:
            return "refused"
        return "moved"

    assert sorted(together(app, 2, attempt)) == ["moved", "refused"]


def test_a_reset_withdraws_the_code(ada):
    request_email_change(actor=ada, email=NEW)
    code = change_code(waiting())
    send_reset_link(user_id=ada.id)
    reset_password(token=link_of(ada), password="another quiet evening walk")
    refused(confirm_email_change, actor=ada, session_id=None, code=code)


def test_the_old_address_takes_it_back(ada):
    move(ada)
    enter()
    link = token()
    assert undo_email_change(token=link) == "ada@example.org"
    user = fresh(ada)
    assert (user.email, user.email_verified) == ("ada@example.org", True)
    assert sessions_of(ada) == 0
    assert acts()[-1] == ("user.undo_email_change", None)
    assert find_session(sign_in(identifier="ada", password=PASSWORD, remember=True).token)
    with pytest.raises(Gone):
        undo_email_change(token=link)


def test_a_password_reset_by_the_new_address_does_not_keep_the_old_one_out(ada):
    move(ada)
    link = token()
    send_reset_link(user_id=ada.id)
    reset_password(token=link_of(ada), password="another quiet evening walk")
    undo_email_change(token=link)
    assert fresh(ada).email == "ada@example.org"


def test_the_link_ends_after_three_days(ada):
    move(ada)
    link = token()
    assert timedelta(hours=71) < waiting().undo_until - now() <= timedelta(hours=72)
    age(PendingEmailChange, 72, "undo_until")
    with pytest.raises(Gone):
        undo_email_change(token=link)
    tidy()
    assert count(PendingEmailChange) == 0


@pytest.mark.parametrize("forged", ["", ".", "x", "x.y", "\ud800", "x" * 5_000, "' or 1=1"])
def test_a_forged_link_takes_nothing_back(ada, forged):
    move(ada)
    assert find_undo(forged) is None
    assert find_undo(f"{waiting().id}.{forged}") is None


def test_taking_back_the_first_of_two_changes_ends_the_second_link(ada):
    move(ada)
    first = token()
    move(ada, "thief@example.net")
    second = token()
    undo_email_change(token=first)
    assert fresh(ada).email == "ada@example.org"
    assert find_undo(second) is None


def test_staff_ends_every_link(ada):
    move(ada)
    reset_account(actor=None, user=fresh(ada), reset=Reset(reason="Stolen"))
    assert count(PendingEmailChange) == 0


def test_an_address_taken_meanwhile_is_not_taken_back(ada):
    move(ada)
    link = token()
    make_user("grace", email="ada@example.org")
    with pytest.raises(Conflict):
        undo_email_change(token=link)
    assert fresh(ada).email == NEW
    assert find_undo(link)


def test_an_address_that_was_never_proven_is_told_nothing(app):
    eve = make_user("eve", verified=False)
    move(eve)
    assert fresh(eve).email_verified
    assert letters() == ["auth/change_email"]
    assert count(PendingEmailChange) == 0


def test_what_nobody_finished_is_swept_away(ada):
    request_email_change(actor=ada, email=NEW)
    with transaction() as database:
        database.execute(update(PendingEmailChange).values(expires_at=now() - timedelta(days=3)))
    tidy()
    assert count(PendingEmailChange) == 0
