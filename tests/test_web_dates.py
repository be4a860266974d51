"""Dates in templates: fast, and the same as Babel's."""

from datetime import datetime, timedelta, timezone

import pytest
from flask_babel import force_locale, format_date, format_datetime

from pythoughts.clock import now
from pythoughts.web import ago, day, exact

WEST = timezone(timedelta(hours=-3))
MOMENTS = [datetime(2026, 11, 5, 23, 30, tzinfo=WEST), datetime(2026, 3, 1, 4, 5, tzinfo=WEST)]


@pytest.mark.parametrize(
    ("language", "long", "short"),
    [
        ("en", "EEEE d MMMM y, HH:mm 'UTC'", "d MMM y"),
        ("de", "EEEE, d. MMMM y, HH:mm 'UTC'", "d. MMM y"),
        ("fr", "EEEE d MMMM y, HH:mm 'UTC'", "d MMM y"),
    ],
)
@pytest.mark.parametrize("moment", MOMENTS)
def test_dates_are_those_that_babel_writes(app, language, long, short, moment):
    with app.test_request_context(), force_locale(language):
        assert exact(moment) == format_datetime(moment, long)
        assert day(moment) == format_datetime(moment, short) == format_date(moment, short)


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=59), "59m"),
        (timedelta(hours=23), "23h"),
        (timedelta(days=6), "6d"),
    ],
)
def test_recent_times_are_told_by_their_age(app, passed, said):
    with app.test_request_context():
        assert ago(now() - passed) == said


def test_an_old_time_is_told_by_its_date(app):
    with app.test_request_context():
        assert ago(MOMENTS[1]) == "1 Mar 2026"
