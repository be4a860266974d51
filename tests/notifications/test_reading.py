"""What is new, in which order, and how it stops being new."""

import pytest
from sqlalchemy import text

from pythoughts.db import db, transaction
from pythoughts.errors import NotFound
from pythoughts.feed.use_cases import create_post
from pythoughts.notifications.models import NoticeKind, Notification
from pythoughts.notifications.queries import COUNTED, EXCERPT, PAGE_SIZE, list_notices, unread_count
from pythoughts.notifications.use_cases import mark_all_read, mark_read
from pythoughts.notifications.use_cases.announcing import tell
from tests.factories import make_post, make_user
from tests.races import together


def security(user, number=1):
    """Tell somebody `number` things."""
    with transaction() as session:
        for _each in range(number):
            tell(session, NoticeKind.SECURITY, [user.id], letter="auth/password_changed")


def listed(user, after=None):
    """The ids on a page, as rows."""
    page = list_notices(user.id, after=after)
    return [notice.id for bundle in page.bundles for notice in bundle.notices], page.after


def walk(user):
    """The ids on all pages."""
    ids, after = listed(user)
    while after:
        more, after = listed(user, after)
        ids += more
    return ids


def test_new_ones_come_first_and_paging_loses_none(ada):
    security(ada, 2 * PAGE_SIZE + 5)
    newest_first = walk(ada)
    assert newest_first == sorted(newest_first, reverse=True)
    assert len(newest_first) == 2 * PAGE_SIZE + 5
    read = newest_first[:7]
    for notice_id in read:
        mark_read(actor=ada, notice_id=notice_id)
    assert walk(ada) == newest_first[7:] + read


def test_a_page_goes_on_where_it_ended_though_its_end_was_read(ada):
    security(ada, PAGE_SIZE + 2)
    first, after = listed(ada)
    mark_read(actor=ada, notice_id=after)
    second, _after = listed(ada, after)
    assert second == []  # it stands last of all now
    assert set(walk(ada)) == {*first, *walk(ada)}


def test_replies_to_one_post_stand_together(ada, grace):
    mine, other = make_post(ada), make_post(ada)
    root = make_user("root.user")
    for author, post in ((grace, mine), (root, other), (root, mine), (grace, mine)):
        create_post(author=author, message="Yes.", reply_to_id=post.id)
    first, second = list_notices(ada.id).bundles
    assert [each.username for each in first.people] == ["grace", "root.user"]
    assert len(first.notices) == 3
    assert second.first.answered_id == other.id


def test_opening_a_bundle_reads_all_of_it_and_nothing_else(ada, grace):
    mine, other = make_post(ada), make_post(ada)
    for post in (mine, other, mine):
        create_post(author=grace, message="Yes.", reply_to_id=post.id)
    mark_read(actor=ada, notice_id=list_notices(ada.id).bundles[0].first.id)
    assert unread_count(ada.id) == 1
    assert list_notices(ada.id).bundles[0].first.answered_id == other.id


def test_what_came_after_an_opened_reply_stays_new(ada, grace):
    mine = make_post(ada)
    create_post(author=grace, message="Yes.", reply_to_id=mine.id)
    seen = list_notices(ada.id).bundles[0].first.id
    create_post(author=grace, message="No.", reply_to_id=mine.id)
    mark_read(actor=ada, notice_id=seen)
    assert unread_count(ada.id) == 1


def test_whoever_answers_has_read(ada, grace):
    reply_id = create_post(author=grace, message="Why?", reply_to_id=make_post(ada).id)
    create_post(author=ada, message="Because.", reply_to_id=reply_id)
    assert unread_count(ada.id) == 0
    assert unread_count(grace.id) == 1


def test_reading_all_leaves_what_nobody_saw(ada, grace):
    security(ada, 3)
    until = list_notices(ada.id).bundles[0].first.id
    security(ada)
    security(grace)
    mark_all_read(actor=ada, until=until)
    assert unread_count(ada.id) == 1
    mark_all_read(actor=ada)
    assert unread_count(ada.id) == 0
    assert unread_count(grace.id) == 1


def test_the_first_reading_counts(ada):
    security(ada)
    notice_id = list_notices(ada.id).bundles[0].first.id
    mark_read(actor=ada, notice_id=notice_id)
    first = list_notices(ada.id).bundles[0].first.read_at
    mark_read(actor=ada, notice_id=notice_id)
    mark_all_read(actor=ada)
    assert list_notices(ada.id).bundles[0].first.read_at == first


def test_nobody_reads_what_somebody_else_is_told(ada, grace):
    security(ada)
    with pytest.raises(NotFound):
        mark_read(actor=grace, notice_id=list_notices(ada.id).bundles[0].first.id)
    assert unread_count(ada.id) == 1


def test_counting_ends_somewhere(ada):
    security(ada, COUNTED + 5)
    assert unread_count(ada.id) == COUNTED + 1


def test_the_count_is_right_while_many_tell_and_read(app, ada):
    security(ada, 5)
    seen = list_notices(ada.id).bundles[0].first.id

    def act(number):
        return mark_all_read(actor=db.session.get_one(type(ada), ada_id), until=seen) if number % 2 else _tell()

    def _tell():
        with transaction() as session:
            tell(session, NoticeKind.SECURITY, [ada_id], letter="auth/password_changed")

    ada_id = ada.id
    together(app, 12, act)
    db.session.rollback()
    assert unread_count(ada_id) == 6


def test_the_count_is_read_from_the_index(app, ada):
    """However much somebody has read, only what is new is looked at."""
    people = [make_user(f"member{number:02}", password=None) for number in range(20)]
    rows = [{"user_id": person.id, "letter": "x", "kind": "security"} for person in people for _each in range(100)]
    with transaction() as session:
        session.add_all(Notification(**row) for row in rows)
        session.execute(text("update notification set read_at = now() where random() < 0.95"))
        session.execute(text("analyze notification"))
    plan = "\n".join(
        db.session.scalars(
            text("explain select id from notification where user_id = :id and read_at is null limit 100"),
            {"id": people[0].id},
        )
    )
    assert "ix_notification_order" in plan
    assert "Index Cond" in plan
    assert plan.count("read_at IS NULL") == 1
    assert "Filter" not in plan


def test_an_excerpt_is_one_line_and_short(ada, grace):
    create_post(author=grace, message="@ada\n\nsee " + "x" * 300)
    found = list_notices(ada.id).bundles[0].first
    assert found.excerpt.startswith("@ada see xxx")
    assert len(found.excerpt) <= EXCERPT + 1
    assert found.excerpt.endswith("…")
