"""Settings of the web server; `gunicorn -c python:pythoughts.cli.gunicorn_config` reads them too."""

import os
import shutil
from pathlib import Path

from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker
from prometheus_client import multiprocess

from pythoughts import logs
from pythoughts.config import THREADS
from pythoughts.health.metrics import metrics_folder
from pythoughts.paths import INSTANCE_DIR
from pythoughts.services.memory import hold_little_memory

_memory = Path("/dev/shm")  # noqa: S108 (made for this: a heartbeat file on a busy disk stalls its worker)


class JsonLogger(Logger):  # type: ignore[misc]
    """Lets the server's words go the way of all logs."""

    def setup(self, cfg: Config) -> None:
        """Hand over to the root logger."""
        super().setup(cfg)
        logs.configure()
        self.error_log.handlers = []
        self.error_log.propagate = True


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def on_starting(_arbiter: Arbiter) -> None:
    """Forget the numbers of the last run: its processes are gone."""
    shutil.rmtree(metrics_folder(INSTANCE_DIR), ignore_errors=True)


def post_fork(_arbiter: Arbiter, _worker: Worker) -> None:
    """Keep the process small."""
    hold_little_memory()


def child_exit(_arbiter: Arbiter, worker: Worker) -> None:
    """Forget the gauges of a process that ended."""
    multiprocess.mark_process_dead(worker.pid, str(metrics_folder(INSTANCE_DIR)))  # type: ignore[no-untyped-call]


worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or cores())
threads = THREADS
timeout = 30  # seconds without a sign of life before a process is replaced
graceful_timeout = 8  # seconds for requests in flight when it stops
keepalive = 65  # seconds; longer than the usual proxy keeps an idle connection, so that it never meets a closing one
max_requests = 10_000  # then a process is replaced, whatever it may have leaked
max_requests_jitter = 1_000  # not all at once
worker_tmp_dir = str(_memory) if os.access(_memory, os.W_OK) else None
control_socket_disable = True
forwarded_allow_ips = ""  # PROXY_HOPS decides, in one place: the application
secure_scheme_headers: dict[str, str] = {}
accesslog = None  # the application writes one line a request, without names
logger_class = JsonLogger
