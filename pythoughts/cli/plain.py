"""Errors on the command line: one sentence on standard error, exit code 1."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
import psycopg
from procrastinate.exceptions import ConnectorException
from psycopg.errors import UndefinedColumn, UndefinedFunction, UndefinedTable
from sqlalchemy.exc import DBAPIError

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
    except (DomainError, ConfigError, PostgresUnavailable) as error:
        raise click.ClickException(str(error)) from None
    except (DBAPIError, psycopg.Error, ConnectorException) as error:
        sentence = _about_database(error)
        if sentence is None:
            raise
        raise click.ClickException(sentence) from None


def _about_database(error: Exception) -> str | None:
    cause = getattr(error, "orig", None) or error.__cause__ or error
    if isinstance(cause, UNMIGRATED):
        return "The database is not migrated: run `pythoughts db upgrade`."
    if isinstance(cause, psycopg.OperationalError):
        return "The database can't be reached: `pythoughts check` tells more."
    return None


class PlainGroup(click.Group):
    """A group of commands that all end plainly."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the chosen command."""
        try:
            with plainly():
                return super().invoke(ctx)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            asked = error.ctx.command_path if error.ctx else ctx.command_path
            raise click.ClickException(f"{error.format_message()} See `{asked} --help`.") from None
