"""Settings from the command line."""

import pytest
from sqlalchemy import select

from pythoughts.audit.models import AuditLog
from pythoughts.cli.main import cli
from pythoughts.db import db


@pytest.fixture
def run(app):
    """Run `pythoughts settings` with arguments."""
    return lambda *arguments: app.test_cli_runner().invoke(cli, ["settings", *arguments])


def line(run):
    result = run("list", "limits.post_60")
    assert result.exit_code == 0
    return result.stdout.splitlines()[0]


def test_a_setting_is_changed_shown_and_put_back(run):
    assert line(run).startswith("limits.post_60 = 20 (default): ")
    assert run("set", "limits.post_60", "7").exit_code == 0
    assert line(run).startswith("limits.post_60 = 7 (changed): ")
    assert run("reset", "limits.post_60").exit_code == 0
    assert line(run).startswith("limits.post_60 = 20 (default): ")
    assert list(db.session.scalars(select(AuditLog.action).order_by(AuditLog.id))) == [
        "setting.choose",
        "setting.reset",
    ]


def test_the_environment_is_named_where_it_decides(run, monkeypatch):
    monkeypatch.setenv("PYTHOUGHTS_SET_LIMITS_POST_60", "3")
    assert line(run).startswith("limits.post_60 = 3 (PYTHOUGHTS_SET_LIMITS_POST_60): ")
    assert "PYTHOUGHTS_SET_LIMITS_POST_60" in run("set", "limits.post_60", "7").stderr


@pytest.mark.parametrize(
    "arguments", [("set", "no.such", "1"), ("set", "limits.post_60", "many"), ("reset", "no.such")]
)
def test_what_is_wrong_is_said_in_one_sentence(run, arguments):
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 1
