"""Which texts hold a watched word, in whatever spelling, and which only seem to."""
# ruff: noqa: RUF001 (letters that look alike are what this is about)

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pythoughts.words.folding import fold, positions, readings
from pythoughts.words.matching import Matcher, Word, parts_of


def matcher(*words, action="censor"):
    return Matcher.of(Word(word, word, action) for word in words)


def typed(text, *words):
    return [match.typed for match in matcher(*words).find(text)]


@pytest.mark.parametrize(
    "spelling",
    [
        "darn", "DARN", "Därn", "d\u0308arn\u0303", "ｄａｒｎ", "𝐝𝐚𝐫𝐧", "d4rn", "D@RN", "dаrn",
        "da\u200brn", "da\u00adrn", "ďářň",
    ],
)  # fmt: skip
def test_a_word_is_found_in_every_spelling(spelling):
    assert typed(f"Well, {spelling}!", "darn") == [spelling]


@pytest.mark.parametrize("word", ["Därn", "DARN", "dаrn"])
def test_the_list_may_be_spelled_as_people_like(word):
    assert typed("darn", word) == ["darn"]


@pytest.mark.parametrize("text", ["darning socks", "the darndest", "adarn", "da rn", "", "!!!", "da-rn"])
def test_only_whole_words_count(text):
    assert typed(text, "darn") == []


@pytest.mark.parametrize(
    "text", ["(darn)", "darn.", "darn_it", "@darn", "#darn", "“darn”", "darn\nit", "https://darn.example"]
)
def test_signs_around_a_word_do_not_hide_it(text):
    assert typed(text, "darn") == ["darn"]


def test_numbers_are_numbers():
    assert typed("455 or 4.55 or $5 or 1", "ass", "i", "s") == []
    assert typed("a$$ and a55", "ass") == ["a$$", "a55"]


@pytest.mark.parametrize(("text", "word"), [("sh1t", "shit"), ("foo1", "fool"), ("d!ck", "dick"), ("s|ut", "slut")])
def test_one_sign_may_stand_for_two_letters(text, word):
    assert typed(text, word) == [text]


@pytest.mark.parametrize("text", ["hot deal", "Hot  DEAL", "hot-deal", "hot\ndeal", "hot, deal"])
def test_a_phrase_is_found_whatever_stands_between_its_words(text):
    assert typed(text, "hot deal") == [text]


@pytest.mark.parametrize("text", ["hotdeal", "hot", "hot new deal", "deal hot"])
def test_a_phrase_needs_all_its_words_in_order(text):
    assert typed(text, "hot deal") == []


def test_scripts_without_spaces_are_searched_inside():
    assert typed("我是笨蛋吗", "笨蛋") == ["笨蛋"]
    assert typed("ばかだね", "ばか") == ["ばか"]


def test_every_place_is_found_in_order():
    assert typed("darn, hot deal, DARN", "darn", "hot deal") == ["darn", "hot deal", "DARN"]


def test_letters_that_become_two_keep_their_places():
    assert typed("ﬁne Straße x", "strasse") == ["Straße"]
    assert matcher("strasse").masked("ﬁne Straße x") == "ﬁne •••••• x"


def test_censored_words_are_masked_and_nothing_else():
    assert matcher("darn", "hot deal").masked("Well darn, a hot  deal") == "Well ••••, a •••••••••"
    assert matcher("darn").masked("d\u0308arn\u0303 x") == "•••••• x"
    assert matcher("darn", action="flag").masked("darn") == "darn"


def test_a_word_needs_a_letter_or_a_digit():
    assert parts_of("?!") == ()
    assert parts_of("Hot-Deal!") == ("hot", "deal")


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_text_folds_letter_by_letter_as_it_does_whole(text):
    folded = fold(text)
    assert folded == "".join(fold(character) for character in text)
    assert len(positions(text)) == len(folded) + 1
    assert {len(reading) for reading in readings(folded)} == {len(folded)}


@given(st.text(max_size=100), st.text(max_size=100))
@settings(max_examples=300, deadline=None)
def test_masking_keeps_what_stands_around(before, after):
    masked = matcher("darn").masked(f"{before} darn {after}")
    assert " •••• " in masked
    assert len(masked) == len(before) + len(after) + 6
