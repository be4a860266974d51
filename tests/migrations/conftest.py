"""Databases to migrate, and migrators as processes of their own."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from pythoughts.paths import PROJECT_ROOT
from tests.conftest import SECRET

PATIENCE = 60  # seconds a migrator may take on a busy machine


@dataclass
class Migrator:
    """A migration under way in a process of its own."""

    process: subprocess.Popen[str]
    follower: threading.Thread | None = None
    log: list[str] = field(default_factory=list)
    waited: threading.Event = field(default_factory=threading.Event)

    def follow(self) -> None:
        """Read its log until it ends; `waited` is set once it has given way to a lock."""
        with self.process.stderr as lines:
            for line in lines:
                self.log.append(line)
                if "migration-waits" in line:
                    self.waited.set()

    def finish(self) -> None:
        """Wait for its end, which must be a good one."""
        assert self.process.wait(PATIENCE) == 0, "".join(self.log)


@pytest.fixture
def empty_database(server, testrun_uid, worker_id) -> Iterator[str]:
    """The URL of a database without tables."""
    name = f"empty_{testrun_uid[:8]}_{worker_id}"
    server.drop_database(name)
    server.create_database(name)
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture
def start_migrator() -> Iterator[Callable[..., Migrator]]:
    """Start `flask db …` on a database; whatever still runs at the end is stopped."""
    started: list[Migrator] = []

    def start(url: str, *command: str) -> Migrator:
        environ = {**os.environ, "DATABASE_URL": url, "SECRET_KEY": SECRET}
        line = [sys.executable, "-m", "flask", "--app", "wsgi", "db", *command]
        process = subprocess.Popen(line, env=environ, cwd=PROJECT_ROOT, stderr=subprocess.PIPE, text=True)
        migrator = Migrator(process)
        migrator.follower = threading.Thread(target=migrator.follow)
        migrator.follower.start()
        started.append(migrator)
        return migrator

    yield start
    for migrator in started:
        migrator.process.kill()
        migrator.process.wait()
        migrator.follower.join()
