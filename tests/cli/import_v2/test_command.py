"""The import as a whole: dry at first, repeatable, harmless to what it reads."""

import json

import psycopg
import pytest
from sqlalchemy import func, select, text

from pythoughts.audit.models import AuditLog
from pythoughts.auth.models import Session, User, Verification
from pythoughts.auth.queries import password_of
from pythoughts.auth.use_cases import sign_in
from pythoughts.cli.import_v2.people import People
from pythoughts.cli.import_v2.reader import open_source
from pythoughts.cli.import_v2.report import Verdict
from pythoughts.cli.main import cli
from pythoughts.db import db
from pythoughts.errors import Invalid
from pythoughts.feed.models import Post
from tests.cli.counts import wrong_posts
from tests.cli.import_v2.conftest import everything
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("ada")


@pytest.fixture
def run(app):
    """Run `pythoughts` with arguments."""
    return lambda *arguments: app.test_cli_runner().invoke(cli, list(arguments))


def how_many(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_a_dry_run_tells_everything_and_writes_nothing(run, v2):
    v2.post("p1")
    before = everything()
    answer = run("import-v2", v2.url)
    assert answer.exit_code == 0, answer.stderr
    assert "This was a dry run" in answer.stdout
    assert everything() == before


def test_what_is_told_dry_is_what_happens(v2):
    v2.post("p1")
    v2.post("p2", user_id="nobody")
    dry = v2.run(apply=False)
    assert v2.run() == dry


def test_a_second_run_changes_nothing(v2):
    v2.user("bob", username="admin", email="BOB@example.org")
    v2.ignores("ada", ["bob"])
    v2.post("p1")
    v2.post("p2", reply_to_id="p1", minute=1)
    v2.post("long", message="x" * 3_000, minute=2)
    v2.run()
    before = everything()
    report = v2.run()
    assert report.taken() == {}
    assert report.counts["pythoughts"] == {Verdict.PRESENT: 3, Verdict.TAKEN: 0}
    assert everything() == before
    assert before["audit_log"][0].after == {"user": 2, "account": 1, "user_preferences": 1, "pythoughts": 3}


def test_a_later_run_takes_what_came_since(v2):
    v2.post("p1")
    v2.run()
    v2.post("p2", reply_to_id="p1", minute=1)
    v2.user("bob")
    v2.post("p3", user_id="bob", reply_to_id="p2", minute=2)
    assert v2.run().taken() == {"user": 1, "pythoughts": 2}
    assert wrong_posts() == []
    assert how_many(AuditLog) == 2


def test_the_old_password_signs_in_and_is_kept_better(v2):
    v2.run()
    assert password_of("ada").count(":") == 1
    with pytest.raises(Invalid):
        sign_in(identifier="ada", password="another lamp", remember=True)
    assert sign_in(identifier="Ada@Example.org", password="old winter lamp", remember=True).token
    assert password_of("ada").startswith("$argon2id$")


def test_sessions_and_codes_stay_behind_and_it_says_so(v2, run):
    v2.insert("session", id="s1", token="t1", user_id="ada", expires_at="2030-01-01")
    v2.insert("verification", id="v1", identifier="ada@example.org", value="123456", expires_at="2030-01-01")
    answer = run("import-v2", v2.url, "--apply")
    assert "session: rows that stay behind: 1;" in answer.stdout
    assert "verification: rows that stay behind: 1;" in answer.stdout
    assert (how_many(Session), how_many(Verification)) == (0, 0)


def test_programs_get_the_report_as_json_without_addresses(v2, run):
    v2.user("bob", email="no address", username="bob")
    report = json.loads(run("import-v2", v2.url, "--apply", "--json").stdout)
    assert report["applied"] is True
    assert report["counts"]["user"] == {"taken": 2, "changed": 1, "refused": 0, "present": 0}
    assert "no address" not in str(report)
    assert "@" not in str(report)


def test_columns_that_nobody_reads_are_named(v2):
    v2.connection.execute('alter table "user" add column role text')
    assert v2.run().notes[-1] == "Columns that are not read: user.role."


def test_columns_in_camel_case_are_understood(v2):
    v2.connection.execute('alter table "user" rename column email_verified to "emailVerified"')
    v2.connection.execute('alter table account rename column user_id to "userId"')
    v2.run()
    assert db.session.get(User, "ada").email_verified
    assert password_of("ada")


def test_a_smaller_v2_is_understood(v2, run):
    v2.connection.execute('alter table "user" drop column username, drop column image; drop table session')
    v2.post("p2", user_id="nobody")
    answer = run("import-v2", v2.url, "--apply")
    assert "session: rows that stay behind: 0;" in answer.stdout
    assert "refused  pythoughts p2: its author was not taken" in answer.stdout
    assert db.session.get(User, "ada").username == "ada"


def test_the_source_cannot_be_written(v2):
    with open_source(v2.url) as source, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        source.connection.execute("delete from account")


def test_a_database_of_ours_is_no_source(run, database_url):
    answer = run("import-v2", database_url)
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert "not of v2" in answer.stderr


def test_a_database_of_something_else_is_no_source(run, v2):
    v2.connection.execute("alter table pythoughts drop column message")
    assert "its table pythoughts has no message" in run("import-v2", v2.url).stderr


def test_an_address_that_leads_nowhere_is_told_without_its_password(run, free_port):
    answer = run("import-v2", f"postgresql://v2:hush@127.0.0.1:{free_port}/v2")
    assert answer.exit_code == 1
    assert "hush" not in answer.stderr


def test_whoever_joins_meanwhile_stops_it_whole(app, v2, monkeypatch, run):
    v2.run(apply=False)
    monkeypatch.setattr("pythoughts.cli.import_v2.command.People.of", _late(app))
    answer = run("import-v2", v2.url, "--apply")
    assert "try again" in answer.stderr
    assert how_many(Post) == 0
    assert list(db.session.scalars(select(User.username))) == ["ada"]


def _late(app):
    """Somebody takes a name after the importer has looked which ones are taken."""
    look = People.of

    def of(session, claimed, report):
        people = look(session, claimed, report)
        with app.app_context():
            make_user("ada")
        return people

    return of


def test_the_planner_knows_the_new_rows(v2):
    v2.post("p1")
    v2.run()
    assert db.session.scalar(text("select reltuples from pg_class where relname = 'pythoughts'")) == 1
