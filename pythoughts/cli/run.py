"""`pythoughts run`: everything at once, for development."""

import asyncio
import os
import socket
import sys
from contextlib import suppress

import click
import psycopg
import structlog

from pythoughts import config, logs
from pythoughts.cli.database import start_own_server
from pythoughts.cli.lifeline import Lifeline
from pythoughts.cli.supervision import PAUSE_MAX, PAUSE_MIN, first, keep_running, run_once, stop_on_signals
from pythoughts.config import ConfigError, Settings
from pythoughts.paths import INSTANCE_DIR
from pythoughts.services.embedded_postgres import PostgresUnavailable

log = structlog.get_logger()

POLL = 0.1  # seconds between two looks whether the web server listens


@click.command()
def run() -> None:
    """Start a database, the web server and the worker, and stop them together."""
    os.environ["PYTHOUGHTS_DEVELOPMENT"] = "1"
    logs.configure()
    chosen = config.load(INSTANCE_DIR)
    _check_port(chosen)
    sys.exit(asyncio.run(_serve(chosen)))


def _check_port(asked: Settings) -> None:
    family = socket.AF_INET6 if ":" in asked.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((asked.host, asked.port))
        except OSError as error:
            raise ConfigError(
                f"PORT {asked.port} on {asked.host} can't be used ({error.strerror}): "
                f"stop what listens there, or choose another as in PORT={asked.port + 1}."
            ) from None


async def _serve(chosen: Settings) -> int:
    """Run all parts until a signal comes; the exit code.

    Nothing waits for the database here: the parts take longer to import their code than it takes to start.
    """
    stop, lifeline = stop_on_signals(), Lifeline()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(keep_running("web", lifeline, stop))
        if chosen.database_url is None:
            tasks.create_task(_keep_database(stop))
        code, printed = await run_once("prepare", lifeline, stop)
        if code == 0:
            tasks.create_task(keep_running("worker", lifeline, stop))
            tasks.create_task(first(_announce(chosen, printed), stop))
        else:
            stop.set()
    return code


async def _announce(chosen: Settings, sign_ins: str) -> None:
    """Print the address once it answers, and who can sign in when this is the demo."""
    while not await _answers(chosen):
        await asyncio.sleep(POLL)
    click.echo(f"Pythoughts is running at {chosen.public_url} (stop with Ctrl-C)")
    if sign_ins:
        click.echo(f"Sign in as one of these, with the password beside the name:\n{sign_ins}", nl=False)


async def _answers(chosen: Settings) -> bool:
    with suppress(OSError):
        reader, writer = await asyncio.open_connection(chosen.host, chosen.port)
        writer.write(b"GET /healthz HTTP/1.0\r\n\r\n")
        answer = await reader.readline()
        writer.close()
        return bool(answer)
    return False


async def _keep_database(stop: asyncio.Event) -> None:
    """Start the embedded server again when it dies: a connection of ours that ends is how we know."""
    pause = PAUSE_MIN
    while not stop.is_set():
        try:
            url = await asyncio.to_thread(start_own_server)
            async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
                pause = PAUSE_MIN
                await first(_ended(connection), stop)
        except (PostgresUnavailable, psycopg.OperationalError) as error:
            log.error("database-lost", kind=type(error).__name__)
            pause = min(pause * 2, PAUSE_MAX)
            await first(asyncio.sleep(pause), stop)


async def _ended(connection: psycopg.AsyncConnection) -> None:
    """Wait until the server closes an idle connection."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(connection.fileno(), ended.set)
    try:
        await ended.wait()
    finally:
        asyncio.get_running_loop().remove_reader(connection.fileno())
