"""Passwords: refused when they are guessable, kept so that nobody can read them, compared in one time."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import scrypt
from threading import Semaphore
from time import perf_counter

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from pythoughts.errors import Invalid, Unavailable
from pythoughts.services import passwords
from pythoughts.services.passwords import (
    PASSWORD_MAX,
    STAFF_PASSWORD_MIN,
    check_new_password,
    dummy_verify,
    hash_password,
    needs_upgrade,
    unusable_hash,
    verify_password,
)

GOOD = "winter-lamp-42-orchard"


def legacy(password: str, salt: str = "00112233445566778899aabbccddeeff") -> str:
    """What the predecessor kept; its salt is the hexadecimal text, not the bytes behind it."""
    key = scrypt(password.encode(), salt=salt.encode(), n=16384, r=16, p=1, dklen=64, maxmem=64 * 1024 * 1024)
    return f"{salt}:{key.hex()}"


def refusal(password: str, **options) -> str:
    with pytest.raises(Invalid) as caught:
        check_new_password(password, **options)
    return str(caught.value)


def test_the_cost_is_what_owasp_asks_for():
    cost = extract_parameters(hash_password(GOOD))
    assert (cost.type, cost.memory_cost, cost.time_cost, cost.parallelism) == (Type.ID, 19 * 1024, 2, 1)


def test_a_password_opens_its_own_hash_only():
    stored = hash_password(GOOD)
    assert verify_password(GOOD, stored)
    assert not verify_password(GOOD + "!", stored)
    assert GOOD not in stored


def test_two_hashes_of_one_password_differ():
    assert hash_password(GOOD) != hash_password(GOOD)


def test_a_password_is_the_same_from_every_keyboard():
    composed, decomposed, wide = "caf\u00e9 au lait", "cafe\u0301 au lait", "\uff43af\u00e9 au lait"
    assert verify_password(decomposed, hash_password(composed))
    assert verify_password(composed, hash_password(wide))


def test_nothing_opens_an_account_without_a_password():
    assert not verify_password("", None)
    assert not verify_password(GOOD, unusable_hash())
    assert not verify_password("whatever", "not a hash at all")


def test_a_password_that_nobody_could_have_chosen_is_not_hashed():
    stored = hash_password("x" * (PASSWORD_MAX + 1))
    assert not verify_password("x" * (PASSWORD_MAX + 1), stored)


def test_a_lone_surrogate_is_only_wrong():
    assert not verify_password("\ud800", hash_password(GOOD))


def test_hashes_of_the_predecessor_are_understood():
    assert verify_password(GOOD, legacy(GOOD))
    assert not verify_password(GOOD + "!", legacy(GOOD))


def test_a_hash_made_by_the_predecessor_itself_is_understood():
    stored = (  # hashPassword of better-auth 1.3.34
        "cd8b9c756c760625ac80f16bb8edc2d0:"
        "b722c6ec133746887ed22a4a9190acddf4c8e1bd2e524359b5800c4441bd9723"
        "6e942a64bc4d8199ca5bffb15cdf0b87f8b9c5e61fc21f4a10875cb802ab1211"
    )
    assert verify_password("caf\u00e9 au lait, ein st\u00fcck", stored)
    assert not verify_password("caf\u00e9 au lait, ein st\u00fcck ", stored)


def test_only_old_hashes_need_an_upgrade():
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(GOOD)
    assert needs_upgrade(legacy(GOOD))
    assert needs_upgrade(weak)
    assert not needs_upgrade(hash_password(GOOD))


def test_the_dummy_costs_what_a_real_one_costs():
    assert not needs_upgrade(passwords.DUMMY)
    assert not verify_password("", passwords.DUMMY)


def test_comparing_with_nothing_takes_as_long_as_with_something():
    stored = hash_password(GOOD)
    for _warm in range(2):
        verify_password("wrong", stored)
    taken = {"known": [], "unknown": []}
    for _n in range(15):
        for kind, compared in (("known", stored), ("unknown", None)):
            started = perf_counter()
            verify_password("wrong", compared)
            taken[kind].append(perf_counter() - started)
    median = {kind: sorted(times)[len(times) // 2] for kind, times in taken.items()}
    assert 0.6 < median["known"] / median["unknown"] < 1.7


def test_few_are_hashed_at_once_and_the_rest_wait(monkeypatch):
    monkeypatch.setattr(passwords, "_slots", Semaphore(1))
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lambda _n: not verify_password("wrong", None), range(4)))


def test_who_waits_too_long_for_a_slot_is_told_so(monkeypatch):
    monkeypatch.setattr(passwords, "_slots", Semaphore(0))
    monkeypatch.setattr(passwords, "SLOT_TIMEOUT", 0)
    with pytest.raises(Unavailable):
        dummy_verify()


def test_a_slot_comes_back_after_a_failure(monkeypatch):
    monkeypatch.setattr(passwords, "_slots", Semaphore(1))
    verify_password("x", "not a hash at all")
    assert verify_password(GOOD, hash_password(GOOD))


def test_a_new_password_has_ten_to_128_characters(app):
    assert refusal("aB3$xY7!q") == "Use at least 10 characters. A short sentence works well."
    assert refusal("long sentences " * 9) == "Use at most 128 characters."
    check_new_password("aB3$xY7!qz")
    check_new_password(("a quiet walk by the river " * 5)[:PASSWORD_MAX])


def test_length_is_counted_after_normalising(app):
    assert "at least 10" in refusal("e\u0301a\u0301o\u0301u\u0301i\u0301")


def test_staff_need_more(app):
    assert "at least 15" in refusal("aB3$xY7!qz", minimum=STAFF_PASSWORD_MIN)


@pytest.mark.parametrize("common", ["password1234", "qwertyuiop", "1234567890", "iloveyou2024", "aaaaaaaaaaaaaaaa"])
def test_what_everybody_takes_is_refused(app, common):
    assert "easy to guess" in refusal(common)


@pytest.mark.parametrize(
    "own",
    [
        "grace.hopper",
        "grace.hopper1",
        "Grace.Hopper99",
        "pythoughts2026",
        "grace.hopper-pythoughts",
        "!grace.hopper!grace.hopper!",
    ],
)
def test_what_one_knows_of_the_person_is_refused(app, own):
    assert "easy to guess" in refusal(own, context=["grace.hopper", "pythoughts"])


def test_a_known_word_among_others_is_fine(app):
    check_new_password("ada walks by the river", context=["ada", "ada@example.org"])


def test_the_words_around_one_person_do_not_stick_to_the_next(app):
    refusal("zubrowka1973", context=["zubrowka"])
    check_new_password("zubrowka1973", context=["ada"])


def test_no_kind_of_character_is_asked_for(app):
    check_new_password("anentirelylowercasesentence")
    check_new_password("\u043f\u0440\u043e\u0433\u0443\u043b\u043a\u0430 \u0443 \u0440\u0435\u043a\u0438")


@pytest.mark.parametrize("odd", ["\x00 winter lamp orchard", "winter lamp orchard \ud800"])
def test_what_no_database_keeps_is_refused(app, odd):
    assert "cannot be used" in refusal(odd)


def test_the_field_of_the_refusal_is_named(app):
    with pytest.raises(Invalid) as caught:
        check_new_password("short", field="new_password")
    assert caught.value.field == "new_password"


def test_a_password_made_to_be_slow_is_judged_in_a_blink(app):
    slow = "4@8({[<369&#!1/|0$5+7%2" * 3
    check_new_password(slow)
    started = perf_counter()
    check_new_password(slow)
    assert perf_counter() - started < 1  # seconds; it takes more than seven when all of it is read
