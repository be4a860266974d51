"""Writing a post: once, counted exactly, and only by those who may."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from pythoughts import signals
from pythoughts.auth.models import User
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.errors import Conflict, Gone, Invalid, NotAllowed, NotFound, TooFast
from pythoughts.feed.models import MESSAGE_MAX, Post
from pythoughts.feed.use_cases import create_post, remove_post
from pythoughts.feed.use_cases.publish import clean_message
from pythoughts.origin import NOWHERE, Origin, set_origin
from pythoughts.text import normalise
from tests.factories import make_post, make_user
from tests.races import PATIENCE, meanwhile, together

KEY = "a-key-of-one-form"
DAYS_AGO = now() - timedelta(days=3)


def fetch(post_id: str) -> Post:
    return db.session.execute(
        select(Post).where(Post.id == post_id).execution_options(populate_existing=True)
    ).scalar_one()


def test_a_thought_starts_a_thread(app):
    post = fetch(create_post(author=make_user(), message="Hello"))
    assert (post.message, post.depth, post.root_id, post.reply_to_id, post.state) == ("Hello", 0, None, None, "live")


def test_a_reply_knows_its_place(app):
    author = make_user()
    root = make_post(author)
    reply = fetch(create_post(author=author, message="First", reply_to_id=root.id))
    deeper = fetch(create_post(author=author, message="Second", reply_to_id=reply.id))
    assert (reply.root_id, reply.depth, reply.reply_to_id) == (root.id, 1, root.id)
    assert (deeper.root_id, deeper.depth, deeper.reply_to_id) == (root.id, 2, reply.id)
    assert (fetch(root.id).reply_count, fetch(reply.id).reply_count) == (1, 1)


def test_twenty_replies_at_once_are_all_counted(app):
    authors = [make_user(f"member{number}") for number in range(20)]
    ids = [author.id for author in authors]
    root = make_post(authors[0]).id

    def reply(number):
        return create_post(author=db.session.get(User, ids[number]), message=f"Reply {number}", reply_to_id=root)

    assert len(set(together(app, 20, reply))) == 20
    assert fetch(root).reply_count == 20


def test_a_form_sent_twice_makes_one_post(app):
    author = make_user()
    first = create_post(author=author, message="Once", idempotency_key=KEY)
    assert create_post(author=author, message="Once\r\n", idempotency_key=KEY) == first
    assert db.session.scalar(select(func.count()).select_from(Post)) == 1


def test_a_reply_sent_by_eight_clicks_at_once_is_one_and_counts_one(app):
    author = make_user(created_at=DAYS_AGO)
    author_id, root = author.id, make_post(author).id

    def reply(_number):
        me = db.session.get(User, author_id)
        return create_post(author=me, message="Once", reply_to_id=root, idempotency_key=KEY)

    assert len(set(together(app, 8, reply))) == 1
    assert fetch(root).reply_count == 1


def test_a_key_belongs_to_its_author(app):
    first = create_post(author=make_user("ada"), message="Same", idempotency_key=KEY)
    assert create_post(author=make_user("mira"), message="Same", idempotency_key=KEY) != first


def test_other_words_under_a_used_key_are_not_swallowed(app):
    author = make_user()
    create_post(author=author, message="First", idempotency_key=KEY)
    with pytest.raises(Conflict):
        create_post(author=author, message="Second", idempotency_key=KEY)


def test_a_form_sent_again_at_the_limit_still_finds_its_post(app):
    author = make_user()
    made = [create_post(author=author, message=f"{n}", idempotency_key=f"{KEY}{n}") for n in range(5)]
    assert create_post(author=author, message="4", idempotency_key=f"{KEY}4") == made[4]


@pytest.mark.parametrize("key", ["short", "with space!", "k" * 65, "a\x00bcdefgh"])
def test_a_damaged_key_is_refused(app, key):
    with pytest.raises(Invalid):
        create_post(author=make_user(), message="Hello", idempotency_key=key)


def test_whoever_has_not_proven_their_address_is_told_how(app):
    with pytest.raises(NotAllowed, match="enter the code"):
        create_post(author=make_user(verified=False), message="Hello")


def test_a_silenced_member_may_not_post_until_it_ends(app):
    with pytest.raises(NotAllowed, match="paused"):
        create_post(author=make_user("ada", silenced_until=now() + timedelta(hours=1)), message="Hello")
    assert create_post(author=make_user("mira", silenced_until=now() - timedelta(hours=1)), message="Hello")


def test_a_banned_member_may_not_post(app):
    with pytest.raises(NotAllowed):
        create_post(author=make_user(banned=True), message="Hello")


def test_a_new_account_posts_five_times_a_minute(app):
    author = make_user()
    for number in range(5):
        create_post(author=author, message=f"{number}")
    with pytest.raises(TooFast) as refused:
        create_post(author=author, message="6")
    assert 0 < refused.value.retry_after <= 60


def test_an_older_account_posts_twenty_times_a_minute(app):
    author = make_user(created_at=DAYS_AGO)
    for number in range(20):
        create_post(author=author, message=f"{number}")
    with pytest.raises(TooFast):
        create_post(author=author, message="21")


def test_staff_have_no_limit(app):
    author = make_user(role="moderator")
    for number in range(7):
        create_post(author=author, message=f"{number}")


def test_one_household_posts_sixty_times_a_minute(app):
    set_origin(Origin(ip_address="2001:db8::1"))
    try:
        for number in range(12):
            author = make_user(f"member{number}")
            for turn in range(5):
                create_post(author=author, message=f"{turn}")
        set_origin(Origin(ip_address="2001:db8::2"))
        with pytest.raises(TooFast):
            create_post(author=make_user("late"), message="From next door")
    finally:
        set_origin(NOWHERE)


def test_words_that_are_refused_use_up_nothing(app):
    author = make_user()
    for _turn in range(6):
        with pytest.raises(Invalid):
            create_post(author=author, message=" ")
    assert create_post(author=author, message="Hello")


@pytest.mark.parametrize(("state", "error"), [("removed", Gone), ("deleted", Gone), ("held", Conflict)])
def test_only_live_posts_can_be_answered(app, state, error):
    author = make_user()
    root = make_post(author, state=state)
    with pytest.raises(error):
        create_post(author=author, message="Hello", reply_to_id=root.id)
    assert fetch(root.id).reply_count == 0


@pytest.mark.parametrize("unknown", ["nowhere", "a\x00b", "../x", "x" * 70])
def test_what_is_not_there_cannot_be_answered(app, unknown):
    with pytest.raises(NotFound):
        create_post(author=make_user(), message="Hello", reply_to_id=unknown)


def test_a_reply_waits_for_a_removal_that_is_under_way(app):
    author, moderator = make_user(), make_user("kenji", role="moderator")
    root, author_id = make_post(author).id, author.id
    with transaction():
        remove_post(actor=moderator, post_id=root, reason="spam")
        posting = meanwhile(app, post_as, author_id, root)
    assert isinstance(posting.exception(timeout=PATIENCE), Gone)
    assert fetch(root).reply_count == 0


def test_posting_while_the_account_is_erased_is_refused_not_broken(app):
    author_id = make_user().id
    with transaction() as session:
        session.execute(delete(User).where(User.id == author_id))
        posting = meanwhile(app, post_as, author_id)
    assert isinstance(posting.exception(timeout=PATIENCE), NotAllowed)


def test_posting_while_the_account_is_closed_is_refused_not_broken(app):
    author_id = make_user().id
    with transaction() as session:
        session.execute(update(User).where(User.id == author_id).values(deleted_at=now()))
        posting = meanwhile(app, post_as, author_id)
    assert isinstance(posting.exception(timeout=PATIENCE), NotAllowed)


def post_as(author_id, reply_to_id=None):
    return create_post(author=db.session.get(User, author_id), message="Hello", reply_to_id=reply_to_id)


def test_others_hear_of_a_new_post(app):
    heard = []

    def hear(post_id, **news):
        heard.append((post_id, news))

    author = make_user()
    root = make_post(author)
    with signals.post_created.connected_to(hear):
        made = create_post(author=author, message="Hello", reply_to_id=root.id)
    assert heard == [(made, {"author_id": author.id, "reply_to_id": root.id})]


def test_a_post_vanishes_when_somebody_who_hears_of_it_fails(app):
    def fail(_post_id, **_news):
        raise LookupError

    author = make_user()
    with signals.post_created.connected_to(fail), pytest.raises(LookupError):
        create_post(author=author, message="Hello")
    assert db.session.scalar(select(func.count()).select_from(Post)) == 0


@pytest.mark.parametrize("typed", ["", " \r\n\t", "a" * (MESSAGE_MAX + 1), "a\x00b", "a\ud800", "e" + "\u0301" * 9000])
def test_what_cannot_be_kept_is_refused_before_the_database_sees_it(typed):
    with pytest.raises(Invalid) as refused:
        clean_message(typed)
    assert refused.value.field == "message"


def test_a_family_of_emoji_counts_as_one(app):
    family = "👩‍👩‍👧"
    assert clean_message(family * MESSAGE_MAX)
    with pytest.raises(Invalid):
        clean_message(family * (MESSAGE_MAX + 1))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=400).filter(lambda typed: normalise(typed) and "\x00" not in typed))
def test_any_text_within_the_limits_is_stored_as_typed(app, typed):
    staff = db.session.scalar(select(User)) or make_user(role="admin")
    assert fetch(create_post(author=staff, message=typed)).message == normalise(typed)
