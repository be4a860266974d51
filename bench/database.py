"""A PostgreSQL of the benchmark's own, with one filled database for each size that is kept between runs."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from flask import Flask
from flask_migrate import upgrade
from psycopg import sql

from bench.accounts import PROC, cpu_seconds, pin
from pythoughts import config
from pythoughts.app import create_app
from pythoughts.cli.seed_huge import seed_database
from pythoughts.db import db
from pythoughts.paths import INSTANCE_DIR, MIGRATIONS_DIR, PACKAGE_DIR
from pythoughts.services.embedded_postgres import EmbeddedPostgres

HOME = INSTANCE_DIR / "bench-postgres"
WORK = INSTANCE_DIR / "bench"  # the instance folder of the servers under measurement, and where results go
DATABASE = f"bench_{os.getpid()}"
PASSING = "select datname from pg_database where datname ~ '^(bench|draft)_[0-9]+$'"
DATABASE_CORE = 1  # shared with the load; the web server has the other one to itself
SEED = 1


@dataclass(frozen=True)
class Database:
    """A filled database.

    Attributes:
        url: where it is.
        process: the server's first process.
        posts: how many there are.
    """

    url: str
    process: int
    posts: int

    @property
    def environ(self) -> dict[str, str]:
        """What a web server must be told to use it."""
        return {
            "DATABASE_URL": self.url,
            "INSTANCE_DIR": str(WORK),
            "PYTHOUGHTS_SET_LIMITS_SIGN_IN_300": "100000",  # failures are measured, too
            "PROXY_HOPS": "1",  # the load comes from many addresses, so that limits per address stay out of the way
            "SECRET_KEY": hashlib.sha256(self.url.encode()).hexdigest(),
        }

    @property
    def cpu_seconds(self) -> float:
        """CPU time of all its processes so far."""
        return cpu_seconds(self.process)


@contextmanager
def filled(posts: int) -> Iterator[Database]:
    """A fresh copy of the database with that many posts; the first time it takes a while."""
    WORK.mkdir(parents=True, exist_ok=True)
    server = EmbeddedPostgres(HOME)
    server.start()
    process = int((server.data / "postmaster.pid").read_text().split()[0])
    pin(process, DATABASE_CORE)
    try:
        _sweep(server)
        template = _template(server, posts)
        server.create_database(DATABASE, template=template)
        yield Database(server.url(DATABASE), process, posts)
        server.drop_database(DATABASE)
    finally:
        server.release()


@contextmanager
def application(database: Database) -> Iterator[Flask]:
    """The application over that database, in this process."""
    app = create_app(config.load(WORK, {**database.environ, "PUBLIC_URL": "http://localhost"}))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _sweep(server: EmbeddedPostgres) -> None:
    """Drop what runs that were killed have left; names end with the process that made them."""
    with psycopg.connect(server.url()) as connection:
        names = [name for (name,) in connection.execute(PASSING).fetchall()]
    for name in names:
        if not (PROC / name.rpartition("_")[2]).exists():
            server.drop_database(name)


def _template(server: EmbeddedPostgres, posts: int) -> str:
    """The name of the filled database; another one for each change of the tables or of what fills them."""
    name = f"posts_{posts}_{_fingerprint()}"
    with psycopg.connect(server.url(), autocommit=True) as connection:
        if connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            return name
        draft = f"draft_{os.getpid()}"
        server.create_database(draft)
        with application(Database(server.url(draft), 0, posts)):
            upgrade()
            print(f"Filling a database with {posts:,} posts", flush=True)
            seed_database(posts, SEED)
        connection.execute(
            sql.SQL("alter database {} rename to {}").format(sql.Identifier(draft), sql.Identifier(name))
        )
    return name


def _fingerprint() -> str:
    paths = sorted([*MIGRATIONS_DIR.glob("versions/*"), *(PACKAGE_DIR / "cli" / "seed_huge").glob("*.py")])
    content = b"".join(path.read_bytes() for path in paths if path.is_file())
    return hashlib.sha256(content).hexdigest()[:12]
