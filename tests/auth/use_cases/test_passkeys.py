"""Passkeys."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from pythoughts.auth.models import Passkey, Session, User, Verification
from pythoughts.auth.queries import find_session, get_user, list_passkeys
from pythoughts.auth.use_cases import (
    Reset,
    add_passkey,
    ask_for_new_passkey,
    ask_for_own_passkey,
    ask_for_passkey,
    confirm_with_passkey,
    remove_passkey,
    reset_account,
    reset_password,
    send_reset_link,
    sign_in_with_passkey,
)
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.errors import Conflict, Invalid, NotAllowed, NotFound, TooFast
from tests.auth.rows import (
    acts,
    add_two_factor,
    age,
    come_from,
    count,
    expire,
    letters,
    link_of,
    new_session,
    sessions_of,
)
from tests.auth.soft_passkey import PRESENT, SoftPasskey, unb64
from tests.factories import make_user
from tests.races import together


@pytest.fixture
def ada(app):
    return make_user("ada")


def add(user, passkey=None, name="Phone", **changed):
    passkey = passkey or SoftPasskey(**changed)
    asked = ask_for_new_passkey(actor=user)
    add_passkey(actor=user, token=asked.token, answer=passkey.create(asked.options), name=name)
    return passkey


def enter(passkey):
    asked = ask_for_passkey()
    return sign_in_with_passkey(token=asked.token, answer=passkey.get(asked.options))


@pytest.fixture
def phone(ada):
    return add(ada)


def row():
    db.session.rollback()
    return db.session.scalars(select(Passkey).execution_options(populate_existing=True)).one()


def test_a_passkey_signs_in_alone(ada, phone):
    assert find_session(enter(phone).token).user_id == ada.id
    assert row().last_used_at > now() - timedelta(minutes=1)


def test_it_counts_as_two_factors(ada, phone):
    add_two_factor(ada)
    enter(phone)
    assert sessions_of(ada) == 1


def test_adding_it_is_told_and_audited(ada, phone):
    assert acts() == [("user.add_passkey", None)]
    assert letters() == ["auth/passkey_added"]
    assert row().name == "Phone"


def test_the_browser_is_asked_for_a_finger_and_no_name(ada):
    made, used = json.loads(ask_for_new_passkey(actor=ada).options), json.loads(ask_for_passkey().options)
    assert made["rp"] == {"id": "localhost", "name": "Pythoughts"}
    assert unb64(made["user"]["id"]).decode() == ada.id
    assert made["authenticatorSelection"]["residentKey"] == "required"
    assert made["authenticatorSelection"]["userVerification"] == used["userVerification"] == "required"
    assert used["allowCredentials"] == []


def test_a_key_that_is_known_is_not_made_again(ada, phone):
    asked = json.loads(ask_for_new_passkey(actor=ada).options)
    assert [unb64(each["id"]) for each in asked["excludeCredentials"]] == [phone.credential_id]


def test_nobody_else_can_claim_a_known_passkey(ada, phone):
    with pytest.raises(Conflict):
        add(make_user("grace"), phone)
    assert row().user_id == ada.id


WRONG = [
    {"origin": "https://evil.example"},
    {"origin": "http://localhost:8000"},
    {"host": "evil.example"},
    {"flags": PRESENT},
    {"flags": 0},
]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_was_made_elsewhere_or_without_a_person_is_refused(ada, wrong):
    with pytest.raises(Invalid):
        add(ada, **wrong)
    assert count(Passkey) == 0


@pytest.mark.parametrize("wrong", WRONG)
def test_what_was_signed_elsewhere_or_without_a_person_is_refused(ada, phone, wrong):
    for name, value in wrong.items():
        setattr(phone, name, value)
    with pytest.raises(Invalid):
        enter(phone)
    assert sessions_of(ada) == 0


def test_another_key_under_the_same_name_is_refused(ada, phone):
    with pytest.raises(Invalid):
        enter(SoftPasskey(credential_id=phone.credential_id, owner=phone.owner, count=10))


def test_an_unknown_passkey_is_refused(ada):
    with pytest.raises(Invalid):
        enter(SoftPasskey())


def test_somebody_elses_name_on_it_is_refused(ada, phone):
    phone.owner = SoftPasskey().owner = "Z3JhY2U"
    with pytest.raises(Invalid):
        enter(phone)


def test_an_answer_works_once(ada, phone):
    asked = ask_for_passkey()
    answer = phone.get(asked.options)
    sign_in_with_passkey(token=asked.token, answer=answer)
    with pytest.raises(Invalid):
        sign_in_with_passkey(token=asked.token, answer=answer)
    assert sessions_of(ada) == 1


def test_of_many_who_send_one_answer_at_once_one_gets_in(app, ada, phone):
    asked = ask_for_passkey()
    answer = phone.get(asked.options)

    def act(_number):
        try:
            return sign_in_with_passkey(token=asked.token, answer=answer)
        except Invalid:
            return None

    assert len([opened for opened in together(app, 6, act) if opened]) == 1


def test_a_wrong_answer_uses_the_question_up(phone):
    asked = ask_for_passkey()
    with pytest.raises(Invalid):
        sign_in_with_passkey(token=asked.token, answer="{}")
    with pytest.raises(Invalid):
        sign_in_with_passkey(token=asked.token, answer=phone.get(asked.options))


def test_an_answer_fits_its_own_question_only(ada, phone):
    first, second = ask_for_passkey(), ask_for_passkey()
    with pytest.raises(Invalid):
        sign_in_with_passkey(token=first.token, answer=phone.get(second.options))


def test_a_question_ends_after_five_minutes(phone):
    asked = ask_for_passkey()
    expire(Verification)
    with pytest.raises(Invalid):
        sign_in_with_passkey(token=asked.token, answer=phone.get(asked.options))


def test_a_question_for_one_act_or_person_is_none_for_another(ada, phone):
    adding, signing = ask_for_new_passkey(actor=ada), ask_for_passkey()
    grace = make_user("grace")
    for actor, asked in ((grace, adding), (ada, signing)):
        with pytest.raises(Invalid):
            add_passkey(actor=actor, token=asked.token, answer=SoftPasskey().create(adding.options), name="x")
    with pytest.raises(Invalid):
        sign_in_with_passkey(token=adding.token, answer=phone.get(adding.options))


def test_a_copy_that_counts_behind_is_refused(ada, phone):
    enter(phone)
    phone.count -= 1
    with pytest.raises(Invalid):
        enter(phone)


def test_of_two_copies_at_once_one_gets_in(app, ada, phone):
    asked = [ask_for_passkey() for _n in range(4)]
    answers = []
    for each in asked:
        phone.count = 6
        answers.append(phone.get(each.options))

    def act(number):
        try:
            return sign_in_with_passkey(token=asked[number].token, answer=answers[number])
        except Invalid:
            return None

    assert len([opened for opened in together(app, 4, act) if opened]) == 1


def test_a_passkey_that_does_not_count_works_again_and_again(ada):
    synced = add(ada, counts=False)
    for _n in range(3):
        enter(synced)


def test_somebody_banned_hears_why(ada, phone):
    with transaction() as database:
        database.execute(update(User).values(banned=True, ban_reason="Spam"))
    with pytest.raises(NotAllowed, match="Spam"):
        enter(phone)


def test_somebody_who_is_gone_does_not_come_back(ada, phone):
    with transaction() as database:
        database.execute(update(User).values(deleted_at=now()))
    with pytest.raises(Invalid):
        enter(phone)


def test_removed_it_opens_nothing(ada, phone):
    remove_passkey(actor=ada, passkey_id=row().id)
    with pytest.raises(Invalid):
        enter(phone)
    assert acts()[-1] == ("user.remove_passkey", None)
    assert letters()[-1] == "auth/passkey_removed"


def test_nobody_removes_the_passkey_of_somebody_else(ada, phone):
    with pytest.raises(NotFound):
        remove_passkey(actor=make_user("grace"), passkey_id=row().id)
    enter(phone)


def test_a_reset_by_staff_ends_passkeys(ada, phone):
    reset_account(actor=None, user=ada, reset=Reset("Stolen"))
    with pytest.raises(Invalid):
        enter(phone)


@pytest.mark.parametrize("verified", [True, False])
def test_proving_an_address_ends_those_from_before_the_proof(app, verified):
    bob = make_user("bob", verified=verified)
    phone = add(bob)
    send_reset_link(user_id=bob.id)
    reset_password(token=link_of(bob), password="another quiet evening walk")
    assert len(list_passkeys(bob.id)) == verified
    if verified:
        enter(phone)


@pytest.mark.parametrize("name", ["", "   ", "x" * 51, "a\x00b", "\ud800"])
def test_a_name_is_needed(ada, name):
    with pytest.raises(Invalid) as caught:
        add(ada, name=name)
    assert caught.value.field == "name"


def test_twenty_and_no_more(ada):
    for _n in range(20):
        add(ada)
    with pytest.raises(Conflict):
        add(ada)


def test_two_that_are_added_at_once_do_not_get_past_twenty(app, ada):
    for _n in range(19):
        add(ada)
    key, passkeys = ada.id, [SoftPasskey() for _n in range(3)]
    asked = [ask_for_new_passkey(actor=ada) for _each in passkeys]
    answers = [passkey.create(each.options) for passkey, each in zip(passkeys, asked, strict=True)]

    def act(number):
        try:
            add_passkey(actor=get_user(key), token=asked[number].token, answer=answers[number], name="x")
        except Conflict:
            return "refused"

    assert together(app, 3, act).count("refused") == 2
    assert count(Passkey) == 20


def test_failures_of_a_network_are_limited_and_successes_are_not(ada, phone):
    come_from("203.0.113.7")
    for _n in range(12):
        enter(phone)
    for _n in range(10):
        with pytest.raises(Invalid):
            enter(SoftPasskey())
    with pytest.raises(TooFast):
        enter(phone)


def test_questions_of_a_network_are_limited(app):
    come_from("203.0.113.7")
    for _n in range(60):
        ask_for_passkey()
    with pytest.raises(TooFast):
        ask_for_passkey()


def late_session(user):
    """The id of a session that was signed in an hour ago."""
    session_id, _token = new_session(user)
    age(Session, 1, "auth_at")
    return session_id


def confirm(user, session_id, passkey, asked=None):
    asked = asked or ask_for_own_passkey(actor=user)
    confirm_with_passkey(actor=user, session_id=session_id, token=asked.token, answer=passkey.get(asked.options))


def proven_ago(session_id):
    db.session.rollback()
    return now() - db.session.scalar(select(Session.auth_at).where(Session.id == session_id))


def test_a_passkey_proves_that_it_is_still_they_in_this_session_only(ada, phone):
    here, elsewhere = late_session(ada), late_session(ada)
    confirm(ada, here, phone)
    assert proven_ago(here) < timedelta(minutes=1)
    assert proven_ago(elsewhere) > timedelta(minutes=59)
    assert row().sign_count == 1


def test_only_ones_own_passkeys_are_asked_for(ada, phone):
    add(make_user("eve"))
    asked = json.loads(ask_for_own_passkey(actor=ada).options)
    assert [unb64(each["id"]) for each in asked["allowCredentials"]] == [phone.credential_id]
    with pytest.raises(NotFound):
        ask_for_own_passkey(actor=make_user("bob"))


def test_somebody_elses_passkey_proves_nothing(ada, phone):
    here, others = late_session(ada), add(make_user("eve"))
    with pytest.raises(Invalid):
        confirm(ada, here, others)
    assert proven_ago(here) > timedelta(minutes=59)


def test_an_answer_to_another_question_proves_nothing(ada, phone):
    here, eve = late_session(ada), make_user("eve")
    add(eve)
    used = ask_for_own_passkey(actor=ada)
    confirm(ada, late_session(ada), phone, used)
    for asked in (used, ask_for_passkey(), ask_for_own_passkey(actor=eve)):
        with pytest.raises(Invalid):
            confirm(ada, here, phone, asked)
    assert proven_ago(here) > timedelta(minutes=59)


def test_a_session_of_somebody_else_is_not_proven(ada, phone):
    other = late_session(make_user("eve"))
    confirm(ada, other, phone)
    assert proven_ago(other) > timedelta(minutes=59)


def test_a_passkey_that_nobody_unlocked_proves_nothing(ada, phone):
    here, phone.flags = late_session(ada), PRESENT
    with pytest.raises(Invalid):
        confirm(ada, here, phone)
    assert proven_ago(here) > timedelta(minutes=59)
