"""Keys that sort by time, and connections that die."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
from sqlalchemy import text

from pythoughts.access import public
from pythoughts.app import create_app
from pythoughts.auth.models import User
from pythoughts.db import db, id_at, new_id
from pythoughts.text import is_id
from tests.factories import make_user

NOON = datetime(2020, 2, 29, 12, tzinfo=UTC)


def test_a_key_made_for_a_moment_is_a_uuid_of_that_time():
    key = UUID(id_at(NOON, 2**74 - 1))
    assert (key.version, key.variant) == (7, "specified in RFC 4122")
    assert key.int >> 80 == int(NOON.timestamp() * 1000)
    assert is_id(str(key))


def test_the_same_moment_and_bits_make_the_same_key():
    assert id_at(NOON, 5) == id_at(NOON, 5) != id_at(NOON, 6)


def test_all_bits_count():
    assert len({id_at(NOON, 1 << bit) for bit in range(74)}) == 74


def test_keys_sort_by_time_whatever_their_bits():
    later = NOON + timedelta(milliseconds=1)
    assert id_at(NOON, 2**74 - 1) < id_at(later, 0) < new_id()


def test_an_answer_survives_the_loss_of_its_connection(settings, database_url):
    app = create_app(settings)

    def lose_connection():
        process = db.session.scalar(text("select pg_backend_pid()"))
        with psycopg.connect(database_url, autocommit=True) as other:
            other.execute("select pg_terminate_backend(%s, 5000)", [process])
        return "kept"

    app.add_url_rule("/lose", view_func=public(lose_connection))
    assert app.test_client().get("/lose").text == "kept"
    assert app.test_client().get("/readyz").status_code == 200
    with app.app_context():
        db.engine.dispose()


def test_a_connection_that_the_server_closed_is_replaced_before_it_is_used(settings, database_url):
    app = create_app(settings)
    with app.app_context():
        process = db.session.scalar(text("select pg_backend_pid()"))
        db.session.remove()
        with psycopg.connect(database_url, autocommit=True) as other:
            other.execute("select pg_terminate_backend(%s, 5000)", [process])
        assert db.session.scalar(text("select pg_backend_pid()")) != process
        db.session.remove()
        db.engine.dispose()


def test_what_is_prepared_for_one_request_serves_the_next(settings, database_url):
    app = create_app(settings)
    for _n in range(8):  # psycopg prepares what a connection sends for the sixth time
        with app.app_context():
            db.session.execute(text("select 'again'"))
    with app.app_context():
        assert db.session.scalar(text("select count(*) from pg_prepared_statements where statement ~ 'again'")) == 1
        db.session.remove()
        db.engine.dispose()


def test_what_is_changed_outside_of_a_transaction_is_not_kept(app, settings):
    ada_id = make_user("ada").id
    other = create_app(settings)
    with other.app_context():
        db.session.get_one(User, ada_id).bio = "changed"
    with other.app_context():
        assert db.session.get_one(User, ada_id).bio is None
        db.session.remove()
        db.engine.dispose()
