"""The feed: order, pages, and who is left out."""

import json

import pytest

from pythoughts.db import transaction
from pythoughts.errors import NotFound
from pythoughts.feed.queries import feed_before, feed_page
from pythoughts.feed.use_cases import delete_own_post
from pythoughts.preferences.models import UserPreferences
from tests.factories import make_post, make_user
from tests.statements import statements


def ignore(reader, *people):
    with transaction() as session:
        ids = json.dumps([person.id for person in people])
        session.add(UserPreferences(user_id=reader.id, ignored_users=ids))


def walk(reader_id=None, size=3):
    """Every post in the order in which a reader meets them, following "older" to the end."""
    met, cursor = [], None
    while True:
        page = feed_before(cursor, reader_id=reader_id, size=size)
        assert len(page.posts) <= size
        met += [post.message for post in page.posts]
        if page.older is None:
            return met
        cursor = page.older


def test_the_newest_thought_comes_first(ada):
    for number in range(4):
        make_post(ada, f"{number}")
    assert walk() == ["3", "2", "1", "0"]


@pytest.mark.parametrize("count", [0, 1, 3, 4, 6, 7])
def test_walking_meets_each_thought_once(ada, count):
    for number in range(count):
        make_post(ada, f"{number}")
    assert walk() == [f"{number}" for number in reversed(range(count))]


def test_a_full_last_page_offers_nothing_older(ada):
    for number in range(3):
        make_post(ada, f"{number}")
    assert feed_before(None, reader_id=None, size=3).older is None


def test_walking_goes_on_after_the_cursors_post_is_gone(ada):
    posts = [make_post(ada, f"{number}") for number in range(5)]
    cursor = feed_before(None, reader_id=None, size=2).older
    assert cursor == posts[3].id
    delete_own_post(actor=ada, post_id=cursor)
    assert [post.message for post in feed_before(cursor, reader_id=None, size=2).posts] == ["2", "1"]


@pytest.mark.parametrize("state", ["held", "removed", "deleted"])
def test_only_live_thoughts_are_listed_even_for_their_author(ada, state):
    make_post(ada, state=state)
    assert walk() == walk(ada.id) == []


def test_replies_are_not_in_the_feed(ada):
    root = make_post(ada, "root")
    make_post(ada, "reply", reply_to=root)
    assert walk() == ["root"]


def test_ignored_people_are_left_out_and_pages_stay_full(ada):
    noise, mira = make_user("noise"), make_user("mira")
    for number in range(12):
        make_post(noise if number % 3 else mira, f"{number}")
    ignore(ada, noise)
    assert walk(ada.id) == ["9", "6", "3", "0"]
    assert len(feed_before(None, reader_id=ada.id, size=3).posts) == 3
    assert len(walk()) == 12


def test_nobody_else_is_affected_by_whom_somebody_ignores(ada):
    mira = make_user("mira")
    make_post(mira)
    ignore(ada, mira)
    assert walk(mira.id) == ["A thought."]


def test_a_null_in_an_imported_list_hides_nobody(ada):
    make_post(make_user("mira"))
    with transaction() as session:
        session.add(UserPreferences(user_id=ada.id, ignored_users="[null]"))
    assert walk(ada.id) == ["A thought."]


def test_numbered_pages_meet_the_same_thoughts(ada):
    mira = make_user("mira")
    for number in range(7):
        make_post(mira if number == 5 else ada, f"{number}")
    pages = [feed_page(number, reader_id=None, size=3) for number in (1, 2, 3)]
    assert [[post.message for post in page.posts] for page in pages] == [["6", "5", "4"], ["3", "2", "1"], ["0"]]
    ignore(ada, mira)
    assert [post.message for post in feed_page(2, reader_id=ada.id, size=3).posts] == ["2", "1", "0"]


@pytest.mark.parametrize("number", [0, -1, 3, 501, 10**30])
def test_there_is_no_page_past_the_end(ada, number):
    for message in range(6):
        make_post(ada, f"{message}")
    with pytest.raises(NotFound):
        feed_page(number, reader_id=None, size=3)


def test_the_first_page_of_an_empty_community_is_empty(app):
    assert feed_page(1, reader_id=None, size=3).posts == []


def test_an_author_comes_with_the_post(ada):
    post = make_post(ada)
    row = feed_before(None, reader_id=None, size=1).posts[0]
    assert (row.author.id, row.author.username, row.author.role, row.is_live) == (ada.id, "ada", "member", True)
    assert (row.id, row.created_at, row.answers) == (post.id, post.created_at, None)


def test_the_feeds_own_index_fits_the_statement(app):
    """A parameter in place of the word would keep a prepared plan from a partial index."""
    with statements() as sent:
        feed_before("zzz", reader_id=None, size=20)
    assert "pythoughts.state = 'live' AND pythoughts.reply_to_id IS NULL" in sent[-1]
