"""What an edit leaves behind is its author's, and goes with them."""

import pytest
from sqlalchemy import func, select

from pythoughts.db import db, transaction
from pythoughts.feed.models import Post, PostRevision
from pythoughts.feed.use_cases import edit_post
from pythoughts.personal import PARTS, Farewell, erase, rows_of
from tests.factories import make_post, make_user


@pytest.fixture
def edited(app):
    """Two people who have each edited a thought."""
    people = [make_user("ada"), make_user("mira")]
    for person in people:
        edit_post(actor=person, post_id=make_post(person, f"First of {person.username}").id, message="Second")
    return people


def test_earlier_texts_are_handed_out_to_their_author_alone(edited):
    rows = list(rows_of(db.session(), PARTS["post_revision"], edited[0].id))
    assert [row["message"] for row in rows] == ["First of ada"]


@pytest.mark.parametrize("removes_posts", [True, False])
def test_earlier_texts_go_with_their_author(edited, removes_posts):
    gone = Farewell(edited[0].id, frozenset({"ada"}), frozenset({edited[0].id}), removes_posts)
    with transaction() as session:
        erase(session, gone)
    assert list(db.session.scalars(select(PostRevision.message))) == ["First of mira"]
    assert (
        db.session.scalar(select(func.count()).select_from(Post).where(Post.message == "Second")) == 2 - removes_posts
    )
