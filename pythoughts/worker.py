"""Runs the jobs of every feature, and their schedules."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from time import perf_counter, time
from typing import Any, TypeGuard

import structlog
from flask import Flask
from procrastinate import JobContext, PsycopgConnector
from procrastinate.periodic import PeriodicDeferrer
from procrastinate.worker import Worker
from psycopg_pool import AsyncConnectionPool

from pythoughts.config import Settings
from pythoughts.jobs.discovery import import_tasks
from pythoughts.jobs.queue import CATCH_UP, queue
from pythoughts.jobs.tasks import HEARTBEAT, STALLED
from pythoughts.origin import NOWHERE, set_origin

log = structlog.get_logger()

SLOW_QUEUES = frozenset({"mail"})
"""Queues whose jobs wait for servers of others, which may hang: they have a lane of their own."""
UPKEEP = "jobs"
LANE_WIDTH = 4  # jobs at once in each of the two lanes; together they fit the database pool
DATABASE_WAIT = 5  # seconds for a connection, before this round is given up
GRACE = 8  # seconds that running jobs have to end when the worker is asked to stop
PAUSE_MIN, PAUSE_MAX = 0.5, 10.0  # seconds between two rounds that failed


def run(app: Flask) -> None:
    """Work until SIGTERM or SIGINT, in spite of a database that restarts."""
    import_tasks()
    asyncio.run(_rounds(app))


def drain(app: Flask) -> None:
    """Run the jobs that are due now, and end."""
    import_tasks()
    asyncio.run(_round(app, wait=False))


def queue_schedules(app: Flask) -> None:
    """Put every schedule on the queue whose last turn nobody has queued yet."""
    import_tasks()
    asyncio.run(_queue_schedules(app))


async def _queue_schedules(app: Flask) -> None:
    async with _connected(app):
        deferrer = PeriodicDeferrer(queue.periodic_registry, max_delay=CATCH_UP)
        await deferrer.defer_jobs(deferrer.get_previous_tasks(at=time()))


async def _rounds(app: Flask) -> None:
    """Start anew whenever the queue's connections are lost: its workers end then, without an error."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    pause = PAUSE_MIN
    while not stop.is_set():
        started = perf_counter()
        await _until(stop, _round(app, wait=True))
        pause = PAUSE_MIN if perf_counter() - started > PAUSE_MAX else min(pause * 2, PAUSE_MAX)
        await _until(stop, asyncio.sleep(pause))


async def _until(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Wait for `work` or for `stop`; what is not over by then is cancelled and given its time to end."""
    working = asyncio.ensure_future(work)
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    for unfinished in (working, stopping):
        unfinished.cancel()
    ends = await asyncio.gather(working, stopping, return_exceptions=True)
    for error in filter(_is_failure, ends):
        log.error("worker-round-failed", kind=type(error).__name__)


async def _round(app: Flask, *, wait: bool) -> None:
    """Both lanes over one pool of connections, until one of them ends."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2 * LANE_WIDTH + 1))
    async with _connected(app):
        lanes = [asyncio.ensure_future(_lane(app, queues, wait=wait)) for queues in _lanes()]
        try:
            await asyncio.wait(lanes, return_when=asyncio.FIRST_COMPLETED if wait else asyncio.ALL_COMPLETED)
        finally:
            for lane in lanes:
                lane.cancel()
            ends = await asyncio.gather(*lanes, return_exceptions=True)
    for error in filter(_is_failure, ends):
        raise error


def _is_failure(end: object) -> TypeGuard[Exception]:
    return isinstance(end, Exception)


def _lanes() -> list[list[str]]:
    names = {task.queue for task in queue.tasks.values()}
    return [sorted(names & SLOW_QUEUES), sorted(names - SLOW_QUEUES)]


async def _lane(app: Flask, queues: list[str], *, wait: bool) -> None:
    await queue.run_worker_async(
        queues=queues,
        concurrency=LANE_WIDTH,
        wait=wait,
        install_signal_handlers=False,
        shutdown_graceful_timeout=GRACE,
        update_heartbeat_interval=HEARTBEAT,
        stalled_worker_timeout=STALLED,
        task_middleware=[partial(_in_app, app)],
    )


@asynccontextmanager
async def _connected(app: Flask) -> AsyncIterator[None]:
    pool = _pool(app.extensions["settings"])
    try:
        await pool.open(wait=True, timeout=DATABASE_WAIT)
        with queue.replace_connector(PsycopgConnector()):
            async with queue.open_async(pool):
                yield
    finally:
        await pool.close()


def _pool(settings: Settings) -> AsyncConnectionPool:
    url = (settings.database_url or "").replace("postgresql+psycopg://", "postgresql://", 1)
    return AsyncConnectionPool(
        url,
        kwargs={"connect_timeout": DATABASE_WAIT, "application_name": "pythoughts-worker"},
        min_size=1,
        max_size=LANE_WIDTH,
        timeout=DATABASE_WAIT,
        check=AsyncConnectionPool.check_connection,
        open=False,
    )


def _in_app(app: Flask, call_next: Callable[[], Any], context: JobContext, _worker: Worker) -> None:
    """Give a job its application context, its id in every log line, and one line when it is over."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(job_id=context.job.id, task=context.job.task_name)
    set_origin(NOWHERE)
    started = perf_counter()
    try:
        with app.app_context():
            call_next()
    except Exception as error:
        log.warning("job-failed", kind=type(error).__name__, ms=_since(started), attempt=context.job.attempts + 1)
        raise
    say = log.debug if context.job.queue == UPKEEP else log.info  # every few seconds, and never news
    say("job", ms=_since(started))


def _since(started: float) -> float:
    """Milliseconds."""
    return round((perf_counter() - started) * 1000, 1)
