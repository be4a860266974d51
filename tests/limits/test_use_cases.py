"""Limits: exact, whatever the order and the number of connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.errors import TooFast
from pythoughts.limits.models import RateLimit
from pythoughts.limits.use_cases import (
    QUIET,
    Growth,
    Hit,
    Limit,
    count,
    forget,
    give_back,
    is_slowed_down,
    network,
    seconds_left,
    slow_down,
    tidy,
)
from tests.races import together

FIVE = Limit("sign-in", 5, 300)
THREE = Limit("sign-in", 3, 60)
ADA = Hit(FIVE, "ada")
DOUBLING = Growth(first=5, most=300)


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


def wait(hit: Hit = ADA) -> int:
    """How long the next act has to wait; 0 when it was let through."""
    try:
        slow_down(hit, DOUBLING)
    except TooFast as error:
        return error.retry_after
    return 0


def pass_time(seconds: float) -> None:
    with transaction() as session:
        session.execute(update(RateLimit).values(reset_at=RateLimit.reset_at - timedelta(seconds=seconds)))


def test_beyond_the_free_acts_each_waits_twice_as_long_up_to_the_most(app):
    assert [wait() for _n in range(6)] == [0, 0, 0, 0, 0, 5]
    waits = []
    for _n in range(8):
        waits.append(wait())
        pass_time(waits[-1])
        assert wait() == 0
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300]


def test_coming_too_early_makes_the_wait_no_longer(app):
    assert [wait() for _n in range(9)] == [0, 0, 0, 0, 0, 5, 5, 5, 5]
    pass_time(5)
    assert [wait(), wait()] == [0, 10]


def test_fewer_than_the_free_acts_are_forgotten_with_their_window(app):
    assert [wait() for _n in range(4)] == [0, 0, 0, 0]
    pass_time(300)
    assert [wait() for _n in range(6)] == [0, 0, 0, 0, 0, 5]


def test_waits_are_forgotten_after_an_hour_of_quiet(app):
    for _n in range(5):
        wait()
    pass_time(5 + QUIET.total_seconds() - 10)
    tidy()
    assert [wait(), wait()] == [0, 10]
    pass_time(10 + QUIET.total_seconds())
    assert [wait() for _n in range(6)] == [0, 0, 0, 0, 0, 5]


def test_without_free_acts_the_second_one_waits(app):
    hit = Hit(Limit("x", 1, 60), "ada")
    assert [wait(hit), wait(hit)] == [0, 5]


def test_a_success_makes_them_free_again(app):
    for _n in range(6):
        wait()
    forget([ADA])
    assert wait() == 0


def test_it_can_be_told_that_the_free_acts_are_used_up(app):
    for _n in range(4):
        wait()
    assert not is_slowed_down(ADA)
    wait()
    assert is_slowed_down(ADA)
    assert not is_slowed_down(Hit(FIVE, "bob"))


def test_of_40_acts_at_once_only_the_free_ones_do_not_wait(app):
    assert sorted(together(app, 40, lambda _number: wait())) == [0] * 5 + [5] * 35


def test_of_20_acts_right_after_a_wait_one_is_let_through(app):
    for _n in range(5):
        wait()
    pass_time(5)
    assert sorted(together(app, 20, lambda _number: wait())) == [0] + [10] * 19
