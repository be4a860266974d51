"""What a message looks like."""

import re
from html import unescape

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pythoughts.feed.markup import rich

TAG = re.compile(r"<[^>]*>")
ALLOWED = re.compile(
    r"</?(?:p|code|pre)>|<br>|</a>"
    r'|<a href="https?://[^"<>\s]*" rel="nofollow ugc noopener">',
    re.IGNORECASE,
)
MARKS = re.compile(r"[`\s]")
NAMED_FENCE = re.compile(r"^```\S", re.MULTILINE)  # the language is a mark too
MARKDOWN = ["`", "```", "```py", "\n", "\n\n", "http://", "HTTPS://", "https://a.b/", "(", ")", ".", " ", "a"]
MARKUP = ["<", ">", '"', "'", "&", "&lt;", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>"]
TRICKS = ["javascript:", "\u202e", "\u200b"]
PIECES = st.sampled_from(MARKDOWN + MARKUP + TRICKS)
MESSAGES = st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=3))).map("".join))


def shown(html: str) -> str:
    return unescape(TAG.sub("", html))


@given(MESSAGES)
def test_no_tag_outside_the_allow_list_ever_appears(message):
    rest = ALLOWED.sub("", str(rich(message)))
    assert "<" not in rest
    assert ">" not in rest


@given(MESSAGES)
def test_every_tag_is_closed(message):
    html = str(rich(message))
    for name in ("p", "a", "code", "pre"):
        assert len(re.findall(rf"<{name}[ >]", html)) == html.count(f"</{name}>")


@given(MESSAGES)
def test_nothing_that_was_typed_is_lost_but_marks(message):
    assume(not NAMED_FENCE.search(message))
    assert MARKS.sub("", shown(rich(message))) == MARKS.sub("", message)


def test_blank_lines_part_paragraphs_and_single_ones_break_lines():
    assert rich("one\ntwo\n\n \nthree") == "<p>one<br>two</p><p>three</p>"


def test_code_is_shown_as_typed():
    assert rich("use `a<b>` here") == "<p>use <code>a&lt;b&gt;</code> here</p>"


def test_a_fence_keeps_blank_lines_and_spaces():
    assert rich("x\n```py\nif a:\n\n    b\n```\ny") == "<p>x</p><pre><code>if a:\n\n    b</code></pre><p>y</p>"


@pytest.mark.parametrize("message", ["```hello", "```py\nnever closed", "a ``` b"])
def test_a_fence_that_nothing_closes_is_text(message):
    assert shown(rich(message)).startswith(message.split("\n")[0])
    assert "<pre>" not in rich(message)


def test_an_address_is_not_a_link_inside_code():
    assert "<a" not in rich("`https://example.org`")


def test_a_link_passes_no_rank_and_opens_no_door():
    assert rich("https://example.org/?a=1&b=2") == (
        '<p><a href="https://example.org/?a=1&amp;b=2" rel="nofollow ugc noopener">https://example.org/?a=1&amp;b=2</a></p>'
    )


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("See https://a.org/b.", "https://a.org/b"),
        ("(https://a.org/b)", "https://a.org/b"),
        ("https://a.org/b_(c)", "https://a.org/b_(c)"),
        ("https://a.org/b_(c)).", "https://a.org/b_(c)"),
        ("https://a.org/\u202egro.live", "https://a.org/"),
        ('"https://a.org"', "https://a.org"),
    ],
)
def test_the_sentence_around_an_address_stays_outside(typed, address):
    assert re.findall(r'href="([^"]*)"', rich(typed)) == [address]


@pytest.mark.parametrize("typed", ["http://", "https://).", "javascript:alert(1)", "ftp://a.org", "data:text/html,x"])
def test_only_whole_web_addresses_become_links(typed):
    assert "<a" not in rich(typed)
