"""Put work on the queue, and name what can be put there."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from procrastinate import App, PsycopgConnector
from procrastinate.retry import BaseRetryStrategy
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pythoughts.db import transaction
from pythoughts.jobs.retries import FEW_TRIES

Function = TypeVar("Function", bound=Callable[..., Any])

CATCH_UP = 24 * 60 * 60  # seconds a schedule may be overdue and still run: a machine that slept tidies up on waking

DEFER = text("""
    select procrastinate_defer_jobs_v1(array[row(
        :queue, :name, 0, cast(:lock as text), cast(:queueing_lock as text), cast(:arguments as jsonb),
        null::timestamptz
    )::procrastinate_job_to_defer_v1])
""")

queue = App(connector=PsycopgConnector(), periodic_defaults={"max_delay": CATCH_UP})
"""Every task by its name. It has no connection of its own: the worker brings one."""


def task(name: str, *, retry: BaseRetryStrategy = FEW_TRIES) -> Callable[[Function], Function]:
    """Run the function for every job called `name`, inside an application context.

    Args:
        name: `<queue>.<verb>`, as in "mail.send"; each queue has workers of its own, so that none holds up another.
        retry: what happens when it raises.
    """

    def register(function: Function) -> Function:
        queue.task(name=name, queue=queue_of(name), retry=retry)(function)
        return function

    return register


def periodic(name: str, *, cron: str) -> Callable[[Function], Function]:
    """Run the function, which takes nothing, again and again; at most one run waits, however many workers there are.

    Args:
        name: `<queue>.<verb>`, as in "auth.tidy".
        cron: five fields in UTC; a sixth counts seconds. A run that fails waits for the next.
    """

    def register(function: Function) -> Function:
        def run(timestamp: int) -> None:  # noqa: ARG001 (when it was due; the queue passes it)
            function()

        queue.periodic(cron=cron)(queue.task(name=name, queue=queue_of(name), queueing_lock=name)(run))
        return function

    return register


def queue_of(name: str) -> str:
    """The queue of a task: the first word of its name."""
    return name.partition(".")[0]


def enqueue(name: str, *, lock: str | None = None, queueing_lock: str | None = None, **arguments: Any) -> None:
    """Ask for a job in the caller's transaction: both commit, or both vanish.

    Args:
        name: the task.
        lock: jobs with the same lock run one after the other.
        queueing_lock: while a job with it waits, asking again changes nothing. Such a job is not tried again.
        **arguments: ids and numbers, never a secret, a name, an address: they stay in the table for days.
    """
    values = {
        "queue": queue_of(name),
        "name": name,
        "lock": lock,
        "queueing_lock": queueing_lock,
        "arguments": json.dumps(arguments),
    }
    with transaction() as session:
        if queueing_lock is None:
            session.execute(DEFER, values)
        else:
            _defer_unless_waiting(session, values)


def _defer_unless_waiting(session: Session, values: dict[str, str | None]) -> None:
    # The one constraint this can break is the queueing lock's; the savepoint keeps that from the caller's transaction.
    with suppress(IntegrityError), session.begin_nested():
        session.execute(DEFER, values)
