"""Searching as a visitor and as a member."""

import re

import pytest

from pythoughts.db import transaction
from pythoughts.feed.use_cases import delete_own_post, remove_post
from pythoughts.preferences.use_cases import ignore_person, save_settings
from pythoughts.search import queries
from tests.factories import make_post, make_user, sign_in
from tests.pages import HTMX, articles
from tests.statements import statements


@pytest.fixture
def ada(app):
    """A member who writes."""
    return make_user("ada", name="Ada Lovelace")


@pytest.fixture
def mira(app):
    """A member who reads."""
    return make_user("mira")


@pytest.fixture
def visitor(app):
    """A browser that nobody is signed in to."""
    return app.test_client()


def found(client, **arguments) -> list[str]:
    answer = client.get("/search", query_string=arguments)
    assert answer.status_code == 200
    return articles(answer)


def people(answer) -> list[str]:
    return re.findall(r'href="/user/([^"]+)">', answer.text.partition("<main")[2].partition("</main")[0])


def test_words_are_found_however_they_are_written(visitor, ada):
    post = make_post(ada, "Flask logins, tested")
    make_post(ada, "Django")
    assert found(visitor, q="FLASK tested") == [post.id]
    assert found(visitor, q="flasks") == []


def test_operators_of_search_engines_work(visitor, ada):
    near, apart, other = (make_post(ada, text) for text in ("flask login", "login for flask", "django"))
    assert found(visitor, q='"flask login"') == [near.id]
    assert found(visitor, q="flask -for") == [near.id]
    assert set(found(visitor, q="for or django")) == {apart.id, other.id}


def test_the_best_match_comes_first_and_the_newest_where_it_is_asked(visitor, ada):
    best = make_post(ada, "flask flask flask")
    newest = make_post(ada, "flask among many other words of a much longer text")
    assert found(visitor, q="flask") == [best.id, newest.id]
    assert found(visitor, q="flask", sort="new") == [newest.id, best.id]


def test_replies_are_found_with_what_they_answer(visitor, ada, mira):
    thought = make_post(ada, "tea")
    reply = make_post(mira, "coffee", reply_to=thought)
    answer = visitor.get("/search?q=coffee")
    assert articles(answer) == [reply.id]
    assert "Replying to" in answer.text


def test_what_is_gone_or_held_is_not_found(visitor, ada):
    kenji = make_user("kenji", role="moderator")
    removed, deleted = make_post(ada, "secret one"), make_post(ada, "secret two")
    make_post(ada, "secret three", state="held")
    remove_post(actor=kenji, post_id=removed.id, reason="Spam")
    delete_own_post(actor=ada, post_id=deleted.id)
    for sort in ("", "new"):
        assert found(visitor, q="secret", sort=sort) == []


def test_ignored_people_are_found_neither_by_words_nor_by_name(client, ada, mira):
    make_post(ada, "analytical engine")
    reader = sign_in(client, mira)
    assert len(found(reader, q="engine")) == 1
    assert people(reader.get("/search?q=ada&kind=people")) == ["ada"]
    ignore_person(actor=mira, username="ada")
    assert found(reader, q="engine") == found(reader, q="engine", sort="new") == []
    assert people(reader.get("/search?q=ada&kind=people")) == []


def test_matches_are_marked_and_markup_stays_text(visitor, ada):
    make_post(ada, "<b>flask</b> and https://flask.example/flask `flask`")
    text = visitor.get("/search?q=flask").text
    assert "&lt;b&gt;<mark>flask</mark>&lt;/b&gt;" in text
    assert "<code><mark>flask</mark></code>" in text
    assert queries.OPEN not in text
    (href,) = set(re.findall(r'href="(https://[^"]*)"', text))
    assert href == "https://flask.example/flask"


def test_our_marks_in_a_message_are_left_alone(visitor, ada):
    make_post(ada, f"flask {queries.CLOSE}<script>{queries.OPEN}")
    text = visitor.get("/search?q=flask").text
    assert "<script>" not in text.partition("<main")[2].partition("</main")[0]


def test_pages_go_on_by_number_or_by_post(visitor, ada):
    ids = [make_post(ada, "flask").id for _number in range(25)][::-1]
    best, newest = visitor.get("/search?q=flask"), visitor.get("/search?q=flask&sort=new")
    assert articles(best) == articles(newest) == ids[:20]
    (second,) = set(re.findall(r'href="(/search\?q=flask&amp;page=2)"', best.text))
    (older,) = set(re.findall(r'href="(/search\?q=flask&amp;sort=new&amp;before=[^"]+)"', newest.text))
    for address in (second, older):
        part = visitor.get(address.replace("&amp;", "&"), headers=HTMX)
        assert articles(part) == ids[20:]
        assert "<html" not in part.text
    assert found(visitor, q="flask", page="1") == ids[:20]


def test_ranked_matches_end_after_the_newest_thousand(visitor, ada, monkeypatch):
    monkeypatch.setattr(queries, "RANKED", 20)
    oldest, *ids = [make_post(ada, "flask").id for _number in range(21)]
    assert found(visitor, q="flask") == ids[::-1]
    assert "page=2" not in visitor.get("/search?q=flask").text
    assert visitor.get("/search?q=flask&page=2").status_code == 404
    assert oldest in found(visitor, q="flask", sort="new", before=ids[0])


@pytest.mark.parametrize("name", ["ada", "@Ada", "love", "ada love", "LOVELACE"])
def test_people_are_found_by_how_their_names_begin(visitor, ada, name):
    assert people(visitor.get("/search", query_string={"q": name, "kind": "people"})) == ["ada"]


def test_the_exact_name_comes_first(visitor, ada):
    make_user("abel.ada")
    make_user("ada.b")
    assert people(visitor.get("/search?q=ada&kind=people")) == ["ada", "ada.b", "abel.ada"]


def test_people_stand_above_the_first_page_of_posts(visitor, ada):
    make_post(ada, "ada")
    assert "ada" in people(visitor.get("/search?q=ada"))


def test_people_who_are_gone_are_not_found(visitor, ada):
    with transaction() as session:
        session.merge(ada).username = None
    assert people(visitor.get("/search?q=lovelace&kind=people")) == []


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ({"q": "x" * 200}, 200),
        ({"q": "x" * 201}, 400),
        ({"q": "a\ud800".encode("utf-8", "surrogatepass")}, 200),
        ({"q": "'); drop table"}, 200),
        ({"q": "& | ! ( ) <-> :* \\ ''"}, 200),
        ({"q": "-flask"}, 200),
        ({"q": "flask", "page": "2"}, 404),
        ({"q": "flask", "page": "0"}, 404),
        ({"q": "flask", "page": "-1"}, 404),
        ({"q": "flask", "page": "9" * 30}, 404),
        ({"q": "flask", "page": "abc"}, 400),
        ({"q": "flask", "before": "a b"}, 404),
        ({"q": "", "page": "abc"}, 200),
        ({"q": "._-@", "kind": "people"}, 200),
        ({"q": "o'neil \\", "kind": "people"}, 200),
    ],
)
def test_no_words_are_too_odd(visitor, ada, arguments, status):
    make_post(ada, "flask")
    assert visitor.get("/search", query_string=arguments).status_code == status


def test_a_search_asks_little(client, visitor, ada, mira):
    for _number in range(3):
        make_post(ada, "flask")
    with statements() as asked:
        visitor.get("/search?q=flask")
    assert len(asked) <= 2
    save_settings(actor=mira, settings={"page_size": 10})
    reader = sign_in(client, mira)
    with statements() as asked:
        reader.get("/search?q=flask")
    assert len(asked) <= 6


def test_the_page_of_results_stays_out_of_search_engines(visitor):
    assert '<meta name="robots" content="noindex">' in visitor.get("/search?q=flask").text
