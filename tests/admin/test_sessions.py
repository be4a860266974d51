"""Sessions in the back office: seen, searched, ended; their tokens and addresses never."""

from datetime import timedelta

import pytest

from pythoughts.clock import now
from tests.admin.rows import HTMX, acts, session_of, sessions_of, shown
from tests.factories import make_user, post, sign_in

TICKED = r'name="chosen" value="([\w-]+)"'
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture
def hers(app, mira):
    """Mira's browser."""
    return sign_in(app.test_client(), mira, user_agent=FIREFOX, ip_address="203.0.113.7")


def listed(client, query: str = "") -> list[str]:
    answer = client.get(f"/admin/sessions/?{query}")
    assert answer.status_code == 200
    return shown(answer, TICKED)


def test_a_session_shows_device_and_half_of_the_address(admin, mira, hers):
    page = admin.get("/admin/sessions/").text
    assert "Firefox on Linux" in page
    assert "203.0.•••" in page
    assert "203.0.113.7" not in page


def test_what_a_browser_says_of_itself_is_text(app, admin, mira):
    sign_in(app.test_client(), mira, user_agent="<script>alert(1)</script>")
    assert "alert(1)" not in admin.get("/admin/sessions/").text


def test_sessions_are_found_by_member_and_id_but_not_by_address(admin, mira, hers):
    wanted = session_of(mira)
    assert listed(admin, "search=mir") == [wanted.id]
    assert listed(admin, f"search={wanted.id}") == [wanted.id]
    assert listed(admin, "member=mira") == [wanted.id]
    for secret in (wanted.token, wanted.token[:16], "203.0.113.7", "Firefox"):
        assert listed(admin, f"search={secret}") == []


def test_sessions_are_filtered_by_whether_they_are_open(app, admin, mira, hers):
    open_one = session_of(mira)
    sign_in(app.test_client(), mira, expires_at=now() - timedelta(minutes=1))
    ended = session_of(mira)
    assert listed(admin, "state=open") == [open_one.id]
    assert listed(admin, "state=ended") == [ended.id]


def test_ending_a_session_signs_that_browser_out(admin, priya, mira, hers):
    ended = session_of(mira).id
    url = f"/admin/sessions/{ended}/revoke"
    assert "Firefox on Linux is signed out" in admin.get(url, headers=HTMX).text
    assert post(admin, url).location == "/admin/sessions/"
    assert hers.get("/preferences").status_code == 303
    assert acts() == [("session.revoke", priya.id, ended, None)]


def test_a_session_that_is_gone_is_not_found(admin, mira, hers):
    url = f"/admin/sessions/{session_of(mira).id}/revoke"
    assert post(admin, url).status_code == 303
    assert post(admin, url).status_code == 404
    assert len(acts()) == 1


def test_several_sessions_are_ended_together(app, admin, mira, kenji, hers):
    sign_in(app.test_client(), kenji)
    chosen = [session_of(mira).id, session_of(kenji).id]
    url = f"/admin/sessions/revoke?chosen={chosen[0]}&chosen={chosen[1]}"
    for headers in ({}, HTMX):
        question = admin.get(url, headers=headers).text
        assert "End 2 sessions?" in question
        assert "@mira: Firefox on Linux" in question
    answer = post(admin, url)
    assert "2 sessions were ended." in admin.get(answer.location).text
    assert (sessions_of(mira), sessions_of(kenji)) == (0, 0)
    assert sorted(act[2] for act in acts()) == sorted(chosen)


def test_of_the_chosen_only_those_left_are_ended(app, admin, priya, mira, hers):
    olga = make_user("olga", role="admin")
    sign_in(app.test_client(), olga)
    keys = [session_of(person).id for person in (mira, olga, priya)]
    url = "/admin/sessions/revoke?" + "&".join(f"chosen={key}" for key in [*keys, "gone", "%00", "1,2"])
    assert admin.get(url.replace("&chosen=%00", "")).text.count("@mira") == 1
    answer = post(admin, url.replace("&chosen=%00", ""))
    assert "1 session was ended." in admin.get(answer.location).text
    assert (sessions_of(mira), sessions_of(olga), sessions_of(priya)) == (0, 1, 1)


@pytest.mark.parametrize("query", ["", "?chosen=", "?chosen=gone", "?chosen=" + "x" * 70])
def test_choosing_nothing_that_is_left_is_a_conflict(admin, query):
    assert admin.get(f"/admin/sessions/revoke{query}").status_code == 409
    assert post(admin, f"/admin/sessions/revoke{query}").status_code == 409


@pytest.mark.parametrize("target", ["olga", "priya"])
def test_sessions_of_equals_and_ones_own_are_not_offered(app, admin, priya, target):
    person = priya if target == "priya" else make_user("olga", role="admin")
    sign_in(app.test_client(), person)
    key = session_of(person).id
    assert key not in admin.get("/admin/sessions/").text
    assert admin.get(f"/admin/sessions/{key}/revoke").status_code == 403
    assert post(admin, f"/admin/sessions/{key}/revoke").status_code == 403
    assert acts() == []
