"""Jobs at the desk: what waits and has failed, the schedule, and trying again."""

import pytest
from sqlalchemy import select, text

from pythoughts.db import db, transaction
from pythoughts.jobs.models import Job
from pythoughts.jobs.queue import enqueue
from tests.admin.rows import acts
from tests.factories import post
from tests.jobs.test_tasks import fetch, register_worker


def fail(name="mail.send", **options):
    """A job that has failed; its key."""
    enqueue(name, **options)
    job = fetch(register_worker())
    with transaction() as session:
        session.execute(text("select procrastinate_finish_job_v1(:id, 'failed', false)"), {"id": job})
    return job


def state(job):
    db.session.rollback()
    return db.session.scalar(select(Job.status).where(Job.id == job))


def test_jobs_are_listed_and_filtered(admin):
    fail(mail_id="m1")
    enqueue("mail.send", mail_id="m2")
    enqueue("auth.send_reset_link", user_id="u1")

    def listed(query=""):
        page = admin.get(f"/admin/jobs/?{query}")
        assert page.status_code == 200
        return [name for name in ("m1", "m2", "u1") if f": {name} " in page.text]

    assert listed() == ["m1", "m2", "u1"]
    assert listed("state=failed") == ["m1"]
    assert listed("state=todo&queue=mail") == ["m2"]
    assert listed("task=auth.send_reset_link") == ["u1"]
    assert admin.get("/admin/jobs/?state=nothing").status_code == 400


def test_the_schedule_and_the_worker_are_shown(admin):
    page = admin.get("/admin/jobs/").text
    assert "No worker is running" in page
    for words in ("audit.seal", "jobs.rescue", "11 * * * *", "never"):
        assert words in page
    register_worker()
    assert "Worker running" in admin.get("/admin/jobs/").text


def test_a_failed_job_is_run_again_and_that_is_audited(admin, priya):
    job = fail(mail_id="m1")
    assert "Run mail.send again?" in admin.get(f"/admin/jobs/{job}/retry").text
    assert post(admin, f"/admin/jobs/{job}/retry").status_code == 303
    assert state(job) == "todo"
    assert acts() == [("job.retry", priya.id, str(job), None)]


def test_a_job_that_waits_is_cancelled_and_that_is_audited(admin, priya):
    enqueue("mail.send", mail_id="m1")
    job = db.session.scalar(select(Job.id))
    assert post(admin, f"/admin/jobs/{job}/cancel").status_code == 303
    assert state(job) == "cancelled"
    assert acts() == [("job.cancel", priya.id, str(job), None)]


@pytest.mark.parametrize("act", ["retry", "cancel"])
def test_a_job_that_went_on_is_left_alone(admin, act):
    enqueue("mail.send", mail_id="m1")
    job = fetch(register_worker())
    assert post(admin, f"/admin/jobs/{job}/{act}").status_code == 409
    assert (state(job), acts()) == ("doing", [])


def test_a_failed_job_whose_successor_waits_is_not_run_twice(admin):
    job = fail("jobs.prune", queueing_lock="jobs.prune")
    enqueue("jobs.prune", queueing_lock="jobs.prune")
    answer = post(admin, f"/admin/jobs/{job}/retry")
    assert (answer.status_code, state(job), acts()) == (409, "failed", [])


def test_failed_jobs_wait_on_the_first_page(admin):
    fail(mail_id="m1")
    page = admin.get("/admin/").text
    assert "/admin/jobs/?state=failed" in page
    assert ">1 entry<" in admin.get("/admin/jobs/?state=failed").text


@pytest.mark.parametrize("key", ["0", "x", "9" * 19, "1,2"])
def test_what_is_no_job_is_not_found(admin, key):
    assert admin.get(f"/admin/jobs/{key}/retry").status_code == 404
