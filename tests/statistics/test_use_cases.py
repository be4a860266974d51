"""Daily numbers: right, the same when counted again, and corrected when rows come late or go."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import delete, select, update

from pythoughts.audit.models import AuditLog
from pythoughts.clock import now
from pythoughts.db import db, id_at, transaction
from pythoughts.feed.models import Post
from pythoughts.moderation.models import Category, Outcome, Report, ReviewItem
from pythoughts.statistics.days import ONE, today
from pythoughts.statistics.models import DailyStat, Number
from pythoughts.statistics.queries import period
from pythoughts.statistics.use_cases import KNOWN, count_all, count_lately
from tests.factories import make_post, make_user
from tests.races import together


def moment(days_ago, hour=12):
    """An hour of a day in UTC."""
    return datetime.combine(today() - ONE * days_ago, time(hour, tzinfo=UTC))


def wrote(author, days_ago, *, hour=12, **columns):
    at = moment(days_ago, hour)
    return make_post(author, id=id_at(at, hash((author.id, days_ago, hour)) & 0xFFFFFF), created_at=at, **columns)


def joined(name, days_ago):
    return make_user(name, password=None, created_at=moment(days_ago))


def number(name, days_ago):
    db.session.rollback()
    day = today() - ONE * days_ago
    return db.session.scalar(select(DailyStat.count).where(DailyStat.name == name, DailyStat.day == day))


def test_a_day_begins_and_ends_at_midnight_in_utc(app):
    mira = joined("mira", 2)
    wrote(mira, 1, hour=0)
    wrote(mira, 1, hour=23)
    wrote(mira, 2, hour=23)
    count_lately()
    assert [number(Number.POSTS, back) for back in (0, 1, 2)] == [0, 2, 1]
    assert [number(Number.SIGN_UPS, back) for back in (0, 1, 2)] == [0, 0, 1]


def test_replies_are_posts_that_are_told_apart(app):
    mira = joined("mira", 9)
    wrote(mira, 1, depth=1)
    wrote(mira, 1, hour=13)
    count_lately()
    assert (number(Number.POSTS, 1), number(Number.REPLIES, 1)) == (2, 1)


def test_people_are_counted_once_however_much_they_write(app):
    mira, lena = joined("mira", 9), joined("lena", 9)
    for author, days_ago, hour in ((mira, 1, 1), (mira, 1, 2), (mira, 2, 1), (lena, 2, 1), (lena, 35, 1)):
        wrote(author, days_ago, hour=hour)
    count_all()
    assert [number(Number.ACTIVE, back) for back in (1, 2)] == [1, 2]
    assert (number(Number.ACTIVE_30, 1), number(Number.ACTIVE_30, 31), number(Number.ACTIVE_90, 1)) == (2, 1, 2)


def test_removals_are_acts_of_that_day(app):
    with transaction() as session:
        acts = (("post.remove", 1), ("post.remove", 1), ("post.restore", 1), ("post.remove", 2))
        session.add_all(AuditLog(at=moment(day), action=name, target_type="post", target_id="p") for name, day in acts)
    count_lately()
    assert [number(Number.REMOVALS, back) for back in (1, 2)] == [2, 1]


def test_reports_are_opened_on_one_day_and_resolved_on_another(app):
    mira = joined("mira", 9)
    ends = ((Outcome.AGREED, 1), (Outcome.DISAGREED, 1), (Outcome.GONE, 1), (Outcome.OPEN, None))
    with transaction() as session:
        for bits, (outcome, decided) in enumerate(ends):
            about = joined(f"person{bits}", 9)
            item = ReviewItem(person_id=about.id)
            session.add(item)
            session.flush()
            session.add(
                Report(
                    id=id_at(moment(2), bits), item_id=item.id, reporter_id=mira.id, category=Category.SPAM,
                    outcome=outcome, decided_at=moment(decided) if decided else None,
                )
            )  # fmt: skip
    count_lately()
    assert [number(Number.REPORTS_OPENED, back) for back in (1, 2)] == [0, 4]
    assert [number(Number.REPORTS_RESOLVED, back) for back in (1, 2)] == [2, 0]


def test_counting_again_changes_nothing(app):
    wrote(joined("mira", 5), 1)
    count_all()
    before = list(db.session.execute(select(DailyStat.name, DailyStat.day, DailyStat.count).order_by("name", "day")))
    db.session.rollback()
    count_all()
    count_lately()
    assert list(db.session.execute(select(DailyStat.name, DailyStat.day, DailyStat.count).order_by("name", "day"))) == (
        before
    )


def test_rows_that_come_late_are_counted_within_days(app):
    mira = joined("mira", 5)
    count_lately()
    wrote(mira, 2)
    count_lately()
    assert number(Number.POSTS, 2) == 1


def test_what_was_erased_long_after_is_corrected_at_night(app):
    wrote(joined("mira", 50), 40)
    count_all()
    with transaction() as session:
        session.execute(delete(Post))
    count_lately()
    assert number(Number.POSTS, 40) == 1
    count_all()
    assert number(Number.POSTS, 40) == 0


def test_the_first_count_and_one_after_a_gap_look_back_on_everything(app):
    mira = joined("mira", 100)
    wrote(mira, 60)
    count_lately()
    assert number(Number.POSTS, 60) == 1
    with transaction() as session:
        session.execute(delete(DailyStat).where(DailyStat.day > today() - ONE * 10))
        session.execute(update(DailyStat).values(count=0))
    count_lately()
    assert (number(Number.POSTS, 60), number(Number.POSTS, 5)) == (1, 0)


def test_workers_who_count_at_once_do_not_disturb_each_other(app):
    wrote(joined("mira", 5), 1)
    together(app, 3, lambda _number: count_all())
    assert number(Number.POSTS, 1) == 1


@pytest.mark.parametrize("length", [30, 90])
def test_a_period_has_its_full_days_and_the_period_before(app, length):
    mira, lena = joined("mira", 170), joined("lena", 1)
    for days_ago in (0, 1, length, length + 1, 2 * length, 2 * length + 1):
        if days_ago < KNOWN:
            wrote(mira, days_ago)
    wrote(lena, 1)
    count_all()
    shown = period(length)
    assert (len(shown.days), shown.days[-1]) == (length, today() - ONE)
    posts = shown.courses[Number.POSTS]
    assert (posts.total, posts.before, posts.daily[0], posts.daily[-1]) == (3, 2, 1, 2)
    active = shown.courses[Number.ACTIVE]
    assert (active.total, active.before, active.daily[-1]) == (2, 1, 2)
    assert shown.courses[Number.SIGN_UPS].total == 1
    assert now() - shown.as_of < timedelta(minutes=5)


def test_before_anything_was_counted_there_is_no_period(app):
    assert period(30) is None
