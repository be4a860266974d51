"""What waits on the queue, and whether anybody works on it."""

from datetime import datetime

from sqlalchemy import text

from pythoughts.db import db

DEPTH = text("""
    select queue_name, status::text, count(*) from procrastinate_jobs
    where status in ('todo', 'doing', 'failed') group by 1, 2 order by 1, 2
""")
HEARTBEAT = text("select max(last_heartbeat) from procrastinate_workers")


def queue_depths() -> dict[tuple[str, str], int]:
    """How many jobs are `todo`, `doing` or `failed`, by queue and state."""
    return {(queue, state): count for queue, state, count in db.session.execute(DEPTH)}


def worker_seen_at() -> datetime | None:
    """The last sign of life of any worker, None when there never was one."""
    seen: datetime | None = db.session.scalar(HEARTBEAT)
    return seen
