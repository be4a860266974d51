"""What people type, brought into one form."""

import pytest

from pythoughts.text import grapheme_count, is_storable, normalise


def test_line_ends_and_outer_space_are_tidied():
    assert normalise("  a\r\nb\rc \n") == "a\nb\nc"


def test_decomposed_letters_are_composed():
    assert normalise("e\u0301") == "é"


@pytest.mark.parametrize("typed", ["a\x00b", "a\ud800", "\udfff"])
def test_what_the_database_refuses_is_known_before(typed):
    assert not is_storable(typed)


def test_emoji_and_scripts_are_storable():
    assert is_storable("שלום 👩‍👩‍👧 \U0010ffff")


@pytest.mark.parametrize(("typed", "count"), [("abc", 3), ("👩‍👩‍👧", 1), ("e\u0301", 1), ("🇩🇪🇫🇷", 2), ("", 0)])
def test_a_character_is_what_a_reader_sees(typed, count):
    assert grapheme_count(typed) == count
