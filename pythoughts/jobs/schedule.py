"""What runs again and again: how often, when it was asked for last, and when it is due."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from procrastinate.periodic import PeriodicTask
from sqlalchemy import text

from pythoughts.clock import now
from pythoughts.db import db
from pythoughts.jobs.discovery import import_tasks
from pythoughts.jobs.queue import queue

LATEST = text("""
    select distinct on (deferred.task_name) deferred.task_name, deferred.defer_timestamp, job.status::text
    from procrastinate_periodic_defers deferred left join procrastinate_jobs job on job.id = deferred.job_id
    order by deferred.task_name, deferred.defer_timestamp desc
""")


@dataclass(frozen=True)
class Turn:
    """A task with a schedule.

    Attributes:
        task: its name.
        cron: five fields in UTC, or six with seconds.
        last_at: when it was due last and a worker asked for it, None before the first time.
        state: what has become of that job, None when it is forgotten already.
        next_at: when it is due.
    """

    task: str
    cron: str
    last_at: datetime | None
    state: str | None
    next_at: datetime


def schedule() -> list[Turn]:
    """Every task with a schedule, the next one first."""
    import_tasks()
    last = {name: (datetime.fromtimestamp(due, UTC), state) for name, due, state in db.session.execute(LATEST)}
    turns = [_turn(each, last) for each in queue.periodic_registry.periodic_tasks.values()]
    return sorted(turns, key=lambda turn: (turn.next_at, turn.task))


def _turn(task: PeriodicTask[Any, Any, Any], last: dict[str, tuple[datetime, str | None]]) -> Turn:
    last_at, state = last.get(task.task.name, (None, None))
    due: float = task.croniter.get_next(ret_type=float, start_time=now().timestamp())
    return Turn(task.task.name, task.cron, last_at, state, datetime.fromtimestamp(due, UTC))
