"""The page to edit on, and the one that says what was said before."""

import re
from datetime import timedelta

import pytest

from pythoughts.clock import now
from pythoughts.feed.use_cases import edit_post
from pythoughts.preferences.use_cases import block_person
from pythoughts.words.models import Action
from pythoughts.words.use_cases import add_word
from tests.factories import make_post, make_user, post, sign_in
from tests.pages import HTMX


def version_in(answer) -> str:
    return re.search(r'name="version" value="(\d*)"', answer.text)[1]


def typed_in(answer) -> str:
    return re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", answer.text, re.DOTALL)[1]


def test_an_author_edits_and_everybody_sees_it_at_once(mine, visitor, ada):
    made = make_post(ada, "Frist")
    page = mine.get(f"/posts/{made.id}/edit")
    assert typed_in(page) == "Frist"
    answer = post(mine, f"/posts/{made.id}/edit", {"message": "First", "version": version_in(page)})
    assert (answer.status_code, answer.location) == (303, f"/posts/{made.id}")
    text = visitor.get("/").text
    assert "First" in text
    assert f'href="/posts/{made.id}/history">edited</a>' in text
    assert f'href="/posts/{made.id}/history">edited</a>' in visitor.get(f"/posts/{made.id}").text


def test_everybody_may_read_what_was_said_before(visitor, ada):
    made = make_post(ada, "one <b>")
    for text in ("two", "three"):
        edit_post(actor=ada, post_id=made.id, message=text)
    page = visitor.get(f"/posts/{made.id}/history")
    said = re.findall(r'<div class="prose-post[^>]*><p>(.*?)</p>', page.text)
    assert said == ["three", "two", "one &lt;b&gt;"]
    assert 'content="noindex"' in page.text


def test_masked_words_stay_masked_in_the_history_but_not_for_the_editor(mine, visitor, ada):
    add_word(actor=make_user("root", role="admin"), word="blorft", action=Action.CENSOR)
    made = make_post(ada, "Blorft one")
    edit_post(actor=ada, post_id=made.id, message="Blorft two")
    assert "lorft" not in visitor.get(f"/posts/{made.id}/history").text
    assert typed_in(mine.get(f"/posts/{made.id}/edit")) == "Blorft two"


@pytest.mark.parametrize(("state", "theirs", "own", "staff"), [
    ("live", 200, 200, 200), ("held", 404, 200, 200), ("removed", 410, 410, 410), ("deleted", 410, 410, 410),
])  # fmt: skip
def test_the_history_is_for_whom_the_post_is_for(mine, visitor, app, ada, state, theirs, own, staff):
    made = make_post(ada, edited_at=now(), state=state)
    moderator = sign_in(app.test_client(), make_user("kenji", role="moderator"))
    statuses = [browser.get(f"/posts/{made.id}/history").status_code for browser in (visitor, mine, moderator)]
    assert statuses == [theirs, own, staff]


def test_a_block_hides_the_history_too(mine, ada):
    mira = make_user("mira")
    made = make_post(mira, edited_at=now())
    block_person(actor=mira, username="ada")
    assert mine.get(f"/posts/{made.id}/history").status_code == 404


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_conflict_shows_both_texts_and_the_next_try_replaces(mine, ada, headers):
    made = make_post(ada, "First")
    edit_post(actor=ada, post_id=made.id, message="From my phone")
    answer = post(mine, f"/posts/{made.id}/edit", {"message": "From my desk", "version": "1"}, headers=headers)
    assert answer.status_code == 409
    assert "<p>From my phone</p>" in answer.text
    assert typed_in(answer) == "From my desk"
    again = {"message": "From my desk", "version": version_in(answer)}
    assert post(mine, f"/posts/{made.id}/edit", again).status_code == 303
    assert "From my desk" in mine.get("/").text


def test_saving_by_htmx_leads_to_the_thought(mine, ada):
    made = make_post(ada, "First")
    answer = post(mine, f"/posts/{made.id}/edit", {"message": "Second"}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, f"/posts/{made.id}")


@pytest.mark.parametrize(("columns", "status"), [
    ({"created_at": now() - timedelta(days=1)}, 403), ({"state": "removed"}, 410), ({"state": "deleted"}, 410),
])  # fmt: skip
def test_too_late_keeps_the_words(mine, ada, columns, status):
    made = make_post(ada, "the secret", **columns)
    assert mine.get(f"/posts/{made.id}/edit").status_code == status
    answer = post(mine, f"/posts/{made.id}/edit", {"message": "Not lost"})
    assert answer.status_code == status
    assert typed_in(answer) == "Not lost"
    assert "the secret" not in answer.text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_cannot_be_saved_comes_back_in_the_form(mine, ada, headers):
    made = make_post(ada, "First")
    answer = post(mine, f"/posts/{made.id}/edit", {"message": "b" * 501, "version": "1"}, headers=headers)
    assert answer.status_code == 422
    assert typed_in(answer) == "b" * 501
    assert "1 character too long" in answer.text
    assert ("<html" in answer.text) is (not headers)


def test_a_stale_token_gives_the_words_back(mine, ada):
    made = make_post(ada, "First")
    answer = mine.post(f"/posts/{made.id}/edit", data={"message": "Not lost", "csrf_token": "stale"})
    assert answer.status_code == 400
    assert typed_in(answer) == "Not lost"
    assert "First" in mine.get("/").text


def test_strangers_neither_see_nor_send_the_form(mine, visitor):
    theirs = make_post(make_user("mira"), "Theirs")
    assert mine.get(f"/posts/{theirs.id}/edit").status_code == 404
    assert post(mine, f"/posts/{theirs.id}/edit", {"message": "Mine"}).status_code == 403
    assert visitor.get(f"/posts/{theirs.id}/edit").status_code == 303
    assert post(mine, "/posts/nowhere/edit", {"message": "Mine"}).status_code == 404
    assert "Theirs" in visitor.get("/").text


@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 30])
def test_a_damaged_version_is_none(mine, ada, version):
    made = make_post(ada, "First")
    assert post(mine, f"/posts/{made.id}/edit", {"message": "Second", "version": version}).status_code == 303
