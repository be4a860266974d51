"""A block keeps two people out of each other's sight, and out of each other's threads."""

import pytest
from sqlalchemy import func, select

from pythoughts.access import Role
from pythoughts.auth.models import User
from pythoughts.db import db, transaction
from pythoughts.errors import Conflict, Gone, Invalid, NotAllowed, NotFound
from pythoughts.feed.models import Post
from pythoughts.feed.queries import feed_before, feed_page, find_post, get_profile, get_thread
from pythoughts.feed.queries.profiles import Tab, posts_of
from pythoughts.feed.queries.rows import HIDDEN
from pythoughts.feed.use_cases import create_post, remove_post
from pythoughts.preferences.models import UserBlock
from pythoughts.preferences.queries import get_choices, is_cut, list_blocked
from pythoughts.preferences.use_cases import block_person, blocking, unblock_person
from pythoughts.search.queries import find_people, newest_posts
from tests.factories import make_post, make_user, post, sign_in
from tests.races import meanwhile, together


@pytest.fixture
def ada(app):
    return make_user("ada")


@pytest.fixture
def mira(app):
    return make_user("mira")


@pytest.fixture
def apart(ada, mira):
    """Ada has blocked Mira."""
    block_person(actor=ada, username="mira")
    return ada, mira


def feed(reader):
    return [row.message for row in feed_before(None, reader_id=reader.id, size=20).posts]


def blocks():
    return db.session.scalar(select(func.count()).select_from(UserBlock))


def test_neither_sees_the_other_in_the_feed(apart):
    for person in apart:
        make_post(person, f"by {person.username}")
    ada, mira = apart
    assert (feed(ada), feed(mira)) == (["by ada"], ["by mira"])
    assert feed(make_user("zoe")) == ["by mira", "by ada"]


def test_numbered_pages_do_not_count_what_is_hidden(apart):
    ada, mira = apart
    for number in range(3):
        make_post(mira, f"hers {number}")
        make_post(ada, f"mine {number}")
    assert [row.message for row in feed_page(2, reader_id=ada.id, size=1).posts] == ["mine 1"]


def test_a_post_behind_a_block_is_not_there(apart):
    for author, reader in (apart, apart[::-1]):
        hidden = make_post(author)
        assert find_post(hidden.id, reader=reader) is None
        with pytest.raises(NotFound):
            get_thread(hidden.id, reader=reader)


def test_a_hidden_reply_keeps_only_its_place_and_only_when_it_is_needed(apart):
    for person, other in (apart, apart[::-1]):
        root = make_post(make_user(f"zoe.{person.username}"))
        make_post(other, "nobody answers", reply_to=root)
        secret = make_post(other, "the secret", reply_to=root)
        make_post(person, "below", reply_to=secret)
        thread = get_thread(root.id, reader=person)
        (place,) = thread.tops
        assert (place.id, place.state, place.message, place.author.username) == (secret.id, HIDDEN, "", None)
        assert [below.message for below in thread.children[secret.id]] == ["below"]


def test_the_page_of_a_thread_names_nobody_behind_a_block(client, apart):
    ada, mira = apart
    root = make_post(make_user("zoe"))
    secret = make_post(mira, "the secret", reply_to=root)
    make_post(ada, "below", reply_to=secret)
    page = sign_in(client, ada).get(f"/posts/{root.id}").text
    assert "Hidden, because one of you has blocked the other." in page
    assert "the secret" not in page
    assert "mira" not in page


def test_a_profile_tells_only_whoever_made_the_block(app, apart):
    ada, mira = (sign_in(app.test_client(), person) for person in apart)
    make_post(apart[1], "hers")
    answer = ada.get("/user/mira")
    assert answer.status_code == 200
    assert "You have blocked @mira" in answer.text
    assert "hers" not in answer.text
    assert mira.get("/user/ada").status_code == 404
    assert app.test_client().get("/user/ada").status_code == 200


def test_search_does_not_find_the_other(apart):
    for person, other in (apart, apart[::-1]):
        make_post(other, "juniper")
        assert find_people(other.username, reader_id=person.id, size=5) == []
        found = newest_posts("juniper", reader_id=person.id, cursor=None, size=5)
        assert other.username not in {row.author.username for row in found.posts}


def test_neither_answers_the_other(apart):
    for person, other in (apart, apart[::-1]):
        with pytest.raises(NotAllowed) as refused:
            create_post(author=person, message="Hello", reply_to_id=make_post(other).id)
        assert refused.value.field == "message"
        assert "block" in str(refused.value)


def test_neither_answers_others_in_a_thread_of_the_other(apart):
    ada, mira = apart
    below = make_post(make_user("zoe"), reply_to=make_post(ada))
    with pytest.raises(NotAllowed):
        create_post(author=mira, message="Hello", reply_to_id=below.id)
    assert create_post(author=ada, message="Mine", reply_to_id=below.id)


def test_a_refused_answer_keeps_its_text(app, apart):
    ada, mira = apart
    root = make_post(ada)
    answer = post(sign_in(app.test_client(), mira), "/posts", {"message": "My text", "reply_to_id": root.id})
    assert answer.status_code == 403
    assert "My text" in answer.text


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ADMIN])
def test_staff_see_whoever_blocks_them(app, ada, role):
    kenji = make_user("kenji", role=role)
    theirs = make_post(ada, "look at me")
    block_person(actor=ada, username="kenji")
    assert feed(kenji) == ["look at me"]
    assert find_post(theirs.id, reader=kenji)
    assert sign_in(app.test_client(), kenji).get("/user/ada").status_code == 200
    remove_post(actor=kenji, post_id=theirs.id, reason="Spam")
    with pytest.raises(Gone):
        get_thread(theirs.id, reader=kenji)


def test_staff_may_block_and_still_open_what_they_moderate(ada):
    kenji = make_user("kenji", role="moderator")
    theirs = make_post(ada, "look at me")
    block_person(actor=kenji, username="ada")
    assert feed(kenji) == []
    assert find_post(theirs.id, reader=kenji)
    assert find_post(make_post(kenji).id, reader=ada) is None
    page = posts_of(ada.id, reader=kenji, tab=Tab.ALL, cursor=None, size=5)
    assert [row.message for row in page.posts] == ["look at me"]


def test_unblocking_brings_everything_back(apart):
    ada, mira = apart
    theirs = make_post(mira, "hers")
    unblock_person(actor=ada, username="mira")
    assert feed(ada) == ["hers"]
    assert create_post(author=ada, message="Hello", reply_to_id=theirs.id)


def test_nobody_takes_away_a_block_of_the_other(apart):
    ada, mira = apart
    unblock_person(actor=mira, username="ada")
    assert is_cut(ada.id, mira.id)
    assert is_cut(mira.id, ada.id)
    block_person(actor=mira, username="ada")
    unblock_person(actor=ada, username="mira")
    assert is_cut(ada.id, mira.id)
    assert (get_choices(ada.id).blocking, get_choices(mira.id).blocked) == ({mira.id}, {ada.id})


def test_blocking_twice_is_one_block_and_survives_a_new_name(apart):
    ada, mira = apart
    block_person(actor=ada, username=" @MIRA ")
    with transaction():
        mira.username = "new.name"
    assert [person.username for person in list_blocked(ada.id).people] == ["new.name"]
    assert blocks() == 1


def test_nobody_blocks_themselves_or_nobody(ada):
    with pytest.raises(Invalid):
        block_person(actor=ada, username="ada")
    for act in (block_person, unblock_person):
        with pytest.raises(NotFound):
            act(actor=ada, username="nobody")


def test_there_is_a_most(apart, monkeypatch):
    ada, _mira = apart
    monkeypatch.setattr(blocking, "BLOCKED_MAX", 1)
    make_user("zoe")
    with pytest.raises(Conflict):
        block_person(actor=ada, username="zoe")
    assert block_person(actor=ada, username="mira")


def test_the_list_shows_the_last_first_in_pages(ada, monkeypatch):
    monkeypatch.setattr("pythoughts.preferences.queries.BLOCKED_SHOWN", 2)
    for name in ("zoe", "yun", "xan"):
        make_user(name)
        block_person(actor=ada, username=name)
    page = list_blocked(ada.id)
    assert [person.username for person in page.people] == ["xan", "yun"]
    rest = list_blocked(ada.id, after=page.after)
    assert ([person.username for person in rest.people], rest.after) == (["zoe"], None)


def test_two_people_who_block_each_other_at_once_both_do(app, ada, mira):
    ids = [(ada.id, "mira"), (mira.id, "ada")]

    def block(number):
        user_id, other = ids[number % 2]
        block_person(actor=db.session.get(User, user_id), username=other)

    together(app, 8, block)
    assert blocks() == 2


def test_a_reply_on_its_way_waits_for_the_block_and_is_refused(app, ada, mira):
    root_id, mira_id = make_post(ada).id, mira.id

    def reply():
        with pytest.raises(NotAllowed):
            create_post(author=db.session.get(User, mira_id), message="Too late", reply_to_id=root_id)

    with transaction():
        block_person(actor=ada, username="mira")
        replying = meanwhile(app, reply)
    replying.result()
    assert db.session.scalar(select(func.count()).select_from(Post)) == 1


def test_a_block_waits_for_the_reply_that_was_first(app, ada, mira):
    root_id, ada_id = make_post(ada).id, ada.id
    with transaction():
        create_post(author=mira, message="Just in time", reply_to_id=root_id)
        block = meanwhile(app, lambda: block_person(actor=db.session.get(User, ada_id), username="mira"))
    block.result()
    assert blocks() == 1
    assert db.session.scalar(select(Post.reply_count).where(Post.id == root_id)) == 1


def test_blocking_by_the_buttons_and_by_the_form(client, ada, mira):
    mine = sign_in(client, ada)
    answer = post(mine, "/user/mira/block")
    assert (answer.status_code, answer.location) == (303, "/user/mira")
    assert "Unblock @mira" in mine.get("/preferences/blocked").text
    assert post(mine, "/user/mira/unblock").status_code == 303
    assert "You have blocked no one" in mine.get("/preferences/blocked").text
    assert post(mine, "/preferences/blocked", {"username": "@mira"}).location == "/preferences/blocked"
    assert blocks() == 1
    refused = post(mine, "/preferences/blocked", {"username": "nobody"})
    assert refused.status_code == 404
    assert 'value="nobody"' in refused.text
    assert post(mine, "/preferences/blocked", {}).status_code == 422


def test_a_profile_hidden_by_id_is_as_if_there_were_none(ada):
    with pytest.raises(NotFound):
        get_profile("ada", hidden={ada.id})
