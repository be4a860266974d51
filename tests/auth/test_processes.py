"""Limits are exact over processes, and outlive them."""

import os
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from html import unescape
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

from pythoughts.app import create_app
from pythoughts.db import db
from tests.conftest import SECRET
from tests.factories import make_user

START_SECONDS = 90  # on a busy machine
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def environ(fresh_database, make_settings, tmp_path):
    """A site with one member, behind a proxy, so that each guess can come from a network of its own."""
    app = create_app(make_settings(fresh_database))
    with app.app_context():
        make_user("ada")
        db.session.remove()
        db.engine.dispose()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    site = {"PORT": str(port), "PUBLIC_URL": f"http://localhost:{port}", "PROXY_HOPS": "1", "WEB_CONCURRENCY": "2"}
    site["PYTHOUGHTS_SET_ACCOUNTS_SIGN_IN_WAIT_FIRST"] = "300"  # longer than a restart on a busy machine
    return {**os.environ, "DATABASE_URL": fresh_database, "SECRET_KEY": SECRET, "INSTANCE_DIR": str(tmp_path), **site}


@contextmanager
def web(environ):
    """The web server with its two workers; its port, once it answers."""
    line = [sys.executable, "-m", "pythoughts.cli.main", "web"]
    with subprocess.Popen(line, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + START_SECONDS
            while not answers(int(environ["PORT"])):
                assert time.monotonic() < deadline, "the web server does not answer"
            yield int(environ["PORT"])
        finally:
            process.terminate()
            process.wait(timeout=20)


def answers(port):
    try:
        return send(port, "GET", "/healthz")[0] == 200
    except OSError:
        time.sleep(0.1)
        return False


def send(port, method, path, body=None, **headers):
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers
    finally:
        connection.close()


def guesses(port, numbers):
    """The statuses of wrong passwords that are sent at the same time, each from another network."""
    _status, page, headers = send(port, "GET", "/sign-in")
    cookie = headers["Set-Cookie"].partition(";")[0]
    token = unescape(TOKEN.search(page)[1])

    def guess(number):
        form = urlencode({"csrf_token": token, "identifier": "ada", "password": f"guess {number}"})
        sent = {"Cookie": cookie, "X-Forwarded-For": f"203.0.113.{number}"}
        return send(port, "POST", "/sign-in", form, **sent, **{"Content-Type": "application/x-www-form-urlencoded"})[0]

    with ThreadPoolExecutor(len(numbers)) as pool:
        return Counter(pool.map(guess, numbers))


def test_two_workers_and_a_restart_let_five_guesses_through(environ):
    with web(environ) as port:
        assert guesses(port, range(1, 25)) == {422: 5, 429: 19}
    with web(environ) as port:
        assert guesses(port, range(25, 29)) == {429: 4}
