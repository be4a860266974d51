"""Keep child processes running until told to stop."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Coroutine
from contextlib import suppress
from time import monotonic
from typing import Any, TypeVar

import structlog

from pythoughts.cli.lifeline import Lifeline

log = structlog.get_logger()

Result = TypeVar("Result")

PAUSE_MIN, PAUSE_MAX = 0.5, 10.0  # seconds before a child that ended is started again
STEADY = 10  # seconds after which a child counts as having started well
STOP_LIMIT = 12  # seconds for an orderly end; a little more than requests and jobs in flight get


async def first(work: Coroutine[Any, Any, Result], stop: asyncio.Event) -> Result | None:
    """The result of `work`, or None when `stop` came first."""
    working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if working.done():
        return working.result()
    working.cancel()
    return None


def stop_on_signals() -> asyncio.Event:
    """An event that is set by Ctrl-C, by SIGTERM and by a terminal that closes."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def keep_running(name: str, lifeline: Lifeline, stop: asyncio.Event) -> None:
    """Run `pythoughts <name>`, again whenever it ends, until `stop`; then end it."""
    pause = PAUSE_MIN
    while not stop.is_set():
        started = monotonic()
        child = await _start(name, lifeline)
        code = await first(child.wait(), stop)
        if code is None:
            await _end(child)
            return
        pause = PAUSE_MIN if monotonic() - started > STEADY else min(pause * 2, PAUSE_MAX)
        log.warning("child-ended", child=name, code=code, again_in=pause)
        await first(asyncio.sleep(pause), stop)


async def run_once(name: str, lifeline: Lifeline, stop: asyncio.Event) -> tuple[int, str]:
    """Run `pythoughts <name>` to its end, or until `stop`; its exit code and what it printed."""
    child = await _start(name, lifeline, output=PIPE)
    answer = await first(child.communicate(), stop)
    if answer is None:
        await _end(child)
        return 0, ""
    return child.returncode or 0, answer[0].decode()


async def _start(name: str, lifeline: Lifeline, output: int | None = None) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "pythoughts.cli.main",
        name,
        stdout=output,
        env=lifeline.environment(),
        pass_fds=[lifeline.reading_end],
        start_new_session=True,  # Ctrl-C reaches us alone, and we end them in order
    )


async def _end(child: Process) -> None:
    with suppress(ProcessLookupError):
        child.terminate()
        try:
            await asyncio.wait_for(child.wait(), STOP_LIMIT)
        except TimeoutError:
            os.killpg(child.pid, signal.SIGKILL)  # with whatever it started
            await child.wait()
