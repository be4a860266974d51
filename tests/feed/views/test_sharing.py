"""What other sites are told of a page."""

import re
from html import unescape

import pytest

from tests.factories import make_post


def meta(page) -> dict[str, str]:
    return {
        name: unescape(value)
        for name, value in re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', page.text)
    }


def canonical(page) -> list[str]:
    return re.findall(r'<link rel="canonical" href="([^"]+)"', page.text)


def test_a_thread_says_what_it_is(visitor, ada):
    made = make_post(ada, 'Say **"hi"** & <b>\n- to `all`')
    page = visitor.get(f"/posts/{made.id}?after=x&sort=new")
    told = meta(page)
    assert canonical(page) == [told["og:url"]] == [f"http://localhost/posts/{made.id}"]
    assert told["og:description"] == told["description"] == 'Say "hi" & <b> to all'
    assert (told["og:title"], told["og:type"]) == ("ada", "article")


@pytest.mark.parametrize("state", ["removed", "deleted"])
def test_what_was_taken_away_says_nothing(visitor, ada, state):
    made = make_post(ada, "the secret", state=state)
    make_post(ada, reply_to=made)
    page = visitor.get(f"/posts/{made.id}")
    assert meta(page)["robots"] == "noindex"
    assert canonical(page) == []
    assert "the secret" not in page.text


def test_lists_have_one_address(visitor, ada):
    assert canonical(visitor.get("/?page=1")) == ["http://localhost/"]
    assert canonical(visitor.get("/user/ada?tab=replies")) == ["http://localhost/user/ada"]
