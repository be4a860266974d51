"""What is new in the feed since somebody looked."""

import re
from datetime import timedelta

import pytest

from pythoughts.clock import now
from pythoughts.feed.queries import NEWER_COUNTED, count_newer
from pythoughts.feed.views.visits import COOKIE
from pythoughts.preferences.use_cases import block_person, ignore_person
from tests.factories import make_post, make_user, sign_in
from tests.pages import articles
from tests.statements import statements


@pytest.fixture
def mira(app):
    """Somebody who writes."""
    return make_user("mira")


@pytest.fixture
def later(monkeypatch):
    """Let so many minutes pass."""

    def act(minutes):
        moment = now() + timedelta(minutes=minutes)
        for place in ("pythoughts.feed.views.visits.now", "pythoughts.web.now"):
            monkeypatch.setattr(place, lambda: moment)

    return act


def asked_by(page) -> str:
    return re.search(r'hx-get="(/feed/new\?after=[^"]+)"', page.text)[1]


def test_the_feed_asks_for_what_is_newer_than_its_newest(mine, visitor, mira):
    make_post(mira)
    for browser in (mine, visitor):
        address = asked_by(browser.get("/"))
        assert browser.get(address).status_code == 204
        assert browser.get(address).data == b""


def test_what_came_meanwhile_is_counted(mine, visitor, mira):
    address = asked_by(mine.get("/"))
    for expected in ("1 new thought<", "2 new thoughts<"):
        reply_to = make_post(mira)
        make_post(mira, reply_to=reply_to)
        for browser in (mine, visitor):
            answer = browser.get(address)
            assert answer.status_code == 200
            assert expected in answer.text.replace("\n", "")


def test_own_and_unheard_and_hidden_thoughts_are_no_news(mine, visitor, ada, mira):
    address = asked_by(mine.get("/"))
    noah = make_user("noah")
    ignore_person(actor=ada, username="mira")
    block_person(actor=noah, username="ada")
    for author, state in ((ada, "live"), (mira, "live"), (noah, "live"), (make_user("kenji"), "held")):
        make_post(author, state=state)
    assert mine.get(address).status_code == 204
    assert "3 new thoughts" in visitor.get(address).text


def test_counting_stops(mine, mira):
    for _number in range(NEWER_COUNTED + 5):
        make_post(mira)
    assert count_newer(None, reader_id=None) == NEWER_COUNTED + 1
    assert "More than 99 new thoughts" in mine.get("/feed/new?after=0").text


def test_counting_is_one_question_that_the_feeds_index_answers(app, mira):
    with statements() as asked:
        count_newer("x", reader_id=None)
    assert len(asked) == 1
    assert "state = 'live'" in asked[0]


@pytest.mark.parametrize(
    ("query", "status"), [("", 204), ("after=nowhere", 204), ("after=a,b", 404), ("after=%00", 400)]
)
def test_every_parameter_has_an_answer(visitor, query, status):
    assert visitor.get(f"/feed/new?{query}").status_code == status


def test_older_pages_do_not_ask(mine, mira):
    made = make_post(mira)
    assert "/feed/new" not in mine.get(f"/?before={made.id}").text


def test_whoever_comes_back_sees_where_they_were(mine, mira, later):
    old = make_post(mira).id
    assert "You were here" not in mine.get("/").text
    new = make_post(mira).id
    later(60)
    page = mine.get("/")
    assert articles(page) == [new, old]
    rule = page.text.index("unread-rule")
    assert page.text.index(f"post-{new}") < page.text.index(f"post-{old}")
    assert rule > page.text.index(f"post-{new}")
    assert "You were here" in page.text


def test_a_look_soon_after_is_the_same_visit(mine, mira, later):
    make_post(mira)
    mine.get("/")
    make_post(mira)
    later(29)
    assert "You were here" not in mine.get("/").text


def test_the_line_stays_for_the_visit_and_moves_with_the_next(mine, mira, later):
    old = make_post(mira).id
    mine.get("/")
    make_post(mira)
    later(60)
    first = mine.get("/").text
    later(65)
    assert "You were here 1h ago" in first
    assert mine.get("/").text.index("unread-rule") < mine.get("/").text.index(f"post-{old}")
    later(120)
    assert "You were here" not in mine.get("/").text


def test_the_line_is_found_on_an_older_page(mine, mira, later, monkeypatch):
    make_post(mira)
    mine.get("/")
    for _number in range(25):
        make_post(mira)
    later(60)
    page = mine.get("/")
    assert "You were here" not in page.text
    assert mine.get(f"/?before={articles(page)[-1]}").text.count("You were here") == 1


def test_the_line_is_its_readers_own(mine, visitor, app, ada, mira, later):
    make_post(mira)
    mine.get("/")
    make_post(mira)
    later(60)
    assert "You were here" not in visitor.get("/").text
    assert "Set-Cookie" not in visitor.get("/").headers
    sign_in(mine, make_user("noah"))
    assert "You were here" not in mine.get("/").text


@pytest.mark.parametrize(
    "value", ["", "x", "a.b.c.d.e", "{user}..99999999999.x.1", "{user}.x.99999999999.x.1", "\u00e9"]
)
def test_a_damaged_cookie_is_none(mine, ada, mira, value):
    make_post(mira)
    mine.set_cookie(COOKIE, value.format(user=ada.id))
    assert mine.get("/").status_code == 200
