"""Limits: exact, whatever the order and the number of connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.errors import TooFast
from pythoughts.limits.models import RateLimit
from pythoughts.limits.use_cases import Hit, Limit, count, forget, give_back, network, seconds_left

FIVE = Limit("sign-in", 5, 300)
THREE = Limit("sign-in", 3, 60)


def allowed(hit: Hit) -> bool:
    try:
        count([hit])
    except TooFast:
        return False
    return True


def test_the_sixth_of_five_is_refused_and_told_when_to_return(app):
    for _n in range(5):
        count([Hit(FIVE, "ada")])
    with pytest.raises(TooFast) as caught:
        count([Hit(FIVE, "ada")])
    assert 295 <= caught.value.retry_after <= 300
    assert str(caught.value) == "That was too often. Try again in 5 minutes."


def test_subjects_are_counted_apart(app):
    assert [allowed(Hit(Limit("x", 1, 60), subject)) for subject in ("ada", "bob", "ada")] == [True, True, False]


def test_a_window_that_ended_starts_anew(app):
    hit = Hit(Limit("x", 1, 60), "ada")
    count([hit])
    with transaction() as session:
        session.execute(update(RateLimit).values(reset_at=now() - timedelta(seconds=1)))
    assert allowed(hit)
    assert not allowed(hit)


def test_the_longest_wait_of_several_limits_is_told(app):
    hits = [Hit(Limit("x", 0, 30), "ada"), Hit(Limit("x", 0, 90), "ada")]
    with pytest.raises(TooFast) as caught:
        count(hits)
    assert 85 <= caught.value.retry_after <= 90


def test_parallel_hits_are_counted_exactly(app):
    def attempt(_n: int) -> bool:
        with app.app_context():
            try:
                return allowed(Hit(FIVE, "ada"))
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(40))) == 5


def test_a_refused_act_is_counted_although_its_caller_fails(app):
    with pytest.raises(TooFast):
        count([Hit(Limit("x", 0, 60), "ada")])
    db.session.rollback()
    assert db.session.scalar(select(RateLimit.count)) == 1


def test_a_cleared_limit_starts_anew(app):
    hit = Hit(Limit("x", 1, 60), "ada")
    count([hit])
    forget([hit])
    assert allowed(hit)


@pytest.mark.parametrize(
    ("ip", "household"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2:ffff::9", "2001:db8:1:2::/64"),
    ],
)
def test_a_household_is_one_address_or_one_64(ip, household):
    assert network(ip) == household


def test_what_is_given_back_does_not_count(app):
    hit = Hit(Limit("x", 1, 60), "ada")
    count([hit])
    give_back([hit])
    assert allowed(hit)
    assert not allowed(hit)


def test_nothing_is_given_back_below_zero(app):
    hit = Hit(Limit("x", 1, 60), "ada")
    count([hit])
    give_back([hit])
    give_back([hit])
    assert [allowed(hit), allowed(hit)] == [True, False]


def test_asking_for_the_wait_counts_nothing(app):
    hit = Hit(Limit("x", 1, 60), "ada")
    assert seconds_left([hit]) == 0
    assert allowed(hit)
    assert 55 <= seconds_left([hit]) <= 60


def test_counting_and_giving_back_never_wait_for_each_other(app):
    hits = [Hit(Limit(action, 1_000, 60), "ada") for action in "abcd"]

    def work(number: int) -> None:
        with app.app_context():
            (count if number % 2 else give_back)(hits[:: 1 if number % 4 < 2 else -1])
            db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        assert len(list(pool.map(work, range(64)))) == 64
