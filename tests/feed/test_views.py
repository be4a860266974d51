"""Pages of the feed, as a browser without JavaScript and as htmx asks for them."""

import re

import pytest
from sqlalchemy import func, select

from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.feed.models import Post
from pythoughts.preferences.use_cases import ignore_person, save_settings
from tests.factories import csrf_token, make_post, make_user, post, sign_in
from tests.statements import statements

HTMX = {"HX-Request": "true"}


def articles(answer) -> list[str]:
    return re.findall(r'<article[^>]* id="post-([^"]+)"', answer.text)


def total() -> int:
    return db.session.scalar(select(func.count()).select_from(Post))


@pytest.fixture
def ada(app):
    return make_user("ada")


@pytest.fixture
def mine(client, ada):
    """Ada's browser."""
    return sign_in(client, ada)


@pytest.fixture
def visitor(app):
    """A browser that nobody is signed in to."""
    return app.test_client()


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


def test_a_thread_shows_its_replies_and_takes_two_questions(visitor, ada):
    root = make_post(ada)
    replies = [make_post(ada, reply_to=root).id for _number in range(3)]
    root_id = root.id
    with statements() as asked:
        answer = visitor.get(f"/posts/{root_id}")
    assert articles(answer) == [root_id, *replies]
    assert len(asked) == 2


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


def test_a_profile_shows_who_somebody_is_and_what_they_wrote(visitor, ada):
    with transaction():
        ada.name, ada.bio = "Ada <Lovelace>", "Engines & <i>numbers</i>"
    root = make_post(make_user("mira"))
    reply = make_post(ada, reply_to=root)
    thought = make_post(ada)
    answer = visitor.get("/user/ada")
    assert articles(answer) == [thought.id, reply.id]
    assert "Ada &lt;Lovelace&gt;" in answer.text
    assert "Engines &amp; &lt;i&gt;numbers&lt;/i&gt;" in answer.text
    assert "Replying to" in answer.text
    assert "1 thought" in answer.text
    assert "1 reply" in answer.text
    assert "ada@example.org" not in answer.text
    assert articles(visitor.get("/user/ada?tab=thoughts")) == [thought.id]
    assert articles(visitor.get("/user/ada?tab=replies")) == [reply.id]


def test_a_profile_has_pages(visitor, ada):
    ids = [make_post(ada).id for _number in range(23)]
    answer = visitor.get("/user/ada?tab=thoughts")
    (older,) = set(re.findall(r'href="(/user/ada\?[^"]*before=[^"]+)"', answer.text))
    assert articles(visitor.get(older.replace("&amp;", "&"), headers=HTMX)) == ids[2::-1]


def test_another_spelling_leads_to_the_one_address(visitor, ada):
    answer = visitor.get("/user/ADA")
    assert (answer.status_code, answer.location) == (301, "/user/ada")


def test_gone_unknown_and_banned_people(visitor):
    make_user("mira", deleted_at=now())
    make_user("quick", banned=True, ban_reason="private matter")
    assert visitor.get("/user/mira").status_code == 410
    assert visitor.get("/user/nobody").status_code == 404
    answer = visitor.get("/user/quick")
    assert answer.status_code == 200
    assert "Suspended" in answer.text
    assert "private matter" not in answer.text


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


def test_an_avatar_asks_nothing_and_is_kept_for_ever(visitor, mine):
    with statements() as asked:
        answer = mine.get("/avatar/0198-ada/3.svg")
    assert asked == []
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.vary
    again = visitor.get("/avatar/0198-ada/3.svg", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_two_browsers_see_each_others_posts_and_removals_at_once(mine, visitor, ada):
    post(mine, "/posts", {"message": "News"})
    assert "News" in visitor.get("/").text
    (made,) = articles(visitor.get("/"))
    post(mine, f"/posts/{made}/delete")
    assert "News" not in visitor.get("/").text


def test_a_form_needs_its_token(mine, ada):
    made = make_post(ada)
    assert mine.post(f"/posts/{made.id}/delete").status_code == 400
    assert csrf_token(mine)
    assert articles(mine.get("/")) == [made.id]
