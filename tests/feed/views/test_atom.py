"""Atom: valid, for everybody alike, and sent once while it stays the same."""

from datetime import datetime
from xml.etree.ElementTree import fromstring

import pytest
from sqlalchemy import update

from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.feed.models import Post
from pythoughts.feed.use_cases import edit_post
from pythoughts.markup import rich
from pythoughts.preferences.use_cases import block_person, ignore_person
from tests.factories import make_post, make_user
from tests.statements import statements

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = 'a ]]> <script>alert("1")</script> & \x0b\x01\x1b\ufffe &amp; *x* `<b>` \U0001f600'


def read(browser, path: str):
    answer = browser.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
    return fromstring(answer.data)  # noqa: S314  (we wrote it)


def titles(document) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in document.iter(f"{ATOM}entry")]


@pytest.mark.parametrize(("path", "page"), [("/feed.atom", "/"), ("/user/ada/feed.atom", "/user/ada")])
def test_a_feed_has_what_the_standard_asks_for(visitor, ada, path, page):
    made = make_post(ada, "Hello *you*\nand you")
    document = read(visitor, path)
    (entry,) = document.iter(f"{ATOM}entry")
    for part in (document, entry):
        assert part.findtext(f"{ATOM}id").startswith("tag:localhost,2026:/")
        assert part.findtext(f"{ATOM}title")
        assert datetime.fromisoformat(part.findtext(f"{ATOM}updated")) == made.created_at
    assert entry.findtext(f"{ATOM}title") == "Hello you and you"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "ada"
    assert entry.find(f"{ATOM}link").get("href") == f"http://localhost/posts/{made.id}"
    assert {link.get("rel"): link.get("href") for link in document.findall(f"{ATOM}link")} == {
        "self": f"http://localhost{path}",
        "alternate": f"http://localhost{page}",
    }


def test_whatever_is_typed_stays_text(visitor, ada):
    make_post(ada, HOSTILE)
    with transaction():
        ada.name = "A & <B> \x02"
    (entry,) = read(visitor, "/feed.atom").iter(f"{ATOM}entry")
    content = entry.find(f"{ATOM}content")
    kept = "".join(sign for sign in rich(HOSTILE) if sign not in "\x0b\x01\x1b\ufffe")
    assert (content.get("type"), content.text) == ("html", kept)
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "A & <B> "


def test_an_empty_feed_is_valid_too(visitor):
    assert titles(read(visitor, "/feed.atom")) == []


def test_only_what_a_visitor_may_read_is_in_it(mine, visitor, ada):
    mira = make_user("mira")
    root = make_post(mira, "Root")
    make_post(mira, "Reply", reply_to=root)
    for state in ("held", "removed", "deleted"):
        make_post(mira, "the secret", state=state)
    ignore_person(actor=ada, username="mira")
    block_person(actor=mira, username="ada")
    for browser in (mine, visitor):
        assert titles(read(browser, "/feed.atom")) == ["Root"]
        assert titles(read(browser, "/user/mira/feed.atom")) == ["Reply", "Root"]


def test_a_reader_who_has_it_gets_nothing_again(visitor, ada):
    made = make_post(ada, "First")
    tags = [visitor.get("/feed.atom").headers["ETag"] for _turn in range(2)]
    assert tags[0] == tags[1]
    again = visitor.get("/feed.atom", headers={"If-None-Match": tags[0]})
    assert (again.status_code, again.data) == (304, b"")
    edit_post(actor=ada, post_id=made.id, message="Second")
    changed = visitor.get("/feed.atom", headers={"If-None-Match": tags[0]})
    assert changed.status_code == 200
    assert "Second" in changed.text
    with transaction() as session:
        session.execute(update(Post).values(state="removed"))
    assert visitor.get("/feed.atom", headers={"If-None-Match": changed.headers["ETag"]}).status_code == 200


def test_it_costs_two_questions_and_no_cookie(visitor, ada):
    for _number in range(25):
        make_post(ada)
    visitor.get("/feed.atom")
    for path in ("/feed.atom", "/user/ada/feed.atom"):
        with statements() as asked:
            document = read(visitor, path)
        assert len(asked) <= 2
        assert len(titles(document)) == 20
        assert "Set-Cookie" not in visitor.get(path).headers


def test_a_person_has_one_address_while_they_are_here(visitor, ada):
    answer = visitor.get("/user/ADA/feed.atom")
    assert (answer.status_code, answer.location) == (301, "/user/ada/feed.atom")
    assert visitor.get("/user/nobody/feed.atom").status_code == 404
    with transaction():
        ada.delete_after = now()
    assert visitor.get("/user/ada/feed.atom").status_code == 410


def test_pages_name_their_feeds(visitor, ada):
    assert 'rel="alternate" type="application/atom+xml" title="Pythoughts" href="/feed.atom"' in visitor.get("/").text
    assert 'href="/user/ada/feed.atom"' in visitor.get("/user/ada").text
