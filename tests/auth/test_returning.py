"""Where signing in leads: never to another site."""

import pytest

from pythoughts.auth.returning import safe_next

TRAPS = [
    None,
    "",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x01//evil.example",
    "/ /evil.example",
    "/\x00",
    "/\x7f/evil.example",
    "/\x85/evil.example",
    "/\u2028/evil.example",
    "/\u200b/evil.example",
    "/a//evil.example",
    "/.//evil.example",
    "/a/..//evil.example",
    "/../admin",
    "https://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "http://localhost@evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    "/ok\r\nSet-Cookie: a=b",
    "/" + "a" * 2_000,
]


@pytest.mark.parametrize("target", TRAPS)
def test_a_trap_leads_to_the_feed(target):
    assert safe_next(target) == "/"


@pytest.mark.parametrize(
    "target",
    ["/", "/posts/abc", "/user/ada", "/search?q=http://example.org//x", "/posts/abc#post-1", "/admin/?page=2", "/a:b"],
)
def test_a_page_of_this_site_is_kept(target):
    assert safe_next(target) == target
