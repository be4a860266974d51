"""Verifications in the back office: what is pending, whose, how often tried; never what it is derived from."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pythoughts.auth.models import Purpose, Verification
from pythoughts.auth.tokens import code_for, link_token
from pythoughts.auth.use_cases import Reset, reset_account
from pythoughts.auth.use_cases.codes import send_code
from pythoughts.auth.use_cases.links import make_link
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.mail.models import OutboxMail
from tests.admin.rows import acts, shown
from tests.factories import make_user, post

ROW = r"/admin/verifications/([\w-]+)/revoke"


@pytest.fixture
def lena(app):
    """Somebody who has not confirmed her address yet."""
    return make_user("lena", verified=False)


@pytest.fixture
def code(lena):
    """Her pending code."""
    with transaction() as session:
        send_code(session, lena)
    return db.session.scalars(select(Verification)).one()


@pytest.fixture
def link(mira):
    """Mira's pending link."""
    with transaction() as session:
        return make_link(session, mira, Purpose.RESET_PASSWORD)


def listed(client, query: str = "") -> list[str]:
    answer = client.get(f"/admin/verifications/?{query}")
    assert answer.status_code == 200
    return shown(answer, ROW)


def test_a_verification_shows_its_purpose_and_never_its_secret(admin, lena, mira, code, link):
    page = admin.get("/admin/verifications/").text
    for told in ("Confirm the email", "Set a new password", "@lena", "@mira"):
        assert told in page
    secrets = (code.value, code.identifier, code_for(code, lena.email), link.value, link.identifier, link_token(link))
    assert [secret for secret in secrets if secret in page] == []


def test_verifications_are_filtered(admin, lena, mira, code, link):
    assert listed(admin, "purpose=verify-email") == [code.id]
    assert listed(admin, "member=mira") == [link.id]
    with transaction() as session:
        session.merge(link).expires_at = now() - timedelta(minutes=1)
    assert listed(admin, "state=expired") == [link.id]
    assert listed(admin, "state=pending") == [code.id]


def test_verifications_are_found_by_member_and_id_only(admin, lena, code):
    assert listed(admin, "search=len") == [code.id]
    assert listed(admin, f"search={code.id}") == [code.id]
    for secret in (code.value, code.identifier, code_for(code, lena.email)):
        assert listed(admin, f"search={secret}") == []


def test_a_letter_to_an_old_address_is_no_verification(admin, priya, mira):
    reset_account(actor=priya, user=mira, reset=Reset(reason="Moved", email="new@example.org"))
    notice = db.session.scalar(select(Verification.id).where(Verification.purpose == Purpose.ADDRESS_CHANGED))
    assert notice not in listed(admin)
    assert post(admin, f"/admin/verifications/{notice}/revoke").status_code == 404
    assert "mira@example.org" not in admin.get("/admin/verifications/").text


def test_a_revoked_verification_is_gone(admin, priya, code):
    key = code.id
    url = f"/admin/verifications/{key}/revoke"
    assert "stops working" in admin.get(url).text
    assert post(admin, url).location == "/admin/verifications/"
    assert listed(admin) == []
    assert acts() == [("verification.revoke", priya.id, key, None)]
    assert post(admin, url).status_code == 404


def test_a_code_is_mailed_again(admin, priya, lena, code):
    url = f"/admin/verifications/{code.id}/resend"
    assert "on its way" not in admin.get(url).text
    answer = post(admin, url)
    assert "The code is on its way again." in admin.get(answer.location).text
    assert acts() == [("verification.resend", priya.id, lena.id, None)]
    db.session.rollback()
    assert db.session.scalars(select(OutboxMail.template)).all() == ["auth/verify_email"] * 2


def test_a_code_that_nobody_needs_any_more_is_not_mailed(admin, lena, code):
    with transaction() as session:
        session.merge(lena).email_verified = True
    answer = post(admin, f"/admin/verifications/{code.id}/resend")
    assert answer.status_code == 409
    assert acts() == []


def test_a_link_is_never_mailed_again(admin, link):
    assert f"/admin/verifications/{link.id}/resend" not in admin.get("/admin/verifications/").text
    assert admin.get(f"/admin/verifications/{link.id}/resend").status_code == 409
    assert post(admin, f"/admin/verifications/{link.id}/resend").status_code == 409
    assert acts() == []


def test_proofs_of_equals_are_out_of_reach(admin):
    olga = make_user("olga", role="admin")
    with transaction() as session:
        made = make_link(session, olga, Purpose.RESET_PASSWORD)
    for act in ("revoke", "resend"):
        assert post(admin, f"/admin/verifications/{made.id}/{act}").status_code == 403
    assert made.id not in listed(admin)


def test_a_verification_of_nobody_can_only_be_looked_at(admin):
    with transaction() as session:
        orphan = Verification(identifier="x", value="y", expires_at=now() + timedelta(hours=1), purpose="old")
        session.add(orphan)
    page = admin.get("/admin/verifications/").text
    assert "nobody yet" in page
    assert admin.get(f"/admin/verifications/{orphan.id}/revoke").status_code == 403
