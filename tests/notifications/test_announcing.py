"""Who hears of a post: whoever it answers or names, once, unless one of the two does not want to hear the other."""

import pytest
from sqlalchemy import select

from pythoughts.auth.queries import get_user
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.feed.models import Post
from pythoughts.feed.use_cases import create_post, hold_post, release_post, remove_post, restore_post
from pythoughts.notifications.models import Mention
from pythoughts.notifications.queries import unread_count
from pythoughts.notifications.use_cases.announcing import MENTIONS_MAX
from pythoughts.preferences.use_cases import block_person, ignore_person, save_settings, stop_ignoring, unblock_person
from pythoughts.signals import post_edited
from tests.factories import make_post, make_user
from tests.notifications.conftest import told
from tests.races import together
from tests.statements import statements


def edit(post_id: str, message: str) -> None:
    """Change a post's text the way its author does."""
    with transaction() as session:
        session.get_one(Post, post_id).message = message
        post_edited.send(post_id)


def test_whoever_is_answered_hears_of_it(ada, grace):
    create_post(author=grace, message="Yes.", reply_to_id=make_post(ada).id)
    assert told(ada) == ["reply"]
    assert told(grace) == []


def test_nobody_hears_of_what_they_do_themselves(ada):
    create_post(author=ada, message="And @ada says:", reply_to_id=make_post(ada).id)
    assert told(ada) == []


def test_whoever_is_named_hears_of_it_once(ada, grace):
    create_post(author=grace, message="@ada, @Ada and @ADA: have you seen @nobody?")
    assert told(ada) == ["mention"]
    assert db.session.scalars(select(Mention.user_id)).all() == [ada.id]


def test_who_is_answered_and_named_hears_it_once(ada, grace):
    create_post(author=grace, message="@ada yes.", reply_to_id=make_post(ada).id)
    assert told(ada) == ["reply"]


@pytest.mark.parametrize("text", ["`@ada`", "```\n@ada\n```", "mail@ada", "https://example.org/@ada", "@adaa"])
def test_what_is_no_name_tells_nobody(ada, grace, text):
    create_post(author=grace, message=f"See {text} there." if "\n" not in text else text)
    assert told(ada) == []


def test_a_post_names_only_so_many_people(app, grace):
    crowd = [make_user(f"member{number:02}", password=None) for number in range(MENTIONS_MAX + 2)]
    post_id = create_post(author=grace, message=" ".join(f"@{each.username}" for each in crowd))
    assert sum(len(told(each)) for each in crowd) == MENTIONS_MAX
    edit(post_id, f"@{crowd[-1].username} @{crowd[-2].username}")
    assert sum(len(told(each)) for each in crowd) == MENTIONS_MAX


def test_an_edit_tells_only_whom_it_names_for_the_first_time(ada, grace):
    root = make_user("root.user")
    post_id = create_post(author=grace, message="Hello @ada")
    edit(post_id, "Hello @ada and @root.user")
    edit(post_id, "Hello @ada and @root.user again")
    assert told(ada) == ["mention"]
    assert told(root) == ["mention"]


@pytest.mark.parametrize("state", [{"deleted_at": now()}, {"delete_after": now()}])
def test_whoever_is_gone_is_told_nothing(app, grace, state):
    gone = make_user("gone", **state)
    create_post(author=grace, message="@gone?", reply_to_id=make_post(gone).id)
    assert told(gone) == []


def test_whoever_ignores_the_author_hears_nothing(ada, grace):
    ignore_person(actor=ada, username="grace")
    create_post(author=grace, message="@ada!", reply_to_id=make_post(ada).id)
    assert told(ada) == []


def test_whom_the_author_ignores_they_do_not_call(ada, grace):
    ignore_person(actor=grace, username="ada")
    create_post(author=grace, message="@ada!")
    assert told(ada) == []


@pytest.mark.parametrize("who", [0, 1])
def test_nobody_is_named_across_a_block(ada, grace, who):
    people = [ada, grace]
    block_person(actor=people[who], username=people[1 - who].username)
    create_post(author=grace, message="@ada!")
    assert told(ada) == []


def test_kinds_that_somebody_turned_off_are_not_told(ada, grace):
    save_settings(actor=ada, settings={"replies": False, "mentions": False})
    mine = make_post(ada)
    create_post(author=grace, message="@ada!", reply_to_id=mine.id)
    assert told(ada) == []
    save_settings(actor=ada, settings={"mentions": True})
    create_post(author=grace, message="@ada!", reply_to_id=mine.id)
    assert told(ada) == ["mention"]


def test_a_held_post_is_told_once_it_is_released(ada, grace, kenji):
    mine = make_post(ada)
    post_id = create_post(author=grace, message="@kenji look", reply_to_id=mine.id)
    for _turn in range(2):
        hold_post(actor=kenji, post_id=post_id, reason="A closer look")
        release_post(actor=kenji, post_id=post_id)
    assert told(ada) == ["reply"]
    held = make_post(grace, "Again, @ada", reply_to=mine, state="held")
    assert told(ada) == ["reply"]
    release_post(actor=kenji, post_id=held.id)
    assert told(ada) == ["reply", "reply"]


def test_what_is_out_of_sight_is_not_counted_until_it_is_back(ada, grace, kenji):
    post_id = create_post(author=grace, message="@ada!")
    assert unread_count(ada.id) == 1
    remove_post(actor=kenji, post_id=post_id, reason="Off topic")
    assert unread_count(ada.id) == 0
    restore_post(actor=kenji, post_id=post_id)
    assert unread_count(ada.id) == 1


def test_ignoring_and_blocking_hide_what_was_told_before(ada, grace):
    create_post(author=grace, message="@ada!")
    ignore_person(actor=ada, username="grace")
    assert unread_count(ada.id) == 0
    stop_ignoring(actor=ada, username="grace")
    assert unread_count(ada.id) == 1
    block_person(actor=grace, username="ada")
    assert unread_count(ada.id) == 0
    unblock_person(actor=grace, username="ada")
    assert unread_count(ada.id) == 1


def test_twenty_replies_at_once_are_told_twenty_times(app, ada):
    mine = make_post(ada).id
    people = [make_user(f"member{number:02}", role="moderator", password=None).id for number in range(20)]
    together(app, 20, lambda number: create_post(author=get_user(people[number]), message="@ada!", reply_to_id=mine))
    assert told(ada) == ["reply"] * 20
    assert unread_count(ada.id) == 20


def test_two_who_answer_and_name_each_other_at_once_do_not_stop_each_other(app, ada, grace):
    pair = [(ada.id, make_post(grace).id), (grace.id, make_post(ada).id)]

    def answer(number):
        author_id, post_id = pair[number % 2]
        return create_post(author=get_user(author_id), message="@ada @grace", reply_to_id=post_id)

    together(app, 8, answer)
    assert told(ada) == told(grace) == ["reply"] * 4


def test_telling_costs_the_same_however_many_are_named(app, grace):
    for number in range(MENTIONS_MAX):
        make_user(f"member{number:02}", password=None)
    names = [f"@member{number:02}" for number in range(MENTIONS_MAX)]
    create_post(author=grace, message="First of all.")
    with statements() as few:
        create_post(author=grace, message=names[0])
    with statements() as many:
        create_post(author=grace, message=" ".join(names))
    assert len(many) == len(few)


def test_a_post_that_fails_tells_nobody(ada, grace):
    with transaction() as session:
        create_post(author=grace, message="@ada!")
        session.rollback()
    assert told(ada) == []
