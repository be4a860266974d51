"""Changing a password, and setting a new one by a link."""

import pytest

from pythoughts.auth.models import Account, Session, User, Verification
from pythoughts.auth.queries import find_link, find_session
from pythoughts.auth.use_cases import (
    change_password,
    request_password_reset,
    reset_password,
    send_reset_link,
    sign_in,
)
from pythoughts.auth.use_cases.codes import send_code
from pythoughts.db import db, transaction
from pythoughts.errors import Gone, Invalid, TooFast
from pythoughts.services.passwords import verify_password
from tests.auth.rows import (
    acts,
    come_from,
    count,
    expire,
    fresh,
    letters,
    link_of,
    password_of,
    proof_of,
    sessions_of,
)
from tests.factories import PASSWORD, make_user
from tests.races import together
from tests.statements import statements

NEW = "another quiet evening walk"


def enter(password=PASSWORD, *, remember=True):
    return sign_in(identifier="ada", password=password, remember=remember)


def change(user, token=None, current=PASSWORD, new=NEW, **options):
    session = find_session(token) if token else None
    return change_password(actor=user, session_id=session.id if session else None, current=current, new=new, **options)


@pytest.fixture
def ada(app):
    return make_user("ada")


@pytest.fixture
def link(ada):
    send_reset_link(user_id=ada.id)
    return link_of(ada)


def test_a_changed_password_replaces_the_old_one(ada):
    change(ada, enter().token)
    with pytest.raises(Invalid):
        enter()
    enter(NEW)
    assert letters() == ["auth/new_device", "auth/password_changed", "auth/new_device"]
    assert acts() == [("user.change_password", None)]


def test_other_devices_are_signed_out_and_this_one_gets_a_new_token(ada):
    mine, other = enter(), enter()
    opened = change(ada, mine.token)
    assert find_session(mine.token) is None
    assert find_session(other.token) is None
    assert find_session(opened.token).user_id == ada.id


def test_other_devices_may_stay(ada):
    mine, other = enter(), enter()
    change(ada, mine.token, keep_others=True)
    assert find_session(mine.token) is None
    assert find_session(other.token)


@pytest.mark.parametrize("remember", [True, False])
def test_the_new_session_lasts_as_long_as_the_old_one_was_to(ada, remember):
    assert change(ada, enter(remember=remember).token).remember is remember


def test_pending_links_die_with_a_change(ada, link):
    change(ada)
    assert find_link(link) is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"current": "wrong"}, "current_password"),
        ({"new": "short"}, "new_password"),
        ({"new": PASSWORD}, "new_password"),
        ({"new": "ada@example.org1"}, "new_password"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(ada, typed, field):
    with pytest.raises(Invalid) as caught:
        change(ada, enter().token, **typed)
    assert caught.value.field == field
    assert verify_password(PASSWORD, password_of(ada))
    assert sessions_of(ada) == 1


def test_an_open_browser_does_not_help_to_guess(ada):
    for _n in range(5):
        with pytest.raises(Invalid):
            change(ada, current="wrong")
    with pytest.raises(TooFast):
        change(ada)


def test_of_two_changes_at_once_one_holds(app, ada):
    user_id = ada.id
    db.session.rollback()

    def act(number: int) -> bool:
        try:
            change(db.session.get(User, user_id), new=f"{NEW} {number}")
        except Invalid:
            return False
        return True

    assert sum(together(app, 3, act)) == 1
    assert sessions_of(ada) == 1


def test_staff_need_fifteen_characters(app):
    kenji = make_user("kenji", role="moderator")
    with pytest.raises(Invalid, match="at least 15"):
        change(kenji, new="aB3$xY7!qzK")


def requested(email: str) -> list[dict]:
    """Arguments of the jobs that a request puts on the queue."""
    request_password_reset(email=email)
    db.session.rollback()
    return [row.args for row in db.session.execute(db.text("select args from procrastinate_jobs")).all()]


def test_asking_for_a_link_leaves_the_looking_to_a_job(ada):
    assert requested(" ADA@example.org") == [{"user_id": ada.id}]
    assert count(Verification) == 0


def test_asking_for_nobody_does_the_same_work(ada):
    asked = {}
    for email in ("ada@example.org", "nobody@example.org"):
        with statements() as sent:
            request_password_reset(email=email)
        asked[email] = [statement for statement in sent if "FROM setting" not in statement]  # read every 5 seconds
    known, unknown = asked.values()
    assert known == unknown


def test_a_link_is_asked_for_once_a_minute_known_or_not(ada):
    for email in ("ada@example.org", "nobody@example.org"):
        request_password_reset(email=email)
        with pytest.raises(TooFast):
            request_password_reset(email=email.upper())


def test_a_network_asks_for_20_mails_an_hour(app):
    come_from("203.0.113.7")
    for number in range(20):
        request_password_reset(email=f"user{number}@example.org")
    with pytest.raises(TooFast):
        request_password_reset(email="one.more@example.org")


def test_the_link_sets_a_new_password_and_ends_everything(ada, link):
    with transaction() as database:
        send_code(database, ada)
    opened = enter()
    reset_password(token=link, password=NEW)
    assert find_session(opened.token) is None
    assert count(Verification) == 0
    assert sessions_of(ada) == 0
    enter(NEW)
    assert letters() == [
        "auth/reset_link",
        "auth/verify_email",
        "auth/new_device",
        "auth/password_changed",
        "auth/new_device",
    ]
    assert acts() == [("user.reset_password", None)]


def test_a_link_works_once(ada, link):
    reset_password(token=link, password=NEW)
    with pytest.raises(Gone):
        reset_password(token=link, password="yet another quiet walk")
    enter(NEW)


def test_of_many_uses_at_once_one_counts(app, ada, link):
    def act(number: int) -> bool:
        try:
            reset_password(token=link, password=f"{NEW} {number}")
        except Gone:
            return False
        return True

    db.session.rollback()
    assert sum(together(app, 6, act)) == 1


def test_a_link_works_for_an_hour(ada, link):
    expire(Verification)
    with pytest.raises(Gone):
        reset_password(token=link, password=NEW)


def test_an_earlier_link_stays_good_until_one_is_used(ada, link):
    send_reset_link(user_id=ada.id)
    assert find_link(link)
    reset_password(token=link, password=NEW)
    assert count(Verification) == 0


def test_a_refused_password_does_not_use_the_link_up(ada, link):
    with pytest.raises(Invalid):
        reset_password(token=link, password="short")
    reset_password(token=link, password=NEW)


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "a" * 200, "\x00", "\ud800"])
def test_what_is_no_link_opens_nothing(ada, token):
    with pytest.raises(Gone):
        reset_password(token=token, password=NEW)


def test_a_stolen_row_holds_no_link(ada, link):
    row = proof_of(ada, "reset-password")
    assert link not in (row.identifier, row.value, row.id)
    assert find_link(row.identifier) is None
    assert find_link(row.value) is None


def test_a_code_is_no_link(ada):
    with transaction() as database:
        send_code(database, ada)
    assert find_link(proof_of(ada, "verify-email").identifier) is None


def test_a_mailed_link_proves_the_address(app):
    ada = make_user("ada", verified=False)
    send_reset_link(user_id=ada.id)
    reset_password(token=link_of(ada), password=NEW)
    assert fresh(ada).email_verified


def test_whoever_took_the_address_before_its_owner_is_thrown_out(app):
    """Somebody signs up with an address that is not theirs; its owner comes by the link and gets it all."""
    ada = make_user("ada", verified=False)
    squatter = enter()
    with transaction() as database:
        database.add(Account(account_id="elsewhere", provider_id="github", user_id=ada.id))
    send_reset_link(user_id=ada.id)
    reset_password(token=link_of(ada), password=NEW)
    assert find_session(squatter.token) is None
    assert count(Account, Account.user_id == ada.id) == 1
    with pytest.raises(Invalid):
        enter()


def test_a_proven_address_keeps_its_other_ways_to_sign_in(ada, link):
    with transaction() as database:
        database.add(Account(account_id="elsewhere", provider_id="github", user_id=ada.id))
    reset_password(token=link, password=NEW)
    assert count(Account, Account.user_id == ada.id) == 2


def test_a_link_lifts_the_pause_after_wrong_passwords(ada, link):
    for _n in range(5):
        with pytest.raises(Invalid):
            enter("wrong")
    reset_password(token=link, password=NEW)
    enter(NEW)


def test_an_account_without_a_password_gets_one(app):
    bare = make_user("ada", password=None)
    send_reset_link(user_id=bare.id)
    reset_password(token=link_of(bare), password=NEW)
    enter(NEW)
    assert count(Session, Session.user_id == bare.id) == 1


def test_the_link_asks_staff_for_fifteen_characters(app):
    kenji = make_user("kenji", role="moderator")
    send_reset_link(user_id=kenji.id)
    with pytest.raises(Invalid, match="at least 15"):
        reset_password(token=link_of(kenji), password="aB3$xY7!qzK")
