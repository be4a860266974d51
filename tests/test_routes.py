"""The addresses are a contract: bookmarks and tools rely on them, and reading never changes anything."""

from pathlib import Path

import pytest
from flask import redirect
from sqlalchemy import select, text

from pythoughts.access import public
from pythoughts.audit.models import AuditLog
from pythoughts.audit.use_cases import Act, record
from pythoughts.auth.models import Session, Verification
from pythoughts.auth.use_cases.codes import send_code
from pythoughts.db import db, transaction
from pythoughts.jobs.models import Job
from pythoughts.mail.models import OutboxMail
from pythoughts.moderation.models import ReviewItem
from pythoughts.moderation.use_cases import report_post
from pythoughts.notifications.subscriptions import token_of
from pythoughts.privacy.queries import list_exports
from pythoughts.privacy.use_cases import make_archive, request_archive
from pythoughts.words.use_cases import add_word
from tests.factories import make_post, make_user, sign_in
from tests.guards import routes

CONTRACT = Path(__file__).with_name("routes.txt").read_text(encoding="utf-8").splitlines()

WITHOUT_PROVIDER = {  # they exist where an OpenID Connect provider is configured, which needs the network
    "/preferences/connections/<provider>/connect",
    "/sign-in/oidc/<provider>",
    "/sign-in/oidc/<provider>/callback",
    "/sign-in/oidc/<provider>/new",
}


def test_every_address_is_in_the_contract(app):
    """A new address is promised by adding its line to routes.txt: method, rule, who may reach it."""
    assert routes.lines(app) - set(CONTRACT) == set()


def test_no_address_disappears_without_a_redirect(app):
    assert routes.lost(app, CONTRACT) == []


def test_a_lost_address_is_seen_and_a_redirect_keeps_it(spare_app):
    promised = ["GET /thoughts/<post_id> public"]
    assert routes.lost(spare_app, promised) == promised
    spare_app.add_url_rule("/thoughts/<post_id>", "old", public(lambda post_id: redirect(f"/posts/{post_id}", 301)))
    assert routes.lost(spare_app, promised) == []


@pytest.fixture
def world(app):
    """Something to look at behind every address that has an argument, by what stands before the argument."""
    ada = make_user("ada", verified=False)
    post = make_post(make_user("grace"))
    with transaction() as session:
        send_code(session, ada)
    record(Act(None, "user.promote", "user", ada.id))
    report_post(actor=ada, post_id=post.id, category="spam")
    word = add_word(actor=make_user("kenji", role="moderator"), word="darn", action="flag")
    return {
        "/admin/audit/": db.session.scalar(select(AuditLog.id)),
        "/admin/jobs/": db.session.scalar(select(Job.id).limit(1)),
        "/admin/outbox/": db.session.scalar(select(OutboxMail.id)),
        "/admin/outbox/letters/html/": 0,
        "/admin/posts/": post.id,
        "/admin/review/": db.session.scalar(select(ReviewItem.id)),
        "/admin/users/": ada.id,
        "/admin/words/": word.id,
        "/admin/verifications/": db.session.scalar(select(Verification.id)),
        "/avatar/": ada.id,
        "/unsubscribe/": token_of(ada.id),
        "post_id": post.id,
        "template": "auth/new_device",
        "username": ada.username,
    }


@pytest.fixture
def read_as(app, client, world):
    """Read everything as a visitor or as somebody of a rank."""

    def read(role=None):
        if role:
            person = make_user(f"a.{role}", role=role)
            sign_in(client, person)
            world["post_id"] = make_post(person).id
            world["/preferences/data/archive/"] = _archive_of(person)
            world["/admin/sessions/"] = db.session.scalar(select(Session.id))
        return routes.read_all(app, client, world)

    return read


def _archive_of(person):
    request_archive(actor=person)
    export_id = list_exports(person.id)[0].id
    make_archive(export_id=export_id)
    return export_id


@pytest.mark.parametrize("role", [None, "member", "moderator", "admin"])
def test_reading_never_writes_and_never_fails(read_as, role):
    assert routes.wrong_reads(read_as(role)) == {}


def test_the_walk_reaches_every_page(read_as):
    """A new address with an argument has to be given something to show in `world`."""
    missing = {rule for rule, (status, _seen) in read_as("admin").items() if status == 404}
    assert missing == WITHOUT_PROVIDER


def test_a_page_that_writes_is_seen(spare_app):
    @public
    def nosy():
        with transaction() as session:
            session.execute(text('update "user" set name = name'))
        return "done"

    @public
    def sly():
        with transaction() as session:
            session.execute(text("select setval('audit_log_id_seq', 5), pg_current_xact_id()"))
        return "done"

    for view in (nosy, sly):
        spare_app.add_url_rule(f"/{view.__name__}", view.__name__, view)
    found = routes.read_all(spare_app, spare_app.test_client(), {})
    assert set(routes.wrong_reads(found)) == {"/nosy", "/sly"}


def test_the_contract_is_sorted_and_says_each_thing_once():
    assert sorted(set(CONTRACT), key=lambda line: line.split()[1::-1]) == CONTRACT
