"""Whatever the database keeps of secrets, no page of the back office shows."""

import pytest
from sqlalchemy import select

from pythoughts.auth.models import Account, Purpose, Session, Verification
from pythoughts.auth.tokens import code_for, link_token
from pythoughts.auth.use_cases.codes import send_code
from pythoughts.auth.use_cases.links import make_link
from pythoughts.db import db, transaction
from tests.factories import make_post, make_user, sign_in
from tests.guards import routes


@pytest.fixture
def planted(app, admin):
    """Everything secret about Lena, and where her rows are."""
    lena = make_user("lena", verified=False)
    sign_in(app.test_client(), lena)
    post = make_post(lena)
    with transaction() as session:
        send_code(session, lena)
        make_link(session, lena, Purpose.RESET_PASSWORD)
    code, link = db.session.scalars(select(Verification).order_by(Verification.purpose.desc())).all()
    session_row = db.session.scalars(select(Session).where(Session.user_id == lena.id)).one()
    secrets = [
        *db.session.scalars(select(Account.password)),
        *db.session.scalars(select(Session.token)),
        *(getattr(row, name) for row in (code, link) for name in ("value", "identifier")),
        code_for(code, lena.email),
        link_token(link),
    ]
    places = {
        "/admin/posts/": post.id,
        "/admin/users/": lena.id,
        "/admin/sessions/": session_row.id,
        "/admin/verifications/": code.id,
    }
    return secrets, places


def test_no_page_shows_anything_secret(app, admin, planted):
    secrets, places = planted
    leaks = []
    for rule in routes.rules(app, "GET"):
        if rule.rule.startswith("/admin"):
            text = admin.get(routes.address(app, rule, places)).text
            leaks += [rule.rule for secret in secrets if secret in text]
    assert len(secrets) > 6
    assert leaks == []


def test_no_search_and_no_filter_tells_whether_a_secret_is_right(admin, planted):
    secrets, _places = planted
    for name in ("users", "sessions", "verifications", "outbox"):
        for secret in secrets:
            answer = admin.get(f"/admin/{name}/", query_string={"search": secret})
            assert "Nothing matches" in answer.text
