"""Who decides what is watched for, and how soon it holds."""

import pytest
from sqlalchemy import select, text

from pythoughts.audit.models import AuditLog, AuditPersonal
from pythoughts.auth.models import User
from pythoughts.db import db
from pythoughts.errors import Conflict, Invalid, NotAllowed, NotFound
from pythoughts.words import queries
from pythoughts.words.judging import judge
from pythoughts.words.models import NOTE_MAX, WORD_MAX, WatchedWord
from pythoughts.words.queries import Dictionary, censored, dictionary, get_word, list_words, would_have_matched
from pythoughts.words.use_cases import add_word, change_word, delete_word
from tests.factories import make_user
from tests.races import together
from tests.statements import statements


@pytest.fixture
def kenji(app):
    return make_user("kenji", role="moderator")


def acts():
    return list(db.session.scalars(select(AuditLog.action).order_by(AuditLog.id)))


def test_a_word_holds_at_once_in_this_process(kenji):
    assert judge("darn").holds is None
    add_word(actor=kenji, word="Darn", action="hold", note="Too rude")
    assert judge("well, DARN").holds.typed == "DARN"
    row = get_word(list_words()[0].id)
    assert (row.word, row.folded, row.note, row.created_by, row.version) == ("Darn", "darn", "Too rude", kenji.id, 1)
    assert acts() == ["word.add"]


def test_another_process_notices_every_kind_of_change_within_seconds(kenji, monkeypatch):
    monkeypatch.setattr(queries, "FRESH_SECONDS", 0)
    elsewhere = Dictionary()

    def found():
        return [match.word.action for match in elsewhere.matcher().find("darn heck")]

    assert found() == []
    made = add_word(actor=kenji, word="darn", action="hold")
    assert found() == ["hold"]
    change_word(actor=kenji, word_id=made.id, version=1, word="darn", action="flag")
    assert found() == ["flag"]
    delete_word(actor=kenji, word_id=made.id, version=2)
    add_word(actor=kenji, word="heck", action="censor")
    assert found() == ["censor"]


def test_words_are_not_asked_for_again_while_they_are_fresh(kenji):
    add_word(actor=kenji, word="darn", action="censor")
    assert censored("darn") == "••••"
    with statements() as asked:
        assert [censored("darn") for _turn in range(3)] == ["••••"] * 3
    assert asked == []


def test_after_the_seconds_one_question_is_enough_while_nothing_changed(kenji, monkeypatch):
    add_word(actor=kenji, word="darn", action="censor")
    censored("darn")
    monkeypatch.setattr(queries, "FRESH_SECONDS", 0)
    with statements() as asked:
        matcher = dictionary.matcher()
        assert dictionary.matcher() is matcher
    assert len(asked) == 2


def test_the_first_blocked_word_is_named_as_it_was_typed(kenji):
    for word, action in [("heck", "block"), ("darn", "block"), ("spam", "hold"), ("eggs", "flag")]:
        add_word(actor=kenji, word=word, action=action)
    with pytest.raises(Invalid) as refused:
        judge("spam, d4rn it to HECK")
    assert str(refused.value) == "Our word filter flagged “d4rn”. Rephrase it and post again."
    assert refused.value.field == "message"
    verdict = judge("eggs and spam")
    assert (verdict.holds.word.word, verdict.flags.word.word) == ("spam", "eggs")


def test_testing_a_text_tells_all_words_in_it(kenji):
    for word, action in [("darn", "block"), ("hot deal", "censor")]:
        add_word(actor=kenji, word=word, action=action)
    assert [(each.word.action, each.typed) for each in would_have_matched("hot deal, darn")] == [
        ("censor", "hot deal"),
        ("block", "darn"),
    ]


def test_a_change_is_audited_and_the_same_again_changes_nothing(kenji):
    made = add_word(actor=kenji, word="darn", action="hold")
    for _turn in range(2):
        change_word(actor=kenji, word_id=made.id, version=made.version, word="darn", action="flag", note="")
    delete_word(actor=kenji, word_id=made.id, version=2)
    assert acts() == ["word.add", "word.change", "word.delete"]
    changed = db.session.scalars(select(AuditLog).where(AuditLog.action == "word.change")).one()
    assert (changed.before, changed.after) == ({"action": "hold", "version": 1}, {"action": "flag", "version": 2})
    assert set(db.session.scalars(select(AuditPersonal.target_label))) == {"darn"}


def test_whoever_read_an_older_version_is_told(kenji):
    made = add_word(actor=kenji, word="darn", action="hold")
    change_word(actor=kenji, word_id=made.id, version=1, word="darn", action="flag")
    with pytest.raises(Conflict):
        change_word(actor=kenji, word_id=made.id, version=1, word="darn", action="block")
    with pytest.raises(Conflict):
        delete_word(actor=kenji, word_id=made.id, version=1)
    assert get_word(made.id).action == "flag"


def test_what_is_gone_cannot_be_changed(kenji):
    for act in (get_word, lambda word_id: delete_word(actor=kenji, word_id=word_id, version=1)):
        with pytest.raises(NotFound):
            act("nothing")


def test_members_decide_nothing(kenji):
    made = add_word(actor=kenji, word="darn", action="hold")
    ada = make_user("ada")
    for act in (
        lambda: add_word(actor=ada, word="heck", action="flag"),
        lambda: change_word(actor=ada, word_id=made.id, version=1, word="darn", action="flag"),
        lambda: delete_word(actor=ada, word_id=made.id, version=1),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert len(list_words()) == 1


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("word", {"word": ""}),
        ("word", {"word": "?!"}),
        ("word", {"word": "a\x00b"}),
        ("word", {"word": "x" * (WORD_MAX + 1)}),
        ("action", {"action": "delete"}),
        ("note", {"note": "x" * (NOTE_MAX + 1)}),
        ("note", {"note": "\ud800"}),
    ],
)
def test_what_makes_no_sense_is_refused(kenji, field, values):
    with pytest.raises(Invalid) as refused:
        add_word(actor=kenji, **{"word": "darn", "action": "flag", **values})
    assert refused.value.field == field


def test_a_word_is_on_the_list_once_in_whatever_spelling(kenji):
    add_word(actor=kenji, word="Hot Deal", action="flag")
    other = add_word(actor=kenji, word="darn", action="flag")
    with pytest.raises(Invalid):
        add_word(actor=kenji, word="hót-deal", action="block")
    with pytest.raises(Invalid):
        change_word(actor=kenji, word_id=other.id, version=1, word="hot  deal", action="flag")
    assert len(list_words()) == 2


def test_eight_moderators_add_the_same_word_once(app, kenji):
    kenji_id = kenji.id

    def add(_number):
        try:
            add_word(actor=db.session.get(User, kenji_id), word="darn", action="flag")
        except Invalid:
            return 0
        return 1

    assert sum(together(app, 8, add)) == 1


def test_a_word_outlives_whoever_added_it(kenji):
    made = add_word(actor=kenji, word="darn", action="flag")
    db.session.execute(text('delete from "user"'))
    db.session.commit()
    db.session.expire_all()
    assert db.session.get(WatchedWord, made.id).created_by is None
