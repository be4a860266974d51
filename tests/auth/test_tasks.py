"""Links that are mailed later, and the clean-up behind accounts."""

from datetime import timedelta

from sqlalchemy import update

from pythoughts.auth import tasks
from pythoughts.auth.models import Verification
from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.limits.models import RateLimit
from pythoughts.limits.use_cases import Hit, Limit
from pythoughts.limits.use_cases import count as count_hits
from tests.auth.rows import acts, count
from tests.factories import make_user, sign_in


def test_the_job_mails_a_link_to_whoever_exists(app):
    ada = make_user("ada")
    tasks.send_reset_link(user_id=None)
    tasks.send_reset_link(user_id="nobody")
    assert count(Verification) == 0
    tasks.send_reset_link(user_id=ada.id)
    assert count(Verification) == 1


def test_the_end_of_a_look_is_written_down_by_a_job(app):
    mira, priya = make_user("mira"), make_user("priya", role="admin")
    look = {"impersonating_user_id": mira.id, "impersonation_expires_at": now() - timedelta(seconds=1)}
    sign_in(app.test_client(), priya, **look)
    tasks.end_impersonations()
    assert acts() == [("user.impersonate_end", None)]


def test_the_clean_up_takes_counters_too(app):
    count_hits([Hit(Limit("x", 1, 60), "ada")])
    tasks.tidy()
    assert count(RateLimit) == 1
    with transaction() as database:
        database.execute(update(RateLimit).values(reset_at=now() - timedelta(seconds=1)))
    tasks.tidy()
    assert count(RateLimit) == 0
