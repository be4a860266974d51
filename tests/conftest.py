"""One embedded PostgreSQL for everybody, one migrated database per worker, an app, clients and factories."""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import text
from werkzeug.test import TestResponse

from pythoughts.app import create_app
from pythoughts.config import Settings, load
from pythoughts.db import Model, db
from pythoughts.paths import INSTANCE_DIR, MIGRATIONS_DIR
from pythoughts.services.embedded_postgres import EmbeddedPostgres
from pythoughts.settings.queries import overrides
from pythoughts.words.queries import dictionary

SECRET = "k9Qz-only-for-tests-" * 3
RACE_PATIENCE = 30  # seconds: of 40 threads that race, most wait for a connection, on a busy machine for long
QUEUE_TABLES = tuple(f"procrastinate_{name}" for name in ("periodic_defers", "events", "jobs", "workers"))
SettingsMaker = Callable[..., Settings]

pytest_plugins = ["tests.captcha", "tests.elsewhere", "tests.factories", "tests.sink"]

for leaked in ("DATABASE_URL", "SMTP_URL", "SECRET_KEY", "PUBLIC_URL", "HOST", "PORT"):
    os.environ.pop(leaked, None)


class Browser(FlaskClient):
    """A test client whose requests share nothing with the test but the database, as a real browser's."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request in a context of its own: Flask would lend it the test's `g` and database session."""
        with self.application.app_context():
            return super().open(*args, **kwargs)


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedPostgres]:
    """The test server, shared by all workers and runs, without fsync."""
    postgres = EmbeddedPostgres(INSTANCE_DIR / "test-postgres", fast=True)
    postgres.start()
    yield postgres
    postgres.release()


@pytest.fixture(scope="session")
def make_settings(tmp_path_factory: pytest.TempPathFactory) -> SettingsMaker:
    """Build settings for a database URL, with any variable overridden."""
    instance = tmp_path_factory.mktemp("instance")

    def make(database_url: str, **variables: str) -> Settings:
        environ = {"DATABASE_URL": database_url, "SECRET_KEY": SECRET, "PUBLIC_URL": "http://localhost", **variables}
        return load(instance, environ)

    return make


@pytest.fixture(scope="session")
def template(server: EmbeddedPostgres, make_settings: SettingsMaker) -> str:
    """The name of a migrated, empty database; made once for each state of the migrations."""
    files = sorted(path for path in MIGRATIONS_DIR.rglob("*") if path.suffix in {".py", ".sql"})
    content = b"".join(path.read_bytes() for path in files)
    name = f"template_{hashlib.sha256(content).hexdigest()[:12]}"
    with Path(INSTANCE_DIR / "test-template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _exists(server, name):
            _migrate(server, make_settings, name)
    return name


def _exists(server: EmbeddedPostgres, name: str) -> bool:
    with psycopg.connect(server.url()) as connection:
        return connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is not None


def _migrate(server: EmbeddedPostgres, make_settings: SettingsMaker, name: str) -> None:
    draft = f"{name}_draft"
    server.drop_database(draft)
    server.create_database(draft)
    app = create_app(make_settings(server.url(draft)))
    with app.app_context():
        upgrade()
        db.engine.dispose()
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(f'alter database "{draft}" rename to "{name}"')


@pytest.fixture
def fresh_database(server: EmbeddedPostgres, template: str, testrun_uid: str, worker_id: str) -> Iterator[str]:
    """A URL of a migrated database for one test alone: for other processes, crashes, migrations."""
    name = f"fresh_{testrun_uid[:8]}_{worker_id}"
    server.create_database(name, template=template)
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture(scope="session")
def database_url(server: EmbeddedPostgres, template: str, testrun_uid: str, worker_id: str) -> Iterator[str]:
    """The URL of this worker's own copy of the template."""
    name = f"test_{testrun_uid[:8]}_{worker_id}"
    server.create_database(name, template=template)
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture(scope="session")
def settings(database_url: str, make_settings: SettingsMaker) -> Settings:
    """What the app under test was configured with."""
    return make_settings(database_url)


@pytest.fixture(scope="session")
def _app(settings: Settings) -> Iterator[Flask]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("pythoughts.app.POOL_TIMEOUT", RACE_PATIENCE)
        app = create_app(settings)
    app.test_client_class = Browser
    app.testing = False  # errors must reach our handlers, as they do in production
    with app.app_context():
        _empty()  # of what migrations bring along, too
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(_app: Flask) -> Iterator[Flask]:
    """The app, inside its context, over a database that is emptied afterwards."""
    with _app.app_context():
        yield _app
        db.session.remove()
        _empty()
        overrides.forget()
        dictionary.forget()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript that nobody is signed in to."""
    return app.test_client()


@pytest.fixture
def spare_app(app: Flask, settings: Settings) -> Iterator[Flask]:
    """An app of its own over the same database, for views that no real app may have."""
    spare = create_app(settings)
    with spare.app_context():
        yield spare
        db.session.remove()
        db.engine.dispose()


def _empty() -> None:
    """Delete every row; as a replica would, so that neither foreign keys nor the audit log's triggers object."""
    ours = [table.name for table in Model.metadata.sorted_tables]
    quoted = [f'delete from "{name}"' for name in (*QUEUE_TABLES, *ours)]
    script = "; ".join(["set local session_replication_role = replica", *quoted])
    with db.engine.begin() as connection:
        connection.execute(text(script))
