"""A person's page."""

import pytest

from pythoughts.clock import now
from pythoughts.errors import Gone, NotFound
from pythoughts.feed.queries import Tab, capped, get_profile, posts_of, profiles
from tests.factories import make_post, make_user


def listed(ada, tab=Tab.ALL, cursor=None, size=20):
    return [post.message for post in posts_of(ada.id, reader=None, tab=tab, cursor=cursor, size=size).posts]


def test_thoughts_and_replies_are_listed_newest_first(ada):
    root = make_post(ada, "thought")
    make_post(ada, "reply", reply_to=root)
    make_post(make_user("mira"), "somebody else's")
    assert listed(ada) == ["reply", "thought"]
    assert listed(ada, Tab.THOUGHTS) == ["thought"]
    assert listed(ada, Tab.REPLIES) == ["reply"]


def test_a_reply_names_what_it_answers(ada):
    root = make_post(make_user("mira"))
    make_post(ada, reply_to=root)
    answers = posts_of(ada.id, reader=None, tab=Tab.ALL, cursor=None, size=1).posts[0].answers
    assert (answers.id, answers.author.username) == (root.id, "mira")


@pytest.mark.parametrize("state", ["held", "removed", "deleted"])
def test_only_live_posts_are_listed_and_counted(ada, state):
    make_post(ada, state=state)
    assert listed(ada) == []
    assert get_profile("ada").thoughts == 0


def test_pages_follow_each_other(ada):
    for number in range(5):
        make_post(ada, f"{number}")
    page = posts_of(ada.id, reader=None, tab=Tab.ALL, cursor=None, size=2)
    assert listed(ada, cursor=page.older, size=2) == ["2", "1"]


def test_thoughts_and_replies_are_counted_apart(ada):
    root = make_post(ada)
    for _turn in range(3):
        make_post(ada, reply_to=root)
    make_post(make_user("mira"), "somebody else's")
    profile = get_profile("ada")
    assert (profile.thoughts, profile.replies) == (1, 3)


def test_counting_stops_at_a_limit(ada, monkeypatch):
    monkeypatch.setattr(profiles, "COUNTED", 3)
    for _turn in range(6):
        make_post(ada)
    counted = get_profile("ada").thoughts
    assert counted == 4
    assert (capped(counted), capped(3)) == ("3+", "3")


def test_a_name_is_found_in_any_case(ada):
    assert get_profile("ADA").person.id == ada.id


@pytest.mark.parametrize("name", ["nobody", "a\x00a", "a" * 1000, "..", "", "ad\u212b"])
def test_nobody_has_such_a_name(ada, name):
    with pytest.raises(NotFound):
        get_profile(name)


def test_a_deleted_person_is_gone_and_a_banned_one_is_not(app):
    make_user("mira", deleted_at=now())
    make_user("quick", banned=True)
    with pytest.raises(Gone):
        get_profile("mira")
    assert get_profile("quick").person.is_banned
