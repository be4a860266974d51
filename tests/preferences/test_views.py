"""The settings pages."""

import re

import pytest
from sqlalchemy import select

from pythoughts.auth.models import Session
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.preferences.queries import get_choices
from pythoughts.preferences.use_cases import ignore_person, save_settings
from tests.factories import PASSWORD, make_post, make_user, post, sign_in
from tests.pages import HTMX, articles
from tests.statements import statements

PAGES = [
    "/preferences",
    "/preferences/ignored",
    "/preferences/password",
    "/preferences/devices",
    "/preferences/appearance",
]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture
def ada(app):
    return make_user("ada")


@pytest.fixture
def mine(client, ada):
    return sign_in(client, ada)


@pytest.fixture
def phone(app, ada):
    """Ada's other browser."""
    return sign_in(
        app.test_client(), ada, user_agent="<script>alert(1)</script> iPhone Safari", ip_address="203.0.113.9"
    )


def checked(text: str) -> set[str]:
    return set(re.findall(r'name="(?:theme|density)" value="(\w+)" checked', text))


@pytest.mark.parametrize("page", PAGES)
def test_pages_open_for_members_in_six_questions_at_most(mine, page):
    with statements() as asked:
        answer = mine.get(page)
    assert answer.status_code == 200
    assert len(asked) <= 6
    assert len(re.findall(r'<nav class="tabs".*?</nav>', answer.text, re.DOTALL)[0].split("aria-current")) == 2


@pytest.mark.parametrize("page", ["/profile", "/preferences/profile"])
def test_old_addresses_lead_to_the_settings(mine, page):
    assert mine.get(page).location == "/preferences"


@pytest.mark.parametrize("address", ["/preferences", "/preferences/profile"])
def test_a_profile_is_saved(mine, ada, address):
    data = {"name": "Ada L.", "bio": "Engines", "page_size": "50"}
    assert post(mine, address, data).location == "/preferences"
    text = mine.get("/user/ada").text
    assert "Ada L." in text
    assert "Engines" in text
    assert get_choices(ada.id).page_size == 50
    assert '<option selected value="50">' in mine.get("/preferences").text


def test_a_profile_that_is_refused_comes_back_filled_in(mine):
    answer = post(mine, "/preferences", {"name": "a" * 60, "bio": "kept", "page_size": "20"})
    assert answer.status_code == 422
    assert "a" * 60 in answer.text
    assert "kept" in answer.text


@pytest.mark.parametrize("size", ["11", "abc", "", "\x00", "9" * 5000])
def test_a_page_size_that_is_not_offered_is_refused(mine, ada, size):
    assert post(mine, "/preferences", {"name": "Ada", "page_size": size}).status_code == 422
    assert get_choices(ada.id).page_size == 20


def test_ignoring_from_a_post_leads_back_to_where_it_was(mine, ada):
    make_post(make_user("mira"))
    answer = post(mine, "/user/mira/ignore", headers={"Referer": "http://localhost/?before=zzz"})
    assert (answer.status_code, answer.location) == (303, "/?before=zzz")
    assert "You are ignoring @mira." in mine.get("/").text


@pytest.mark.parametrize(
    "referer",
    ["http://evil.example/", "http://localhost//evil.example", "javascript:alert(1)", "http://localhost/\\evil"],
)
def test_going_back_never_leaves_the_site(mine, referer):
    make_user("mira")
    assert post(mine, "/user/mira/ignore", headers={"Referer": referer}).location == "/"


def test_ignoring_by_htmx_brings_a_note_that_can_be_undone(mine, ada):
    mira = make_user("mira")
    answer = post(mine, "/user/mira/ignore", headers=HTMX)
    assert answer.status_code == 200
    assert "You are ignoring @mira" in answer.text
    assert 'hx-post="/user/mira/unignore"' in answer.text
    assert get_choices(ada.id).ignored == {mira.id}
    assert post(mine, "/user/mira/unignore", headers=HTMX).headers["HX-Refresh"] == "true"
    assert get_choices(ada.id).ignored == frozenset()


def test_whom_one_ignores_shows_in_ones_other_browser_at_once(mine, phone):
    made = make_post(make_user("mira")).id
    assert articles(phone.get("/")) == [made]
    post(mine, "/user/mira/ignore")
    assert articles(phone.get("/")) == []
    post(phone, "/user/mira/unignore")
    assert articles(mine.get("/")) == [made]


def test_nobody_can_tell_who_ignores_them(mine, app):
    mira = make_user("mira")
    make_post(mira)
    theirs = sign_in(app.test_client(), mira)
    before = theirs.get("/user/ada").text
    post(mine, "/user/mira/ignore")
    assert re.sub(r'value="[^"]*"|X-CSRFToken[^}]*', "", theirs.get("/user/ada").text) == re.sub(
        r'value="[^"]*"|X-CSRFToken[^}]*', "", before
    )


@pytest.mark.parametrize(
    ("path", "status"), [("/user/nobody/ignore", 404), ("/user/ada/ignore", 422), ("/user/a%00/ignore", 404)]
)
def test_only_other_people_can_be_ignored(mine, path, status):
    assert post(mine, path).status_code == status


def test_people_are_added_to_the_list_by_name(mine, ada):
    make_user("mira")
    assert post(mine, "/preferences/ignored", {"username": "@Mira"}).status_code == 303
    text = mine.get("/preferences/ignored").text
    assert "Stop ignoring @mira" in text
    post(mine, "/user/mira/unignore", headers={"Referer": "http://localhost/preferences/ignored"})
    assert "You are not ignoring anyone" in mine.get("/preferences/ignored").text


@pytest.mark.parametrize(("typed", "status"), [("nobody", 404), ("ada", 422), ("", 422), ("a\x00", 404)])
def test_a_name_that_cannot_be_added_comes_back(mine, typed, status):
    answer = post(mine, "/preferences/ignored", {"username": typed})
    assert answer.status_code == status
    assert 'aria-invalid="true"' in answer.text


def test_the_list_of_ignored_people_goes_on(mine, ada, monkeypatch):
    monkeypatch.setattr("pythoughts.preferences.queries.IGNORED_SHOWN", 2)
    for name in ("mira", "zoe", "noah"):
        make_user(name, password=None)
        ignore_person(actor=ada, username=name)
    (more,) = set(re.findall(r'href="(/preferences/ignored\?after=[^"]+)"', mine.get("/preferences/ignored").text))
    rest = mine.get(more, headers=HTMX)
    assert "@mira" in rest.text
    assert "@noah" not in rest.text
    assert mine.get("/preferences/ignored?after=nowhere").status_code == 200


def test_a_password_is_changed_and_other_devices_are_signed_out(mine, phone, ada):
    answer = post(mine, "/preferences/password", {"current_password": PASSWORD, "new_password": "another long walk"})
    assert (answer.status_code, answer.location) == (303, "/preferences/password")
    assert mine.get("/preferences/password").status_code == 200
    assert phone.get("/preferences").status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "words"),
    [
        ("wrong", "another long walk", "not your current password"),
        (PASSWORD, "short", ""),
        ("", "another long walk", "Enter your current password"),
        (PASSWORD, "", "Choose a new password"),
        ("a\x00b", "another long walk", ""),
        (PASSWORD, "another\x00long walk", ""),
    ],
)
def test_a_password_that_cannot_be_changed_stays(mine, phone, current, new, words):
    answer = post(mine, "/preferences/password", {"current_password": current, "new_password": new})
    assert answer.status_code == 422
    assert words in answer.text
    assert phone.get("/preferences").status_code == 200


def test_devices_are_listed_with_this_one_marked(mine, phone, ada):
    text = mine.get("/preferences/devices").text
    assert text.count("<li") >= 2
    assert text.count("This device") == 1
    assert "Safari on iPhone" in text
    assert "203.0.113.9" in text
    assert "<script>alert" not in text


def test_a_device_is_signed_out_by_its_next_click(mine, phone):
    (path,) = set(re.findall(r'action="(/preferences/devices/[\w-]+/revoke)"', mine.get("/preferences/devices").text))
    assert post(mine, path).location == "/preferences/devices"
    assert phone.get("/preferences").status_code == 303
    assert mine.get("/preferences").status_code == 200


def test_all_other_devices_are_signed_out_together(mine, phone):
    post(mine, "/preferences/devices/revoke-others")
    assert phone.get("/preferences").status_code == 303
    assert mine.get("/preferences").status_code == 200


def test_a_strangers_device_cannot_be_signed_out(mine, app):
    theirs = sign_in(app.test_client(), make_user("mira"))
    session_id = db.session.scalar(select(Session.id).order_by(Session.id.desc()))
    assert post(mine, f"/preferences/devices/{session_id}/revoke").status_code == 404
    assert theirs.get("/preferences").status_code == 200


def test_devices_of_the_past_are_not_listed(mine, ada):
    with transaction() as session:
        session.add(Session(token="0" * 64, user_id=ada.id, expires_at=now(), user_agent=FIREFOX))
    assert "Firefox on Linux" not in mine.get("/preferences/devices").text


def test_appearance_is_saved_for_the_member_and_the_theme_for_the_browser(mine, ada):
    answer = post(mine, "/preferences/appearance", {"theme": "dark", "density": "compact", "shortcuts": "y"})
    assert answer.status_code == 303
    choices = get_choices(ada.id)
    assert (choices.theme, choices.density, choices.background, choices.shortcuts) == ("dark", "compact", False, True)
    text = mine.get("/preferences/appearance").text
    assert checked(text) == {"dark", "compact"}
    assert 'data-theme="dark"' in text


def test_another_browser_of_the_member_looks_the_same(phone, ada):
    off = {"background": False, "motion": False, "shortcuts": False}
    save_settings(actor=ada, settings={"theme": "dark", "density": "compact", **off})
    html = re.search(r"<html[^>]*>", phone.get("/").text)[0]
    for attribute in ("theme", "dark"), ("lists", "compact"), ("bg", "off"), ("motion", "off"), ("keys", "off"):
        assert 'data-{}="{}"'.format(*attribute) in html


@pytest.mark.parametrize(
    "data", [{"theme": "pink"}, {"theme": ""}, {"theme": "\x00"}, {"theme": "dark", "density": "tight"}]
)
def test_an_appearance_that_is_not_offered_is_refused(mine, ada, data):
    assert post(mine, "/preferences/appearance", data).status_code == 422
    assert get_choices(ada.id).theme == "system"
