"""Signing in with a password."""

from datetime import timedelta
from hashlib import scrypt
from statistics import median
from time import perf_counter

import pytest
from sqlalchemy import delete, select, update

from pythoughts.auth.models import Account, Session, User
from pythoughts.auth.queries import find_session
from pythoughts.auth.use_cases import ban_user, change_password, sign_in
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.errors import Invalid, NotAllowed, TooFast
from pythoughts.limits.models import RateLimit
from pythoughts.origin import Origin, set_origin
from pythoughts.services.passwords import needs_upgrade
from tests.auth.rows import come_from, count, fresh, password_of, sessions_of
from tests.factories import PASSWORD, make_user
from tests.races import meanwhile, together

LEGACY_SALT = "00112233445566778899aabbccddeeff"


def enter(identifier="ada", password=PASSWORD, *, remember=True):
    return sign_in(identifier=identifier, password=password, remember=remember)


def refusal(identifier="ada", password="wrong") -> str:
    with pytest.raises(Invalid) as caught:
        enter(identifier, password)
    return str(caught.value)


@pytest.fixture
def ada(app):
    return make_user("ada")


@pytest.mark.parametrize("identifier", ["ada", " ADA ", "ada@example.org", "Ada@EXAMPLE.org "])
def test_by_name_or_address_in_any_case(ada, identifier):
    assert find_session(enter(identifier).token).user_id == ada.id


def test_an_international_address_has_one_spelling(app):
    user = make_user("ada", email="ada@xn--bcher-kva.example")
    assert find_session(enter("ada@b\u00fccher.example").token).user_id == user.id


def test_a_session_is_remembered_for_seven_days_or_one(ada):
    long, short = enter(), enter(remember=False)
    assert long.remember
    assert timedelta(days=6, hours=23) < long.expires_at - now() <= timedelta(days=7)
    assert not short.remember
    assert timedelta(hours=23) < short.expires_at - now() <= timedelta(days=1)


def test_the_session_notes_where_it_comes_from(ada):
    set_origin(Origin("test", "203.0.113.7", "Fire\x00fox" + "x" * 600))
    session = find_session(enter().token)
    assert session.ip_address == "203.0.113.7"
    assert session.user_agent == ("Firefox" + "x" * 600)[:512]


def test_the_row_does_not_hold_the_token(ada):
    opened = enter()
    row = db.session.execute(select(Session.__table__)).mappings().one()
    assert opened.token not in map(str, row.values())
    assert find_session(row["token"]) is None


def test_everything_that_does_not_match_sounds_the_same(ada):
    make_user("bare", password=None)
    make_user("gone", deleted_at=now())
    cases = [("ada", "wrong"), ("nobody", PASSWORD), ("bare", PASSWORD), ("gone", PASSWORD), ("ada\x00", PASSWORD)]
    sentences = {refusal(*case) for case in [*cases, ("\ud800@x.org", "x"), ("x" * 5_000, "x"), ("", "")]}
    assert sentences == {"That name and password do not match."}


def test_known_and_unknown_names_take_the_same_time(ada):
    make_user("bare", password=None)
    taken = {"ada": [], "nobody": [], "bare": []}
    for _round in range(12):
        for name, times in taken.items():
            with transaction() as database:
                database.execute(delete(RateLimit))
            started = perf_counter()
            refusal(name)
            times.append(perf_counter() - started)
    known = median(taken["ada"])
    assert 0.65 < known / median(taken["nobody"]) < 1.55
    assert 0.65 < known / median(taken["bare"]) < 1.55


def test_the_sixth_failure_in_five_minutes_is_not_even_compared(ada):
    for _n in range(5):
        refusal()
    with pytest.raises(TooFast) as caught:
        enter()
    assert 1 <= caught.value.retry_after <= 5


def test_a_name_nobody_has_is_limited_like_one_that_exists(app):
    for _n in range(5):
        refusal("nobody")
    with pytest.raises(TooFast):
        enter(" NOBODY ")


def test_name_and_address_share_one_limit(ada):
    for identifier in ("ada", "ADA", "ada@example.org", "ada", "Ada@Example.org"):
        refusal(identifier)
    with pytest.raises(TooFast):
        enter("ada@example.org")


def test_a_success_starts_the_limit_anew(ada):
    for _n in range(4):
        refusal()
    enter()
    for _n in range(4):
        refusal()
    enter()


def test_a_network_fails_ten_times_a_minute(ada):
    come_from("2001:db8::1")
    for number in range(10):
        refusal(f"nobody{number}")
    come_from("2001:db8::ffff:2")
    with pytest.raises(TooFast):
        enter()
    come_from("2001:db8:0:1::1")
    enter()


def test_successes_do_not_use_up_the_network(ada):
    come_from("203.0.113.7")
    for _n in range(12):
        enter()
    assert db.session.scalars(select(RateLimit.count).where(RateLimit.key.like("sign-in-network%"))).all() == [0, 0]


def test_40_guesses_at_once_are_five_guesses(app, ada):
    def guess(number: int) -> str:
        try:
            enter(password=f"guess {number}")
        except Invalid:
            return "compared"
        except TooFast:
            return "refused"

    results = together(app, 40, guess)
    assert (results.count("compared"), results.count("refused")) == (5, 35)


def test_at_most_twenty_sessions_and_the_oldest_leave(ada):
    first = enter()
    others = [enter() for _n in range(20)]
    assert sessions_of(ada) == 20
    assert find_session(first.token) is None
    assert all(find_session(opened.token) for opened in others)


def test_somebody_banned_hears_why_once_the_password_is_right(ada):
    ban_user(actor=None, user=ada, reason="Spam", until=now() + timedelta(days=3))
    assert refusal() == "That name and password do not match."
    with pytest.raises(NotAllowed) as caught:
        enter()
    assert f"banned until {now() + timedelta(days=3):%Y-%m-%d}" in str(caught.value)
    assert "Spam" in str(caught.value)
    assert sessions_of(ada) == 0


def test_a_ban_that_has_ended_lets_in(app):
    user = make_user("ada", banned=True, ban_expires=now() - timedelta(seconds=1))
    enter()
    assert sessions_of(user) == 1


def test_a_hash_of_the_predecessor_is_replaced(ada):
    key = scrypt(PASSWORD.encode(), salt=LEGACY_SALT.encode(), n=16384, r=16, p=1, dklen=64, maxmem=1 << 26)
    with transaction() as database:
        database.execute(update(Account).values(password=f"{LEGACY_SALT}:{key.hex()}"))
    refusal()
    assert password_of(ada).startswith(LEGACY_SALT)
    enter()
    assert not needs_upgrade(password_of(ada))
    enter()


def test_being_here_is_noted_without_changing_the_account(ada):
    before = fresh(ada).updated_at
    enter()
    assert fresh(ada).last_seen_at is not None
    assert fresh(ada).updated_at == before


def test_a_sign_in_that_races_a_password_change_does_not_survive_it(app, ada):
    db.session.execute(update(Account).where(Account.user_id == ada.id).values(password="changed"))
    db.session.execute(delete(Session).where(Session.user_id == ada.id))
    racing = meanwhile(app, enter)
    db.session.commit()
    with pytest.raises(Invalid):
        racing.result(timeout=10)
    assert sessions_of(ada) == 0


def test_a_password_change_that_races_a_sign_in_ends_its_session(app, ada):
    mine = enter()
    session_id = find_session(mine.token).id
    db.session.rollback()

    def change(_number: int) -> None:
        user = db.session.get(User, ada.id)
        change_password(actor=user, session_id=session_id, current=PASSWORD, new="another quiet evening walk")

    def act(number: int) -> None:
        try:
            change(number) if number == 0 else enter()
        except (Invalid, TooFast):
            return

    together(app, 4, act)
    assert sessions_of(ada) == 1
    assert count(Session, Session.id == session_id) == 0


def test_a_sign_in_that_races_a_ban_does_not_survive_it(app, ada):
    db.session.execute(update(User).where(User.id == ada.id).values(banned=True, ban_reason="Spam"))
    racing = meanwhile(app, enter)
    db.session.commit()
    with pytest.raises(NotAllowed):
        racing.result(timeout=10)
    assert sessions_of(ada) == 0
