"""The page that tells what happened to an account."""

import pytest
from sqlalchemy import insert

from pythoughts.auth.events import SENTENCES
from pythoughts.auth.models import AuthEvent, Event
from pythoughts.clock import now
from pythoughts.db import new_id, transaction
from tests.factories import PASSWORD, make_user, post, sign_in

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def ada(app):
    return make_user("ada")


def note(user, number, kind="sign-in"):
    rows = [{"id": new_id(), "at": now(), "user_id": user.id, "kind": kind} for _n in range(number)]
    with transaction() as database:
        database.execute(insert(AuthEvent), rows)


def test_every_kind_of_event_has_its_words():
    assert set(SENTENCES) == set(Event)


def test_the_browser_and_its_address_are_shown(client, ada):
    post(client, "/sign-in", {"identifier": "ada", "password": PASSWORD}, headers={"User-Agent": FIREFOX})
    page = client.get("/preferences/history").text
    assert "Signed in" in page
    assert "Firefox on Linux · 127.0.0.1" in page


def test_only_ones_own_history_is_shown(client, ada):
    note(make_user("grace"), 1, "password-reset")
    assert "New password set" not in sign_in(client, ada).get("/preferences/history").text


def test_older_lines_are_on_the_next_page(client, ada):
    note(ada, 3, "email-verified")
    note(ada, 50)
    first = sign_in(client, ada).get("/preferences/history").text
    assert (first.count("Signed in"), first.count("Email confirmed")) == (50, 0)
    way = first.partition("/preferences/history?before=")[2].partition('"')[0]
    second = client.get(f"/preferences/history?before={way}").text
    assert (second.count("Signed in"), second.count("Email confirmed")) == (0, 3)
    assert "before=" not in second


def test_a_way_that_makes_no_sense_shows_the_newest(client, ada):
    note(ada, 1)
    assert "Signed in" in sign_in(client, ada).get("/preferences/history?before=%27").text


def test_the_browser_keeps_the_cookie_it_is_known_by(client, ada):
    answer = post(client, "/sign-in", {"identifier": "ada", "password": PASSWORD})
    (cookie,) = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("pythoughts_device=")]
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=34560000"} <= set(cookie.split("; "))
    post(client, "/sign-out")
    value = client.get_cookie("pythoughts_device").value
    post(client, "/sign-in", {"identifier": "ada", "password": PASSWORD})
    assert client.get_cookie("pythoughts_device").value == value
