"""Points of the health page: each is well when all is well, and says what to do when not."""

import os
import shutil
from collections import namedtuple
from datetime import timedelta

import pytest
from sqlalchemy import text

from pythoughts.app import create_app
from pythoughts.clock import now
from pythoughts.config import current_settings
from pythoughts.db import db, transaction
from pythoughts.health import checks
from pythoughts.health.checks import Level
from pythoughts.jobs.queue import enqueue
from pythoughts.mail.models import OutboxMail
from tests.jobs.test_tasks import fetch, register_worker


@pytest.fixture
def backups(app):
    folder = current_settings().instance_dir / checks.BACKUPS
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


def level(check):
    assert bool(check.remedy) == (check.level is not Level.OK)
    return check.level


def test_a_migrated_database_is_well(app):
    assert level(checks.migrations()) is Level.OK


def test_a_database_behind_the_code_is_seen(app):
    db.session.execute(text("update alembic_version set version_num = '0001'"))
    assert level(checks.migrations()) is Level.BAD
    db.session.rollback()


def test_missing_and_broken_indexes_are_named(app):
    assert level(checks.indexes()) is Level.OK
    db.session.execute(text("drop index ix_session_user_id"))
    found = checks.indexes()
    assert (level(found), "session (user_id)" in str(found.finding)) == (Level.WARN, True)
    db.session.rollback()


def test_a_silent_worker_is_seen(app):
    assert level(checks.worker()) is Level.BAD
    register_worker(silent_for=61)
    assert level(checks.worker()) is Level.BAD
    register_worker()
    assert level(checks.worker()) is Level.OK


def test_mail_without_a_server_stays_here(app):
    assert level(checks.mail()) is Level.WARN


def test_failed_letters_are_seen(app, database_url, make_settings):
    sending = create_app(make_settings(database_url, SMTP_URL="smtp://127.0.0.1:25"))
    with sending.app_context():
        assert level(checks.mail()) is Level.OK
        with transaction() as session:
            session.add(OutboxMail(template="a/b", state="failed"))
        assert level(checks.mail()) is Level.WARN
        db.session.remove()
        db.engine.dispose()


def jobs():
    return next(check for check in checks.full_list() if str(check.name) == "Jobs")


def test_failed_jobs_and_too_many_that_wait_are_seen(app, monkeypatch):
    enqueue("mail.send", mail_id="m1")
    assert level(jobs()) is Level.OK
    job = fetch(register_worker())
    with transaction() as session:
        session.execute(text("select procrastinate_finish_job_v1(:id, 'failed', false)"), {"id": job})
    assert level(jobs()) is Level.WARN
    monkeypatch.setattr(checks, "JOBS_MANY", 0)
    enqueue("mail.send", mail_id="m2")
    assert level(jobs()) is Level.BAD


@pytest.mark.parametrize(("free", "expected"), [(50, Level.OK), (14, Level.WARN), (4, Level.BAD)])
def test_a_full_disk_is_seen(app, monkeypatch, free, expected):
    usage = namedtuple("usage", "total used free")(100, 100 - free, free)
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _path: usage)
    assert level(checks.disk(current_settings())) is expected


def test_an_old_backup_and_none_at_all_are_seen(backups):
    assert level(checks.backup(current_settings())) is Level.WARN
    file = backups / "site.dump"
    file.touch()
    assert level(checks.backup(current_settings())) is Level.OK
    before = (now() - timedelta(days=3)).timestamp()
    os.utime(file, (before, before))
    assert level(checks.backup(current_settings())) is Level.BAD


def test_every_point_is_on_the_list(app):
    names = [str(check.name) for check in checks.full_list()]
    assert names == ["Database", "Connections", "Migrations", "Indexes", "Worker", "Jobs", "Mail", "Disk", "Backup"]
