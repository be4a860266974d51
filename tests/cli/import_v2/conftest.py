"""A v2 database, as its own migrations made it, and makers of its rows."""

import json
import secrets
from hashlib import scrypt

import psycopg
import pytest
from sqlalchemy import text

from pythoughts.cli.import_v2.command import import_from
from pythoughts.db import db

SCHEMA = """
create table "user" (
    id text primary key, name text not null, email text not null unique, email_verified boolean not null default false,
    image text, username text unique, display_username text,
    created_at timestamp not null default now(), updated_at timestamp not null default now()
);
create table session (
    id text primary key, token text not null unique, expires_at timestamp not null, ip_address text, user_agent text,
    user_id text not null references "user" on delete cascade,
    created_at timestamp not null default now(), updated_at timestamp not null default now()
);
create table account (
    id text primary key, account_id text not null, provider_id text not null,
    user_id text not null references "user" on delete cascade, access_token text, refresh_token text, id_token text,
    access_token_expires_at timestamp, refresh_token_expires_at timestamp, scope text, password text,
    created_at timestamp not null default now(), updated_at timestamp not null default now()
);
create table verification (
    id text primary key, identifier text not null, value text not null, expires_at timestamp not null,
    created_at timestamp default now(), updated_at timestamp default now()
);
create table pythoughts (
    id text primary key, message text not null, user_id text not null, reply_to_id text,
    created_at timestamp not null default now()
);
create table user_preferences (
    id text primary key, user_id text not null unique, ignored_users text not null default '[]',
    created_at timestamp not null default now(), updated_at timestamp not null default now()
);
"""


class V2:
    """A v2 database with short ways to fill it."""

    def __init__(self, url, connection):
        self.url = url
        self.connection = connection

    def insert(self, table, **values):
        """Add one row."""
        names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
        self.connection.execute(f'insert into "{table}" ({names}) values ({marks})', list(values.values()))

    def user(self, user_id, **values):
        """Add a person whose name and address follow from the id."""
        usual = {"name": user_id, "email": f"{user_id.lower()}@example.org", "username": user_id.lower()}
        self.insert("user", id=user_id, **{**usual, "created_at": "2025-01-01", "email_verified": True} | values)

    def password(self, user_id, password):
        """Add a credential, hashed as better-auth does."""
        salt = secrets.token_hex(16)
        key = scrypt(password.encode(), salt=salt.encode(), n=16384, r=16, p=1, dklen=64, maxmem=1 << 26).hex()
        owner = {"account_id": user_id, "user_id": user_id}
        self.insert("account", id=f"a-{user_id}", provider_id="credential", password=f"{salt}:{key}", **owner)

    def post(self, post_id, user_id="ada", minute=0, **values):
        """Add a post of the given minute."""
        at = f"2025-06-01 12:{minute:02}:00"
        self.insert("pythoughts", **{"id": post_id, "user_id": user_id, "message": post_id, "created_at": at} | values)

    def ignores(self, user_id, ids):
        """Add whom somebody ignores."""
        listed = ids if isinstance(ids, str) else json.dumps(ids)
        self.insert("user_preferences", id=f"p-{user_id}", user_id=user_id, ignored_users=listed)

    def run(self, *, apply=True):
        """Import it; the report."""
        report = import_from(self.url, apply=apply)
        db.session.rollback()
        return report


@pytest.fixture(scope="package")
def v2_database(server, testrun_uid, worker_id):
    """A database for v2."""
    name = f"v2_{testrun_uid[:8]}_{worker_id}"
    server.create_database(name)
    with psycopg.connect(server.url(name), autocommit=True) as connection:
        yield V2(server.url(name), connection)
    server.drop_database(name)


@pytest.fixture
def v2(app, v2_database):
    """A v2 database without rows."""
    v2_database.connection.execute(f"drop schema public cascade; create schema public; {SCHEMA}")
    return v2_database


@pytest.fixture
def ada(v2):
    """A person of v2 without a flaw."""
    v2.user("ada", name="Ada Lovelace", username="ada", display_username="Ada")
    v2.password("ada", "old winter lamp")


def why(report, table):
    """The reasons, by row."""
    return {line.id: line.why for line in report.lines if line.table == table}


def everything():
    """All rows of every table that an import writes."""
    tables = ("user", "account", "user_preferences", "pythoughts", "audit_log")
    return {name: db.session.execute(text(f'select * from "{name}" order by 1')).all() for name in tables}
