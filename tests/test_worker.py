"""The process that runs the jobs."""

import os
import re
import signal
import threading
import time
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import text

from pythoughts import worker
from pythoughts.db import db, transaction
from pythoughts.jobs.queue import enqueue, queue
from pythoughts.jobs.retries import Pauses
from pythoughts.origin import NOWHERE, current_origin
from pythoughts.paths import PACKAGE_DIR

PATIENCE = 30  # seconds, on a busy machine
ENQUEUED = re.compile(r"""\benqueue\(\s*["']([\w.]+)["']""")


@pytest.fixture
def add_task():
    """Name a function as a task for one test."""
    worker.import_tasks()
    added = []

    def add(name, function, **options):
        queue.tasks[name] = queue.task(name=name, queue=name.partition(".")[0], **options)(function)
        added.append(name)

    yield add
    for name in added:
        del queue.tasks[name]


@contextmanager
def running(app, meanwhile):
    """Run the worker here, in the main thread as it wants it, until `meanwhile` has ended beside it."""
    failures = []

    def beside():
        try:
            with app.app_context():
                meanwhile()
        except BaseException as error:
            failures.append(error)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=beside)
    thread.start()
    worker.run(app)
    thread.join()
    assert failures == []
    yield


def until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def states(name):
    with transaction() as session:
        found = text("select status::text from procrastinate_jobs where task_name = :name order by id")
        return list(session.scalars(found, {"name": name}))


def test_every_job_that_is_asked_for_has_its_task():
    worker.import_tasks()
    sources = [path.read_text() for path in PACKAGE_DIR.rglob("*.py")]
    asked = {name for source in sources for name in ENQUEUED.findall(source)}
    assert "mail.send" in asked
    assert asked <= queue.tasks.keys()


def test_a_job_works_on_the_database_with_no_request_behind_it(app, add_task):
    seen = []

    def work(number):
        seen.append((number, db.session.scalar(text("select 1")), current_origin()))

    add_task("mail.work", work)
    enqueue("mail.work", number=7)
    worker.drain(app)
    assert seen == [(7, 1, NOWHERE)]
    assert states("mail.work") == ["succeeded"]


def test_what_a_failing_job_did_is_undone_and_it_is_tried_again(app, add_task):
    def fail():
        with transaction():
            enqueue("mail.other")
            raise ValueError

    add_task("mail.fail", fail, retry=Pauses(60))
    enqueue("mail.fail")
    worker.drain(app)
    assert states("mail.fail") == ["todo"]
    assert states("mail.other") == []


def test_a_failing_job_without_tries_left_has_failed(app, add_task):
    def fail():
        raise ValueError

    add_task("mail.fail", fail, retry=Pauses())
    enqueue("mail.fail")
    worker.drain(app)
    assert states("mail.fail") == ["failed"]


def test_jobs_that_hang_outside_leave_the_others_alone(app, add_task):
    released, ran = threading.Event(), threading.Event()
    add_task("mail.hang", lambda: released.wait(PATIENCE))
    add_task("jobs.quick", ran.set)
    for _number in range(2 * worker.LANE_WIDTH):
        enqueue("mail.hang")
    enqueue("jobs.quick")

    def meanwhile():
        try:
            assert ran.wait(PATIENCE)
        finally:
            released.set()

    with running(app, meanwhile):
        assert states("jobs.quick") == ["succeeded"]


def test_a_worker_goes_on_after_the_database_restarts(app, add_task, database_url):
    ran = threading.Event()
    add_task("mail.work", ran.set)

    def meanwhile():
        with psycopg.connect(database_url, autocommit=True) as other:
            workers = "select array_agg(pid) from pg_stat_activity where application_name = 'pythoughts-worker'"
            workers += " and datname = current_database() having count(*) > 2"
            until(lambda: other.execute(workers).fetchone())
            other.execute(f"select pg_terminate_backend(unnest(({workers})), 5000)")
        enqueue("mail.work")
        assert ran.wait(PATIENCE)

    with running(app, meanwhile):
        assert states("mail.work") == ["succeeded"]


def test_schedules_that_are_due_are_queued_once(app):
    worker.queue_schedules(app)
    worker.queue_schedules(app)
    assert states("jobs.rescue") == ["todo"]
    assert states("jobs.prune") == ["todo"]
