"""A post with everything below it."""

import json

import pytest

from pythoughts.db import transaction
from pythoughts.errors import Gone, NotFound
from pythoughts.feed.models import DEPTH_SHOWN
from pythoughts.feed.queries import Order, find_post, get_post, get_thread, threads
from pythoughts.preferences.models import UserPreferences
from tests.factories import make_post, make_user


def outline(thread):
    """The thread as nested lists of messages."""

    def below(reply):
        return [reply.message, *map(below, thread.children.get(reply.id, []))]

    return [below(top) for top in thread.tops]


def seen(post, reader=None, after=None):
    return outline(get_thread(post.id, reader=reader, after=after))


def test_replies_stand_below_what_they_answer_in_the_order_they_came(ada):
    root = make_post(ada)
    first = make_post(ada, "1", reply_to=root)
    make_post(ada, "2", reply_to=root)
    make_post(ada, "1.1", reply_to=first)
    assert seen(root) == [["1", ["1.1"]], ["2"]]


def test_a_reply_has_a_page_with_only_what_is_below_it(ada):
    root = make_post(ada)
    first = make_post(ada, "1", reply_to=root)
    make_post(ada, "2", reply_to=root)
    make_post(ada, "1.1", reply_to=first)
    thread = get_thread(first.id, reader=None)
    assert outline(thread) == [["1.1"]]
    assert (thread.post.answers.id, thread.post.answers.author.username) == (root.id, "ada")


def chain(ada, length):
    posts = [make_post(ada, "0")]
    for level in range(1, length + 1):
        posts.append(make_post(ada, f"{level}", reply_to=posts[-1]))
    return posts


@pytest.mark.parametrize("start", [0, 1, 3])
def test_six_levels_are_shown_and_the_last_leads_on(ada, start):
    posts = chain(ada, DEPTH_SHOWN + 4)
    thread = get_thread(posts[start].id, reader=None)
    last = posts[start + DEPTH_SHOWN]
    assert last.id not in thread.children
    shown = [reply for below in thread.children.values() for reply in below]
    assert max(reply.depth for reply in shown) == start + DEPTH_SHOWN
    assert next(reply for reply in shown if reply.id == last.id).reply_count == 1


@pytest.mark.parametrize("state", ["removed", "deleted"])
def test_what_was_taken_away_keeps_the_place_of_its_replies(ada, state):
    root = make_post(ada)
    gone = make_post(ada, "gone", reply_to=root, state=state)
    make_post(ada, "stays", reply_to=gone)
    assert seen(root) == [["gone", ["stays"]]]


def test_a_deleted_reply_that_nobody_answered_is_not_shown(ada):
    root = make_post(ada)
    gone = make_post(ada, "gone", reply_to=root, state="deleted")
    make_post(ada, "gone too", reply_to=gone, state="deleted")
    assert seen(root) == []


def test_a_removed_reply_leaves_a_stub(ada):
    root = make_post(ada)
    make_post(ada, "gone", reply_to=root, state="removed")
    assert seen(root) == [["gone"]]


def test_a_held_reply_is_for_its_author_and_staff(ada):
    root = make_post(ada)
    make_post(ada, "held", reply_to=root, state="held")
    assert seen(root) == seen(root, make_user("mira")) == []
    assert seen(root, ada) == seen(root, make_user("kenji", role="moderator")) == [["held"]]


@pytest.mark.parametrize("state", ["removed", "deleted"])
def test_a_post_that_was_taken_away_is_gone_without_replies(ada, state):
    post = make_post(ada, state=state)
    with pytest.raises(Gone):
        get_thread(post.id, reader=None)
    make_post(ada, "deleted", reply_to=post, state="deleted")
    make_post(ada, "removed", reply_to=post, state="removed")
    with pytest.raises(Gone):
        get_thread(post.id, reader=ada)


@pytest.mark.parametrize("state", ["removed", "deleted"])
def test_a_post_that_was_taken_away_stays_for_a_live_reply_far_below(ada, state):
    post = make_post(ada, state=state)
    middle = make_post(ada, "middle", reply_to=post, state="deleted")
    make_post(ada, "live", reply_to=middle)
    assert seen(post) == [["middle", ["live"]]]


def test_a_held_post_is_for_its_author_and_staff(ada):
    post = make_post(ada, state="held")
    for stranger in (None, make_user("mira")):
        with pytest.raises(NotFound):
            get_thread(post.id, reader=stranger)
    for insider in (ada, make_user("kenji", role="moderator")):
        assert get_thread(post.id, reader=insider).post.state == "held"


def test_an_unknown_post_is_not_found(app):
    with pytest.raises(NotFound):
        get_thread("nowhere", reader=None)
    assert find_post("nowhere", reader=None) is None


@pytest.mark.parametrize("state", ["removed", "deleted"])
def test_what_was_taken_away_cannot_be_got(ada, state):
    with pytest.raises(Gone):
        get_post(make_post(ada, state=state).id, reader=ada)
    with pytest.raises(NotFound):
        get_post("nowhere", reader=ada)


@pytest.mark.parametrize("below", ["root", "reply"])
def test_a_long_thread_is_read_in_pages_that_lose_nothing(ada, monkeypatch, below):
    monkeypatch.setattr(threads, "REPLIES_SHOWN", 4)
    post = make_post(ada)
    if below == "reply":
        post = make_post(ada, reply_to=post)
    first = make_post(ada, "1", reply_to=post)
    for number in range(2, 7):
        make_post(ada, f"{number}", reply_to=post)
    make_post(ada, "1.1", reply_to=first)
    thread = get_thread(post.id, reader=None)
    assert outline(thread) == [["1"], ["2"], ["3"], ["4"]]
    thread = get_thread(post.id, reader=None, after=thread.later)
    assert outline(thread) == [["5"], ["6"], ["1.1"]]
    assert thread.tops[-1].answers.id == first.id
    assert thread.later is None


def test_a_page_of_dead_ends_still_leads_on(ada, monkeypatch):
    monkeypatch.setattr(threads, "REPLIES_SHOWN", 2)
    root = make_post(ada)
    for _number in range(3):
        make_post(ada, "gone", reply_to=root, state="deleted")
    make_post(ada, "live", reply_to=root)
    thread = get_thread(root.id, reader=None)
    assert outline(thread) == []
    assert seen(root, after=thread.later) == [["live"]]


def test_replies_whose_parent_was_erased_stay_in_the_thread(ada):
    root = make_post(ada)
    parent = make_post(ada, "parent", reply_to=root)
    make_post(ada, "child", reply_to=parent)
    with transaction() as session:
        session.delete(parent)
    assert seen(root) == [["child"]]


def test_whom_the_reader_ignores_still_has_a_place_in_threads(ada):
    mira = make_user("mira")
    root = make_post(ada)
    make_post(mira, "noise", reply_to=root)
    with transaction() as session:
        session.add(UserPreferences(user_id=ada.id, ignored_users=json.dumps([mira.id])))
    assert seen(root, ada) == [["noise"]]


def test_the_newest_reply_comes_first_but_talk_below_it_stays_in_order(app):
    ada = make_user("ada")
    root = make_post(ada)
    first, second = make_post(ada, reply_to=root), make_post(ada, reply_to=root)
    below = [make_post(ada, reply_to=first).id for _number in range(2)]
    thread = get_thread(root.id, reader=None, order=Order.NEWEST)
    assert [reply.id for reply in thread.tops] == [second.id, first.id]
    assert [reply.id for reply in thread.children[first.id]] == below


def test_pages_of_the_newest_go_on_to_the_oldest(app, monkeypatch):
    monkeypatch.setattr("pythoughts.feed.queries.threads.REPLIES_SHOWN", 3)
    ada = make_user("ada")
    root = make_post(ada)
    ids = [make_post(ada, reply_to=root).id for _number in range(5)]
    page = get_thread(root.id, reader=None, order=Order.NEWEST)
    assert [reply.id for reply in page.tops] == ids[:1:-1]
    rest = get_thread(root.id, reader=None, order=Order.NEWEST, after=page.later)
    assert ([reply.id for reply in rest.tops], rest.later) == (ids[1::-1], None)


def test_a_deleted_reply_without_replies_goes_in_either_order(app):
    ada = make_user("ada")
    root = make_post(ada)
    kept = make_post(ada, reply_to=root, state="deleted")
    make_post(ada, reply_to=kept)
    make_post(ada, reply_to=root, state="deleted")
    for order in Order:
        assert [reply.id for reply in get_thread(root.id, reader=None, order=order).tops] == [kept.id]
