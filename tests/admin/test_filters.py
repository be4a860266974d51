"""Filters: what they take, what they refuse, and which rows they leave."""

import pytest

from pythoughts.admin.filters import (
    ChoiceFilter,
    DayFilter,
    ExactFilter,
    KeyDayFilter,
    ListFilter,
    Option,
    PersonFilter,
)
from pythoughts.auth.models import User
from pythoughts.feed.models import Post

ROLE = ChoiceFilter("role", "Role", [Option("admin", "Admin", User.role == "admin")])
PERSON = PersonFilter("author", "Member", Post.user_id)
EXACT = ExactFilter("target", "Target", Post.id)
SINCE = DayFilter("since", "Joined", User.created_at)
UNTIL = DayFilter("until", "Joined", User.created_at, until=True)


@pytest.mark.parametrize(
    ("chosen", "value"),
    [
        (ROLE, "Admin"),
        (ROLE, "admin "),
        (PERSON, "a."),
        (PERSON, "@@ada"),
        (PERSON, "ada'--"),
        (PERSON, "x" * 65),
        (EXACT, "a b"),
        (EXACT, "%"),
        (EXACT, "x" * 65),
        (SINCE, "yesterday"),
        (SINCE, "2026-02-30"),
        (SINCE, "2026-1-1"),
        (SINCE, "٢٠٢٦-01-01"),
        (UNTIL, "9999-12-31"),
    ],
)
def test_what_a_filter_does_not_know_it_refuses(chosen, value):
    assert not chosen.validate(value)


@pytest.mark.parametrize(
    ("value", "meaning"), [("ada", "ada"), ("@Ada", "ada"), ("019a5372-5F96", "019a5372-5F96"), ("a.b_c", "a.b_c")]
)
def test_a_person_is_named_or_told_by_id(value, meaning):
    assert PERSON.clean(value) == meaning


def test_until_a_day_includes_the_day():
    assert UNTIL.clean("2026-11-20").isoformat() == "2026-11-21T00:00:00+00:00"
    assert SINCE.clean("2026-11-20").isoformat() == "2026-11-20T00:00:00+00:00"


def test_a_day_is_told_by_the_start_of_its_keys():
    days = KeyDayFilter("since", "Posted", Post.id)
    assert days.edge(days.clean("2026-11-20")) == "01a1f640-bc00"
    assert days.edge(days.clean("1969-01-01")) == "00000000-0000"


def test_a_filter_says_how_it_compares():
    assert [str(chosen.operation()) for chosen in (ROLE, SINCE, UNTIL)] == ["is", "from", "until"]


def test_a_value_is_shown_in_words():
    assert (ROLE.words("admin"), PERSON.words("ada")) == ("Admin", "ada")


def test_a_kind_of_filter_has_to_say_what_it_means():
    unfinished = ListFilter("x", "X")
    with pytest.raises(NotImplementedError):
        unfinished.clean("x")
    with pytest.raises(NotImplementedError):
        unfinished.clause("x")
