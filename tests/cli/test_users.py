"""Accounts from the command line."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from pythoughts.app import create_app
from pythoughts.audit.models import AuditLog
from pythoughts.auth.models import User
from pythoughts.cli.main import cli
from pythoughts.db import db


@pytest.fixture
def run(app):
    """Run `pythoughts` with arguments."""

    def run(*arguments):
        result = app.test_cli_runner().invoke(cli, list(arguments))
        db.session.expire_all()
        return result

    return run


def person(name):
    return db.session.scalar(select(User).where(User.username == name))


def acts():
    return list(db.session.scalars(select(AuditLog.action).order_by(AuditLog.id)))


def test_create_makes_a_verified_account_and_prints_a_link(run):
    result = run("users", "create", "ada", "--email", "ada@example.org", "--role", "admin")
    assert result.exit_code == 0
    assert result.stdout.startswith("http://localhost/reset-password/")
    assert (person("ada").role, person("ada").email_verified) == ("admin", True)
    assert acts() == ["user.create"]


def test_creating_twice_changes_nothing_and_says_so_in_one_sentence(run):
    run("users", "create", "ada", "--email", "ada@example.org")
    result = run("users", "create", "ada", "--email", "other@example.org")
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 1
    assert db.session.scalar(select(func.count()).select_from(User)) == 1


def test_promote_changes_the_role_once(run):
    run("users", "create", "ada", "--email", "ada@example.org")
    assert run("users", "promote", "ada", "moderator").exit_code == 0
    assert run("users", "promote", "ada", "moderator").exit_code == 0
    assert person("ada").role == "moderator"
    assert acts() == ["user.create", "user.change_role"]


def test_ban_keeps_out_until_the_time_given_and_does_so_once(run):
    run("users", "create", "ada", "--email", "ada@example.org")
    line = ("users", "ban", "ada", "--reason", "Spam all day", "--until", "2099-12-01T10:30")
    assert run(*line).exit_code == 0
    assert run(*line).exit_code == 0
    assert (person("ada").banned, person("ada").ban_expires) == (True, datetime(2099, 12, 1, 10, 30, tzinfo=UTC))
    assert acts() == ["user.create", "user.ban"]


def test_reset_prints_a_link(run):
    run("users", "create", "ada", "--email", "ada@example.org")
    result = run("users", "reset", "ada")
    assert "/reset-password/" in result.stdout
    assert acts() == ["user.create", "user.reset"]


def test_list_tells_name_role_and_state_but_no_address(run):
    run("users", "create", "ada", "--email", "ada@example.org", "--role", "moderator")
    run("users", "create", "bob", "--email", "bob@example.org")
    run("users", "ban", "bob", "--reason", "Spam all day")
    lines = [line.split()[:3] for line in run("users", "list").stdout.splitlines()]
    assert lines == [["ada", "moderator", "verified"], ["bob", "member", "banned"]]
    assert "example.org" not in run("users", "list").stdout


@pytest.mark.parametrize(
    "line",
    [
        ("users", "promote", "nobody", "admin"),
        ("users", "promote", "nobody", "boss"),
        ("users", "ban", "nobody"),
        ("users", "dance"),
        ("dance",),
    ],
)
def test_a_mistake_is_one_sentence_on_standard_error(run, line):
    result = run(*line)
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.stderr


def test_without_arguments_the_commands_are_explained(run):
    assert "users" in run().output


def test_every_command_can_be_imported():
    result = CliRunner().invoke(cli, ["--help"])
    assert result.exit_code == 0
    assert "seed-huge" in result.output
    assert "prepare" not in result.output


@pytest.mark.parametrize("line", [("users", "list"), ("cron",)])
def test_a_database_that_is_not_migrated_is_one_sentence(server, make_settings, testrun_uid, worker_id, line):
    name = f"empty_{testrun_uid[:8]}_{worker_id}"
    server.create_database(name)
    empty = create_app(make_settings(server.url(name)))
    result = empty.test_cli_runner().invoke(cli, list(line))
    with empty.app_context():
        db.engine.dispose()
    server.drop_database(name)
    assert (result.exit_code, result.stderr.splitlines()) == (
        1,
        ["Error: The database is not migrated: run `pythoughts db upgrade`."],
    )


@pytest.mark.parametrize("line", [("users", "list"), ("cron",)])
def test_a_database_that_is_away_is_one_sentence(make_settings, line):
    away = create_app(make_settings("postgresql://nobody@127.0.0.1:1/nothing"))
    result = away.test_cli_runner().invoke(cli, list(line))
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == "Error: The database can't be reached: `pythoughts check` tells more."
