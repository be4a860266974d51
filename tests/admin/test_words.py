"""Watched words at the desk: tried out, added, changed, deleted, and never overwritten unseen."""

import pytest
from sqlalchemy import select

from pythoughts.db import db
from pythoughts.words.models import WatchedWord
from pythoughts.words.use_cases import add_word, change_word, delete_word
from tests.admin.rows import acts, shown
from tests.factories import make_post, post
from tests.statements import statements

FORM = {"word": "darn", "action": "hold", "note": "Rude"}
VERSION = r'name="version"[^>]*value="(\d+)"'
WORD = r'class="inline-flex[^"]*" href="/admin/words/[\w-]+">([^<]+)</a>'


@pytest.fixture
def darn(kenji):
    """A word that holds posts."""
    return add_word(actor=kenji, **FORM)


def words():
    db.session.rollback()
    found = select(WatchedWord.word, WatchedWord.action, WatchedWord.note).order_by(WatchedWord.id)
    return [tuple(row) for row in db.session.execute(found)]


def test_words_are_listed_searched_and_filtered(moderator, kenji, darn):
    add_word(actor=kenji, word="Café", action="censor")
    assert shown(moderator.get("/admin/words/"), WORD) == ["Café", "darn"]
    assert shown(moderator.get("/admin/words/?action=hold"), WORD) == ["darn"]
    for words in ("cafe", "Caf"):
        assert shown(moderator.get(f"/admin/words/?search={words}"), WORD) == ["Café"]
    assert shown(moderator.get("/admin/words/?search=rude"), WORD) == ["darn"]
    assert moderator.get("/admin/words/?action=burn").status_code == 400


def test_a_word_is_added(moderator, kenji):
    answer = post(moderator, "/admin/words/new", FORM)
    assert (answer.status_code, answer.location) == (303, "/admin/words/")
    assert words() == [("darn", "hold", "Rude")]
    assert [act[:2] for act in acts()] == [("word.add", kenji.id)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"word": ""},
        {"word": "…"},
        {"word": "x" * 101},
        {"action": ""},
        {"action": "burn"},
        {"note": "x" * 301},
        {"word": "a\x00"},
    ],
)
def test_what_is_no_word_is_not_added_and_the_form_stays_filled(moderator, wrong):
    answer = post(moderator, "/admin/words/new", FORM | wrong)
    assert (answer.status_code, words()) == (422, [])
    assert 'value="Rude"' in answer.text or "note" in wrong
    assert 'class="error"' in answer.text


def test_the_same_word_in_another_spelling_is_refused(moderator, darn):
    answer = post(moderator, "/admin/words/new", FORM | {"word": "DÁRN"})
    assert answer.status_code == 422
    assert "already" in answer.text


def test_one_learns_what_a_word_would_have_matched_before_it_is_saved(moderator, mira):
    for message in ("Darn it", "d4rn", "darning"):
        make_post(mira, message)
    answer = post(moderator, "/admin/words/new", FORM | {"count": "1"})
    assert answer.status_code == 200
    assert "It would have matched 2 posts" in answer.text
    assert "newest 3" in answer.text
    assert 'value="darn"' in answer.text
    assert (words(), acts()) == ([], [])
    assert post(moderator, "/admin/words/new", FORM | {"count": "1", "word": "…"}).status_code == 422


def test_a_word_is_changed(moderator, kenji, darn):
    page = moderator.get(f"/admin/words/{darn.id}")
    assert shown(page, VERSION) == ["1"]
    answer = post(moderator, f"/admin/words/{darn.id}", {"version": "1", "word": "darn", "action": "flag", "note": ""})
    assert answer.status_code == 303
    assert words() == [("darn", "flag", None)]
    assert acts()[-1][0] == "word.change"


def test_a_change_that_comes_too_late_shows_both_and_overwrites_nothing(moderator, priya, darn):
    change_word(actor=priya, word_id=darn.id, version=1, word="darned", action="block")
    answer = post(moderator, f"/admin/words/{darn.id}", FORM | {"version": "1", "action": "flag"})
    assert (answer.status_code, words()) == (409, [("darned", "block", None)])
    assert "It is “darned” by now, and the action is “Block”." in answer.text
    assert 'value="darn"' in answer.text
    assert shown(answer, VERSION) == ["2"]
    assert post(moderator, f"/admin/words/{darn.id}", FORM | {"version": "2"}).status_code == 303
    assert words() == [("darn", "hold", "Rude")]


def test_a_damaged_version_changes_nothing(moderator, darn):
    assert post(moderator, f"/admin/words/{darn.id}", FORM | {"version": "x"}).status_code == 400


def test_a_word_is_deleted_after_a_question(moderator, kenji, darn):
    url = f"/admin/words/{darn.id}/delete"
    assert "Stop looking for “darn”?" in moderator.get(url).text
    assert post(moderator, url).location == "/admin/words/"
    assert (words(), acts()[-1][0]) == ([], "word.delete")
    assert moderator.get(url).status_code == 404


def test_what_was_deleted_meanwhile_is_gone(moderator, priya, darn):
    delete_word(actor=priya, word_id=darn.id, version=1)
    assert post(moderator, f"/admin/words/{darn.id}", FORM | {"version": "1"}).status_code == 404


def test_a_text_is_tested_and_nothing_happens(moderator, darn):
    answer = post(moderator, "/admin/words/test", {"text": "Well, DÁRN it"})
    assert answer.status_code == 200
    for told in ("DÁRN", "meets “darn”", "Hold for review"):
        assert told in answer.text
    assert "No watched word is in it." in post(moderator, "/admin/words/test", {"text": "Well"}).text
    assert post(moderator, "/admin/words/test", {"text": ""}).status_code == 422
    assert len(acts()) == 1


def test_markup_in_a_word_is_text(moderator, kenji):
    add_word(actor=kenji, word="<b>x</b>", action="flag", note="<i>")
    assert "<b>x" not in moderator.get("/admin/words/").text


def test_a_list_is_checked_and_then_added(moderator, kenji, darn):
    text = "# rude ones\nheck\nDÁRN\n\n…\nHECK\ngood grief\n" + "x" * 101
    checked = post(moderator, "/admin/words/import", {"words": text, "action": "flag"})
    assert checked.status_code == 200
    for told in ("2 words are new", "1 is on the list already", "Add 2 words"):
        assert told in checked.text
    assert words() == [("darn", "hold", "Rude")]
    added = post(moderator, "/admin/words/import", {"words": text, "action": "flag", "add": "1"})
    assert added.status_code == 303
    assert words()[1:] == [("heck", "flag", None), ("good grief", "flag", None)]
    assert [act[:2] for act in acts()] == [("word.add", kenji.id)] * 3


@pytest.mark.parametrize("text", ["", "# nothing\n", "\n".join(f"word{number}" for number in range(1_001)), "a\x00"])
def test_what_is_no_list_adds_nothing(moderator, text):
    for button in ({}, {"add": "1"}):
        assert post(moderator, "/admin/words/import", {"words": text, "action": "flag", **button}).status_code == 422
    assert words() == []


def test_a_full_list_of_words_asks_the_database_at_most_six_times(moderator, kenji):
    for number in range(30):
        add_word(actor=kenji, word=f"word{number}", action="flag")
    with statements() as sent:
        assert moderator.get("/admin/words/").status_code == 200
    assert len(sent) <= 6
