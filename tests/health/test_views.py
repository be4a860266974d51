"""Answers for machines: alive, ready, numbers."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from pythoughts.app import create_app
from pythoughts.db import transaction
from pythoughts.health.queries import expected_revision
from pythoughts.jobs.queue import enqueue
from pythoughts.mail.models import OutboxMail

AWAY = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


@pytest.fixture
def client_without_database(settings):
    app = create_app(replace(settings, database_url=AWAY))
    return app.test_client()


@pytest.fixture
def with_token(app, monkeypatch):
    """Set METRICS_TOKEN."""
    changed = replace(app.extensions["settings"], metrics_token="m" * 40)
    monkeypatch.setitem(app.extensions, "settings", changed)


def test_alive_needs_no_database(client_without_database):
    answer = client_without_database.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_ready_with_a_migrated_database(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_not_ready_without_a_database(client_without_database):
    answer = client_without_database.get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"status": "unavailable", "reasons": ["database"]})


def test_not_ready_before_the_newest_migration(app, client):
    with transaction() as session:
        session.execute(text("update alembic_version set version_num = '0001'"))
    answer = client.get("/readyz")
    with transaction() as session:
        session.execute(text("update alembic_version set version_num = :newest"), {"newest": expected_revision()})
    assert (answer.status_code, answer.json["reasons"]) == (503, ["migrations"])


def test_numbers_tell_requests_by_endpoint_jobs_and_letters(app, client):
    with transaction() as session:
        session.add(OutboxMail(template="auth/verify_email"))
        enqueue("mail.send", mail_id="m1")
    client.get("/healthz")
    client.open("/healthz", method="BREW")
    told = client.get("/metrics").text
    assert 'pythoughts_requests_total{endpoint="health.live",method="GET",status="200"}' in told
    assert 'method="other"' in told
    assert 'pythoughts_request_seconds_count{endpoint="health.live"}' in told
    assert 'pythoughts_jobs{queue="mail",state="todo"} 1.0' in told
    assert 'pythoughts_letters{state="queued"} 1.0' in told
    assert 'pythoughts_database_connections{state="in_use"}' in told


def test_numbers_are_told_without_a_database(client_without_database):
    answer = client_without_database.get("/metrics")
    assert answer.status_code == 200
    assert "pythoughts_jobs" not in answer.text


def test_numbers_are_for_this_machine_only(client):
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 401


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
def test_a_proxy_on_this_machine_is_not_this_machine(client, header):
    assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 401


def test_a_forwarded_loopback_address_opens_nothing(settings):
    client = create_app(replace(settings, proxy_hops=1)).test_client()
    answer = client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert answer.status_code == 401


def test_the_token_opens_the_numbers_from_anywhere(client, with_token):
    far = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/metrics", headers={"Authorization": "Bearer " + "m" * 40}, environ_base=far).status_code == 200
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}, environ_base=far).status_code == 401


def test_with_a_token_set_even_this_machine_needs_it(client, with_token):
    assert client.get("/metrics").status_code == 401
