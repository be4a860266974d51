"""The page of notifications, the number beside the way to it, and marking as read."""

import re

import pytest

from pythoughts.db import transaction
from pythoughts.feed.use_cases import create_post, remove_post
from pythoughts.notifications.models import NoticeKind
from pythoughts.notifications.queries import COUNTED, PAGE_SIZE, list_notices, unread_count
from pythoughts.notifications.use_cases import mark_all_read
from pythoughts.notifications.use_cases.announcing import tell
from pythoughts.preferences.queries import get_choices
from tests.factories import make_post, make_user, post, sign_in
from tests.notifications.test_reading import security
from tests.pages import HTMX
from tests.statements import statements

BADGE = re.compile(r'<span class="count">([^<]+)<span class="sr-only"> unread</span>')


def opened(page) -> str:
    """The id that the first button of the page opens."""
    return re.search(r'name="open" value="([^"]+)"', page.text)[1]


def test_a_reply_is_told_with_a_link_and_a_number_on_every_page(adas, ada, grace):
    mine = make_post(ada)
    reply_id = create_post(author=grace, message="Yes, <b>indeed</b>.", reply_to_id=mine.id)
    page = adas.get("/notifications")
    assert "Grace Hopper replied to you" in page.text
    assert "Yes, &lt;b&gt;indeed&lt;/b&gt;." in page.text
    assert BADGE.findall(adas.get("/").text) == ["1", "1"]
    answer = post(adas, "/notifications/read", {"open": opened(page)})
    assert answer.status_code == 303
    assert answer.location == f"/posts/{mine.id}#post-{reply_id}"
    assert BADGE.findall(adas.get("/").text) == []
    assert f'href="/posts/{mine.id}#post-{reply_id}"' in adas.get("/notifications").text


def test_looking_marks_nothing_as_read(adas, ada, grace):
    create_post(author=grace, message="@ada!")
    adas.get("/notifications")
    assert unread_count(ada.id) == 1


def test_opening_a_mention_leads_to_the_post(adas, ada, grace):
    post_id = create_post(author=grace, message="@ada!")
    answer = post(adas, "/notifications/read", {"open": opened(adas.get("/notifications"))})
    assert answer.location == f"/posts/{post_id}"


def test_several_replies_are_one_line(adas, ada, grace):
    mine = make_post(ada)
    for _turn in range(3):
        create_post(author=grace, message="Yes.", reply_to_id=mine.id)
    assert "Grace Hopper replied to you 3 times" in adas.get("/notifications").text
    create_post(author=make_user("kurt", name="Kurt"), message="No.", reply_to_id=mine.id)
    page = adas.get("/notifications").text
    assert "Kurt and 1 other person replied to you" in page
    assert page.count('class="notice"') == 1


def test_a_removal_is_told_with_its_reason_and_leads_nowhere(adas, ada, kenji):
    made = make_post(ada, "Mine.")
    remove_post(actor=kenji, post_id=made.id, reason="Off <topic>")
    page = adas.get("/notifications").text
    assert "A moderator removed your thought" in page
    assert "Reason: Off &lt;topic&gt;" in page
    assert f"/posts/{made.id}" not in page
    assert "kenji" not in page
    (notice,) = list_notices(ada.id).bundles[0].notices
    assert post(adas, "/notifications/read", {"id": notice.id}).location == "/notifications"
    assert unread_count(ada.id) == 0


def test_a_notice_of_security_says_what_the_letter_says(adas, ada):
    security(ada)
    page = adas.get("/notifications")
    assert "Your password was changed" in page.text
    assert post(adas, "/notifications/read", {"open": opened(page)}).location == "/preferences/history"


def test_all_can_be_marked_as_read_but_what_came_later(adas, ada):
    security(ada, 2)
    page = adas.get("/notifications").text
    until = re.search(r'name="until" value="([^"]+)"', page)[1]
    security(ada)
    assert post(adas, "/notifications/read", {"until": until}).status_code == 303
    assert unread_count(ada.id) == 1
    mark_all_read(actor=ada)
    assert "Mark all as read" not in adas.get("/notifications").text


def test_a_member_without_news_is_told_so(adas):
    page = adas.get("/notifications")
    assert page.status_code == 200
    assert "Nothing new for you" in page.text
    assert BADGE.findall(page.text) == []


@pytest.mark.parametrize("notice_id", ["nothing", "../x", "é", "x" * 500, ""])
def test_what_is_not_there_cannot_be_read(adas, notice_id):
    assert post(adas, "/notifications/read", {"open": notice_id}).status_code == 404


def test_nobody_opens_what_somebody_else_is_told(adas, ada, grace):
    security(grace)
    (notice,) = list_notices(grace.id).bundles[0].notices
    assert post(adas, "/notifications/read", {"open": notice.id}).status_code == 404
    assert unread_count(grace.id) == 1


def test_pages_follow_each_other_as_links_and_as_fragments(adas, ada):
    security(ada, PAGE_SIZE + 3)
    page = adas.get("/notifications").text
    assert page.count('class="notice"') == PAGE_SIZE
    (more,) = set(re.findall(r'href="(/notifications\?after=[^"]+)"', page))
    assert adas.get(more).text.count('class="notice"') == 3
    part = adas.get(more, headers=HTMX)
    assert "<html" not in part.text
    assert part.text.count('class="notice"') == 3


def test_the_number_ends_somewhere(adas, ada):
    security(ada, COUNTED + 1)
    assert BADGE.findall(adas.get("/").text) == ["99+", "99+"]


@pytest.mark.parametrize("path", ["/notifications", "/", "/preferences/notifications"])
def test_a_page_asks_few_questions(adas, ada, grace, path):
    mine = make_post(ada)
    for _turn in range(5):
        create_post(author=grace, message="@ada yes.", reply_to_id=mine.id)
    adas.get(path)
    with statements() as asked:
        assert adas.get(path).status_code == 200
    assert len(asked) <= 6


def test_staff_who_look_through_somebodys_eyes_do_not_see_it(app):
    assert app.view_functions["notifications.index"].owner_only


def test_choices_are_kept_and_shown(adas, ada):
    answer = post(adas, "/preferences/notifications", {"mentions": "y", "digest": "weekly"})
    assert answer.status_code == 303
    chosen = get_choices(ada.id)
    assert (chosen.replies, chosen.mentions, chosen.digest) == (False, True, "weekly")
    page = adas.get("/preferences/notifications").text
    assert re.search(r'value="weekly" checked', page)
    assert post(adas, "/preferences/notifications", {"digest": "hourly"}).status_code == 422


def test_every_kind_has_its_icon_and_its_words(app, client, ada, grace, kenji):
    sign_in(client, ada)
    with transaction() as session:
        for kind in NoticeKind:
            about = {"person_id": grace.id, "post_id": make_post(grace).id}
            tell(session, kind, [ada.id], **(about if kind != "security" else {"letter": "auth/two_factor_on"}))
    page = client.get("/notifications").text
    lines = re.findall(r'data-kind="([^"]+)".*?#([a-z-]+)".*?notice-words[^>]*>([^<]+)<', page, re.DOTALL)
    assert {kind for kind, _icon, _words in lines} == set(NoticeKind)
    assert len({words for _kind, _icon, words in lines}) == len(NoticeKind)
