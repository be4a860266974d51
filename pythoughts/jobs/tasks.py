"""Upkeep of the queue itself."""

from datetime import timedelta

import structlog
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pythoughts.db import transaction
from pythoughts.jobs.queue import periodic

log = structlog.get_logger()

HEARTBEAT = 5  # seconds between the signs of life of a worker
STALLED = 20  # seconds without one, after which a worker's jobs are given to others
SUCCEEDED_KEPT = timedelta(days=1)
FAILED_KEPT = timedelta(days=30)

STALLED_JOBS = text("""
    select job.id from procrastinate_jobs job
    left join procrastinate_workers worker on worker.id = job.worker_id
    where job.status = 'doing'
    and (worker.id is null or worker.last_heartbeat < now() - make_interval(secs => :seconds))
    order by job.id for update of job skip locked
""")
AGAIN = text("select procrastinate_retry_job_v2(:id, now(), null, null, null)")
DROP = text("select procrastinate_finish_job_v1(:id, 'aborted', false)")
FORGET_WORKERS = text("select procrastinate_prune_stalled_workers_v1(:seconds)")
PRUNE = text("""
    delete from procrastinate_jobs job
    where job.status in ('succeeded', 'failed', 'cancelled', 'aborted')
    and not exists (
        select from procrastinate_events event
        where event.job_id = job.id
        and event.at > now() - case job.status when 'succeeded' then cast(:succeeded as interval) else :failed end
    )
""")


@periodic("jobs.rescue", cron="* * * * * */20")
def rescue() -> None:
    """Put the jobs of dead workers back on the queue: the queue itself never does."""
    with transaction() as session:
        stalled = list(session.scalars(STALLED_JOBS, {"seconds": STALLED}))
        for job_id in stalled:
            _put_back(session, job_id)
        session.execute(FORGET_WORKERS, {"seconds": STALLED})
    if stalled:
        log.warning("jobs-rescued", jobs=stalled)


def _put_back(session: Session, job_id: int) -> None:
    try:
        with session.begin_nested():
            session.execute(AGAIN, {"id": job_id})
    except IntegrityError:  # another with its queueing lock waits already, and will do the same work
        session.execute(DROP, {"id": job_id})


@periodic("jobs.prune", cron="23 * * * *")
def prune() -> None:
    """Forget jobs that are over: soon when they succeeded, later when there is something to learn."""
    with transaction() as session:
        session.execute(PRUNE, {"succeeded": SUCCEEDED_KEPT, "failed": FAILED_KEPT})
