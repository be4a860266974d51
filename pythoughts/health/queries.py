"""Is the database there, is it up to date, and what waits in it."""

from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from pythoughts.db import db
from pythoughts.mail.models import OutboxMail
from pythoughts.paths import MIGRATIONS_DIR


@cache
def expected_revision() -> str | None:
    """The newest migration that this code knows."""
    return ScriptDirectory(str(MIGRATIONS_DIR)).get_current_head()


def current_revision() -> str | None:
    """The newest migration that the database has."""
    return MigrationContext.configure(db.session.connection()).get_current_revision()


def troubles() -> list[str]:
    """Why we can't serve, as codes: `database` is away, or its `migrations` are not those of this code."""
    try:
        return [] if current_revision() == expected_revision() else ["migrations"]
    except SQLAlchemyError:
        return ["database"]


def letters_by_state() -> dict[str, int]:
    """How many letters of the outbox are in each state."""
    rows = db.session.execute(select(OutboxMail.state, func.count().label("letters")).group_by(OutboxMail.state))
    return {row.state: row.letters for row in rows}
