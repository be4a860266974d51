"""Upkeep of the queue."""

import pytest
from sqlalchemy import text

from pythoughts.db import db, transaction
from pythoughts.jobs.queries import queue_depths, worker_seen_at
from pythoughts.jobs.queue import enqueue
from pythoughts.jobs.tasks import STALLED, prune, rescue

FETCH = text("select id from procrastinate_fetch_job_v2(null, :worker)")


def register_worker(silent_for=0):
    """A worker that gave its last sign of life `silent_for` seconds ago; its id."""
    with transaction() as session:
        worker = session.scalar(text("select worker_id from procrastinate_register_worker_v1()"))
        session.execute(
            text("update procrastinate_workers set last_heartbeat = now() - make_interval(secs => :s) where id = :id"),
            {"s": silent_for, "id": worker},
        )
    return worker


def fetch(worker):
    """Let a worker take the next job; the job's id."""
    with transaction() as session:
        return session.scalar(FETCH, {"worker": worker})


def finish(job, status, *, days_ago):
    with transaction() as session:
        session.execute(text(f"select procrastinate_finish_job_v1(:id, '{status}', false)"), {"id": job})
        session.execute(
            text("update procrastinate_events set at = at - make_interval(days => :d) where job_id = :id"),
            {"d": days_ago, "id": job},
        )


def states():
    return list(db.session.scalars(text("select status::text from procrastinate_jobs order by id")))


def test_the_job_of_a_dead_worker_is_put_back(app):
    enqueue("mail.send", mail_id="m1")
    fetch(register_worker(silent_for=STALLED + 1))
    rescue()
    assert states() == ["todo"]


def test_the_job_of_a_forgotten_worker_is_put_back(app):
    enqueue("mail.send", mail_id="m1")
    fetch(register_worker())
    db.session.execute(text("delete from procrastinate_workers"))
    rescue()
    assert states() == ["todo"]


def test_the_job_of_a_living_worker_is_left_alone(app):
    enqueue("mail.send", mail_id="m1")
    fetch(register_worker(silent_for=STALLED - 5))
    rescue()
    assert states() == ["doing"]


def test_a_stalled_job_whose_successor_waits_is_dropped(app):
    enqueue("jobs.rescue", queueing_lock="jobs.rescue")
    fetch(register_worker(silent_for=STALLED + 1))
    enqueue("jobs.rescue", queueing_lock="jobs.rescue")
    enqueue("mail.send", mail_id="m1")
    rescue()
    assert states() == ["aborted", "todo", "todo"]


def test_dead_workers_are_forgotten(app):
    register_worker(silent_for=STALLED + 1)
    rescue()
    assert worker_seen_at() is None


@pytest.mark.parametrize(
    ("status", "days_ago", "left"),
    [("succeeded", 0, 1), ("succeeded", 2, 0), ("failed", 2, 1), ("failed", 31, 0)],
)
def test_finished_jobs_are_pruned_after_their_time(app, status, days_ago, left):
    enqueue("mail.send", mail_id="m1")
    finish(fetch(register_worker()), status, days_ago=days_ago)
    prune()
    assert len(states()) == left


def test_a_job_that_waits_is_never_pruned(app):
    enqueue("mail.send", mail_id="m1")
    db.session.execute(text("update procrastinate_events set at = now() - interval '90 days'"))
    prune()
    assert states() == ["todo"]


def test_depths_are_told_by_queue_and_state(app):
    enqueue("mail.send", mail_id="m1")
    enqueue("mail.send", mail_id="m2")
    enqueue("feed.count")
    fetch(register_worker())
    assert queue_depths() == {("mail", "doing"): 1, ("mail", "todo"): 1, ("feed", "todo"): 1}
