"""Everything at once: started, hurt and stopped as real processes."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import HTTPError, URLError

import psycopg
import pytest
from click.testing import CliRunner

from pythoughts.cli.main import cli
from tests.conftest import SECRET

PATIENCE = 120  # seconds, on a busy machine


class Run:
    """`pythoughts run` in a folder of its own; every process it starts carries the folder's name."""

    def __init__(self, folder, port, **variables):
        self.folder, self.port = folder, port
        environ = {**os.environ, "INSTANCE_DIR": str(folder), "PORT": str(port), "SECRET_KEY": SECRET, **variables}
        command = [sys.executable, "-m", "pythoughts.cli.main", "run"]
        self.said = Path(folder, "said.txt")
        with self.said.open("wb") as output:
            self.process = subprocess.Popen(command, env=environ, stdout=output, stderr=subprocess.STDOUT)

    def processes(self, part=""):
        """Ids of all living processes of this run whose command line contains `part`."""
        marker, found = f"INSTANCE_DIR={self.folder}\0".encode(), []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if marker in (entry / "environ").read_bytes() and part in (entry / "cmdline").read_text():
                    found.append(int(entry.name))
            except (OSError, UnicodeDecodeError):
                continue
        return found

    def text(self):
        """Everything printed so far."""
        return self.said.read_text()

    def greeting(self):
        """The lines that are for people."""
        return re.search(r"^Pythoughts is running.*(?:\n  .*|\nSign in.*)*", self.text(), re.MULTILINE)[0].splitlines()

    def status(self, path):
        """The status of a page, or None when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status
        except HTTPError as error:
            return error.code
        except (URLError, OSError):
            return None

    def until(self, condition):
        """Wait for something that other processes do: only asking tells."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, self.text()
            time.sleep(0.1)

    def started(self):
        """Wait until it serves."""
        self.until(lambda: "is running at" in self.text())
        return self


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.fixture
def start(tmp_path, port):
    """Start a run; whatever is left of it afterwards is killed."""
    runs = []

    def start(**variables):
        runs.append(Run(tmp_path, port, **variables))
        return runs[-1]

    yield start
    for run in runs:
        for process in run.processes():
            os.kill(process, signal.SIGKILL)
        run.process.wait()


def leave_job_of_dead_worker(database):
    """A job as a worker leaves it that was killed in the middle."""
    with psycopg.connect(database) as connection:
        connection.execute("insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 minute')")
        connection.execute(
            "insert into procrastinate_jobs (queue_name, task_name, status, args, worker_id) "
            "select 'mail', 'mail.send', 'doing', '{\"mail_id\": \"none\"}', max(id) from procrastinate_workers"
        )


def state_of_job(database):
    with psycopg.connect(database) as connection:
        return connection.execute(
            "select status::text from procrastinate_jobs where task_name = 'mail.send'"
        ).fetchone()[0]


def test_a_run_on_its_own_database_survives_and_ends_with_it(start):
    run = start().started()
    assert re.search(r"admin +\S+ +\S+\n", run.text())
    assert run.status("/readyz") == 200

    (postmaster,) = (pid for pid in run.processes("/postgres") if "-D" in Path(f"/proc/{pid}/cmdline").read_text())
    os.kill(postmaster, signal.SIGKILL)
    run.until(lambda: run.status("/readyz") == 503)
    run.until(lambda: run.status("/readyz") == 200)

    run.process.kill()
    run.process.wait()
    run.until(lambda: not run.processes())


def test_parts_that_are_killed_come_back_and_lose_no_job(start, fresh_database):
    leave_job_of_dead_worker(fresh_database)
    run = start(DATABASE_URL=fresh_database).started()
    for part in ("web", "worker"):
        before = run.processes(f"pythoughts.cli.main\0{part}")
        for process in before:
            os.kill(process, signal.SIGKILL)
        run.until(lambda part=part, before=before: set(run.processes(f"pythoughts.cli.main\0{part}")) - set(before))
    run.until(lambda: run.status("/readyz") == 200)
    run.until(lambda: state_of_job(fresh_database) == "succeeded")
    run.process.terminate()
    assert run.process.wait(PATIENCE) == 0
    assert run.processes() == []
    logged = [line for line in run.text().splitlines() if line not in run.greeting()]
    assert all(json.loads(line)["timestamp"] for line in logged)


@pytest.fixture
def refused(monkeypatch, tmp_path, fresh_database):
    """Start a run that does not get far; what it says instead."""

    def refused(**variables):
        environ = {"PYTHOUGHTS_DEVELOPMENT": "", "DATABASE_URL": fresh_database, "SECRET_KEY": SECRET, **variables}
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        result = CliRunner().invoke(cli, ["run"])
        assert (result.exit_code, result.stdout) == (1, "")
        (sentence,) = result.stderr.splitlines()
        return sentence

    return refused


def test_a_port_in_use_is_one_sentence(refused, port):
    with socket.create_server(("127.0.0.1", port)):
        assert f"PORT {port} on 127.0.0.1 can't be used" in refused(PORT=str(port))


def test_a_wrong_setting_is_one_sentence(refused):
    assert "PROXY_HOPS must be a whole number" in refused(PROXY_HOPS="many")
