"""The table of who gets where: endpoint by endpoint, method by method, rank by rank."""

import pytest
from sqlalchemy import select

from pythoughts.audit.models import AuditLog
from pythoughts.auth.models import Verification
from pythoughts.auth.use_cases.codes import send_code
from pythoughts.db import db, transaction
from pythoughts.jobs.models import Job
from pythoughts.mail.models import OutboxMail
from pythoughts.moderation.models import ReviewItem
from pythoughts.moderation.use_cases import report_post
from pythoughts.words.use_cases import add_word
from tests.admin.rows import session_of
from tests.factories import make_post, make_user, post, sign_in

EVERYBODY = ("visitor", "member", "moderator", "admin")
FOR_ADMINS, FOR_STAFF = (303, 404, 403), (303, 404)

# What visitors, members, moderators and admins get; a POST carries a valid token and an empty form.
TABLE = {
    ("GET", "admin.index"): (*FOR_STAFF, 200, 200),
    ("GET", "admin_audit.details_view"): (*FOR_ADMINS, 200),
    ("GET", "admin_audit.index_view"): (*FOR_ADMINS, 200),
    ("GET", "admin_health.index_view"): (*FOR_ADMINS, 200),
    ("GET", "admin_jobs.cancel"): (*FOR_ADMINS, 200),
    ("POST", "admin_jobs.cancel"): (*FOR_ADMINS, 303),
    ("GET", "admin_jobs.index_view"): (*FOR_ADMINS, 200),
    ("GET", "admin_jobs.retry"): (*FOR_ADMINS, 409),
    ("POST", "admin_jobs.retry"): (*FOR_ADMINS, 409),
    ("GET", "admin_letters.html"): (*FOR_ADMINS, 200),
    ("GET", "admin_letters.index_view"): (*FOR_ADMINS, 200),
    ("GET", "admin_letters.show"): (*FOR_ADMINS, 200),
    ("GET", "admin_outbox.details_view"): (*FOR_ADMINS, 200),
    ("GET", "admin_outbox.index_view"): (*FOR_ADMINS, 200),
    ("GET", "admin_outbox.retry"): (*FOR_ADMINS, 409),
    ("POST", "admin_outbox.retry"): (*FOR_ADMINS, 409),
    ("GET", "admin_outbox.test"): (*FOR_ADMINS, 200),
    ("POST", "admin_outbox.test"): (*FOR_ADMINS, 303),
    ("GET", "admin_posts.details_view"): (*FOR_STAFF, 200, 200),
    ("GET", "admin_posts.index_view"): (*FOR_STAFF, 200, 200),
    ("GET", "admin_posts.remove"): (*FOR_STAFF, 200, 200),
    ("POST", "admin_posts.remove"): (*FOR_STAFF, 422, 422),
    ("GET", "admin_posts.restore"): (*FOR_STAFF, 409, 409),
    ("POST", "admin_posts.restore"): (*FOR_STAFF, 409, 409),
    ("GET", "admin_review.decide_all"): (*FOR_STAFF, 200, 200),
    ("POST", "admin_review.decide_all"): (*FOR_STAFF, 422, 422),
    ("POST", "admin_review.decide"): (*FOR_STAFF, 400, 400),
    ("GET", "admin_review.details_view"): (*FOR_STAFF, 200, 200),
    ("GET", "admin_review.index_view"): (*FOR_STAFF, 200, 200),
    ("POST", "admin_review.claim"): (*FOR_STAFF, 303, 303),
    ("POST", "admin_review.let_go"): (*FOR_STAFF, 303, 303),
    ("POST", "admin_review.note"): (*FOR_STAFF, 422, 422),
    ("POST", "admin_review.undo"): (*FOR_STAFF, 404, 404),
    ("GET", "admin_reports.index_view"): (*FOR_STAFF, 200, 200),
    ("GET", "admin_sessions.index_view"): (*FOR_ADMINS, 200),
    ("GET", "admin_sessions.revoke"): (*FOR_ADMINS, 200),
    ("POST", "admin_sessions.revoke"): (*FOR_ADMINS, 303),
    ("GET", "admin_sessions.revoke_chosen"): (*FOR_ADMINS, 409),
    ("POST", "admin_sessions.revoke_chosen"): (*FOR_ADMINS, 409),
    ("GET", "admin_settings.index_view"): (*FOR_ADMINS, 200),
    ("POST", "admin_settings.reset"): (*FOR_ADMINS, 303),
    ("POST", "admin_settings.save"): (*FOR_ADMINS, 400),
    ("GET", "admin_users.anonymise"): (*FOR_ADMINS, 200),
    ("POST", "admin_users.anonymise"): (*FOR_ADMINS, 422),
    ("GET", "admin_users.ban"): (*FOR_ADMINS, 200),
    ("POST", "admin_users.ban"): (*FOR_ADMINS, 422),
    ("GET", "admin_users.details_view"): (*FOR_STAFF, 200, 200),
    ("GET", "admin_users.impersonate"): (*FOR_ADMINS, 200),
    ("POST", "admin_users.impersonate"): (*FOR_ADMINS, 422),
    ("GET", "admin_users.index_view"): (*FOR_STAFF, 200, 200),
    ("GET", "admin_users.remove_picture"): (*FOR_STAFF, 409, 409),
    ("POST", "admin_users.remove_picture"): (*FOR_STAFF, 409, 409),
    ("GET", "admin_users.reset"): (*FOR_ADMINS, 200),
    ("POST", "admin_users.reset"): (*FOR_ADMINS, 422),
    ("GET", "admin_users.role"): (*FOR_ADMINS, 200),
    ("POST", "admin_users.role"): (*FOR_ADMINS, 422),
    ("GET", "admin_users.sign_out"): (*FOR_ADMINS, 200),
    ("POST", "admin_users.sign_out"): (*FOR_ADMINS, 303),
    ("GET", "admin_users.unban"): (*FOR_ADMINS, 409),
    ("POST", "admin_users.unban"): (*FOR_ADMINS, 409),
    ("GET", "admin_verifications.index_view"): (*FOR_ADMINS, 200),
    ("GET", "admin_verifications.resend"): (*FOR_ADMINS, 200),
    ("POST", "admin_verifications.resend"): (*FOR_ADMINS, 303),
    ("GET", "admin_verifications.revoke"): (*FOR_ADMINS, 200),
    ("POST", "admin_verifications.revoke"): (*FOR_ADMINS, 303),
    ("GET", "admin_words.bring"): (*FOR_STAFF, 200, 200),
    ("POST", "admin_words.bring"): (*FOR_STAFF, 422, 422),
    ("GET", "admin_words.delete"): (*FOR_STAFF, 200, 200),
    ("GET", "admin_words.edit"): (*FOR_STAFF, 200, 200),
    ("POST", "admin_words.edit"): (*FOR_STAFF, 422, 422),
    ("GET", "admin_words.index_view"): (*FOR_STAFF, 200, 200),
    ("GET", "admin_words.new"): (*FOR_STAFF, 200, 200),
    ("POST", "admin_words.new"): (*FOR_STAFF, 422, 422),
    ("GET", "admin_words.test"): (*FOR_STAFF, 200, 200),
    ("POST", "admin_words.test"): (*FOR_STAFF, 422, 422),
    ("POST", "admin_words.delete"): (*FOR_STAFF, 303, 303),
}


def test_every_endpoint_of_the_back_office_has_an_entry(app):
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/admin")]
    found = {(method, rule.endpoint) for rule in rules for method in rule.methods - {"HEAD", "OPTIONS"}}
    assert found == set(TABLE)


@pytest.fixture
def world(app, kenji):
    """A row for every view, by the view's endpoint."""
    mira = make_user("mira", verified=False)
    with transaction() as session:
        send_code(session, mira)
    sign_in(app.test_client(), mira)
    answered = make_post(mira, "Hello")
    removed = post(sign_in(app.test_client(), kenji), f"/admin/posts/{make_post(mira).id}/remove", {"reason": "Spam"})
    assert removed.status_code == 303
    report_post(actor=make_user("zoe"), post_id=answered.id, category="spam")
    return {
        "admin_audit": db.session.scalar(select(AuditLog.id)),
        "admin_jobs": db.session.scalar(select(Job.id).limit(1)),
        "admin_outbox": db.session.scalar(select(OutboxMail.id)),
        "admin_posts": answered.id,
        "admin_review": db.session.scalar(select(ReviewItem.id)),
        "admin_sessions": session_of(mira).id,
        "admin_users": mira.id,
        "key": "limits.post_60",
        "number": 0,
        "template": "auth/new_device",
        "admin_words": add_word(actor=kenji, word="darn", action="flag").id,
        "admin_verifications": db.session.scalar(select(Verification.id)),
    }


@pytest.fixture
def address_of(app, world):
    """The address of an endpoint, with the row it needs."""

    def address(endpoint: str) -> str:
        needed = {argument for rule in app.url_map.iter_rules(endpoint) for argument in rule.arguments}
        values = world | {"row_id": world.get(endpoint.partition(".")[0])}
        return app.url_map.bind("localhost").build(endpoint, {name: values[name] for name in needed})

    return address


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_gets_where_the_table_says(client, address_of, who):
    if who != "visitor":
        sign_in(client, make_user(f"some.{who}", role=who))
    answers = {}
    for method, endpoint in TABLE:
        url = address_of(endpoint)
        answers[method, endpoint] = (post(client, url) if method == "POST" else client.get(url)).status_code
    assert answers == {entry: statuses[EVERYBODY.index(who)] for entry, statuses in TABLE.items()}


def test_visitors_are_sent_to_sign_in_and_brought_back(client):
    assert client.get("/admin/posts/?state=removed").location == "/sign-in?next=/admin/posts/?state%3Dremoved"


def test_access_is_decided_before_the_token(client, moderator, world):
    url = f"/admin/users/{world['admin_users']}/reset"
    assert client.post(url).status_code == 303
    assert moderator.post(url).status_code == 403
