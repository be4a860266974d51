"""A visitor's browser that has a page already is told so, and nobody else is."""

import pytest

from tests.factories import make_post


@pytest.fixture
def tag(visitor, ada):
    """What the feed with one post carries to be known again."""
    make_post(ada)
    return visitor.get("/").headers["ETag"]


def again(browser, tag, path="/", **headers):
    return browser.get(path, headers={"If-None-Match": tag, **headers})


def test_a_page_that_has_not_changed_is_not_sent_again(visitor, tag):
    answer = again(visitor, tag)
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert {"HX-Request", "Accept-Language", "Cookie"} <= set(answer.vary)


def test_a_page_that_has_changed_is_sent(visitor, ada, tag):
    make_post(ada, "News")
    answer = again(visitor, tag)
    assert answer.status_code == 200
    assert "News" in answer.text


def test_another_form_of_the_page_is_sent(visitor, tag):
    assert again(visitor, tag, **{"HX-Request": "true"}).status_code == 200
    visitor.set_cookie("theme", "dark")
    assert again(visitor, tag).status_code == 200


def test_somebody_signed_in_gets_every_page_anew(mine, tag):
    answer = again(mine, tag)
    assert answer.status_code == 200
    assert "ETag" not in answer.headers
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_page_that_brings_a_cookie_is_not_known_again(visitor):
    answer = visitor.get("/sign-in")
    assert "Set-Cookie" in answer.headers
    assert "ETag" not in answer.headers


def test_a_missing_page_is_not_known_again(visitor, ada):
    make_post(ada)
    assert "ETag" not in visitor.get("/posts/nowhere").headers
