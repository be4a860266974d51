"""Members in the back office: the list, one page for each, and how much of them staff gets to see."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from pythoughts.access import Role
from pythoughts.auth.models import AuthEvent
from pythoughts.auth.use_cases import Reset, ban_user, change_role, reset_account
from pythoughts.auth.use_cases.codes import send_code
from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.feed.use_cases import remove_post
from tests.admin.rows import shown
from tests.factories import make_post, make_user, sign_in
from tests.statements import statements

ROW = r'<td>\s*<a class="[^"]*" href="/admin/users/([\w-]+)"'


def listed(client, query: str = "") -> list[str]:
    answer = client.get(f"/admin/users/?{query}")
    assert answer.status_code == 200
    return shown(answer, ROW)


def test_admins_see_addresses_and_moderators_see_enough_to_tell_two_apart(admin, moderator, mira):
    for url in ("/admin/users/", f"/admin/users/{mira.id}"):
        assert "mira@example.org" in admin.get(url).text
        masked = moderator.get(url).text
        assert "m•••@e•••.org" in masked
        assert "@example.org" not in masked


def test_moderators_see_half_of_an_ip(app, admin, moderator, mira):
    sign_in(app.test_client(), mira, ip_address="203.0.113.7")
    url = f"/admin/users/{mira.id}"
    assert "203.0.113.7" in admin.get(url).text
    masked = moderator.get(url).text
    assert "203.0.•••" in masked
    assert "113.7" not in masked


def test_people_are_found_by_name_and_id(moderator, mira, kenji):
    assert listed(moderator, "search=MIR") == [mira.id]
    assert listed(moderator, "search=@mira") == [mira.id]
    assert listed(moderator, f"search={mira.id}") == [mira.id]
    assert listed(moderator, "search=%25") == []


def test_addresses_can_be_searched_by_those_who_may_see_them_only(admin, moderator, mira):
    lena = make_user("lena", email="secret@elsewhere.org")
    assert listed(admin, "search=elsewhere") == [lena.id]
    assert listed(moderator, "search=elsewhere") == []
    assert "email" in admin.get("/admin/users/").text.partition("<thead>")[0]
    assert "Name or id" in moderator.get("/admin/users/").text


@pytest.fixture
def people(app):
    """One of every status."""
    moment = now()
    return {
        "active": make_user("active"),
        "unverified": make_user("unverified", verified=False),
        "banned": make_user("banned", banned=True),
        "deleted": make_user("deleted", deleted_at=moment, banned=True, verified=False),
        "free": make_user("free", banned=True, ban_expires=moment - timedelta(minutes=1)),
    }


@pytest.mark.parametrize(
    ("status", "names"),
    [("unverified", ["unverified"]), ("banned", ["banned"]), ("deleted", ["deleted"]), ("active", ["free", "active"])],
)
def test_people_are_filtered_by_status(moderator, people, status, names):
    found = listed(moderator, f"status={status}&role=member")
    assert sorted(found) == sorted(people[name].id for name in names)


def test_people_are_filtered_by_role_and_day(moderator, kenji, mira):
    old = make_user("old", created_at=now() - timedelta(days=400))
    assert listed(moderator, "role=moderator") == [kenji.id]
    day = (now() - timedelta(days=399)).date()
    assert listed(moderator, f"until={day}") == [old.id]
    assert listed(moderator, f"since={day}&role=member") == [mira.id]


def test_somebody_who_left_has_no_name_and_still_a_page(moderator, app):
    gone = make_user("gone", deleted_at=now(), anonymised_at=now())
    with transaction() as session:
        person = session.merge(gone)
        person.username = person.name = person.display_username = None
        person.email = f"{gone.id}@deleted.invalid"
    page = moderator.get(f"/admin/users/{gone.id}")
    assert page.status_code == 200
    assert "deleted member" in page.text
    assert "Reset account" not in page.text


@pytest.fixture
def busy(app, mira, kenji, priya):
    """Mira, after a bad week."""
    with transaction() as session:
        send_code(session, mira)
    post = make_post(mira, "A thought of Mira's")
    make_post(mira, "A reply of Mira's", reply_to=post)
    removed = make_post(mira, "What was removed")
    remove_post(actor=kenji, post_id=removed.id, reason="Off topic")
    sign_in(app.test_client(), mira, user_agent="Mozilla/5.0 (X11; Linux) Firefox/1", ip_address="203.0.113.7")
    return mira


def test_the_page_of_a_person_shows_everything_that_hangs_on_them(admin, busy):
    page = admin.get(f"/admin/users/{busy.id}").text
    for told in (
        "A thought of Mira",
        "A reply of Mira",
        "What was removed",
        "Firefox on Linux",
        "Confirm the email",
        "auth/verify_email",
        "removed a thought by",
        "Off topic",
        "1 open",
        "Email confirmed",
    ):
        assert told in page


def test_moderators_see_neither_proofs_nor_mails_nor_acts_of_others(moderator, busy, priya):
    reset_account(actor=priya, user=busy, reset=Reset(reason="Lost her phone"))
    ban_user(actor=priya, user=busy, reason="Rude")
    page = moderator.get(f"/admin/users/{busy.id}").text
    for hidden in (
        "Confirm the email",
        "auth/verify_email",
        "Lost her phone",
        "Reset account",
        "/ban",
        "/role",
        "/revoke",
    ):
        assert hidden not in page
    for told in ("removed a thought by", "banned", "Rude", "Banned for good"):
        assert told in page


def test_admins_see_all_that_was_done_to_a_person(admin, busy, priya):
    change_role(actor=priya, user=busy, role=Role.MODERATOR, reason="Helpful")
    page = admin.get(f"/admin/users/{busy.id}").text
    assert "changed the role of" in page
    assert f"/admin/audit/?target={busy.id}" in page


def test_admins_see_how_somebody_signed_in(admin, moderator, mira):
    url = f"/admin/users/{mira.id}"
    assert "Nothing yet." in admin.get(url).text
    place = {"ip_address": "203.0.113.7", "user_agent": "Firefox/1 Linux"}
    event = AuthEvent(at=now(), user_id=mira.id, kind="sign-in-failed", **place)
    with transaction() as session:
        session.add(event)
    page = admin.get(url).text
    for part in ("Somebody failed to sign in", "Firefox on Linux", "203.0.113.7"):
        assert part in page
    assert "Sign-in history" not in moderator.get(url).text


def test_counters_count_what_they_say(admin, busy):
    facts = shown(admin.get(f"/admin/users/{busy.id}"), r"<dt>((?:Thoughts|Replies|Removed|Open sessions)</dt><dd>\d+)")
    assert [fact.replace("</dt><dd>", " ") for fact in facts] == [
        "Thoughts 1",
        "Replies 1",
        "Removed 1",
        "Open sessions 1",
    ]


def test_counting_stops_for_those_who_write_and_write(admin, mira):
    fill = text(
        "insert into pythoughts (id, message, user_id) "
        "select to_char(n, 'FM00000000'), 'x', :author from generate_series(1, 10050) n"
    )
    with transaction() as session:
        session.execute(fill, {"author": mira.id})
    assert "<dt>Thoughts</dt><dd>10,000+</dd>" in admin.get(f"/admin/users/{mira.id}").text


def test_the_page_of_a_person_asks_the_database_at_most_twelve_times(admin, busy):
    url = f"/admin/users/{busy.id}"
    with statements() as sent:
        admin.get(url)
    assert len(sent) <= 12


@pytest.mark.parametrize("name", ["kenji", "priya"])
def test_nothing_is_offered_against_equals_and_betters(admin, app, name, kenji, priya):
    other = make_user("olga", role="admin")
    page = admin.get(f"/admin/users/{other.id}").text
    assert "Reset account" not in page
    mine = sign_in(app.test_client(), {"kenji": kenji, "priya": priya}[name])
    assert "/remove" not in mine.get(f"/admin/users/{other.id}").text


@pytest.mark.parametrize("key", ["nobody", "1,2", "x" * 65, "%00", "<b>"])
def test_who_is_nobody_is_not_found(admin, key):
    for act in ("", "/reset", "/ban", "/unban", "/role", "/sign-out"):
        assert admin.get(f"/admin/users/{key}{act}").status_code == 404
