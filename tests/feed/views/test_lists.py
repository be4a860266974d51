"""The feed as a page, and the bounds of what its address may ask."""

import re

import pytest

from pythoughts.preferences.use_cases import ignore_person, save_settings
from tests.factories import make_post, make_user, post, sign_in
from tests.pages import HTMX, articles
from tests.statements import statements


def test_a_visitor_reads_the_feed(visitor, ada):
    made = make_post(ada, "Hello <b>you</b>")
    answer = visitor.get("/")
    assert answer.status_code == 200
    assert articles(answer) == [made.id]
    assert "Hello &lt;b&gt;you&lt;/b&gt;" in answer.text
    assert "<textarea" not in answer.text


def test_a_visitors_page_sets_no_cookie_and_asks_one_question(visitor, ada):
    for _number in range(25):
        make_post(ada)
    with statements() as asked:
        answer = visitor.get("/")
    assert len(asked) == 1
    assert "Set-Cookie" not in answer.headers


def test_the_feed_has_pages_of_the_chosen_size(mine, ada):
    ids = [make_post(ada).id for _number in range(12)]
    save_settings(actor=ada, settings={"page_size": 10})
    answer = mine.get("/")
    assert articles(answer) == ids[:1:-1]
    (older,) = set(re.findall(r'href="(/\?before=[^"]+)"', answer.text))
    assert articles(mine.get(older)) == ids[1::-1]
    assert "before=" not in mine.get(older).text


def test_the_next_page_comes_as_a_fragment_that_proxies_keep_apart(visitor, ada):
    for _number in range(21):
        make_post(ada)
    whole, part = visitor.get("/"), visitor.get("/", headers=HTMX)
    assert "<html" in whole.text
    assert "<html" not in part.text
    assert articles(whole) == articles(part)
    assert "HX-Request" in whole.vary
    assert "HX-Request" in part.vary


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("page=1", 200),
        ("page=2", 200),
        ("page=3", 404),
        ("page=0", 404),
        ("page=-1", 404),
        ("page=501", 404),
        (f"page={'9' * 5000}", 404),
        ("page=abc", 400),
        ("page=1.5", 400),
        ("page=", 400),
        ("page=%D9%A3", 400),
        ("page=1%00", 400),
        ("before=nowhere", 200),
        ("before=%00", 400),
        ("before=..%2F", 404),
        ("before=", 404),
        ("unknown=%F0%28%8C%28", 200),
    ],
)
def test_every_parameter_has_an_answer(visitor, ada, query, status):
    for _number in range(21):
        make_post(ada)
    assert visitor.get(f"/?{query}").status_code == status


@pytest.mark.parametrize(
    "path",
    ["/posts/%00", "/posts/a%00b", "/posts/a,b", "/posts/..", "/posts/" + "x" * 65, "/user/a%00", "/user/%F0%28",
     "/user/" + "x" * 5000, "/avatar/a%00/1.svg", "/avatar/x/abc.svg", "/avatar/x/-1.svg", "/posts/nowhere"],
)  # fmt: skip
def test_junk_in_a_path_is_not_found(visitor, path):
    assert visitor.get(path).status_code == 404


def test_an_empty_community_invites(visitor, mine):
    assert "No thoughts yet" in visitor.get("/").text
    assert "No thoughts yet" in mine.get("/").text


def test_a_member_who_is_not_verified_is_led_to_the_code(visitor):
    sign_in(visitor, make_user("mira", verified=False))
    text = visitor.get("/").text
    assert 'href="/verify"' in text
    assert "<textarea" not in text


def test_whom_a_reader_ignores_is_not_in_their_feed(mine, visitor, ada):
    mira = make_user("mira")
    theirs = make_post(mira).id
    ignore_person(actor=ada, username="mira")
    assert articles(mine.get("/")) == []
    assert articles(visitor.get("/")) == [theirs]


@pytest.mark.parametrize(
    "path", ["/", "/posts/{post_id}", "/user/ada", "/user/ada?tab=replies", "/preferences/ignored"]
)
def test_a_members_page_asks_six_questions_at_most(mine, ada, path):
    root = make_post(ada)
    for number in range(30):
        make_post(make_user(f"member{number}"), reply_to=root)
        make_post(ada)
    path = path.format(post_id=root.id)
    with statements() as asked:
        assert mine.get(path).status_code == 200
    assert len(asked) <= 6


@pytest.mark.parametrize("path", ["/", "/?page=1", "/?page=2", "/posts/{post_id}", "/user/ada"])
def test_a_visitors_page_asks_two_questions_at_most(visitor, ada, path):
    root = make_post(ada)
    for _number in range(25):
        make_post(ada)
        make_post(ada, reply_to=root)
    path = path.format(post_id=root.id)
    with statements() as asked:
        assert visitor.get(path).status_code == 200
    assert len(asked) <= 2


def test_two_browsers_see_each_others_posts_and_removals_at_once(mine, visitor, ada):
    post(mine, "/posts", {"message": "News"})
    assert "News" in visitor.get("/").text
    (made,) = articles(visitor.get("/"))
    post(mine, f"/posts/{made}/delete")
    assert "News" not in visitor.get("/").text
