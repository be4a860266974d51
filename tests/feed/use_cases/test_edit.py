"""Editing: for a while, by the author, under the rules of posting, and nothing that was said is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from pythoughts import signals
from pythoughts.auth.models import User
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.errors import Conflict, Gone, Invalid, NotAllowed, NotFound, TooFast
from pythoughts.feed.models import Post, PostRevision
from pythoughts.feed.use_cases import edit_post, hold_post
from pythoughts.settings.use_cases import choose
from pythoughts.words.models import Action
from pythoughts.words.use_cases import add_word
from tests.factories import make_post, make_user
from tests.races import together


def fetch(post_id: str) -> Post:
    fresh = select(Post).where(Post.id == post_id).execution_options(populate_existing=True)
    return db.session.scalars(fresh).one()


def earlier(post_id: str) -> list[str]:
    ordered = select(PostRevision.message).where(PostRevision.post_id == post_id).order_by(PostRevision.post_version)
    return list(db.session.scalars(ordered))


@pytest.fixture
def heard():
    """The posts that somebody says were edited."""
    ids = []

    def note(post_id, **_rest):
        ids.append(post_id)

    signals.post_edited.connect(note)
    yield ids
    signals.post_edited.disconnect(note)


@pytest.fixture
def watched(app):
    """Let staff watch for a word."""
    root = make_user("root", role="admin")
    return lambda word, action: add_word(actor=root, word=word, action=action)


@pytest.fixture
def ada(app):
    """A member whose account is not new."""
    return make_user("ada", created_at=now() - timedelta(days=3))


def test_an_edit_keeps_what_was_said(ada, heard):
    post = make_post(ada, "First")
    for text in ("Second", "Third"):
        edit_post(actor=ada, post_id=post.id, message=text)
    after = fetch(post.id)
    assert (after.message, earlier(post.id)) == ("Third", ["First", "Second"])
    assert after.edited_at > post.created_at
    assert heard == [post.id, post.id]


def test_each_text_is_kept_with_the_moment_it_was_written(ada):
    post = make_post(ada, "First")
    edit_post(actor=ada, post_id=post.id, message="Second")
    edited_at = fetch(post.id).edited_at
    edit_post(actor=ada, post_id=post.id, message="Third")
    moments = db.session.scalars(select(PostRevision.written_at).order_by(PostRevision.post_version)).all()
    assert moments == [post.created_at, edited_at]


def test_the_same_text_changes_nothing(ada, heard):
    post = make_post(ada, "Same")
    edit_post(actor=ada, post_id=post.id, message=" Same\r\n", version=1)
    after = fetch(post.id)
    assert (after.version, after.edited_at, earlier(post.id), heard) == (1, None, [], [])


def test_a_form_sent_by_eight_clicks_at_once_edits_once(app, ada):
    ada_id, post_id = ada.id, make_post(ada, "First").id

    def click(_number):
        edit_post(actor=db.session.get(User, ada_id), post_id=post_id, message="Second", version=1)

    together(app, 8, click)
    assert (fetch(post_id).message, earlier(post_id)) == ("Second", ["First"])


def test_two_editors_at_once_do_not_overwrite_each_other(app, ada):
    ada_id, post_id = ada.id, make_post(ada, "First").id

    def save(number):
        try:
            edit_post(actor=db.session.get(User, ada_id), post_id=post_id, message=f"By {number}", version=1)
        except Conflict:
            return "refused"
        return "saved"

    assert sorted(together(app, 4, save)) == ["refused", "refused", "refused", "saved"]
    assert earlier(post_id) == ["First"]


def test_a_stale_form_is_refused_but_one_without_a_version_replaces(ada):
    post = make_post(ada, "First")
    edit_post(actor=ada, post_id=post.id, message="Second", version=1)
    with pytest.raises(Conflict):
        edit_post(actor=ada, post_id=post.id, message="Third", version=1)
    edit_post(actor=ada, post_id=post.id, message="Third")
    assert fetch(post.id).message == "Third"


def test_a_change_of_state_makes_no_form_stale(ada):
    post = make_post(ada, "First")
    hold_post(actor=None, post_id=post.id, reason="Reported.")
    edit_post(actor=ada, post_id=post.id, message="Second", version=1)
    assert (fetch(post.id).message, fetch(post.id).state) == ("Second", "held")


def test_nobody_hears_of_an_edit_of_what_is_held(ada, heard):
    post = make_post(ada, state="held")
    edit_post(actor=ada, post_id=post.id, message="Second")
    assert heard == []


@pytest.mark.parametrize("role", ["member", "moderator", "admin"])
def test_nobody_edits_what_somebody_else_wrote(ada, role):
    live, held = make_post(ada, "Mine"), make_post(ada, "Mine", state="held")
    stranger = make_user("mira", role=role)
    with pytest.raises(NotAllowed):
        edit_post(actor=stranger, post_id=live.id, message="Theirs")
    with pytest.raises(NotFound):
        edit_post(actor=stranger, post_id=held.id, message="Theirs")
    assert fetch(live.id).message == "Mine"


def test_the_time_to_edit_is_a_setting(ada):
    post = make_post(ada, created_at=now() - timedelta(hours=6))
    with pytest.raises(NotAllowed, match="time to edit"):
        edit_post(actor=ada, post_id=post.id, message="Late")
    choose(actor=None, key="posts.edit_hours", typed="7")
    edit_post(actor=ada, post_id=post.id, message="In time")
    choose(actor=None, key="posts.edit_hours", typed="0")
    with pytest.raises(NotAllowed):
        edit_post(actor=ada, post_id=make_post(ada).id, message="Never")


@pytest.mark.parametrize("state", ["removed", "deleted"])
def test_what_was_taken_away_stays_as_it_is(ada, state):
    post = make_post(ada, "Gone", state=state)
    with pytest.raises(Gone):
        edit_post(actor=ada, post_id=post.id, message="Back")
    assert fetch(post.id).message == "Gone"


@pytest.mark.parametrize("typed", ["", " ", "a" * 501, "a\x00"])
def test_the_rules_of_the_text_hold(ada, typed):
    post = make_post(ada, "Good")
    with pytest.raises(Invalid):
        edit_post(actor=ada, post_id=post.id, message=typed)
    assert fetch(post.id).message == "Good"


def test_whoever_may_not_write_may_not_edit(ada):
    silenced = make_user("mira", silenced_until=now() + timedelta(hours=1))
    post = make_post(silenced)
    with pytest.raises(NotAllowed, match="paused"):
        edit_post(actor=silenced, post_id=post.id, message="Loud")


def test_a_blocked_word_does_not_get_in_by_an_edit(ada, watched):
    watched("blorft", Action.BLOCK)
    post = make_post(ada, "Good")
    with pytest.raises(Invalid, match="Blorft"):
        edit_post(actor=ada, post_id=post.id, message="Blorft")


def test_a_word_to_look_at_first_hides_the_post_and_its_count(ada, watched, heard):
    watched("blorft", Action.HOLD)
    root = make_post(ada)
    reply = make_post(ada, "Good", reply_to=root)
    seen = []

    def note(post_id, **rest):
        seen.append((post_id, rest["is_held"]))

    with signals.post_watched.connected_to(note):
        edit_post(actor=ada, post_id=reply.id, message="Blorft")
    assert (fetch(reply.id).state, fetch(root.id).reply_count) == ("held", 0)
    assert (seen, heard) == ([(reply.id, True)], [])


def test_a_minute_has_twenty_edits(ada):
    post = make_post(ada)
    for number in range(20):
        edit_post(actor=ada, post_id=post.id, message=f"Text {number}")
    with pytest.raises(TooFast):
        edit_post(actor=ada, post_id=post.id, message="One too many")


def test_an_account_that_closes_at_the_same_moment_edits_nothing_more(ada):
    post_id = make_post(ada, "Last words").id
    db.session.refresh(ada)
    db.session.expunge(ada)  # as it was when the request began
    with transaction() as session:
        session.execute(update(User).where(User.id == ada.id).values(delete_after=now()))
    with pytest.raises(NotAllowed, match="closed"):
        edit_post(actor=ada, post_id=post_id, message="Other words")
    assert fetch(post_id).message == "Last words"
