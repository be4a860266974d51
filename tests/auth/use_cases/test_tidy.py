"""What is swept away, and what stays."""

from datetime import timedelta

from pythoughts.auth.models import Session, Verification
from pythoughts.auth.use_cases import send_reset_link, tidy
from tests.auth.rows import age, count, expire
from tests.factories import make_user, sign_in


def test_sessions_that_ended_go_and_living_ones_stay(app, client):
    ada = make_user()
    sign_in(client, ada)
    tidy()
    assert count(Session) == 1
    expire(Session)
    tidy()
    assert count(Session) == 0


def test_sessions_older_than_thirty_days_go(app, client):
    sign_in(client, make_user())
    age(Session, 30 * 24, "created_at")
    tidy()
    assert count(Session) == 0


def test_a_proof_outlives_its_end_by_two_days_so_that_late_mails_find_it(app):
    send_reset_link(user_id=make_user().id)
    age(Verification, 1 + timedelta(days=2).total_seconds() / 3_600 - 0.1, "expires_at")
    tidy()
    assert count(Verification) == 1
    age(Verification, 0.2, "expires_at")
    tidy()
    assert count(Verification) == 0
