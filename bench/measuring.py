"""Turns per second and CPU time per turn, of a scenario on a server."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from bench.browsing import Browser
from bench.database import DATABASE_CORE, Database
from bench.scenarios import Scenario
from bench.servers import Server
from bench.world import World
from pythoughts.services.passwords import dummy_verify

CLIENTS = 4  # at once: enough to keep one server process busy
WARM_UP = 3  # turns of each client before counting
HASHES = 10  # to find out what one costs


@dataclass(frozen=True)
class Cost:
    """What one turn costs.

    Attributes:
        app: seconds of CPU in the web server.
        database: seconds of CPU in PostgreSQL.
        per_second: turns, with CLIENTS at once.
        size: bytes of the last page.
    """

    app: float
    database: float
    per_second: float
    size: int

    @property
    def total(self) -> float:
        """Seconds of CPU."""
        return self.app + self.database


@dataclass
class Round:
    """One measurement in progress: the clients share a counter and a deadline."""

    scenario: Scenario
    world: World
    numbers: Iterator[int]
    until: float = 0.0

    def warm_up(self, browser: Browser) -> None:
        """Fill caches and pools."""
        for _ in range(WARM_UP):
            self.scenario.turn(self.world, browser, next(self.numbers))

    def work(self, browser: Browser) -> int:
        """Take turns until time is up; how many."""
        done = 0
        while time.perf_counter() < self.until:
            self.scenario.turn(self.world, browser, next(self.numbers))
            done += 1
        return done


class Bench:
    """Runs scenarios against servers over one database."""

    def __init__(self, database: Database, world: World, seconds: float) -> None:
        """Take what every measurement needs; each takes `seconds`."""
        self._database = database
        self._world = world
        self._seconds = seconds
        self._numbers = count()

    def cost(self, scenario: Scenario, server: Server) -> Cost:
        """Measure once."""
        turns = Round(scenario, self._world, self._numbers)
        with _clients(server.port) as (browsers, together):
            together(turns.warm_up)
            before = server.cpu_seconds, self._database.cpu_seconds, time.perf_counter()
            turns.until = before[2] + self._seconds
            done = sum(together(turns.work))
            after = server.cpu_seconds, self._database.cpu_seconds, time.perf_counter()
            app, base, elapsed = (late - early for late, early in zip(after, before, strict=True))
            return Cost(app / done, base / done, done / elapsed, browsers[0].size)


@contextmanager
def _clients(port: int) -> Iterator[tuple[list[Browser], Callable[..., list[int]]]]:
    """Browsers, and a function that lets all of them do something at once."""
    browsers = [Browser(port) for _ in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as threads:
        yield browsers, lambda act: list(threads.map(act, browsers))
    for browser in browsers:
        browser.close()


def hash_seconds() -> float:
    """CPU time of one comparison with a password's hash."""
    dummy_verify()
    started = time.process_time()
    for _ in range(HASHES):
        dummy_verify()
    return (time.process_time() - started) / HASHES


def stay_off_the_servers_core() -> None:
    """Let the load run where the database does."""
    for thread in threading.enumerate():
        os.sched_setaffinity(thread.native_id or 0, {DATABASE_CORE})
