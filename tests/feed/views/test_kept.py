"""Words outlive the session that they were written in."""

import re

import pytest
from sqlalchemy import delete

from pythoughts.auth.models import Session
from pythoughts.db import transaction
from pythoughts.feed.views.kept import COOKIE
from tests.factories import PASSWORD, csrf_token, make_post, post, sign_in
from tests.pages import HTMX

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def typed_in(answer) -> str:
    return re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", answer.text, re.DOTALL)[1]


@pytest.fixture
def signed_out(mine):
    """Ada's browser, whose session was ended from elsewhere."""
    csrf_token(mine)
    with transaction() as session:
        session.execute(delete(Session))
    return mine


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_thought_goes_through_the_sign_in(signed_out, visitor, headers):
    answer = post(signed_out, "/posts", {"message": "Half a\nthought <b>"}, headers=headers)
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/posts/new")
    answer = post(signed_out, answer.location, {"identifier": "ada", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/posts/new")
    page = signed_out.get("/posts/new")
    assert typed_in(page) == "Half a\nthought &lt;b&gt;"
    assert typed_in(signed_out.get("/posts/new")) == typed_in(page)
    assert post(signed_out, "/posts", {"message": "Half a\nthought"}).status_code == 303
    assert typed_in(signed_out.get("/posts/new")) == ""
    assert "Half a" in visitor.get("/").text


def test_a_reply_goes_on_where_it_was_begun(signed_out, ada):
    root = make_post(ada)
    answer = post(signed_out, "/posts", {"message": "An answer", "reply_to_id": root.id})
    assert answer.location == f"/sign-in?next=/posts/{root.id}/reply"
    sign_in(signed_out, ada)
    assert typed_in(signed_out.get(f"/posts/{root.id}/reply")) == "An answer"
    assert typed_in(signed_out.get("/posts/new")) == ""


def test_an_edit_goes_on_where_it_was_begun(signed_out, ada):
    made = make_post(ada, "First")
    answer = post(signed_out, f"/posts/{made.id}/edit", {"message": "Second", "version": "1"})
    assert answer.location == f"/sign-in?next=/posts/{made.id}/edit"
    sign_in(signed_out, ada)
    assert typed_in(signed_out.get(f"/posts/{made.id}/edit")) == "Second"
    assert post(signed_out, f"/posts/{made.id}/edit", {"message": "Second"}).status_code == 303
    assert signed_out.get_cookie(COOKIE) is None


def test_words_too_long_for_a_cookie_are_shown(signed_out):
    words = "".join(chr(0x4E00 + (number * 7919) % 20_000) for number in range(2_500))
    answer = post(signed_out, "/posts", {"message": words})
    assert answer.status_code == 422
    assert typed_in(answer) == words
    assert "/sign-in?next=/posts/new" in answer.text


def test_a_form_of_another_site_leaves_no_words(signed_out):
    data = {"message": "Planted", "csrf_token": "wrong"}
    answer = signed_out.post("/posts", data=data, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 400
    assert signed_out.get_cookie(COOKIE) is None
    assert signed_out.post("/posts", data=data, headers=SAME_ORIGIN).status_code == 303


def test_a_damaged_reply_leads_to_a_new_thought(signed_out):
    answer = post(signed_out, "/posts", {"message": "Words", "reply_to_id": "../x"})
    assert answer.location == "/sign-in?next=/posts/new"


@pytest.mark.parametrize("value", ["", "x", "eJw", "eJyrVgIAANwAzA==", "\u00e9", "a" * 3_000])
def test_a_damaged_cookie_is_none(mine, value):
    mine.set_cookie(COOKIE, value)
    assert typed_in(mine.get("/posts/new")) == ""
