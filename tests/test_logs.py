"""What the logs tell, and what they never do."""

import io
import json
import logging

import pytest
import structlog

from pythoughts import logs, worker
from pythoughts.jobs.queue import enqueue, queue


@pytest.fixture
def lines():
    """Read the JSON lines written since the test began."""
    logs.configure()
    (handler,) = logging.getLogger().handlers
    written = io.StringIO()
    usual = handler.setStream(written)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    handler.setStream(usual)


def test_each_entry_is_one_json_object_on_one_line(lines):
    structlog.get_logger("pythoughts.test").info("seen", text="two\nlines")
    (entry,) = lines()
    assert (entry["event"], entry["text"], entry["level"]) == ("seen", "two\nlines", "info")
    assert entry["timestamp"].endswith("Z")


def test_a_librarys_warning_keeps_its_words_without_the_values(lines):
    logging.getLogger("somebody").warning("Can't open %s", "/reset-password/abc")
    logging.getLogger("somebody").warning("Invalid request from ip=192.0.2.7: 'GET /user/ada'")
    assert [entry["event"] for entry in lines()] == ["Can't open %s", "Invalid request from ip"]


def test_a_librarys_exception_keeps_its_class_only(lines):
    try:
        raise ValueError("ada@example.org")
    except ValueError:
        logging.getLogger("somebody").exception("Broken")
    (entry,) = lines()
    assert entry["kind"] == "ValueError"
    assert "ada" not in json.dumps(entry)


def test_every_line_of_a_request_carries_its_id(client, lines):
    client.get("/nowhere", headers={"X-Request-ID": "abcdefgh-1"})
    found = lines()
    assert found
    assert {entry["request_id"] for entry in found} == {"abcdefgh-1"}


def test_a_requests_line_tells_the_rule_not_the_path(client, lines):
    client.get("/user/ada-lovelace?email=ada@example.org", headers={"User-Agent": "ada's browser"})
    (entry,) = [entry for entry in lines() if entry["event"] == "request"]
    assert {"method", "rule", "status", "ms"} <= entry.keys()
    assert "ada" not in json.dumps(entry)


def test_every_line_of_a_job_carries_its_id_and_task(app, lines):
    worker.import_tasks()

    def speak(**_arguments):
        structlog.get_logger("pythoughts.test").info("inside")

    queue.tasks["mail.speak"] = queue.task(name="mail.speak", queue="mail")(speak)
    try:
        enqueue("mail.speak", secret="s3cret")
        worker.drain(app)
    finally:
        del queue.tasks["mail.speak"]
    found = [entry for entry in lines() if entry.get("task") == "mail.speak"]
    assert [entry["event"] for entry in found] == ["inside", "job"]
    assert len({entry["job_id"] for entry in found}) == 1
    assert "s3cret" not in json.dumps(found)


def test_a_failing_job_tells_the_class_of_its_error_only(app, lines):
    worker.import_tasks()

    def fail():
        raise ValueError("ada@example.org")

    queue.tasks["jobs.fail"] = queue.task(name="jobs.fail", queue="jobs")(fail)
    try:
        enqueue("jobs.fail")
        worker.drain(app)
    finally:
        del queue.tasks["jobs.fail"]
    found = lines()
    assert [entry["kind"] for entry in found if entry["event"] == "job-failed"] == ["ValueError"]
    assert "ada" not in json.dumps(found)
