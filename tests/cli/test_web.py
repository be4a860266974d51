"""How the web server is set up."""

import logging
import os
from dataclasses import replace

import pytest
from gunicorn.arbiter import Arbiter
from gunicorn.workers.gthread import ThreadWorker
from sqlalchemy import text

from pythoughts.cli import gunicorn_config
from pythoughts.cli.main import cli
from pythoughts.cli.web import Server
from pythoughts.config import THREADS
from pythoughts.db import db
from pythoughts.health.metrics import metrics_folder


@pytest.fixture
def web_server(settings):
    return Server(settings)


def test_it_listens_where_the_settings_say(settings):
    assert Server(settings).cfg.address == [("127.0.0.1", 8000)]
    assert Server(replace(settings, host="::1", port=81)).cfg.address == [("::1", 81)]


def test_each_process_has_a_connection_for_each_thread(web_server):
    assert web_server.cfg.worker_class is ThreadWorker
    assert web_server.cfg.threads == THREADS
    assert web_server.load().config["SQLALCHEMY_ENGINE_OPTIONS"]["pool_size"] == THREADS


def test_no_header_of_a_client_is_believed(web_server):
    assert web_server.cfg.forwarded_allow_ips == []
    assert web_server.cfg.secure_scheme_headers == {}


def test_nothing_but_the_port_is_open(web_server):
    assert web_server.cfg.control_socket_disable


def test_the_number_of_processes_can_be_chosen(settings, monkeypatch):
    assert Server(settings).cfg.workers == gunicorn_config.cores()
    monkeypatch.setattr(gunicorn_config, "workers", 3)
    assert Server(settings).cfg.workers == 3


def test_numbers_start_anew_with_the_server(web_server, tmp_path, monkeypatch):
    monkeypatch.setattr(gunicorn_config, "INSTANCE_DIR", tmp_path)
    old = metrics_folder(tmp_path) / "counter_1.db"
    old.parent.mkdir()
    old.touch()
    web_server.cfg.on_starting(Arbiter(web_server))
    assert not old.exists()


def test_gauges_of_a_process_end_with_it(web_server, tmp_path, monkeypatch):
    monkeypatch.setattr(gunicorn_config, "INSTANCE_DIR", tmp_path)
    gauge = metrics_folder(tmp_path) / f"gauge_livesum_{os.getpid()}.db"
    gauge.parent.mkdir()
    gauge.touch()
    worker = ThreadWorker(0, os.getpid(), [], web_server, 1, web_server.cfg, logging.getLogger())
    worker.pid = os.getpid()
    web_server.cfg.child_exit(None, worker)
    worker.tmp.close()
    assert not gauge.exists()


def test_its_words_go_the_way_of_all_logs(web_server):
    logger = web_server.cfg.logger_class(web_server.cfg)
    assert logger.error_log.propagate
    assert logger.error_log.handlers == []


def test_the_demo_is_not_served_to_others(app, settings, monkeypatch):
    app.test_cli_runner().invoke(cli, ["demo"])
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setattr("pythoughts.cli.web.settings", lambda: replace(settings, public_url="https://example.org"))
    monkeypatch.setattr(Server, "run", lambda self: pytest.fail("served"))
    result = app.test_cli_runner().invoke(cli, ["web"])
    assert result.exit_code == 1
    assert "demo" in result.stderr


def test_cron_queues_what_is_due_and_ends(app):
    assert app.test_cli_runner().invoke(cli, ["cron"]).exit_code == 0
    assert db.session.scalar(text("select count(*) from procrastinate_jobs where task_name = 'jobs.rescue'")) == 1


def test_a_worker_can_drain_the_queue_and_end(app):
    app.test_cli_runner().invoke(cli, ["cron"])
    assert app.test_cli_runner().invoke(cli, ["worker", "--drain"]).exit_code == 0
    waiting = text("select count(*) from procrastinate_jobs where status = 'todo' and task_name = 'jobs.prune'")
    assert db.session.scalar(waiting) == 0


def test_a_process_gives_the_memory_of_a_hash_back(web_server, monkeypatch):
    called = []
    monkeypatch.setattr(gunicorn_config, "hold_little_memory", lambda: called.append(True))
    web_server.cfg.post_fork(None, None)
    assert called
