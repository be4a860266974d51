"""What people reported is theirs to take along, and goes with them; so does what others said about them."""

import pytest
from sqlalchemy import or_, select, text

from pythoughts import personal
from pythoughts.db import db
from pythoughts.feed.models import Post
from pythoughts.moderation.models import Report, ReviewItem
from pythoughts.moderation.use_cases import report_person, report_post
from pythoughts.preferences.models import UserBlock
from pythoughts.preferences.use_cases import block_person
from pythoughts.privacy.use_cases import PostsFate, anonymise_user
from pythoughts.words.use_cases import add_word
from tests.factories import make_post, make_user


@pytest.fixture
def root(app):
    return make_user("root", role="admin")


def rows(table, user):
    return list(personal.rows_of(db.session(), personal.PARTS[table], user.id))


def test_everybody_takes_along_what_they_said_and_not_what_others_said(root):
    ada, mira = make_user("ada"), make_user("mira")
    report_post(actor=ada, post_id=make_post(mira).id, category="spam", details="Lamps")
    report_person(actor=ada, username="mira", category="harassment")
    block_person(actor=ada, username="mira")
    add_word(actor=root, word="darn", action="flag")
    assert [(row["category"], row["details"], row["outcome"]) for row in rows("report", ada)] == [
        ("spam", "Lamps", "open"),
        ("harassment", None, "open"),
    ]
    assert [row["blocked_person"] for row in rows("user_block", ada)] == ["mira"]
    assert [row["word"] for row in rows("watched_word", root)] == ["darn"]
    for table in ("report", "user_block", "watched_word"):
        assert rows(table, mira) == []


@pytest.mark.parametrize(("fate", "post_item"), [(PostsFate.REMOVE, "decided"), (PostsFate.KEEP, "open")])
def test_whoever_goes_takes_all_words_along(root, fate, post_item):
    ada, mira = make_user("ada"), make_user("mira")
    report_post(actor=ada, post_id=make_post(mira).id, category="spam", details="about Mira")
    report_person(actor=ada, username="mira", category="spam", details="Mira again")
    report_post(actor=mira, post_id=make_post(ada).id, category="spam", details="by Mira")
    report_post(actor=root, post_id=make_post(ada, "another").id, category="spam", details="stays")
    block_person(actor=ada, username="mira")
    anonymise_user(actor=root, user=mira, reason="Asked", posts=fate)
    assert [each for each in db.session.scalars(select(Report.details)) if each] == ["stays"]
    assert db.session.scalars(select(UserBlock.id)).all() == []
    about = select(ReviewItem.state).outerjoin(Post, Post.id == ReviewItem.post_id)
    gone = or_(ReviewItem.person_id == mira.id, Post.user_id == mira.id)
    assert sorted(db.session.scalars(about.where(gone))) == sorted([post_item, "decided"])
    assert db.session.scalars(about.where(Post.user_id == ada.id)).all() == ["open", "open"]


def test_rows_of_the_dead_go_with_their_row(root):
    ada, mira = make_user("ada"), make_user("mira")
    report_person(actor=ada, username="mira", category="spam")
    block_person(actor=ada, username="mira")
    db.session.execute(text('delete from "user" where id = :id'), {"id": mira.id})
    db.session.commit()
    for model in (Report, ReviewItem, UserBlock):
        assert db.session.scalars(select(model.id)).all() == []
