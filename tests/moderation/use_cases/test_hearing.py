"""What the word filter notices comes to staff, in the transaction that posts it."""

import pytest
from sqlalchemy import func, select

from pythoughts import signals
from pythoughts.audit.models import AuditLog
from pythoughts.db import db
from pythoughts.errors import Conflict, Invalid, NotAllowed, NotFound
from pythoughts.feed.models import Post
from pythoughts.feed.queries import feed_before, find_post, get_thread
from pythoughts.feed.use_cases import create_post, delete_own_post, hold_post, release_post, remove_post, restore_post
from pythoughts.moderation.models import ReviewItem
from pythoughts.moderation.queries import caught_lately
from pythoughts.words.use_cases import add_word, change_word
from tests.factories import make_post, make_user


@pytest.fixture
def kenji(app):
    return make_user("kenji", role="moderator")


@pytest.fixture
def ada(app):
    return make_user("ada")


@pytest.fixture
def words(kenji):
    """A word for each action, by action."""
    pairs = {"block": "darn", "hold": "spam", "flag": "eggs", "censor": "heck"}
    return {action: add_word(actor=kenji, word=word, action=action) for action, word in pairs.items()}


def items():
    return db.session.scalars(select(ReviewItem).execution_options(populate_existing=True)).all()


def made(post_id):
    return db.session.scalars(select(Post).where(Post.id == post_id).execution_options(populate_existing=True)).one()


def test_a_blocked_word_makes_no_post(ada, words):
    with pytest.raises(Invalid):
        create_post(author=ada, message="darn")
    assert db.session.scalar(select(func.count()).select_from(Post)) == 0


def test_a_blocked_word_blocks_staff_too(kenji, words):
    with pytest.raises(Invalid):
        create_post(author=kenji, message="darn")


def test_a_held_post_waits_unseen_uncounted_and_unheard_of(ada, kenji, words):
    root = make_post(kenji)
    heard = []

    def hear(post_id, **_news):
        heard.append(post_id)

    with signals.post_created.connected_to(hear):
        post_id = create_post(author=ada, message="spam", reply_to_id=root.id)
    assert (made(post_id).state, made(root.id).reply_count, heard) == ("held", 0, [])
    assert find_post(post_id, reader=None) is None
    assert find_post(post_id, reader=make_user("zoe")) is None
    assert [reply.id for reply in get_thread(root.id, reader=ada).tops] == [post_id]
    (item,) = items()
    assert (item.post_id, item.state, item.word_id, item.open_reports) == (post_id, "open", words["hold"].id, 0)
    assert item.score > 0


def test_a_flagged_post_is_shown_and_queued_behind_held_ones(ada, words):
    held = create_post(author=ada, message="spam and eggs")
    flagged = create_post(author=ada, message="eggs")
    assert (made(held).state, made(flagged).state) == ("held", "live")
    scores = {item.post_id: item.score for item in items()}
    assert scores[held] > scores[flagged] > 0


def test_staff_posts_are_neither_held_nor_flagged(kenji, words):
    assert made(create_post(author=kenji, message="spam and eggs")).state == "live"
    assert items() == []


def test_a_censored_word_is_stored_as_typed_and_masked_when_read(ada, kenji, words):
    post_id = create_post(author=ada, message="What the heck")
    assert made(post_id).message == "What the heck"
    (row,) = feed_before(None, reader_id=None, size=5).posts
    assert row.message == "What the ••••"
    assert find_post(post_id, reader=kenji).message == "What the ••••"
    change_word(actor=kenji, word_id=words["censor"].id, version=1, word="heck", action="flag")
    assert find_post(post_id, reader=None).message == "What the heck"


def test_the_same_form_again_brings_the_held_post_and_no_second_item(ada, words):
    key = "a-key-of-one-form"
    first = create_post(author=ada, message="spam", idempotency_key=key)
    assert create_post(author=ada, message="spam", idempotency_key=key) == first
    assert len(items()) == 1


def test_releasing_shows_and_counts_it(ada, kenji, words):
    root = make_post(kenji)
    post_id = create_post(author=ada, message="spam", reply_to_id=root.id)
    for _turn in range(2):
        release_post(actor=kenji, post_id=post_id)
    assert (made(post_id).state, made(root.id).reply_count) == ("live", 1)
    assert list(db.session.scalars(select(AuditLog.action).where(AuditLog.target_id == post_id))) == ["post.release"]


def test_holding_by_hand_hides_and_counts_off(ada, kenji):
    root = make_post(kenji)
    post_id = make_post(ada, reply_to=root).id
    for _turn in range(2):
        hold_post(actor=kenji, post_id=post_id, reason="Let me think")
    assert (made(post_id).state, made(root.id).reply_count) == ("held", 0)
    remove_post(actor=kenji, post_id=post_id, reason="Spam")
    for act in (
        lambda: hold_post(actor=kenji, post_id=post_id, reason="x"),
        lambda: release_post(actor=kenji, post_id=post_id),
    ):
        with pytest.raises(Conflict):
            act()
    restore_post(actor=kenji, post_id=post_id)
    assert made(post_id).state == "held"
    assert list(db.session.scalars(select(AuditLog.action).order_by(AuditLog.id))) == [
        "post.hold",
        "post.remove",
        "post.restore",
    ]


def test_only_staff_of_a_higher_rank_hold_and_release(ada, kenji):
    for post_id in (make_post(kenji).id, make_post(ada).id):
        for act in (
            lambda post_id=post_id: hold_post(actor=ada, post_id=post_id, reason="x"),
            lambda post_id=post_id: release_post(actor=ada, post_id=post_id),
        ):
            with pytest.raises(NotAllowed):
                act()
    with pytest.raises(NotAllowed):
        hold_post(actor=kenji, post_id=make_post(make_user("root", role="admin")).id, reason="x")
    with pytest.raises(Invalid):
        hold_post(actor=kenji, post_id=make_post(ada).id, reason=" ")
    with pytest.raises(NotFound):
        release_post(actor=kenji, post_id="nothing")


def test_what_its_author_deletes_leaves_the_queue(ada, words):
    post_id = create_post(author=ada, message="spam")
    delete_own_post(actor=ada, post_id=post_id)
    assert [item.state for item in items()] == ["decided"]


def test_how_many_posts_a_word_would_have_caught(ada, monkeypatch):
    for message in ("Well d4rn", "DARN it", "darning", "fine"):
        make_post(ada, message)
    make_post(ada, "darn", id="01900000-0000-7000-8000-000000000000")  # of July 2024
    caught = caught_lately("Därn")
    assert (caught.posts, caught.looked_at) == (2, 4)
    monkeypatch.setattr("pythoughts.moderation.queries.LOOKED_AT", 3)
    assert caught_lately("darn").looked_at == 3
