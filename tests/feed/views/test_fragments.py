"""What is remembered of posts shows nobody what is not, or no longer, theirs to see."""

from datetime import timedelta

import pytest

from pythoughts.clock import now
from pythoughts.db import transaction
from tests.factories import make_post, make_user, sign_in


@pytest.fixture
def change(app):
    """Change columns of rows, as use cases elsewhere do."""

    def act(row, **columns) -> None:
        with transaction() as session:
            for name, value in columns.items():
                setattr(session.merge(row), name, value)

    return act


def test_each_reader_sees_the_controls_that_are_theirs(mine, visitor, app, ada):
    made = make_post(ada)
    other = sign_in(app.test_client(), make_user("mira"))
    for path in ("/", f"/posts/{made.id}", "/user/ada"):
        pages = [browser.get(path).text for browser in (visitor, mine, other, mine, visitor)]
        assert [f"/posts/{made.id}/delete" in page for page in pages] == [False, True, False, True, False]
        assert ['formaction="/user/ada/ignore"' in page for page in pages] == [False, False, True, False, False]


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("name", "Countess", ">Countess</a>"),
        ("username", "lovelace", 'href="/user/lovelace"'),
        ("display_username", "ADA", "@ADA"),
        ("avatar_version", 7, "/7.svg"),
        ("role", "moderator", ">Mod</span>"),
    ],
)
def test_what_changes_of_an_author_shows_at_once(visitor, change, ada, column, value, shown):
    root = make_post(ada)
    make_post(ada, reply_to=root)
    paths = ("/", f"/posts/{root.id}")
    assert [shown in visitor.get(path).text for path in paths] == [False, False]
    change(ada, **{column: value})
    assert [shown in visitor.get(path).text for path in paths] == [True, True]


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        ({"message": "second thoughts", "edited_at": now()}, "second thoughts"),
        ({"edited_at": now()}, ">edited</a>"),
        ({"reply_count": 4321}, "4,321"),
    ],
)
def test_what_changes_of_a_post_shows_at_once(visitor, change, ada, columns, shown):
    made = make_post(ada)
    assert shown not in visitor.get("/").text
    change(made, **columns)
    assert shown in visitor.get("/").text


def test_a_removed_reply_is_silent_at_once(visitor, change, ada):
    root = make_post(ada)
    reply = make_post(ada, "the secret", reply_to=root)
    make_post(ada, reply_to=reply)
    assert "the secret" in visitor.get(f"/posts/{root.id}").text
    change(reply, state="removed")
    text = visitor.get(f"/posts/{root.id}").text
    assert "the secret" not in text
    assert "Removed by a moderator" in text


def test_nobody_can_type_the_place_where_replies_go(visitor, ada):
    root = make_post(ada)
    typed = make_post(ada, "before <slot></slot> after", reply_to=root)
    make_post(ada, "the answer", reply_to=typed)
    text = visitor.get(f"/posts/{root.id}").text
    assert text.count("the answer") == 1
    assert "before &lt;slot&gt;&lt;/slot&gt; after" in text
    assert "<slot>" not in text


def test_an_age_is_told_anew_as_it_grows(visitor, monkeypatch, ada):
    make_post(ada)
    assert ">now</time>" in visitor.get("/").text
    later = now().replace(year=now().year + 1)
    monkeypatch.setattr("pythoughts.web.now", lambda: later)
    assert ">now</time>" not in visitor.get("/").text


def test_the_offer_to_edit_goes_when_its_time_is_over(mine, change, ada):
    made = make_post(ada)
    assert f"/posts/{made.id}/edit" in mine.get("/").text
    change(made, created_at=now() - timedelta(hours=6))
    page = mine.get("/").text
    assert f"/posts/{made.id}/edit" not in page
    assert f"/posts/{made.id}/delete" in page
