"""The audit log in the back office: every act can be found, none can be changed."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from pythoughts.audit.models import AuditCheck, AuditLog
from pythoughts.audit.use_cases import Act, check_seals, record, seal
from pythoughts.auth.use_cases import Reset, ban_user, reset_account
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.feed.use_cases import remove_post
from pythoughts.origin import NOWHERE, Origin, set_origin
from tests.admin.rows import shown
from tests.factories import make_post

ROW = r'href="/admin/audit/(\d+)"'


@pytest.fixture
def story(priya, kenji, mira):
    """Three acts; the last one by the command line."""
    post = make_post(mira)
    set_origin(Origin("request-1", "203.0.113.7", None))
    remove_post(actor=kenji, post_id=post.id, reason="Off topic")
    reset_account(actor=priya, user=mira, reset=Reset(reason="Asked by phone"))
    set_origin(NOWHERE)
    ban_user(actor=None, user=mira, reason="Rude")
    return post


def told(client, query: str = "") -> list[str]:
    answer = client.get(f"/admin/audit/?{query}")
    assert answer.status_code == 200
    return [reason for reason in ("Rude", "Asked by phone", "Off topic") if reason in answer.text]


def test_acts_are_told_in_words(admin, story):
    page = admin.get("/admin/audit/").text
    for words in ("removed a thought by", "reset the account of", "banned", "priya", "kenji", "System", "@mira"):
        assert words in page


def test_acts_are_filtered(admin, story, mira):
    tomorrow = (now() + timedelta(days=1)).date()
    assert told(admin) == ["Rude", "Asked by phone", "Off topic"]
    assert told(admin, "actor=kenji") == ["Off topic"]
    assert told(admin, "action=user.reset") == ["Asked by phone"]
    assert told(admin, "kind=post") == ["Off topic"]
    assert told(admin, f"target={mira.id}") == ["Rude", "Asked by phone"]
    assert told(admin, f"since={tomorrow}") == []
    assert told(admin, f"until={tomorrow}") == ["Rude", "Asked by phone", "Off topic"]


def test_an_act_has_a_page_with_what_changed(admin, story):
    newest, reset, removal = shown(admin.get("/admin/audit/"), ROW)
    page = admin.get(f"/admin/audit/{removal}").text
    for fact in ("Off topic", "state: live", "state: removed", "203.0.113.7", "request-1", story.id):
        assert fact in page
    assert "sessions_ended: 0" in admin.get(f"/admin/audit/{reset}").text
    assert "System" in admin.get(f"/admin/audit/{newest}").text


def test_an_act_that_nobody_put_into_words_keeps_its_code_name(admin):
    record(Act(None, "planet.move", "planet", "pluto"))
    page = admin.get("/admin/audit/")
    assert "planet.move" in page.text
    assert admin.get(f"/admin/audit/{shown(page, ROW)[0]}").status_code == 200


@pytest.mark.parametrize("key", ["0", "9" * 18, "9" * 19, "9" * 40, "-1", "1,2", "x", "1.0"])
def test_what_is_no_act_is_not_found(admin, key):
    assert admin.get(f"/admin/audit/{key}").status_code == 404


def test_the_list_says_how_far_it_is_verified(admin, story):
    assert "Not verified yet" in admin.get("/admin/audit/").text
    seal()
    last = check_seals().up_to_id
    assert f"Verified up to act {last}" in admin.get("/admin/audit/").text


def test_the_list_says_when_somebody_changed_it(admin, story):
    seal()
    with transaction() as session:
        session.execute(text("set local session_replication_role = replica"))
        session.execute(update(AuditLog).values(action="post.restore"))
    check_seals()
    page = admin.get("/admin/audit/").text
    assert "The audit log was changed" in page
    assert f"Seal {db.session.scalar(select(AuditCheck.broken_seal_id))} does not fit" in page
