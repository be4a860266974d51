"""Reporting, with and without JavaScript."""

import pytest
from sqlalchemy import func, select

from pythoughts.auth.models import User
from pythoughts.db import db
from pythoughts.feed.use_cases import remove_post
from pythoughts.moderation.models import Category, Report, ReviewItem
from pythoughts.preferences.use_cases import block_person
from pythoughts.settings.use_cases import choose
from tests.factories import make_post, make_user, post, sign_in
from tests.pages import HTMX
from tests.statements import statements


@pytest.fixture
def ada(app):
    return make_user("ada")


@pytest.fixture
def mine(client, ada):
    return sign_in(client, ada)


@pytest.fixture
def theirs(app):
    return make_post(make_user("mira"), "Buy my <b>lamps</b>")


def reports():
    return db.session.scalar(select(func.count()).select_from(Report))


def test_the_form_offers_six_reasons_and_quotes_the_post(mine, theirs):
    with statements() as asked:
        page = mine.get(f"/posts/{theirs.id}/report")
    assert len(asked) <= 6
    assert page.text.count('name="category"') == len(Category) == 6
    assert "Buy my &lt;b&gt;lamps&lt;/b&gt;" in page.text
    assert "@mira" in page.text


def test_reporting_without_javascript_leads_to_a_confirmation(mine, theirs):
    address = f"/posts/{theirs.id}/report"
    answer = post(mine, address, {"category": "spam", "details": "Lamps again"})
    assert (answer.status_code, answer.location) == (303, address)
    page = mine.get(address).text
    assert "Thanks, it is in the queue" in page
    assert 'action="/user/mira/ignore"' in page
    assert 'name="category"' not in page


def test_with_htmx_a_dialog_comes_and_the_answer_takes_the_forms_place(mine, theirs):
    address = f"/posts/{theirs.id}/report"
    dialog = mine.get(address, headers=HTMX).text
    assert '<dialog class="dialog" id="report"' in dialog
    assert "<html" not in dialog
    answer = post(mine, address, {"category": "spam"}, headers=HTMX)
    assert answer.status_code == 200
    assert "Thanks, it is in the queue" in answer.text
    assert "<dialog" not in answer.text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_without_a_reason_the_form_comes_back_filled_in(mine, theirs, headers):
    answer = post(mine, f"/posts/{theirs.id}/report", {"details": "Look at <this>"}, headers=headers)
    assert answer.status_code == 422
    assert "Choose a reason so moderators know what to look for." in answer.text
    assert "Look at &lt;this&gt;" in answer.text
    assert ("<html" in answer.text) != bool(headers)
    assert reports() == 0


def test_a_form_of_another_session_comes_back_filled_in(mine, theirs):
    answer = mine.post(f"/posts/{theirs.id}/report", data={"category": "spam", "details": "Lamps"})
    assert answer.status_code == 400
    assert "Lamps" in answer.text
    assert reports() == 0


def test_a_second_time_is_told_kindly(mine, theirs):
    for status in (303, 409):
        answer = post(mine, f"/posts/{theirs.id}/report", {"category": "spam"})
        assert answer.status_code == status
    assert "Thanks, it is in the queue" in answer.text
    assert reports() == 1


def test_ones_own_post_cannot_be_reported(mine, ada):
    own = make_post(ada)
    assert 'name="category"' not in mine.get(f"/posts/{own.id}/report").text
    assert post(mine, f"/posts/{own.id}/report", {"category": "spam"}).status_code == 403
    assert f"/posts/{own.id}/report" not in mine.get("/").text


@pytest.mark.parametrize(("state", "status"), [("held", 404), ("removed", 410), ("deleted", 410)])
def test_what_is_not_there_has_no_form(mine, theirs, state, status):
    made = make_post(make_user("zoe"), state=state)
    for answer in (mine.get(f"/posts/{made.id}/report"), post(mine, f"/posts/{made.id}/report", {"category": "spam"})):
        assert answer.status_code == status


def test_whoever_was_blocked_can_still_report(mine, theirs):
    mira = db.session.get(User, theirs.user_id)
    block_person(actor=mira, username="ada")
    assert mine.get(f"/posts/{theirs.id}").status_code == 404
    assert mine.get(f"/posts/{theirs.id}/report").status_code == 200
    assert post(mine, f"/posts/{theirs.id}/report", {"category": "harassment"}).status_code == 303


def test_the_reporter_reads_what_was_decided(mine, theirs):
    post(mine, f"/posts/{theirs.id}/report", {"category": "spam"})
    post(mine, "/user/mira/report", {"category": "harassment"})
    remove_post(actor=make_user("kenji", role="moderator"), post_id=theirs.id, reason="Spam")
    page = mine.get("/user/mira/report").text
    assert "Thanks, it is in the queue" in page
    answer = mine.get(f"/posts/{theirs.id}/report")
    assert answer.status_code == 200
    assert "A moderator agreed with you" in answer.text
    assert "lamps" not in answer.text


def test_the_report_that_hides_the_post_is_confirmed_all_the_same(mine, theirs):
    choose(actor=None, key="moderation.hold_after", typed="1")
    answer = post(mine, f"/posts/{theirs.id}/report", {"category": "spam"}, follow_redirects=True)
    assert answer.status_code == 200
    assert "Thanks, it is in the queue" in answer.text
    assert mine.get(f"/posts/{theirs.id}").status_code == 404


def test_a_person_is_reported_from_their_page(mine, theirs):
    assert 'href="/user/mira/report"' in mine.get("/user/mira").text
    assert "Report this member" in mine.get("/user/mira/report").text
    answer = post(mine, "/user/mira/report", {"category": "harassment", "details": "Insults"})
    assert (answer.status_code, answer.location) == (303, "/user/mira/report")
    assert db.session.scalars(select(ReviewItem)).one().person_id is not None
    assert mine.get("/user/nobody/report").status_code == 404


def test_the_menu_of_a_post_leads_to_the_form_for_members_only(mine, app, theirs):
    address = f"/posts/{theirs.id}/report"
    assert address in mine.get("/").text
    assert address in mine.get(f"/posts/{theirs.id}").text
    assert address not in app.test_client().get("/").text
