"""Thoughts in the back office: found, read in their thread, removed with a reason, put back."""

from datetime import UTC, datetime

import pytest

from pythoughts.db import new_id
from pythoughts.feed.use_cases import delete_own_post, remove_post, restore_post
from tests.admin.rows import HTMX, acts, shown, state_of
from tests.factories import make_post, make_user, post
from tests.statements import statements

ROW = r'class="py-1[^"]*" href="/admin/posts/([\w-]+)"'


def listed(client, query: str = "") -> list[str]:
    answer = client.get(f"/admin/posts/?{query}")
    assert answer.status_code == 200
    return shown(answer, ROW)


def test_posts_of_every_state_are_listed_newest_first(moderator, mira, kenji):
    live, removed, deleted = (make_post(mira, text) for text in ("one", "two", "three"))
    held = make_post(mira, "four", state="held")
    remove_post(actor=kenji, post_id=removed.id, reason="Spam")
    delete_own_post(actor=mira, post_id=deleted.id)
    assert listed(moderator) == [held.id, deleted.id, removed.id, live.id]
    assert listed(moderator, "sort=created_at") == [live.id, removed.id, deleted.id, held.id]


@pytest.mark.parametrize("state", ["live", "held", "removed", "deleted"])
def test_posts_are_filtered_by_state(moderator, mira, state):
    posts = {name: make_post(mira, state=name) for name in ("live", "held", "removed", "deleted")}
    assert listed(moderator, f"state={state}") == [posts[state].id]


def test_posts_are_filtered_by_author_name_or_id(moderator, mira, kenji):
    hers = make_post(mira)
    make_post(kenji)
    for author in ("mira", "@Mira", mira.id):
        assert listed(moderator, f"author={author}") == [hers.id]
    assert listed(moderator, "author=nobody") == []


def test_posts_are_filtered_by_day(moderator, mira):
    made = {}
    for day in (18, 19, 20):
        moment = datetime(2026, 11, day, 12, tzinfo=UTC)
        milliseconds = f"{int(moment.timestamp() * 1000):012x}"
        key = f"{milliseconds[:8]}-{milliseconds[8:]}-7{new_id()[15:]}"
        made[day] = make_post(mira, id=key, created_at=moment).id
    assert listed(moderator, "since=2026-11-19") == [made[20], made[19]]
    assert listed(moderator, "until=2026-11-19") == [made[19], made[18]]
    assert listed(moderator, "since=2026-11-19&until=2026-11-19") == [made[19]]


def test_posts_are_found_by_words_author_and_id(moderator, mira, kenji):
    apple = make_post(mira, "An apple a day, as they say.")
    pear = make_post(kenji, "A pear, please.")
    assert listed(moderator, "search=apple+day") == [apple.id]
    assert listed(moderator, "search=%22apple+a+day%22+-pear") == [apple.id]
    assert listed(moderator, "search=@kenji") == [pear.id]
    assert listed(moderator, f"search={apple.id}") == [apple.id]
    assert listed(moderator, "search=plum") == []


@pytest.mark.parametrize("words", ["'", "%", "\\", "&|!:*", "(((", "<script>", "@", "@@x", "ß É", "a" * 200])
def test_strange_words_find_nothing_and_break_nothing(moderator, mira, words):
    make_post(mira, "Hello")
    answer = moderator.get("/admin/posts/", query_string={"search": words})
    assert answer.status_code == 200
    assert shown(answer, ROW) == []


def test_markup_in_a_post_is_text(moderator, mira):
    made = make_post(mira, "<img src=x onerror=alert(1)>")
    for url in ("/admin/posts/", f"/admin/posts/{made.id}"):
        html = moderator.get(url).text
        assert "&lt;img src=x" in html
        assert "<img src=x" not in html


def test_long_posts_are_cut_in_the_list_and_whole_on_their_page(moderator, mira):
    made = make_post(mira, "word " * 90 + "end")
    assert "end" not in moderator.get("/admin/posts/").text.partition("<tbody>")[2].partition("</td>")[0]
    assert "word end" in moderator.get(f"/admin/posts/{made.id}").text


def test_a_post_stands_between_what_it_answers_and_its_answers(moderator, mira, kenji):
    root = make_post(kenji, "The root of it")
    middle = make_post(mira, "The middle of it", reply_to=root)
    make_post(kenji, "The end of it", reply_to=middle)
    page = moderator.get(f"/admin/posts/{middle.id}").text
    assert page.index("The root of it") < page.index("The middle of it") < page.index("The end of it")
    assert f'href="/admin/posts/{root.id}">First thought' in page


def test_the_page_of_a_post_asks_the_database_at_most_eight_times(moderator, mira, kenji):
    root = make_post(kenji)
    made = make_post(mira, reply_to=root)
    make_post(kenji, reply_to=made)
    url = f"/admin/posts/{made.id}"
    with statements() as sent:
        moderator.get(url)
    assert len(sent) <= 8


@pytest.mark.parametrize("key", ["nobody", "1,2", "x" * 65, "%00", "..", "<b>"])
def test_what_is_no_post_is_not_found(moderator, key):
    assert moderator.get(f"/admin/posts/{key}").status_code == 404
    assert post(moderator, f"/admin/posts/{key}/remove", {"reason": "x"}).status_code == 404


def test_the_page_of_a_removed_post_tells_who_and_why(moderator, mira, kenji):
    made = make_post(mira)
    remove_post(actor=kenji, post_id=made.id, reason="Advertising")
    restore_post(actor=kenji, post_id=made.id)
    remove_post(actor=kenji, post_id=made.id, reason="Advertising again")
    page = moderator.get(f"/admin/posts/{made.id}").text
    for told in ("@kenji", "Advertising again", "restored a thought by", "@mira"):
        assert told in page


def test_removing_is_asked_on_a_page_and_in_a_dialog(moderator, mira):
    url = f"/admin/posts/{make_post(mira).id}/remove"
    page, dialog = moderator.get(url), moderator.get(url, headers=HTMX)
    assert page.text.lstrip().startswith("<!doctype html>")
    assert dialog.text.lstrip().startswith("<dialog")
    for answer in (page, dialog):
        assert f'action="{url}"' in answer.text
        assert 'name="reason"' in answer.text


def test_a_moderator_removes_a_post_with_a_reason(moderator, mira, kenji):
    made = make_post(mira)
    answer = post(moderator, f"/admin/posts/{made.id}/remove", {"reason": " Advertising\r\n"})
    assert (answer.status_code, answer.location) == (303, f"/admin/posts/{made.id}")
    assert "Removed." in moderator.get(answer.location).text
    assert state_of(made) == "removed"
    assert acts() == [("post.remove", kenji.id, made.id, "Advertising")]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1_001, "nul\x00"])
def test_without_a_proper_reason_nothing_is_removed(moderator, mira, reason):
    made = make_post(mira)
    answer = post(moderator, f"/admin/posts/{made.id}/remove", {"reason": reason})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert (state_of(made), acts()) == ("live", [])


def test_removing_what_is_removed_already_is_a_conflict(moderator, mira, kenji):
    made = make_post(mira)
    remove_post(actor=kenji, post_id=made.id, reason="First")
    for answer in (
        moderator.get(f"/admin/posts/{made.id}/remove"),
        post(moderator, f"/admin/posts/{made.id}/remove", {"reason": "Second"}),
    ):
        assert answer.status_code == 409
        assert "Removed" in answer.text
    assert len(acts()) == 1


def test_a_removed_post_is_put_back(moderator, mira, kenji):
    made = make_post(mira)
    remove_post(actor=kenji, post_id=made.id, reason="Mistaken")
    assert post(moderator, f"/admin/posts/{made.id}/restore").status_code == 303
    assert state_of(made) == "live"
    assert acts()[-1] == ("post.restore", kenji.id, made.id, None)


def test_what_its_author_deleted_can_neither_be_removed_nor_put_back(moderator, mira):
    made = make_post(mira)
    delete_own_post(actor=mira, post_id=made.id)
    page = moderator.get(f"/admin/posts/{made.id}").text
    assert "Deleted by author" in page
    for act in ("remove", "restore"):
        assert f"/admin/posts/{made.id}/{act}" not in page
        assert post(moderator, f"/admin/posts/{made.id}/{act}", {"reason": "x"}).status_code == 409
    assert state_of(made) == "deleted"


@pytest.mark.parametrize("author", ["kenji", "ruth", "priya"])
def test_nobody_removes_what_their_equals_or_betters_wrote(moderator, priya, kenji, author):
    made = make_post({"kenji": kenji, "priya": priya}.get(author) or make_user("ruth", role="moderator"))
    assert "/remove" not in moderator.get("/admin/posts/").text
    assert "/remove" not in moderator.get(f"/admin/posts/{made.id}").text
    for answer in (
        moderator.get(f"/admin/posts/{made.id}/remove"),
        post(moderator, f"/admin/posts/{made.id}/remove", {"reason": "x"}),
    ):
        assert answer.status_code == 403
    assert state_of(made) == "live"


def test_an_act_leads_back_to_the_list_that_it_was_begun_on(moderator, mira):
    made = make_post(mira)
    here = "/admin/posts/?state=live&author=mira"
    question = moderator.get(f"/admin/posts/{made.id}/remove", query_string={"back": here}).text
    assert f'href="{here.replace("&", "&amp;")}"' in question
    url = shown(moderator.get(f"/admin/posts/{made.id}/remove", query_string={"back": here}), r'action="([^"]+)"')[0]
    assert post(moderator, url.replace("&amp;", "&"), {"reason": "Spam"}).location == here


@pytest.mark.parametrize(
    "back", ["https://evil.example/admin/", "//evil.example", "/sign-out", "/admin/\\evil", "/admin/\nx"]
)
def test_an_act_leads_nowhere_outside_the_back_office(moderator, mira, back):
    made = make_post(mira)
    answer = moderator.post(
        f"/admin/posts/{made.id}/remove",
        query_string={"back": back},
        data={"reason": "x", **token(moderator)},
    )
    assert answer.location == f"/admin/posts/{made.id}"


def token(client):
    question = client.get(f"/admin/posts/{make_post(make_user('zoe', password=None)).id}/remove")
    return {"csrf_token": shown(question, r'name="csrf_token" value="([^"]+)"')[0]}
