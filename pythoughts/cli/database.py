"""The settings of a command, with a PostgreSQL of our own when they name no database."""

import atexit
import os
from contextlib import suppress
from functools import cache

from psycopg.errors import DuplicateDatabase, UniqueViolation

from pythoughts import config
from pythoughts.config import Settings
from pythoughts.paths import INSTANCE_DIR
from pythoughts.services.embedded_postgres import EmbeddedPostgres

DATABASE = "pythoughts"


@cache
def own_server() -> EmbeddedPostgres:
    """The embedded PostgreSQL of this installation; our share in it ends with this process."""
    server = EmbeddedPostgres(INSTANCE_DIR / "postgres")
    atexit.register(_release, server, os.getpid())
    return server


@cache
def settings() -> Settings:
    """The settings, complete: when they name no database, our own is started and held until this process ends.

    Raises:
        ConfigError: a setting is missing or wrong.
        PostgresUnavailable: there is no PostgreSQL to start.
    """
    given = config.load(INSTANCE_DIR)
    if given.database_url is not None:
        return given
    return config.load(INSTANCE_DIR, {**os.environ, "DATABASE_URL": start_own_server()})


def start_own_server() -> str:
    """Start the embedded server, or attach to it, and make its database; safe to repeat.

    Returns:
        The database's URL.

    Raises:
        PostgresUnavailable: there is no PostgreSQL to start.
    """
    server = own_server()
    server.start()
    with suppress(DuplicateDatabase, UniqueViolation):  # the second is what PostgreSQL says when two make it at once
        server.create_database(DATABASE)
    return server.url(DATABASE)


def _release(server: EmbeddedPostgres, process: int) -> None:
    if os.getpid() == process:  # not in the processes that the web server forks
        server.release()
