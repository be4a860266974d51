"""Looking through a member's eyes, at a browser: it reads, and nothing else."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from pythoughts.access import READING
from pythoughts.auth.models import Session
from pythoughts.clock import now
from pythoughts.db import db, transaction
from tests.auth.rows import acts, age, count
from tests.factories import csrf_token, make_post, make_user, post, session_cookie, sign_in
from tests.guards import routes

WHY = {"reason": "They say that their feed is empty"}
BAR = 'class="look"'
CLOSED = {  # reads, and yet nobody but the owner does
    "/confirm-password",
    "/notifications",
    "/preferences/connections",
    "/preferences/connections/<provider>/connect",
    "/preferences/data",
    "/preferences/data/archive/<id:export_id>",
    "/preferences/data/export.json",
    "/preferences/devices",
    "/preferences/email",
    "/preferences/history",
    "/preferences/passkeys",
    "/preferences/password",
    "/preferences/two-factor",
    "/sign-in/oidc/<provider>",
    "/sign-in/oidc/<provider>/callback",
    "/sign-in/oidc/<provider>/new",
}


@pytest.fixture
def mira(app):
    return make_user("mira")


@pytest.fixture
def priya(app):
    return make_user("priya", role="admin")


@pytest.fixture
def admin(client, priya):
    """Priya's browser."""
    return sign_in(client, priya)


def begin(browser, person):
    return post(browser, f"/admin/users/{person.id}/impersonate", WHY)


@pytest.fixture
def looking(admin, mira):
    """The same browser, which sees what Mira sees."""
    assert begin(admin, mira).location == "/"
    assert BAR in admin.get("/").text
    return admin


def stop(browser):
    return post(browser, "/impersonation/stop?next=/admin/")


def test_the_question_tells_what_it_does_with_and_without_scripts(admin, mira):
    for headers in ({}, {"HX-Request": "true"}):
        question = admin.get(f"/admin/users/{mira.id}/impersonate", headers=headers)
        assert question.status_code == 200
        for part in ("Look at the site as @mira?", "for 15 minutes at most", "They are told by mail", 'name="reason"'):
            assert part in question.text
    assert f"/admin/users/{mira.id}/impersonate" in admin.get(f"/admin/users/{mira.id}").text


def test_it_is_not_offered_for_staff_nor_for_those_who_are_kept_out(admin):
    kenji, eve = make_user("kenji", role="moderator"), make_user("eve", banned=True, ban_reason="Spam")
    for person in (kenji, eve):
        assert "/impersonate" not in admin.get(f"/admin/users/{person.id}").text
    assert admin.get(f"/admin/users/{kenji.id}/impersonate").status_code == 403
    assert begin(admin, kenji).status_code == 403
    assert begin(admin, eve).status_code == 409


def test_it_needs_a_recent_proof(client, priya, mira):
    late = sign_in(client, priya, auth_at=now() - timedelta(minutes=16))
    assert begin(late, mira).location.startswith("/confirm-password")
    assert acts() == []


def test_a_reason_is_asked_for(admin, mira):
    assert post(admin, f"/admin/users/{mira.id}/impersonate", {"reason": ""}).status_code == 422


def test_pages_are_those_of_the_person_with_a_bar_that_leads_back(looking, mira):
    for address in ("/", "/preferences", f"/posts/{make_post(mira).id}", "/nowhere", "/preferences/password"):
        page = looking.get(address).text
        assert BAR in page, address
        assert "as @mira sees it" in page
    assert looking.get("/admin/").status_code == 404
    answer = stop(looking)
    assert (answer.status_code, answer.location) == (303, "/admin/")
    assert looking.get("/admin/").status_code == 200
    assert BAR not in looking.get("/").text


def test_neither_the_person_nor_others_see_a_bar(app, looking, mira):
    at_home = sign_in(app.test_client(), mira)
    assert BAR not in at_home.get("/").text
    assert BAR not in app.test_client().get("/").text


def test_whatever_writes_is_refused(app, looking):
    """Every address and every method that does more than read, whatever it is for."""
    wrong, tried = [], 0
    for rule in routes.rules(app):
        for method in (rule.methods or set()) - READING:
            if rule.endpoint == "auth.stop_impersonation":
                continue
            tried += 1
            token = {"csrf_token": csrf_token(looking)}
            with routes.watched_writes() as seen:
                answer = looking.open(routes.address(app, rule), method=method, data=token)
            if answer.status_code != 403 or seen:
                wrong.append(f"{method} {rule.rule} {answer.status_code} {seen}")
    assert wrong == []
    assert tried > 40


def test_what_only_its_owner_reads_is_closed(app, looking):
    """A new page is open to a look until it says `@owner_only`: then it is added here."""
    found = {
        rule.rule
        for rule in routes.rules(app, "GET")
        if looking.get(routes.address(app, rule)).status_code == 403 and not rule.rule.startswith("/admin/")
    }
    assert found == CLOSED


def test_the_person_does_not_seem_to_be_here(looking, mira):
    age(Session, 1, "updated_at")
    looking.get("/")
    db.session.refresh(mira)
    assert mira.last_seen_at is None


def test_a_cookie_copied_during_the_look_opens_nothing_afterwards(app, looking):
    copy = looking.get_cookie(session_cookie()).value
    stop(looking)
    thief = app.test_client()
    thief.set_cookie(session_cookie(), copy)
    assert "Join" in thief.get("/").text
    assert thief.get("/preferences").location.startswith("/sign-in")
    assert thief.get("/admin/").location.startswith("/sign-in")


def test_a_cookie_copied_before_the_look_opens_nothing_either(app, admin, mira):
    copy = admin.get_cookie(session_cookie()).value
    begin(admin, mira)
    thief = app.test_client()
    thief.set_cookie(session_cookie(), copy)
    assert thief.get("/admin/").location.startswith("/sign-in")


def test_when_the_time_is_over_nothing_of_the_person_is_seen_nor_done(looking, priya, mira):
    token = csrf_token(looking)
    _end()
    answer = looking.post("/posts", data={"csrf_token": token, "message": "Hello", "idempotency_key": "k"})
    assert answer.status_code == 400
    page = looking.get("/")
    assert BAR not in page.text
    assert "@priya" in page.text
    assert looking.get("/admin/").status_code == 200


def test_a_form_opened_as_oneself_does_nothing_during_the_look_and_the_way_out_works_late(looking):
    assert looking.post("/impersonation/stop").status_code == 400
    assert count(Session, Session.impersonating_user_id.is_not(None)) == 1
    _end()
    looking.get("/")
    assert stop(looking).location == "/admin/"


def test_nobody_leaves_the_site_by_the_way_out(looking):
    answer = post(looking, "/impersonation/stop?next=//evil.example")
    assert answer.location == "/"


def test_it_ends_at_once_when_the_admin_is_signed_out_elsewhere(app, looking, priya):
    elsewhere = sign_in(app.test_client(), priya)
    post(elsewhere, "/preferences/devices/revoke-others")
    assert looking.get("/preferences").location.startswith("/sign-in")
    assert [name for name, _why in acts()].count("user.impersonate_end") == 1


def _end() -> None:
    with transaction() as database:
        database.execute(update(Session).values(impersonation_expires_at=now() - timedelta(seconds=1)))
    assert db.session.scalar(select(Session.impersonating_user_id).limit(1))
