"""Acts at the same moment: threads with a database session each, and waiting until somebody waits."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import text

from pythoughts.db import db

PATIENCE = 60  # seconds
WAITING = text("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")


def together(app: Flask, count: int, act: Callable[[int], Any]) -> list[Any]:
    """What `act(number)` gives in each of `count` threads that start at the same moment."""
    start = Barrier(count)

    def run(number: int) -> Any:
        start.wait(timeout=PATIENCE)
        return in_context(app, act, number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def meanwhile(app: Flask, act: Callable[..., Any], *arguments: Any) -> Future[Any]:
    """Start `act` in a thread and come back once it waits for a lock that the test holds."""
    pool = ThreadPoolExecutor(1)
    started = pool.submit(in_context, app, act, *arguments)
    deadline = time.monotonic() + PATIENCE
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(WAITING) and not started.done():
            assert time.monotonic() < deadline, "nobody waits"
    pool.shutdown(wait=False)
    return started


def in_context(app: Flask, act: Callable[..., Any], *arguments: Any) -> Any:
    """Run `act` as another process would: in an app context with a session of its own."""
    with app.app_context():
        return act(*arguments)
