"""One post with its replies, and taking it away."""

import re

import pytest

from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.preferences.use_cases import ignore_person
from tests.factories import csrf_token, make_post, make_user, post, sign_in
from tests.pages import HTMX, articles
from tests.statements import statements


def test_a_thread_shows_its_replies_and_takes_two_questions(visitor, ada):
    root = make_post(ada)
    replies = [make_post(ada, reply_to=root).id for _number in range(3)]
    root_id = root.id
    with statements() as asked:
        answer = visitor.get(f"/posts/{root_id}")
    assert articles(answer) == [root_id, *replies]
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("state", "words"), [("removed", "Removed by a moderator"), ("deleted", "Deleted by its author")]
)
def test_what_was_taken_away_is_a_stub_while_it_has_replies(visitor, ada, state, words):
    root = make_post(ada, "the secret", state=state)
    assert visitor.get(f"/posts/{root.id}").status_code == 410
    reply = make_post(ada, "still here", reply_to=root)
    answer = visitor.get(f"/posts/{root.id}")
    assert answer.status_code == 200
    assert articles(answer) == [root.id, reply.id]
    assert words in answer.text
    assert "the secret" not in answer.text


def test_what_was_taken_away_shows_its_words_nowhere(mine, visitor, ada):
    root = make_post(ada)
    gone = make_post(ada, "the secret", reply_to=root, state="removed")
    make_post(ada, reply_to=gone)
    for path in ("/", f"/posts/{root.id}", f"/posts/{gone.id}", "/user/ada", f"/posts/{gone.id}/reply"):
        assert "the secret" not in visitor.get(path).text
        assert "the secret" not in mine.get(path).text


def test_a_held_post_is_for_its_author_and_staff(mine, visitor, app, ada):
    made = make_post(ada, state="held")
    moderator = sign_in(app.test_client(), make_user("kenji", role="moderator"))
    assert visitor.get(f"/posts/{made.id}").status_code == 404
    for insider in (mine, moderator):
        answer = insider.get(f"/posts/{made.id}")
        assert "Waiting for a moderator" in answer.text


def test_a_reply_by_somebody_ignored_is_folded_with_the_reason(mine, ada):
    root = make_post(ada)
    make_post(make_user("mira"), "noise", reply_to=root)
    ignore_person(actor=ada, username="mira")
    folded = re.search(r"<details.*?</details>", mine.get(f"/posts/{root.id}").text, re.DOTALL)[0]
    assert "You are ignoring this member" in folded
    assert "noise" in folded


def test_more_replies_are_a_link_away(visitor, ada, monkeypatch):
    monkeypatch.setattr("pythoughts.feed.queries.threads.REPLIES_SHOWN", 3)
    root = make_post(ada)
    ids = [make_post(ada, reply_to=root).id for _number in range(5)]
    answer = visitor.get(f"/posts/{root.id}")
    assert articles(answer) == [root.id, *ids[:3]]
    (later,) = set(re.findall(r'href="(/posts/[\w-]+\?after=[^"]+)"', answer.text))
    assert articles(visitor.get(later, headers=HTMX)) == ids[3:]
    assert articles(visitor.get(later)) == [root.id, *ids[3:]]


def test_a_deep_thread_goes_on_at_the_permalink_of_its_last_reply(visitor, ada):
    posts = [make_post(ada)]
    for _level in range(8):
        posts.append(make_post(ada, reply_to=posts[-1]))
    answer = visitor.get(f"/posts/{posts[0].id}")
    assert articles(answer) == [each.id for each in posts[:7]]
    last = re.search(r'href="/posts/([\w-]+)">Continue this thread', answer.text)[1]
    assert articles(visitor.get(f"/posts/{last}")) == [each.id for each in posts[6:]]


def test_an_author_deletes_a_post_after_being_asked(mine, ada):
    made = make_post(ada, "Going")
    text = mine.get(f"/posts/{made.id}/delete").text
    assert "Going" in text
    assert f'action="/posts/{made.id}/delete"' in text
    assert post(mine, f"/posts/{made.id}/delete").status_code == 303
    assert mine.get(f"/posts/{made.id}").status_code == 410


def test_a_stranger_may_not_delete_a_post(mine):
    theirs = make_post(make_user("mira"))
    assert mine.get(f"/posts/{theirs.id}/delete").status_code == 404
    assert post(mine, f"/posts/{theirs.id}/delete").status_code == 403
    assert articles(mine.get("/")) == [theirs.id]


def test_the_menu_offers_deleting_to_authors_and_ignoring_to_others(mine, app, ada):
    made = make_post(ada)
    other = sign_in(app.test_client(), make_user("mira"))
    assert f"/posts/{made.id}/delete" in mine.get("/").text
    assert "/user/ada/ignore" not in mine.get("/").text
    assert "/user/ada/ignore" in other.get("/").text
    assert f"/posts/{made.id}/delete" not in other.get("/").text


def test_posts_of_somebody_erased_stay_without_a_name(visitor, ada):
    gone = make_user("mira", password=None)
    made = make_post(gone, "still here")
    with transaction():
        gone.username = gone.display_username = gone.name = None
        gone.deleted_at = gone.anonymised_at = now()
    answer = visitor.get(f"/posts/{made.id}")
    assert "deleted member" in answer.text
    assert "still here" in answer.text
    assert "deleted member" in visitor.get("/").text


def test_a_form_needs_its_token(mine, ada):
    made = make_post(ada)
    assert mine.post(f"/posts/{made.id}/delete").status_code == 400
    assert csrf_token(mine)
    assert articles(mine.get("/")) == [made.id]


def test_the_order_of_replies_is_chosen_by_a_link(mine, ada):
    root = make_post(ada)
    ids = [make_post(ada, reply_to=root).id for _number in range(2)]
    page = mine.get(f"/posts/{root.id}")
    assert articles(page) == [root.id, *ids]
    assert f'href="/posts/{root.id}?sort=new"' in page.text
    turned = mine.get(f"/posts/{root.id}?sort=new")
    assert articles(turned) == [root.id, *ids[::-1]]
    assert "Oldest first" in turned.text
    assert articles(mine.get(f"/posts/{root.id}?sort=nonsense")) == [root.id, *ids]


def test_a_new_reply_joins_where_the_newest_stand(mine, ada):
    root = make_post(ada)
    headers = {**HTMX, "HX-Target": "form#composer", "HX-Current-URL": f"http://localhost/posts/{root.id}?sort=new"}
    answer = post(mine, "/posts", {"message": "Yes", "reply_to_id": root.id}, headers=headers)
    assert '<hx-partial hx-target="#reply-list" hx-swap="afterbegin">' in answer.text
