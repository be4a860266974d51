"""The health page, and the strip of it on the first page."""

import pytest
from sqlalchemy import text, update

from pythoughts.admin.health import worst
from pythoughts.app import create_app
from pythoughts.audit.models import AuditLog
from pythoughts.audit.use_cases import Act, check_seals, record, seal
from pythoughts.db import db, transaction
from pythoughts.health.checks import Check, Level
from tests.factories import make_user, sign_in
from tests.statements import statements


def test_every_point_is_shown_with_its_remedy(admin):
    page = admin.get("/admin/health/").text
    for words in ("PostgreSQL", "Migrations", "not running", "Start `pythoughts worker`.", "Backup", "Proxy", "Disk"):
        assert words in page
    assert "Something must be mended" in page


def test_a_few_points_are_on_the_first_page_for_admins(admin, moderator):
    assert "Start `pythoughts worker`." in admin.get("/admin/").text
    assert "Start `pythoughts worker`." not in moderator.get("/admin/").text


def test_a_changed_audit_log_is_told(admin):
    record(Act(None, "user.ban", "user", "u1"))
    seal()
    check_seals()
    assert "verified up to act" in admin.get("/admin/health/").text
    with transaction() as session:
        session.execute(text("set local session_replication_role = replica"))
        session.execute(update(AuditLog).values(target_id="u2"))
    check_seals()
    assert "changed after act 0" in admin.get("/admin/health/").text


def test_a_proxy_that_nobody_trusts_is_told(admin):
    assert "0 are trusted" in admin.get("/admin/health/").text
    page = admin.get("/admin/health/", headers={"X-Forwarded-For": "203.0.113.9"}).text
    assert "there is one, and it is not trusted" in page


def test_a_trusted_proxy_that_is_not_there_is_told(app, database_url, make_settings):
    behind = create_app(make_settings(database_url, PROXY_HOPS="1"))
    with behind.app_context():
        client = sign_in(behind.test_client(), make_user("boss", role="admin"))
        assert "1 are trusted, and there is none" in client.get("/admin/health/").text
        with_proxy = client.get("/admin/health/", headers={"X-Forwarded-For": "203.0.113.9"}).text
        assert "1 are trusted<" in with_proxy
        db.session.remove()
        db.engine.dispose()


def test_the_page_asks_the_database_at_most_twelve_times(admin):
    admin.get("/admin/health/")
    with statements() as sent:
        admin.get("/admin/health/")
    assert len(sent) <= 12


@pytest.mark.parametrize(
    ("levels", "expected"),
    [((Level.OK,), Level.OK), ((Level.OK, Level.WARN), Level.WARN), ((Level.BAD, Level.WARN), Level.BAD)],
)
def test_the_worst_point_decides(levels, expected):
    assert worst([Check("a", "b", level, "c") for level in levels]) is expected
