"""What a command works on: the application, with a PostgreSQL of our own when no database is named."""

import atexit
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache, update_wrapper
from typing import Any

import click
from flask import Flask
from flask.cli import ScriptInfo
from psycopg.errors import DuplicateDatabase

from pythoughts import config
from pythoughts.app import create_app
from pythoughts.cli.plain import plainly
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
    with suppress(DuplicateDatabase):
        server.create_database(DATABASE)
    return server.url(DATABASE)


def open_app() -> Flask:
    """The application over that database."""
    return create_app(settings())


def needs_app(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command inside the application's context, and its errors as one sentence.

    Under `flask --app wsgi` it gets the same application, and so the embedded database too.
    """

    @click.pass_context
    def run(context: click.Context, *args: Any, **kwargs: Any) -> Any:
        info = context.ensure_object(ScriptInfo)
        info.create_app = info.create_app or open_app
        with plainly():
            context.with_resource(info.load_app().app_context())
            return context.invoke(command, *args, **kwargs)

    return update_wrapper(run, command)


def _release(server: EmbeddedPostgres, process: int) -> None:
    if os.getpid() == process:  # not in the processes that the web server forks
        server.release()
