"""Reads a v2 database in one snapshot, through a connection that cannot write."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import click
import psycopg
from psycopg import Connection, IsolationLevel, sql

WANTED = {
    "user": (
        "id", "name", "email", "email_verified", "image", "username", "display_username", "created_at", "updated_at",
    ),
    "account": ("account_id", "provider_id", "user_id", "password", "created_at", "updated_at"),
    "user_preferences": ("user_id", "ignored_users", "created_at", "updated_at"),
    "pythoughts": ("id", "message", "user_id", "reply_to_id", "created_at"),
}  # fmt: skip
"""The columns that are read, in the order in which a row has them."""

LEFT = {
    "user": (),
    "account": (
        "id", "access_token", "refresh_token", "id_token", "access_token_expires_at", "refresh_token_expires_at",
        "scope",
    ),
    "user_preferences": ("id",),
    "pythoughts": ("updated_at",),
}  # fmt: skip
"""Known columns that are not worth a word when they are left."""

MAY_LACK = frozenset({"image", "username", "display_username", "updated_at", "email_verified"})
UNREAD = ("session", "verification")
OURS = "root_id"  # a column of `pythoughts` that v2 never had
EARLIEST, LATEST = "1970-01-01", "2200-01-01"  # what a key can tell, and what a clock may say
BATCH = 2_000  # rows that travel together
COLUMNS = "select column_name from information_schema.columns where table_schema = 'public' and table_name = %s"


@dataclass(frozen=True)
class Source:
    """A v2 database; `columns` maps our names to its own, which some tools spell in camel case."""

    connection: Connection[Any]
    columns: dict[str, dict[str, str]]

    def rows(self, table: str, *order: str) -> Iterator[tuple[Any, ...]]:
        """All rows of `table`: the columns of WANTED, texts as text, times in UTC, those out of range as None.

        Args:
            table: one of WANTED.
            *order: columns to sort by, with a minus sign those whose greatest value comes first.
        """
        own = self.columns[table]
        wanted = sql.SQL(", ").join(_column(own.get(column), column) for column in WANTED[table])
        keys = [_sorted(own[name.lstrip("-")], name) for name in order if name.lstrip("-") in own]
        statement = sql.SQL("select {} from {} order by {}").format(
            wanted, sql.Identifier("public", table), sql.SQL(", ").join(keys)
        )
        with self.connection.cursor(name=f"read_{table}") as cursor:
            cursor.itersize = BATCH
            yield from cursor.execute(statement)

    def number_of(self, table: str) -> int:
        """How many rows a table has; 0 when there is no such table."""
        if not self.connection.execute(COLUMNS, [table]).fetchone():
            return 0
        query = sql.SQL("select count(*) from {}").format(sql.Identifier("public", table))
        found = self.connection.execute(query).fetchone()
        return int(found[0]) if found else 0

    def unknown(self) -> list[str]:
        """Columns that nobody here knows, as `table.column`."""
        return sorted(
            f"{table}.{own}"
            for table, columns in self.columns.items()
            for name, own in columns.items()
            if name not in WANTED[table] and name not in LEFT[table]
        )


@contextmanager
def open_source(url: str) -> Iterator[Source]:
    """Connect to a v2 database.

    Args:
        url: `postgres://…` or `postgresql://…`.

    Raises:
        ClickException: it can't be reached, or is not of v2.
    """
    try:
        connection = psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1), connect_timeout=10)
    except (psycopg.OperationalError, psycopg.ProgrammingError):
        raise click.ClickException("The v2 database can't be reached: check its address.") from None
    with connection:
        connection.read_only = True
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.execute("set time zone 'UTC'")
        yield Source(connection, {table: _columns(connection, table) for table in WANTED})


def _columns(connection: Connection[Any], table: str) -> dict[str, str]:
    own = {_snake(name): name for (name,) in connection.execute(COLUMNS, [table])}
    missing = [name for name in WANTED[table] if name not in own and name not in MAY_LACK]
    if missing:
        raise click.ClickException(f"This is no v2 database: its table {table} has no {', '.join(missing)}.")
    if OURS in own:
        raise click.ClickException("This is a database of this version, not of v2.")
    return own


def _snake(name: str) -> str:
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name)


def _sorted(own: str, name: str) -> sql.Composable:
    """One key of an order; rows without a value come last."""
    direction = sql.SQL("desc" if name.startswith("-") else "asc")
    return sql.SQL("{} {} nulls last").format(sql.Identifier(own), direction)


def _column(own: str | None, name: str) -> sql.Composable:
    """A column in the type that the importer expects, null where v2 lacks it."""
    if own is None:
        return sql.SQL("null")
    column = sql.Identifier(own)
    if name == "email_verified":
        return sql.SQL("{}::boolean").format(column)
    if not name.endswith("_at"):
        return sql.SQL("{}::text").format(column)
    bounds = sql.SQL("{0}::timestamptz >= {1} and {0}::timestamptz < {2}")
    sane = bounds.format(column, sql.Literal(EARLIEST), sql.Literal(LATEST))
    return sql.SQL("case when {} then {}::timestamptz end").format(sane, column)
