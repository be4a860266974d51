"""What a message looks like."""

import re
import time
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from pythoughts.auth.models import USERNAME_PATTERN
from pythoughts.markup import mentioned, plain, rich

TAG = re.compile(r"<[^>]*>")
NUMBER = re.compile(r'<li value="([0-9]+)">')
ALLOWED = re.compile(
    r"</?(?:p|code|pre|strong|em|blockquote|ul|ol|li)>|<br>|</a>"
    r'|<li value="[0-9]{1,9}">'
    r'|<a href="/user/[a-z0-9_.]{3,30}">'
    r'|<a href="https?://[^"<>\s]*" rel="nofollow ugc noopener">',
    re.IGNORECASE,
)
DEPTH_MAX = 5  # a quote, a paragraph, strong, emphasis, a link
PAIRED = ("p", "a", "code", "pre", "strong", "em", "blockquote", "ul", "ol", "li")
MARKS = re.compile(r"[`*_>-]|\s")
NAMED_FENCE = re.compile(r"^```\S", re.MULTILINE)  # the language is a mark too
MARKDOWN = ["`", "```", "```py", "\n", "\n\n", "http://", "HTTPS://", "https://a.b/", "(", ")", ".", " ", "a"]
MARKDOWN += [
    "*",
    "**",
    "***",
    "_",
    "__",
    "> ",
    "\n> ",
    "\n- ",
    "\n1. ",
    "\n* ",
    "@",
    "@ada",
    "@ada.b",
    "\n>> ",
    "\n007. ",
]
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


class Nesting(HTMLParser):
    """Follows which tags are open."""

    def __init__(self):
        super().__init__()
        self.open, self.deepest = [], 0

    def handle_starttag(self, tag, attrs):
        """Note that a tag begins."""
        if tag != "br":
            assert tag not in self.open
            self.open.append(tag)
            self.deepest = max(self.deepest, len(self.open))

    def handle_endtag(self, tag):
        """Only the innermost may end."""
        assert self.open.pop() == tag


@given(MESSAGES)
@example("*_" * 300 + "a" + "_*" * 300)
@example("> *a **b _c __d " * 40)
def test_tags_stand_inside_each_other_and_never_deep(message):
    html = Nesting()
    html.feed(rich(message))
    html.close()
    assert html.open == []
    assert html.deepest <= DEPTH_MAX


@given(MESSAGES)
def test_nothing_that_was_typed_is_lost_but_marks(message):
    assume(not NAMED_FENCE.search(message))
    html = NUMBER.sub(r"\1. ", rich(message))
    assert MARKS.sub("", shown(html)) == MARKS.sub("", message)


@given(MESSAGES)
def test_who_is_mentioned_is_who_is_linked(message):
    linked = re.findall(r'<a href="/user/([^"]+)">', rich(message))
    assert mentioned(message) == tuple(dict.fromkeys(linked))
    assert all(re.fullmatch(USERNAME_PATTERN, name) for name in linked)


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


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("*a* _b_", "<em>a</em> <em>b</em>"),
        ("**a** __b__", "<strong>a</strong> <strong>b</strong>"),
        ("***both***", "<strong><em>both</em></strong>"),
        ("**bold *and* more**", "<strong>bold <em>and</em> more</strong>"),
        ("*a **b***", "<em>a <strong>b</strong></em>"),
        ("*a *b*", "*a <em>b</em>"),
        ("*a **b* c**", "<em>a **b</em> c**"),
        ("\u8fd9**\u91cd**\u70b9", "\u8fd9<strong>\u91cd</strong>\u70b9"),
        ("**`x*y`**", "<strong><code>x*y</code></strong>"),
    ],
)
def test_words_are_emphasised(typed, html):
    assert rich(typed) == f"<p>{html}</p>"


@pytest.mark.parametrize(
    "typed",
    [
        "snake_case_name",
        "2*3*4",
        "2 * 3 * 4",
        "*never closed",
        "**",
        "****",
        "x * *",
        "a ** b",
        "_",
        "\u00e9_\u00e9_\u00e9",
    ],
)
def test_signs_that_emphasise_nothing_are_text(typed):
    assert rich(typed) == f"<p>{typed}</p>"


def test_quotes_and_lists_are_flat():
    assert rich("> one\n>\n> > two\nthree") == ("<blockquote><p>one</p><p>&gt; two</p></blockquote><p>three</p>")
    assert rich("Buy:\n- milk\n  - *oat*\n* eggs") == (
        "<p>Buy:</p><ul><li>milk</li><li><em>oat</em></li><li>eggs</li></ul>"
    )
    assert rich("> - a\n- > b") == "<blockquote><p>- a</p></blockquote><ul><li>&gt; b</li></ul>"


def test_a_numbered_list_keeps_the_numbers_that_were_typed():
    assert rich("3. c\n1. a") == '<ol><li value="3">c</li><li value="1">a</li></ol>'
    assert rich("007. b") == "<p>007. b</p>"


@pytest.mark.parametrize("typed", [">>> 1 + 1", ">:(", "-5 degrees", "- ", "1.5 litres", "1. "])
def test_what_only_looks_like_a_list_or_a_quote_is_text(typed):
    assert rich(typed).startswith("<p>")


def test_blocks_of_code_beside_each_other_stay_two():
    assert rich("```\na\n```\n```\nb\n```") == "<pre><code>a</code></pre><pre><code>b</code></pre>"


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Ask @ada, @Mira.O. or *@kenji*.", ("ada", "mira.o", "kenji")),
        ("@ada and @ADA", ("ada",)),
        ("> @quoted\n- @listed", ("quoted", "listed")),
        ("bob@example.org @ab @" + "a" * 31, ()),
        ("`@code` https://a.org/@link @babel/core @ada@b.org @ada-b", ()),
        ("```\n@code\n```", ()),
        ("@ada\u00e9 \u00e9@ada .@ada", ()),
    ],
)
def test_names_are_mentioned(typed, names):
    assert mentioned(typed) == names


GROWTH = 8
ATTACKS = ["*", "_", "*a ", "**a *b ", "a*_", "`", "`a", "@", "@a.", "@aa", "https://a.b/)", "https://a.b/", "(", "["]
ATTACKS += ["> ", "\n> ", "\n- a", "\n```", "```\n", "\n1. "]
LONG = ["https://a.b/" + ")" * 20_000, "https://a.b/" + "(" * 9_999 + ")." * 9_999, "https://a.b/" + "." * 20_000]


def seconds(message: str) -> float:
    """The least that the rendering took of three times, so that a busy machine shows less."""
    taken = []
    for _turn in range(3):
        start = time.process_time()
        rich.__wrapped__(message)
        taken.append(time.process_time() - start)
    return min(taken)


@pytest.mark.parametrize("attack", [*ATTACKS, *LONG], ids=lambda attack: repr(attack[:14]))
def test_time_grows_as_the_text_does(attack):
    shorter = attack[: len(attack) // GROWTH] if len(attack) > 999 else attack * (2_000 // len(attack))
    longer = attack if len(attack) > 999 else attack * (2_000 * GROWTH // len(attack))
    assert seconds(longer) < GROWTH * 4 * seconds(shorter) + 0.005


def test_a_summary_is_one_line_without_marks():
    assert (
        plain("**One**\ntwo\n\n- *three* & <b>\n- `four`\n```\nfive\n```\n> six") == "One two three & <b> four five six"
    )
