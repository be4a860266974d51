"""The deployment checklist."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from sqlalchemy import text

from pythoughts.app import create_app
from pythoughts.cli import checklist
from pythoughts.cli.checklist import Level, findings
from pythoughts.cli.main import cli
from pythoughts.config import current_settings
from pythoughts.db import transaction
from pythoughts.jobs.queries import worker_seen_at


@pytest.fixture
def good(settings, monkeypatch):
    """Settings of a deployment as it should be."""
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    return replace(settings, public_url="https://community.example.org", proxy_hops=1, host="127.0.0.1")


def words(found):
    return {finding.what: finding.level for finding in found}


@pytest.mark.parametrize(
    ("changed", "level", "part"),
    [
        ({}, Level.OK, "over TLS"),
        ({"public_url": "http://community.example.org"}, Level.FAIL, "is not https"),
        ({"proxy_hops": 0}, Level.WARN, "PROXY_HOPS is 0"),
        ({"host": "192.0.2.1"}, Level.WARN, "are trusted on 192.0.2.1"),
        ({"development": True}, Level.FAIL, "PYTHOUGHTS_DEVELOPMENT"),
        ({"smtp_url": None}, Level.FAIL, "instance/outbox"),
        ({"smtp_url": "smtp://127.0.0.1:1"}, Level.FAIL, "does not let us in (ConnectionRefusedError)"),
    ],
)
def test_each_setting_has_its_line(app, good, changed, level, part):
    found = findings(replace(good, **changed))
    assert [finding.level for finding in found if part in finding.what] == [level]


def test_every_line_that_is_not_well_says_what_to_do(app, settings):
    assert all(bool(finding.fix) == (finding.level is not Level.OK) for finding in findings(settings))


def test_a_working_mail_server_is_well(app, good, sink):
    assert checklist.smtp(replace(good, smtp_url=sink.url)).level is Level.OK


def test_a_key_kept_in_instance_is_pointed_out(app, good, tmp_path):
    (tmp_path / "secret_key").write_text(good.secret_key)
    assert checklist.secret_key(replace(good, instance_dir=tmp_path)).level is Level.WARN
    assert checklist.secret_key(good).level is Level.OK


def test_missing_assets_fail(app, tmp_path, monkeypatch):
    monkeypatch.setattr(checklist, "STATIC_DIR", tmp_path)
    assert checklist.assets().level is Level.FAIL


def test_a_database_made_for_tests_may_lose_rows(app, good):
    assert words(checklist.database(good))["fsync is off: a crash loses rows"] is Level.FAIL


def test_an_old_schema_fails(app, good):
    with transaction() as session:
        session.execute(text("update alembic_version set version_num = '0001'"))
    found = words(checklist.database(good))
    with transaction() as session:
        session.execute(text("update alembic_version set version_num = :new"), {"new": checklist.expected_revision()})
    assert found[f"migrated to 0001, not {checklist.expected_revision()}"] is Level.FAIL


def test_an_old_server_fails(app, good, monkeypatch):
    monkeypatch.setattr(checklist, "OLDEST_MAJOR", 99)
    assert Level.FAIL in [finding.level for finding in checklist.database(good) if "too old" in finding.what]


def test_too_few_connections_are_pointed_out(app, good, monkeypatch):
    monkeypatch.setattr(checklist, "THREADS", 1_000)
    assert Level.WARN in [finding.level for finding in checklist.database(good) if "max_connections" in finding.what]


@pytest.mark.parametrize(("silent", "level"), [(0, Level.OK), (61, Level.FAIL)])
def test_a_silent_worker_fails(app, good, silent, level):
    with transaction() as session:
        session.execute(text("select procrastinate_register_worker_v1()"))
        session.execute(
            text("update procrastinate_workers set last_heartbeat = now() - make_interval(secs => :s)"), {"s": silent}
        )
    assert worker_seen_at()
    assert checklist.worker().level is level


def test_a_database_that_is_away_fails_without_hiding_the_rest(good):
    away = replace(good, database_url="postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with create_app(away).app_context():
        found = list(findings(away))
    assert Level.FAIL in [finding.level for finding in found if "can't be used (OperationalError)" in finding.what]
    assert "instance/outbox" in found[-1].what


def test_the_command_fails_when_anything_does(app, monkeypatch):
    result = app.test_cli_runner().invoke(cli, ["check"])
    assert result.exit_code == 1
    assert "fail" in result.output


def test_the_command_succeeds_with_warnings_only(app, monkeypatch):
    monkeypatch.setattr("pythoughts.cli.check.findings", lambda settings: [checklist.Finding(Level.WARN, "x", "y")])
    result = app.test_cli_runner().invoke(cli, ["check"])
    assert (result.exit_code, result.output) == (0, "warn  x: y\n")


@pytest.mark.parametrize(("broken", "level"), [(False, Level.OK), (True, Level.FAIL)])
def test_each_provider_is_asked_whether_it_is_there(site, club, broken, level):
    club.broken = broken
    (provider,) = current_settings().oidc_providers
    found = checklist.identity_provider(provider)
    assert (found.level, "The Club" in found.what) == (level, True)
    assert found.what in words(findings(current_settings()))


def test_a_provider_without_its_libraries_is_told_in_one_sentence(database_url, tmp_path):
    """The extra is missing where its packages can't be imported."""
    code = "import sys; sys.modules['authlib'] = None; from pythoughts.cli.main import main; main()"
    environ = dict(os.environ, DATABASE_URL=database_url, INSTANCE_DIR=str(tmp_path), OIDC_PROVIDERS="club")
    for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET"):
        environ[f"OIDC_CLUB_{name}"] = "https://club.example.org"
    line = [sys.executable, "-c", code, "check"]
    done = subprocess.run(line, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "install `pythoughts[oidc]`" in done.stderr
    assert "Traceback" not in done.stderr
