"""What is forgotten, handed out and erased."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from pythoughts import personal
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.feed.use_cases import create_post
from pythoughts.notifications.models import Digest, Mention, Notification
from pythoughts.notifications.queries import unread_count
from pythoughts.notifications.tasks import tidy
from pythoughts.notifications.use_cases import keeping, mark_all_read
from pythoughts.personal import PARTS, Farewell, rows_of
from tests.factories import make_post
from tests.notifications.test_reading import security


def left(model) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def farewell(user) -> Farewell:
    return Farewell(user.id, frozenset(), frozenset({user.id}), removes_posts=False)


@pytest.mark.parametrize(("days", "kept"), [(89, 3), (91, 0)])
def test_what_was_read_is_kept_as_long_as_the_setting_says(ada, monkeypatch, days, kept):
    monkeypatch.setattr(keeping, "BATCH", 2)
    security(ada, 3)
    mark_all_read(actor=ada)
    with transaction() as session:
        session.execute(update(Notification).values(read_at=now() - timedelta(days=days)))
    tidy()
    assert left(Notification) == kept


def test_what_was_not_read_stays(ada):
    security(ada)
    with transaction() as session:
        session.execute(update(Notification).values(created_at=now() - timedelta(days=900)))
    tidy()
    assert left(Notification) == 1


def test_digests_of_long_ago_are_forgotten(ada):
    with transaction() as session:
        for days in (59, 61):
            ends_at = now() - timedelta(days=days)
            session.add(Digest(user_id=ada.id, starts_at=ends_at - timedelta(days=1), ends_at=ends_at))
    tidy()
    assert left(Digest) == 1


def test_people_get_what_they_were_told(ada, grace):
    post_id = create_post(author=grace, message="@ada!")
    (row,) = rows_of(db.session, PARTS["notification"], ada.id)
    assert (row["kind"], row["post_id"]) == ("mention", post_id)
    assert [each["post_id"] for each in rows_of(db.session, PARTS["mention"], ada.id)] == [post_id]
    assert list(rows_of(db.session, PARTS["notification"], grace.id)) == []


def test_an_erased_person_leaves_no_notices_behind(ada, grace):
    mine = make_post(ada)
    create_post(author=grace, message="@ada!", reply_to_id=mine.id)
    create_post(author=ada, message="@grace?", reply_to_id=mine.id)
    security(ada)
    security(grace)
    with transaction() as session:
        personal.erase(session, farewell(ada))
    assert unread_count(grace.id) == 1
    assert left(Notification) == 1
    assert db.session.scalars(select(Mention.user_id)).all() == [grace.id]
