"""Putting work on the queue."""

from alembic.script import ScriptDirectory
from procrastinate.jobs import Job
from procrastinate.schema import migrations_path
from sqlalchemy import text

from pythoughts import worker
from pythoughts.audit.models import AuditLog
from pythoughts.audit.use_cases import Act, record
from pythoughts.db import db, transaction
from pythoughts.jobs.queue import enqueue, queue
from pythoughts.jobs.retries import Pauses
from pythoughts.paths import MIGRATIONS_DIR

SOMETHING = Act(actor=None, action="test.try", target_type="test", target_id="1")


def waiting():
    """Rows of the queue: name, queue, arguments."""
    return db.session.execute(text("select task_name, queue_name, args from procrastinate_jobs order by id")).all()


def test_a_job_keeps_its_queue_and_arguments(app):
    enqueue("mail.send", mail_id="m1", tries=2)
    assert waiting() == [("mail.send", "mail", {"mail_id": "m1", "tries": 2})]


def test_a_job_vanishes_with_its_transaction(app):
    with transaction() as session:
        record(SOMETHING)
        enqueue("mail.send", mail_id="m1")
        session.rollback()
    assert waiting() == []
    assert db.session.query(AuditLog).count() == 0


def test_a_job_vanishes_with_its_savepoint(app):
    with transaction() as session:
        enqueue("mail.send", mail_id="kept")
        with session.begin_nested() as inner:
            enqueue("mail.send", mail_id="dropped")
            inner.rollback()
    assert [args["mail_id"] for _name, _queue, args in waiting()] == ["kept"]


def test_a_waiting_job_is_not_queued_twice_under_its_queueing_lock(app):
    with transaction():
        record(SOMETHING)
        enqueue("feed.count", queueing_lock="feed.count")
        enqueue("feed.count", queueing_lock="feed.count")
    assert len(waiting()) == 1
    assert db.session.query(AuditLog).count() == 1


def test_pauses_follow_one_another_and_end():
    pauses = Pauses(5, 30)
    job = Job(queue="mail", lock=None, queueing_lock=None, task_name="mail.send")
    assert pauses.get_retry_decision(exception=OSError(), job=job).retry_at
    assert pauses.get_retry_decision(exception=OSError(), job=job.evolve(attempts=2)) is None


def test_a_job_with_a_queueing_lock_is_not_tried_again():
    job = Job(queue="feed", lock=None, queueing_lock="feed.count", task_name="feed.count")
    assert Pauses(5).get_retry_decision(exception=OSError(), job=job) is None


def test_the_migrations_cover_the_installed_queue():
    newest = max(path.name for path in migrations_path.glob("*.sql"))
    modules = [script.module for script in ScriptDirectory(str(MIGRATIONS_DIR)).walk_revisions()]
    assert max(getattr(module, "COVERS", "") for module in modules) == newest


def test_every_schedule_is_a_task_that_never_piles_up():
    worker.import_tasks()
    schedules = queue.periodic_registry.periodic_tasks.values()
    assert {schedule.task.name for schedule in schedules} >= {"jobs.rescue", "jobs.prune"}
    assert all(schedule.task.queueing_lock == schedule.task.name for schedule in schedules)
