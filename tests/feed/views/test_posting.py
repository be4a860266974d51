"""Writing, with and without JavaScript, and what comes back when it is refused."""

import re

import pytest
from sqlalchemy import func, select

from pythoughts.db import db
from pythoughts.feed.models import Post
from pythoughts.words.use_cases import add_word
from tests.factories import make_post, make_user, post, sign_in
from tests.pages import HTMX, articles


def total() -> int:
    return db.session.scalar(select(func.count()).select_from(Post))


def test_posting_without_javascript_leads_back_to_the_feed(mine):
    answer = post(mine, "/posts", {"message": "Hello"})
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Hello" in mine.get("/").text


def test_the_form_of_the_feed_posts_once_however_often_it_is_sent(mine):
    key = re.search(r'name="idempotency_key" value="([^"]+)"', mine.get("/").text)[1]
    for _turn in range(3):
        assert post(mine, "/posts", {"message": "Once", "idempotency_key": key}).status_code == 303
    assert total() == 1


def test_posting_by_htmx_brings_a_fresh_composer_and_the_post(mine):
    answer = post(mine, "/posts", {"message": "Hello"}, headers={**HTMX, "HX-Target": "form#composer"})
    assert answer.status_code == 200
    assert re.search(r'<form class="composer rest" id="composer"', answer.text)
    assert '<hx-partial hx-target="#feed-list" hx-swap="afterbegin">' in answer.text
    assert len(articles(answer)) == 1
    assert "Hello" not in answer.text.split("<hx-partial")[0]


def test_replying_above_the_replies_by_htmx_appends_the_reply(mine, ada):
    root = make_post(ada)
    data = {"message": "Yes", "reply_to_id": root.id}
    answer = post(mine, "/posts", data, headers={**HTMX, "HX-Target": "form#composer"})
    assert '<hx-partial hx-target="#reply-list" hx-swap="beforeend">' in answer.text
    assert f'name="reply_to_id" value="{root.id}"' in answer.text


def test_replying_inside_a_list_by_htmx_puts_the_reply_in_its_place(mine, ada):
    root = make_post(ada)
    data = {"message": "Yes", "reply_to_id": root.id}
    answer = post(mine, "/posts", data, headers={**HTMX, "HX-Target": f"form#c-{root.id}"})
    assert len(articles(answer)) == 1
    assert "<textarea" not in answer.text


def test_posting_on_a_page_of_its_own_leads_on(mine, ada):
    header = {**HTMX, "HX-Target": "form#page-composer"}
    answer = post(mine, "/posts", {"message": "Hello"}, headers=header)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/")


def test_a_reply_without_javascript_leads_to_its_place(mine, ada):
    root = make_post(ada)
    answer = post(mine, "/posts", {"message": "Yes", "reply_to_id": root.id})
    assert re.fullmatch(rf"/posts/{root.id}#post-[\w-]+", answer.location)
    assert answer.location.partition("#post-")[2] in articles(mine.get(answer.location))


@pytest.mark.parametrize("headers", [{}, {**HTMX, "HX-Target": "form#composer"}])
@pytest.mark.parametrize("typed", ["a" * 501, "kept\x00"])
def test_what_cannot_be_posted_comes_back_in_the_form(mine, typed, headers):
    answer = post(mine, "/posts", {"message": typed}, headers=headers)
    assert answer.status_code == 422
    assert typed.strip("\x00")[:40] in re.search(r"<textarea.*?</textarea>", answer.text, re.DOTALL)[0]
    assert 'role="alert"' in answer.text
    assert ("<html" in answer.text) is (not headers)


def test_a_limit_keeps_the_words_and_says_when(mine, ada):
    for number in range(5):
        post(mine, "/posts", {"message": f"{number}"})
    answer = post(mine, "/posts", {"message": "One too many"})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert "One too many" in answer.text


def test_whoever_is_not_verified_keeps_the_words_and_learns_how(visitor):
    sign_in(visitor, make_user("mira", verified=False))
    answer = post(visitor, "/posts", {"message": "Not lost"})
    assert answer.status_code == 403
    assert "Not lost" in answer.text
    assert "enter the code" in answer.text


@pytest.mark.parametrize(("state", "status"), [("removed", 410), ("deleted", 410), ("held", 409)])
def test_a_reply_to_what_is_not_live_keeps_the_words(mine, ada, state, status):
    root = make_post(ada, "the secret that was taken away", state=state)
    answer = post(mine, "/posts", {"message": "Not lost", "reply_to_id": root.id})
    assert answer.status_code == status
    assert "Not lost" in answer.text
    assert "the secret" not in answer.text


@pytest.mark.parametrize("parent", ["nowhere", "a\x00b", "'; drop table"])
def test_a_reply_to_nothing_keeps_the_words(mine, parent):
    answer = post(mine, "/posts", {"message": "Not lost", "reply_to_id": parent})
    assert answer.status_code == 404
    assert "Not lost" in answer.text


def test_a_page_that_was_open_too_long_gives_the_words_back(mine):
    answer = mine.post("/posts", data={"message": "Not lost", "csrf_token": "stale"})
    assert answer.status_code == 400
    assert "Not lost" in answer.text
    assert total() == 0


def test_a_corrected_form_posts(mine):
    first = post(mine, "/posts", {"message": "a" * 501, "idempotency_key": "first-key"})
    key = re.search(r'name="idempotency_key" value="([^"]+)"', first.text)[1]
    assert key != "first-key"
    assert post(mine, "/posts", {"message": "short", "idempotency_key": key}).status_code == 303


def test_visitors_are_sent_to_sign_in_before_they_write(visitor, ada):
    made = make_post(ada)
    for path in ("/posts/new", f"/posts/{made.id}/reply", f"/posts/{made.id}/delete"):
        answer = visitor.get(path)
        assert (answer.status_code, answer.location) == (303, f"/sign-in?next={path}")
    assert post(visitor, "/posts", {"message": "Hello"}).status_code == 303
    assert total() == 1


def test_pages_to_write_on_work_alone(mine, ada):
    made = make_post(ada, "What I answer")
    assert '<textarea id="page-composer-t"' in mine.get("/posts/new").text
    text = mine.get(f"/posts/{made.id}/reply").text
    assert "What I answer" in text
    assert f'name="reply_to_id" value="{made.id}"' in text


def test_the_reply_box_comes_as_a_fragment(mine, ada):
    made = make_post(ada)
    answer = mine.get(f"/posts/{made.id}/reply", headers=HTMX)
    assert "<html" not in answer.text
    assert f'id="c-{made.id}"' in answer.text


@pytest.fixture
def watched(app):
    """Words that block, hold and censor."""
    kenji = make_user("kenji", role="moderator")
    for word, action in [("darn", "block"), ("spam", "hold"), ("heck", "censor")]:
        add_word(actor=kenji, word=word, action=action)


@pytest.mark.parametrize("headers", [{}, {**HTMX, "HX-Target": "form#composer"}])
def test_a_blocked_word_is_named_and_the_text_stays(mine, watched, headers):
    answer = post(mine, "/posts", {"message": "Well DARN it"}, headers=headers)
    assert answer.status_code == 422
    assert "Our word filter flagged “DARN”. Rephrase it and post again." in answer.text
    assert "Well DARN it</textarea>" in answer.text
    assert total() == 0


def test_what_is_held_is_shown_to_its_author_as_waiting(mine, visitor, watched):
    answer = post(mine, "/posts", {"message": "spam"})
    assert answer.location.startswith("/posts/")
    assert "Waiting for a moderator" in mine.get(answer.location).text
    assert "Waiting for a moderator" in mine.get("/user/ada").text
    assert visitor.get(answer.location).status_code == 404
    assert articles(visitor.get("/user/ada")) == articles(visitor.get("/")) == []


def test_what_is_held_by_htmx_says_so_in_the_list(mine, watched):
    answer = post(mine, "/posts", {"message": "spam"}, headers={**HTMX, "HX-Target": "form#composer"})
    assert answer.status_code == 200
    assert "Waiting for a moderator" in answer.text


def test_a_censored_word_is_masked_on_every_page(mine, visitor, ada, watched):
    made = make_post(ada, "What the h3ck, juniper")
    for address in ("/", f"/posts/{made.id}", "/user/ada", "/search?q=juniper"):
        page = visitor.get(address).text
        assert "What the ••••" in page
        assert "h3ck" not in page
