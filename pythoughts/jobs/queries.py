"""What waits on the queue, and whether anybody works on it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from pythoughts.db import db

DEPTH = text("""
    select queue_name, status::text, count(*) from procrastinate_jobs
    where status in ('todo', 'doing', 'failed') group by 1, 2 order by 1, 2
""")
WORKERS = text("""
    select count(*) filter (where last_heartbeat > now() - make_interval(secs => :seconds)) as alive,
    max(last_heartbeat) as seen_at from procrastinate_workers
""")
SILENT = 60  # seconds after which a worker is not counted any more
HEARTBEAT = text("select max(last_heartbeat) from procrastinate_workers")


def queue_depths() -> dict[tuple[str, str], int]:
    """How many jobs are `todo`, `doing` or `failed`, by queue and state."""
    return {(queue, state): count for queue, state, count in db.session.execute(DEPTH)}


def worker_seen_at() -> datetime | None:
    """The last sign of life of any worker, None when there never was one."""
    seen: datetime | None = db.session.scalar(HEARTBEAT)
    return seen


@dataclass(frozen=True)
class Workers:
    """Who works on the queue.

    Attributes:
        alive: lanes of worker processes that gave a sign of life within the last minute.
        seen_at: the last sign of any, None when there never was one.
    """

    alive: int
    seen_at: datetime | None


def workers() -> Workers:
    """Whether anybody works."""
    row = db.session.execute(WORKERS, {"seconds": SILENT}).one()
    return Workers(row.alive, row.seen_at)
