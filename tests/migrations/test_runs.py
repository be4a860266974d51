"""Running migrations: both directions, without drift, one at a time, and never in anybody's way."""

import re
import threading
import time

import psycopg
import pytest
from flask_migrate import check, downgrade, upgrade

from pythoughts.app import create_app
from pythoughts.db import db
from pythoughts.paths import MIGRATIONS_DIR
from tests.migrations.conftest import PATIENCE

LOCK_KEY = int(re.search(r"^LOCK_KEY = ([\d_]+)", (MIGRATIONS_DIR / "env.py").read_text(), re.MULTILINE)[1])
STALL_MAX = 1.0  # seconds; 08-trust's goal behind a slow reader is one second
TABLES = "select count(*) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
SHAPE = """
select * from (
    select 'column' as kind, table_name::text as owner, column_name || ' ' || data_type as name, column_default as body
    from information_schema.columns where table_schema = 'public'
    union all select 'index', tablename, indexname, indexdef from pg_indexes where schemaname = 'public'
    union all select 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    from pg_constraint where connamespace = 'public'::regnamespace
    union all select 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) from pg_trigger
    where not tgisinternal
    union all select 'routine', proname, pg_get_function_identity_arguments(oid), pg_get_functiondef(oid)
    from pg_proc where pronamespace = 'public'::regnamespace and prokind <> 'a'
) as shape where owner not like 'alembic_version%' order by 1, 2, 3, 4
"""
UNINDEXED = """
select conrelid::regclass::text || '.' || conname from pg_constraint as fk
where contype = 'f' and conrelid::regclass::text not like 'procrastinate%' and not exists (
    select from pg_index as ix where ix.indrelid = fk.conrelid and ix.indpred is null
    and (ix.indkey::int2[])[0:cardinality(fk.conkey) - 1] @> fk.conkey)
"""
POLLING = "select count(*) from pg_stat_activity where datname = current_database() and query like %s"


@pytest.fixture
def connect():
    """Open connections that are closed at the end."""
    opened = []

    def make(url, **options):
        opened.append(psycopg.connect(url, **options))
        return opened[-1]

    yield make
    for connection in opened:
        connection.close()


@pytest.fixture
def in_app(make_settings):
    """Run something inside the app over a database of its own."""

    def run(url, *steps):
        app = create_app(make_settings(url))
        with app.app_context():
            for step in steps:
                step()
            db.session.remove()
            db.engine.dispose()

    return run


def until(condition):
    """Wait until `condition` holds: for states of other processes that send no news."""
    deadline = time.monotonic() + PATIENCE
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        pause.wait(0.02)


def test_down_undoes_up_and_up_comes_back_the_same(fresh_database, connect, in_app):
    viewer = connect(fresh_database, autocommit=True)
    before = viewer.execute(SHAPE).fetchall()
    in_app(fresh_database, lambda: downgrade(revision="base"))
    assert viewer.execute(SHAPE).fetchall() == []
    in_app(fresh_database, upgrade)
    assert viewer.execute(SHAPE).fetchall() == before


def test_models_and_migrations_agree(fresh_database, in_app):
    in_app(fresh_database, check)


def test_drift_is_seen(fresh_database, connect, in_app):
    connect(fresh_database, autocommit=True).execute('alter table "user" drop column bio')
    with pytest.raises(SystemExit):
        in_app(fresh_database, check)


def test_every_foreign_key_has_an_index(fresh_database, connect):
    assert connect(fresh_database).execute(UNINDEXED).fetchall() == []


def test_a_foreign_key_without_index_is_seen(fresh_database, connect):
    connection = connect(fresh_database)
    connection.execute("drop index ix_session_user_id")
    assert connection.execute(UNINDEXED).fetchall() == [("session.fk_session_user_id_user",)]


def test_a_second_migrator_waits_for_the_first(empty_database, connect, start_migrator):
    first = connect(empty_database, autocommit=True)
    first.execute("select pg_advisory_lock(%s)", [LOCK_KEY])
    second = start_migrator(empty_database, "upgrade")
    until(lambda: first.execute(POLLING, ["%pg_try_advisory_lock%"]).fetchone()[0])
    assert first.execute(TABLES).fetchone() == (0,)
    first.execute("select pg_advisory_unlock(%s)", [LOCK_KEY])
    second.finish()
    assert first.execute(TABLES).fetchone()[0] > 5


def test_two_migrators_at_once_both_succeed(empty_database, connect, start_migrator):
    pair = [start_migrator(empty_database, "upgrade") for _ in range(2)]
    for migrator in pair:
        migrator.finish()
    assert connect(empty_database).execute("select count(*) from alembic_version").fetchone() == (1,)


def test_a_reader_in_the_way_does_not_make_others_wait(fresh_database, connect, start_migrator):
    slow_reader = connect(fresh_database)
    slow_reader.execute("select * from passkey")  # its transaction stays open, and with it the lock
    somebody = connect(fresh_database, autocommit=True, options="-c statement_timeout=5s")  # to fail, not to hang
    migrator = start_migrator(fresh_database, "downgrade", "base")
    longest = 0.0
    while sum("migration-waits" in line for line in migrator.log) < 2:
        started = time.perf_counter()
        somebody.execute("select count(*) from passkey")
        longest = max(longest, time.perf_counter() - started)
        assert migrator.process.poll() is None, "".join(migrator.log)
        migrator.waited.wait(0.01)
    assert 0.1 < longest < STALL_MAX
    slow_reader.rollback()
    migrator.finish()
    assert somebody.execute(TABLES).fetchone() == (1,)  # alembic's own
