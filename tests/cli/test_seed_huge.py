"""Bulk data is consistent: what is stored equals what can be counted."""

from datetime import UTC, datetime
from random import Random

import pytest
from flask import has_app_context
from sqlalchemy import func, or_, select, text

from pythoughts.app import create_app
from pythoughts.audit.models import AuditCheck, AuditLog, AuditPersonal
from pythoughts.auth.models import Account, Session, User, Verification
from pythoughts.cli.seed_huge import NotEmpty, seed_database, seed_huge
from pythoughts.cli.seed_huge.shape import LIVE, NOBODY, grow
from pythoughts.cli.seed_huge.timeline import SPAN, Timeline
from pythoughts.cli.seed_huge.words import MESSAGE_LENGTH, RARE_EVERY, RARE_WORD, Writer
from pythoughts.db import db
from pythoughts.feed.models import MESSAGE_MAX, Post
from pythoughts.mail.models import OutboxMail
from pythoughts.moderation.models import Report, ReviewItem
from pythoughts.notifications.models import Notification
from pythoughts.preferences.models import UserBlock, UserPreferences
from pythoughts.statistics.models import DailyStat
from tests.cli.counts import wrong_posts
from tests.factories import make_user

POSTS = 1_000


def dice(seed):
    return Random(seed)  # noqa: S311  (made-up data, no secrets)


def how_many(model, *conditions):
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions))


@pytest.fixture(scope="module")
def small_batches():
    """Several statements even for few rows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pythoughts.cli.seed_huge.BATCH", POSTS // 3)
        yield


@pytest.fixture(scope="module")
def seeded(server, template, make_settings, testrun_uid, worker_id, small_batches):
    """A database of its own, filled once and changed by nobody."""
    name = f"seeded_{testrun_uid[:8]}_{worker_id}"
    server.create_database(name, template=template)
    with create_app(make_settings(server.url(name))).app_context():
        yield seed_database(POSTS, seed=7)
        db.session.remove()
        db.engine.dispose()
    server.drop_database(name)


@pytest.fixture(autouse=True)
def _unchanged():
    """Take back what a test did."""
    yield
    if has_app_context():
        db.session.rollback()


def test_every_table_is_filled(seeded):
    assert how_many(Post) == POSTS
    assert how_many(User) == how_many(Account) == seeded.people
    for model in (Session, Verification, UserPreferences, AuditLog, Report, ReviewItem, UserBlock):
        assert how_many(model) > 0


def test_counts_places_and_keys_are_exact(seeded):
    assert wrong_posts() == []


def test_a_wrong_count_is_seen(seeded):
    db.session.execute(text("update pythoughts set reply_count = 99 where id = (select min(id) from pythoughts)"))
    assert len(wrong_posts()) == 1


def test_a_wrong_place_is_seen(seeded):
    db.session.execute(text("update pythoughts set depth = 9 where id = (select min(id) from pythoughts)"))
    assert wrong_posts()


def test_every_removal_is_audited(seeded):
    removed = select(Post.id).where(Post.state == "removed").order_by(Post.id)
    audited = select(AuditLog.target_id).where(AuditLog.action == "post.remove").order_by(AuditLog.target_id)
    assert list(db.session.scalars(removed)) == list(db.session.scalars(audited))
    assert how_many(AuditPersonal) == how_many(AuditLog)


def test_what_waits_for_review_adds_up(seeded):
    waiting = (Report.item_id == ReviewItem.id, Report.outcome == "open")
    counted = select(func.count()).where(*waiting).scalar_subquery()
    weighed = select(func.coalesce(func.sum(Report.weight), 0)).where(*waiting).scalar_subquery()
    assert how_many(ReviewItem, or_(ReviewItem.open_reports != counted, ReviewItem.score != weighed)) == 0
    assert how_many(ReviewItem, ReviewItem.state == "open") > 0
    removed = select(Post.id).where(Post.state == "removed")
    assert how_many(ReviewItem, ReviewItem.post_id.in_(removed), ReviewItem.state == "open") == 0


def test_the_audit_log_goes_on_after_the_last_id(seeded):
    before = db.session.scalar(select(func.max(AuditLog.id)))
    following = db.session.scalar(text("select nextval(pg_get_serial_sequence('audit_log', 'id'))"))
    assert following == before + 1


def test_few_people_write_most_posts(seeded):
    posts = func.count().label("posts")
    counts = list(db.session.scalars(select(posts).select_from(Post).group_by(Post.user_id).order_by(posts.desc())))
    assert sum(counts[: len(counts) // 10]) > POSTS / 3


def test_a_database_with_people_is_left_alone(app):
    make_user("ada")
    with pytest.raises(NotEmpty):
        seed_database(POSTS, seed=7)
    assert how_many(User) == 1


def test_the_command_says_what_it_made(app):
    answer = app.test_cli_runner().invoke(seed_huge, ["--posts", "200"])
    assert answer.exit_code == 0
    assert answer.output.startswith("200 posts by 30 people in ")


def test_the_command_refuses_a_number_that_makes_no_sense(app):
    assert app.test_cli_runner().invoke(seed_huge, ["--posts", "5"]).exit_code == 2


def test_the_same_seed_makes_the_same_threads():
    first, second = (grow(2_000, dice(3)) for _ in range(2))
    assert first == second
    assert grow(2_000, dice(4)) != first


def test_threads_have_a_long_tail():
    shape = grow(120_000, dice(3))
    sizes = {}
    for root in shape.root:
        if root != NOBODY:
            sizes[root] = sizes.get(root, 0) + 1
    ordered = sorted(sizes.values())
    assert ordered[len(ordered) // 2] <= 3
    assert ordered[-1] > 500
    assert max(shape.depth) >= 8


def test_what_is_held_back_has_no_answers():
    shape = grow(20_000, dice(3))
    held = {number for number, state in enumerate(shape.state) if state == 3}
    assert held
    assert held.isdisjoint(shape.parent)
    assert shape.state.count(LIVE) > 19_000


def test_messages_fit_and_rare_words_are_rare():
    writer = Writer(dice(3))
    messages = [writer.message(number) for number in range(RARE_EVERY)]
    assert max(map(len, messages)) <= MESSAGE_MAX
    assert MESSAGE_LENGTH < MESSAGE_MAX
    assert sum(RARE_WORD in message for message in messages) == 1


def test_ten_million_posts_fit_into_their_years():
    history = Timeline(seed=1, posts=10_000_000, people=2_000_000, end=datetime(2026, 11, 20, tzinfo=UTC))
    assert history.posted_at(0) == history.end - SPAN
    assert history.posted_at(4_999_999) <= history.posted_at(5_000_000) <= history.end - SPAN / 2
    assert history.posted_at(10_000_000) == history.end


def test_people_are_told_of_the_last_replies(seeded):
    answers = how_many(Notification)
    assert answers > POSTS // 50
    assert 0 < how_many(Notification, Notification.read_at.is_(None)) < answers
    assert how_many(Notification, Notification.user_id == Notification.person_id) == 0


def test_the_pages_of_the_back_office_have_something_to_show(seeded):
    assert how_many(OutboxMail, OutboxMail.state == "sent") > 0
    assert how_many(DailyStat, DailyStat.name == "posts", DailyStat.count > 0) > 30
    seen = db.session.scalars(select(AuditCheck)).one()
    assert (seen.acts, seen.broken_seal_id) == (how_many(AuditLog), None)
