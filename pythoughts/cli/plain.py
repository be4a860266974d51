"""Errors on the command line: one sentence on standard error, exit code 1."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
import psycopg
from psycopg.errors import UndefinedColumn, UndefinedFunction, UndefinedTable

from pythoughts.config import ConfigError
from pythoughts.errors import DomainError
from pythoughts.services.embedded_postgres import PostgresUnavailable

UNMIGRATED = (UndefinedColumn, UndefinedFunction, UndefinedTable)


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what a person can mend into a sentence; anything else is a fault of ours and keeps its trace.

    Raises:
        click.ClickException: something was wrong that the caller can mend.
    """
    try:
        yield
    except Exception as error:
        sentence = explain(error)
        if sentence is None:
            raise
        raise click.ClickException(sentence) from None


def explain(error: Exception) -> str | None:
    """What to tell the caller, or None when the error is a fault of ours."""
    if isinstance(error, (DomainError, ConfigError, PostgresUnavailable)):
        return str(error)
    # SQLAlchemy and the job queue wrap what psycopg raises, each in its own way.
    cause = getattr(error, "orig", None) or error.__cause__ or error
    if isinstance(cause, UNMIGRATED):
        return "The database is not migrated: run `pythoughts db upgrade`."
    if isinstance(cause, psycopg.OperationalError):
        return "The database can't be reached: `pythoughts check` tells more."
    return None
