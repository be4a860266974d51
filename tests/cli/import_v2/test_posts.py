"""Posts and their threads, however tangled."""

import pytest
from sqlalchemy import select

from pythoughts.auth.models import User
from pythoughts.clock import now
from pythoughts.db import db
from pythoughts.feed.models import Post
from pythoughts.feed.queries import get_thread
from pythoughts.feed.use_cases import create_post, delete_own_post
from tests.cli.counts import wrong_posts
from tests.cli.import_v2.conftest import why
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("ada")


def by_message():
    return {post.message: post for post in db.session.scalars(select(Post).order_by(Post.id))}


def shape():
    """Each post's parent, root, depth and count, by message."""
    posts = by_message()
    name = {post.id: message for message, post in posts.items()} | {None: None}
    return {
        message: (name[post.reply_to_id], name[post.root_id], post.depth, post.reply_count)
        for message, post in posts.items()
    }


def test_a_thread_keeps_its_shape(v2):
    v2.post("root")
    v2.post("a", reply_to_id="root", minute=1)
    v2.post("b", reply_to_id="root", minute=2)
    v2.post("aa", reply_to_id="a", minute=3)
    assert v2.run().lines == []
    assert shape() == {
        "root": (None, None, 0, 2),
        "a": ("root", "root", 1, 1),
        "b": ("root", "root", 1, 0),
        "aa": ("a", "root", 2, 0),
    }
    assert wrong_posts() == []
    thread = get_thread(by_message()["root"].id, reader=None)
    assert [reply.message for reply in thread.tops] == ["a", "b"]


def test_a_key_tells_the_time_and_comes_from_the_old_one(v2):
    v2.post("p1", created_at="2025-06-01 12:00:00.123456")
    v2.run()
    first = by_message()["p1"]
    assert first.id.startswith("01972b5c-ee7b-7")
    assert first.created_at.isoformat() == "2025-06-01T12:00:00.123456+00:00"


def test_numbers_as_keys_are_fine(v2):
    v2.connection.execute("alter table pythoughts alter column id type integer using length(id)")
    v2.connection.execute("alter table pythoughts alter column reply_to_id type integer using length(reply_to_id)")
    v2.post(1, message="root")
    v2.post(2, message="reply", reply_to_id=1, minute=1)
    v2.run()
    assert shape()["reply"] == ("root", "root", 1, 0)


def test_circles_are_opened(v2):
    v2.post("self", reply_to_id="self")
    v2.post("a", reply_to_id="c", minute=1)
    v2.post("b", reply_to_id="a", minute=2)
    v2.post("c", reply_to_id="b", minute=3)
    report = v2.run()
    assert shape() == {
        "self": (None, None, 0, 0),
        "a": (None, None, 0, 1),
        "b": ("a", "a", 1, 1),
        "c": ("b", "a", 2, 0),
    }
    assert set(why(report, "pythoughts")) == {"self", "a"}
    assert "itself or something later" in why(report, "pythoughts")["a"]


def test_replies_to_what_is_not_there_stand_alone(v2):
    v2.post("orphan", reply_to_id="gone")
    v2.post("child", reply_to_id="orphan", minute=1)
    report = v2.run()
    assert shape() == {"orphan": (None, None, 0, 1), "child": ("orphan", "orphan", 1, 0)}
    assert "not there" in why(report, "pythoughts")["orphan"]


def test_posts_of_nobody_are_refused_and_their_replies_stand_alone(v2):
    v2.post("lost", user_id="ghost")
    v2.post("reply", reply_to_id="lost", minute=1)
    report = v2.run()
    assert shape() == {"reply": (None, None, 0, 0)}
    assert why(report, "pythoughts")["lost"] == "its author was not taken, or has left since"
    assert (report.counts["pythoughts"]["taken"], report.counts["pythoughts"]["refused"]) == (1, 1)


@pytest.mark.parametrize("message", ["", "  \n\t "])
def test_empty_posts_are_refused(v2, message):
    v2.post("empty", message=message)
    assert why(v2.run(), "pythoughts") == {"empty": "it is empty"}


@pytest.mark.parametrize("moment", ["infinity", "1969-12-31", "2150-01-01", "20000-01-01"])
def test_posts_of_impossible_times_are_refused(v2, moment):
    v2.post("odd", created_at=moment)
    assert set(why(v2.run(), "pythoughts")) == {"odd"}


def test_texts_are_brought_into_our_form(v2):
    v2.post("p1", message="  Cafe\u0301\r\nau lait ")
    v2.run()
    assert list(by_message()) == ["Café\nau lait"]


def test_a_text_over_the_limit_stays_whole(v2):
    v2.post("long", message="x" * 600)
    report = v2.run()
    assert list(by_message()) == ["x" * 600]
    assert "new posts may have 500" in why(report, "pythoughts")["long"]


def test_a_text_that_no_row_can_hold_is_cut_between_characters(v2):
    v2.post("huge", message="é" * 10_000)
    report = v2.run()
    (message,) = by_message()
    assert message == "é" * 8_190 + "…"
    assert "cut" in why(report, "pythoughts")["huge"]


def test_replies_that_came_later_join_what_is_here_already(v2):
    v2.post("root")
    v2.post("a", reply_to_id="root", minute=1)
    v2.run()
    bob = make_user("bob", created_at=now())
    create_post(author=bob, message="new", reply_to_id=by_message()["a"].id)
    v2.post("aa", reply_to_id="a", minute=2)
    v2.run()
    assert shape()["a"] == ("root", "root", 1, 2)
    assert shape()["aa"] == ("a", "root", 2, 0)


def test_what_was_deleted_here_does_not_come_back(v2):
    v2.post("root")
    v2.run()
    delete_own_post(actor=db.session.get(User, "ada"), post_id=by_message()["root"].id)
    v2.post("reply", reply_to_id="root", minute=1)
    v2.run()
    db.session.expire_all()
    assert by_message()["root"].state == "deleted"
    assert wrong_posts() == []


def test_new_posts_of_somebody_who_left_are_refused(v2):
    v2.post("root")
    v2.run()
    db.session.get(User, "ada").delete_after = now()
    db.session.commit()
    v2.post("late", minute=1)
    report = v2.run()
    assert why(report, "pythoughts") == {"late": "its author was not taken, or has left since"}
    assert report.counts["pythoughts"]["present"] == 1


def test_a_very_deep_thread_is_no_problem(v2):
    v2.connection.execute(
        "insert into pythoughts (id, message, user_id, reply_to_id, created_at) "
        "select 'p' || n, 'deep ' || n, 'ada', case when n > 1 then 'p' || (n - 1) end, "
        "timestamp '2025-06-01' + n * interval '1 second' from generate_series(1, 3000) as n"
    )
    v2.run()
    assert by_message()["deep 3000"].depth == 2_999
    assert wrong_posts() == []
