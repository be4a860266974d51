"""`pythoughts audit verify`."""

import pytest
from sqlalchemy import select, text, update

from pythoughts.audit.models import AuditLog, AuditSeal
from pythoughts.audit.use_cases import Act, record
from pythoughts.cli.main import cli
from pythoughts.db import db, transaction


@pytest.fixture
def verify(app):
    """Run the command."""
    return lambda: app.test_cli_runner().invoke(cli, ["audit", "verify"])


def test_an_honest_log_is_confirmed_up_to_now(verify):
    record(Act(None, "user.ban", "user", "u1"))
    result = verify()
    assert result.exit_code == 0
    assert result.stdout.startswith("1 acts are as they were sealed, up to act ")


def test_an_empty_log_is_fine(verify):
    assert verify().exit_code == 0


def test_the_first_seal_that_does_not_fit_is_named(verify):
    record(Act(None, "user.ban", "user", "u1"))
    verify()
    with transaction() as session:
        session.execute(text("set local session_replication_role = replica"))
        session.execute(update(AuditLog).values(target_id="u2"))
    result = verify()
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"Seal {db.session.scalar(select(AuditSeal.id))} does not fit" in result.stderr
