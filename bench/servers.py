"""Web servers under measurement: one gunicorn process with its threads, on a core of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from compileall import compile_dir
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from bench.accounts import cpu_seconds, pin, resident_bytes, tree
from pythoughts.paths import PACKAGE_DIR, PROJECT_ROOT

HOST = "127.0.0.1"
SERVER_CORE = 0
PATIENCE = 60  # seconds until a server has to answer
CONFIG = "python:pythoughts.cli.gunicorn_config"


@dataclass(frozen=True)
class Server:
    """A running web server.

    Attributes:
        start_seconds: CPU time from nothing to the first answer.
    """

    port: int
    process: int
    start_seconds: float

    @property
    def cpu_seconds(self) -> float:
        """CPU time so far."""
        return cpu_seconds(self.process)

    @property
    def worker_bytes(self) -> int:
        """Memory of the process that answers."""
        return max(resident_bytes(process) for process in tree(self.process))


@contextmanager
def serving(module: str, environ: Mapping[str, str], probe: str, log: Path) -> Iterator[Server]:
    """Serve a WSGI application until the block ends.

    Args:
        module: as in `wsgi:app`.
        environ: variables besides those of this process; PORT and PUBLIC_URL are set here.
        probe: the address that shows that it serves.
        log: where it may write.
    """
    compile_dir(PACKAGE_DIR, quiet=1)  # as an installed package is
    port = _free_port()
    own = {"PORT": str(port), "HOST": HOST, "PUBLIC_URL": f"http://localhost:{port}", "WEB_CONCURRENCY": "1"}
    line = [sys.executable, "-m", "gunicorn", "-c", CONFIG, "--max-requests", "0", "--bind", f"{HOST}:{port}", module]
    with log.open("wb") as sink:
        process = subprocess.Popen(
            line, env={**os.environ, **own, **environ}, cwd=PROJECT_ROOT, stdout=sink, stderr=sink
        )
    pin(process.pid, SERVER_CORE)
    try:
        _wait_for(port, probe, process, log)
        yield Server(port, process.pid, cpu_seconds(process.pid))
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, probe: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection(HOST, port, timeout=PATIENCE)
        try:
            connection.request("GET", probe)
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                return
            break
        except OSError:
            time.sleep(0.02)  # a server tells nobody that it listens
        finally:
            connection.close()
    raise SystemExit(f"The server did not answer {probe}:\n{log.read_text()[-2000:]}")
