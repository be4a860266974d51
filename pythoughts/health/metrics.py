"""Numbers that every web process counts, shared through files in instance/metrics."""

import os
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from flask import Flask, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import QueuePool
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from pythoughts.db import db
from pythoughts.health.queries import letters_by_state
from pythoughts.jobs.queries import queue_depths

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # where the library looks for it
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})  # clients invent others; each would be a row for ever
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


def metrics_folder(instance_dir: Path) -> Path:
    """Where the processes of one web server keep their counts; the server empties it at start."""
    return instance_dir / "metrics"


class Traffic:
    """What one process counts about its requests."""

    def __init__(self, folder: Path) -> None:
        """Count into files in `folder`, one set for each process."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.environ[FOLDER] = str(folder)
        # Set by hand: the library decides when it is imported, before the folder is known.
        values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]
        self.requests = Counter(
            "pythoughts_requests", "Requests answered.", ["endpoint", "method", "status"], registry=None
        )
        self.seconds = Histogram(
            "pythoughts_request_seconds", "Time to answer.", ["endpoint"], buckets=SECONDS, registry=None
        )
        self.connections = Gauge(
            "pythoughts_database_connections",
            "Connections of the web processes.",
            ["state"],  # with a label nothing is written before the first request
            registry=None,
            multiprocess_mode="livesum",
        )

    def init_app(self, app: Flask) -> None:
        """Count every request when it is answered."""
        app.after_request(self.count)

    def count(self, response: Response) -> Response:
        """Count the request under its endpoint: a path may hold a name, and there are endlessly many."""
        endpoint = request.endpoint or "none"
        method = request.method if request.method in METHODS else "other"
        self.requests.labels(endpoint, method, response.status_code).inc()
        self.seconds.labels(endpoint).observe(perf_counter() - g.started)
        pool = db.engine.pool
        if isinstance(pool, QueuePool):
            self.connections.labels("in_use").set(pool.checkedout())
        return response


class Backlog(Collector):
    """What waits in the database, counted when asked."""

    def collect(self) -> Iterator[Metric]:
        """Jobs and letters by state; nothing while the database is away, the other numbers matter then."""
        jobs = GaugeMetricFamily("pythoughts_jobs", "Jobs by queue and state.", labels=["queue", "state"])
        letters = GaugeMetricFamily("pythoughts_letters", "Letters of the outbox by state.", labels=["state"])
        try:
            for (queue, state), count in queue_depths().items():
                jobs.add_metric([queue, state], count)
            for state, count in letters_by_state().items():
                letters.add_metric([state], count)
        except SQLAlchemyError:
            return
        yield jobs
        yield letters


def report(folder: Path) -> bytes:
    """Every number of every process, in Prometheus' text format."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]
    registry.register(Backlog())
    return generate_latest(registry)
