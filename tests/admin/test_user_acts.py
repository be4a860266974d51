"""What admins do to accounts: reset, ban, change of role, signing out."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pythoughts.auth.models import Purpose, Verification
from pythoughts.auth.use_cases import ban_user
from pythoughts.auth.use_cases.links import make_link
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.mail.models import OutboxMail
from pythoughts.privacy.use_cases import PostsFate, close_account
from tests.admin.rows import HTMX, acts, fresh, sessions_of, shown
from tests.factories import PASSWORD, make_user, post, sign_in

WHY = {"reason": "Asked by phone"}
KEEP = {**WHY, "link": "mail", "verification": "keep"}
LINK = r'value="(http://localhost/reset-password/[\w-]{43})"'


def reset(client, user, **chosen):
    return post(client, f"/admin/users/{user.id}/reset", KEEP | chosen)


def letters() -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(select(OutboxMail.template)))


@pytest.fixture
def at_home(app, mira):
    """Mira's browser."""
    return sign_in(app.test_client(), mira)


def test_a_reset_says_beforehand_what_it_will_do(app, admin, mira, at_home):
    sign_in(app.test_client(), mira)
    with transaction() as session:
        make_link(session, mira, Purpose.RESET_PASSWORD)
    for headers in ({}, HTMX):
        question = admin.get(f"/admin/users/{mira.id}/reset", headers=headers).text
        for effect in ("2 sessions end now.", "1 pending code or link stops", "mira@example.org is told by mail."):
            assert effect in question


def test_a_reset_announces_no_end_of_nothing(admin, mira):
    question = admin.get(f"/admin/users/{mira.id}/reset").text
    assert "sessions end" not in question
    assert "pending" not in question


def test_a_reset_takes_exactly_the_fields_that_tools_know(admin, mira):
    question = admin.get(f"/admin/users/{mira.id}/reset")
    names = shown(question, r'<(?:input|textarea|select)[^>]* name="(\w+)"')
    form = question.text.partition('<section class="panel max-w-xl')[2].partition("</section>")[0]
    assert {name for name in names if f'name="{name}"' in form} == {
        "csrf_token",
        "reason",
        "link",
        "clear_lockout",
        "verification",
        "remove_two_factor",
        "email",
    }


def test_a_reset_ends_every_session_on_the_next_click(admin, priya, mira, at_home):
    assert at_home.get("/preferences").status_code == 200
    answer = reset(admin, mira)
    assert (answer.status_code, answer.location) == (303, f"/admin/users/{mira.id}")
    assert at_home.get("/preferences").status_code == 303
    assert letters() == ["auth/account_reset"]
    assert acts() == [("user.reset", priya.id, mira.id, "Asked by phone")]


def test_a_link_is_shown_once_and_left_nowhere(admin, mira):
    answer = reset(admin, mira, link="show")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    (link,) = shown(answer, LINK)
    token = link.rpartition("/")[2]
    assert token not in str(answer.headers)
    with admin.session_transaction() as cookie:
        assert token not in str(dict(cookie))
    for url in (f"/admin/users/{mira.id}", "/admin/verifications/", "/admin/outbox/", "/admin/audit/", "/admin/"):
        assert token not in admin.get(url).text
    assert [token in str(vars(row)) for row in db.session.scalars(select(Verification))] == [False]
    assert admin.get(f"/reset-password/{token}").status_code == 200


def test_a_mailed_link_is_not_shown(admin, mira):
    answer = reset(admin, mira)
    assert shown(answer, LINK) == []
    assert shown(admin.get(answer.location), LINK) == []


def test_a_reset_may_take_the_address_as_confirmed(admin):
    lena = make_user("lena", verified=False)
    reset(admin, lena, verification="mark")
    assert fresh(lena).email_verified


def test_a_reset_may_ask_for_a_new_confirmation(admin, mira):
    reset(admin, mira, verification="resend")
    assert not fresh(mira).email_verified
    assert letters() == ["auth/account_reset", "auth/verify_email"]


def test_a_reset_may_change_the_address(admin, mira):
    reset(admin, mira, email="New@Example.org")
    assert fresh(mira).email == "new@example.org"
    assert "auth/address_changed" in letters()


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "\x00"}, "reason"),
        ({"link": "both"}, "link"),
        ({"verification": "perhaps"}, "verification"),
        ({"email": "no address"}, "email"),
        ({"email": "kenji@example.org"}, "email"),
        ({"email": "a\x00@example.org"}, "email"),
    ],
)
def test_a_wrong_choice_resets_nothing_and_comes_back(admin, mira, kenji, at_home, chosen, field):
    answer = reset(admin, mira, **chosen)
    assert answer.status_code == 422
    assert f'id="{field}-note"' in answer.text
    assert acts() == []
    assert sessions_of(mira) == 1


@pytest.mark.parametrize(("duration", "days"), [("1", 1), ("7", 7), ("30", 30), ("always", None)])
def test_a_ban_lasts_as_long_as_was_chosen(admin, mira, at_home, duration, days):
    answer = post(admin, f"/admin/users/{mira.id}/ban", {**WHY, "duration": duration})
    assert answer.status_code == 303
    until = fresh(mira).ban_expires
    assert until is None if days is None else abs(until - now() - timedelta(days=days)) < timedelta(minutes=1)
    assert fresh(mira).is_banned
    assert at_home.get("/preferences").status_code == 303


@pytest.mark.parametrize("wrong", [{"duration": "2"}, {"reason": " "}, {"duration": ""}])
def test_a_ban_without_reason_or_end_is_none(admin, mira, wrong):
    answer = post(admin, f"/admin/users/{mira.id}/ban", {**WHY, "duration": "7", **wrong})
    assert answer.status_code == 422
    assert not fresh(mira).banned


def test_a_ban_is_lifted_with_a_reason(admin, priya, mira):
    ban_user(actor=priya, user=mira, reason="Rude")
    page = admin.get(f"/admin/users/{mira.id}").text
    assert "Lift ban" in page
    assert "Rude" in page
    assert post(admin, f"/admin/users/{mira.id}/unban", {"reason": "Sorry"}).status_code == 303
    assert not fresh(mira).banned
    assert acts()[-1] == ("user.unban", priya.id, mira.id, "Sorry")


@pytest.mark.parametrize(("act", "banned"), [("ban", True), ("unban", False)])
def test_what_somebody_did_meanwhile_is_a_conflict(admin, priya, mira, act, banned):
    if banned:
        ban_user(actor=priya, user=mira, reason="Rude")
    assert admin.get(f"/admin/users/{mira.id}/{act}").status_code == 409
    assert post(admin, f"/admin/users/{mira.id}/{act}", {**WHY, "duration": "7"}).status_code == 409
    assert fresh(mira).banned is banned


def test_a_member_becomes_a_moderator_and_back(admin, mira, at_home):
    url = f"/admin/users/{mira.id}/role"
    assert 'value="member" checked' in admin.get(url).text
    assert post(admin, url, {**WHY, "role": "moderator"}).status_code == 303
    assert fresh(mira).role == "moderator"
    assert at_home.get("/preferences").status_code == 303
    post(admin, url, {**WHY, "role": "member"})
    assert fresh(mira).role == "member"


@pytest.mark.parametrize("role", ["admin", "owner", ""])
def test_nobody_becomes_an_admin_here(admin, mira, role):
    assert post(admin, f"/admin/users/{mira.id}/role", {**WHY, "role": role}).status_code == 422
    assert fresh(mira).role == "member"


def test_somebody_is_signed_out_everywhere(app, admin, mira, at_home):
    sign_in(app.test_client(), mira)
    url = f"/admin/users/{mira.id}/sign-out"
    assert "2 sessions end now." in admin.get(url).text
    answer = post(admin, url)
    assert "2 sessions were ended." in admin.get(answer.location).text
    assert sessions_of(mira) == 0
    assert [act[0] for act in acts()] == ["session.revoke_all"]


@pytest.mark.parametrize("act", ["reset", "ban", "unban", "role", "sign-out"])
def test_nobody_acts_on_an_equal_or_on_themselves(admin, priya, act):
    for target in (priya, make_user("olga", role="admin")):
        url = f"/admin/users/{target.id}/{act}"
        assert admin.get(url).status_code == 403
        answer = post(admin, url, {**KEEP, "duration": "7", "role": "member"})
        assert answer.status_code == 403
    assert acts() == []


def test_erasing_takes_a_person_away_and_leaves_a_page(admin, mira, at_home):
    answer = post(admin, f"/admin/users/{mira.id}/anonymise", {**WHY, "posts": "remove"})
    assert (answer.status_code, answer.location) == (303, f"/admin/users/{mira.id}")
    assert at_home.get("/preferences").status_code == 303
    assert fresh(mira).username is None
    page = admin.get(f"/admin/users/{mira.id}").text
    assert "deleted member" in page
    assert "mira" not in page
    assert admin.get("/admin/users/?status=deleted").status_code == 200
    assert admin.get(f"/admin/users/{mira.id}/anonymise").status_code == 409


def test_erasing_wants_a_recent_proof(app, mira):
    late = sign_in(app.test_client(), make_user("late.admin", role="admin"), auth_at=now() - timedelta(minutes=16))
    answer = post(late, f"/admin/users/{mira.id}/anonymise", {**WHY, "posts": "keep"})
    assert answer.location.startswith("/confirm-password")
    assert fresh(mira).username == "mira"


def test_whoever_closed_their_account_is_listed_as_such(admin, mira):
    close_account(actor=mira, password=PASSWORD, posts=PostsFate.KEEP)
    assert "@mira" in admin.get("/admin/users/?status=closed").text
    assert "@mira" not in admin.get("/admin/users/?status=active").text
