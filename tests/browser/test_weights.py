"""What a page weighs, how much it holds, whether it jumps, and whether it stands the other way round."""

import gzip
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

KB = 1024  # bytes
LIMITS = {"document": 12 * KB, "stylesheet": 20 * KB, "script": 22 * KB, "icons": 4 * KB, "font": 55 * KB}  # gzipped
COLD_MAX = 130 * KB  # all of these together, for somebody who comes for the first time
WARM_MAX = 15 * KB  # for somebody who was here before
ELEMENTS_MAX = 1_100
SHIFT_MAX = 0.01  # cumulative layout shift
SIGN_IN = re.compile(r"^\s*(?:admin|moderator|member)\s+(\S+)\s+(\S+)\s*$", re.MULTILINE)
SHIFTS = """
    window.shift = 0;
    new PerformanceObserver((list) => {
        for (const each of list.getEntries()) if (!each.hadRecentInput) shift += each.value;
    }).observe({ type: "layout-shift", buffered: true });
"""
LOOSE = """() => [...document.querySelectorAll("body *")]
    .filter((each) => !each.closest("[popover], dialog, .sr-only, .skip, .neural, .tabs, .subtabs, svg, pre, table"))
    .map((each) => [each, each.getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.left < -1 || box.right > document.documentElement.clientWidth + 1))
    .map(([each]) => each.outerHTML.slice(0, 90))"""
WAYS = ("ltr", "rtl")
KNOB = "new DOMMatrix(getComputedStyle(document.querySelector('[role=switch]:checked'), '::before').transform).e"
GAPS = """(() => {
    const range = document.createRange();
    range.selectNodeContents(each);
    const [text, room] = [range.getBoundingClientRect(), each.getBoundingClientRect()];
    return { before: text.left - room.left, after: room.right - text.right };
})()"""
VISITOR = ["/", "/sign-in", "/sign-up", "/user/kenji", "/search?q=the", "/nothing"]
MEMBER = [
    "/",
    "/posts/new",
    "/user/kenji",
    "/search?q=the",
    "/notifications",
    "/preferences",
    "/preferences/ignored",
    "/preferences/password",
    "/preferences/devices",
    "/preferences/appearance",
    "/preferences/notifications",
    "/preferences/data",
]
SCREENS = [(390, 844), (1440, 900)]


@dataclass
class Load:
    """What a browser got for one page, in bytes gzipped."""

    bytes_of: dict[str, int] = field(default_factory=dict)

    def take(self, response) -> None:
        """Weigh an answer; ours are packed by the build, documents by whatever stands in front."""
        kind, name = response.request.resource_type, urlsplit(response.url).path
        if "icons." in name:
            kind = "icons"
        if kind not in LIMITS or "-ext" in name:  # an ń in somebody's name brings a font of its own
            return
        body = response.body()
        size = len(body) if kind == "font" else len(gzip.compress(body, 6))
        self.bytes_of[kind] = self.bytes_of.get(kind, 0) + size


@pytest.fixture(scope="module")
def passwords(site) -> dict[str, str]:
    """Of the demo community, which this site is filled with."""
    return dict(SIGN_IN.findall(site.command("demo")))


@pytest.fixture(scope="module")
def cookies(browser, site, passwords) -> dict:
    """Those of a member who has signed in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(site.url + "/sign-in")
    page.get_by_label("Email or username").fill("ada")
    page.get_by_label("Password", exact=True).fill(passwords["ada"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(site.url + "/")
    state = context.storage_state()
    context.close()
    return state


def pages(who: str, screens):
    """Every page on every screen."""
    return [(path, screen) for path in (VISITOR if who == "visitor" else MEMBER) for screen in screens]


def too_much(person, path: str) -> list[str]:
    """What of a page is over its budget."""
    answers, load = [], Load()
    person.page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  (Playwright marks the function)
    person.page.add_init_script(SHIFTS)
    person.goes_to(path)
    person.page.wait_for_load_state("networkidle")
    for answer in answers:
        load.take(answer)
    over = [f"{kind} {size}" for kind, size in load.bytes_of.items() if size > LIMITS[kind]]
    total, held = sum(load.bytes_of.values()), person.page.evaluate("document.getElementsByTagName('*').length")
    shift = person.page.evaluate("shift")
    measured = [("cold", total, COLD_MAX), ("elements", held, ELEMENTS_MAX), ("shift", shift, SHIFT_MAX)]
    print(f"{path}: {load.bytes_of} cold {total}, {held} elements, shift {shift:.4f}")  # noqa: T201
    return over + [f"{name} {value}" for name, value, most in measured if value > most]


@pytest.mark.parametrize(("path", "screen"), pages("visitor", SCREENS))
def test_a_page_is_light_for_a_visitor(new_person, passwords, path, screen):
    person = new_person(viewport={"width": screen[0], "height": screen[1]})
    assert too_much(person, path) == []


@pytest.mark.parametrize(("path", "screen"), pages("member", SCREENS[:1]))
def test_a_page_is_light_for_a_member(new_person, cookies, path, screen):
    person = new_person(viewport={"width": screen[0], "height": screen[1]}, storage_state=cookies)
    assert too_much(person, path) == []


def test_a_second_page_costs_little_more_than_its_words(new_person, cookies):
    person = new_person(storage_state=cookies)
    person.goes_to("/")
    person.page.wait_for_load_state("networkidle")
    session = person.context.new_cdp_session(person.page)
    session.send("Network.enable")
    fetched = []
    session.on("Network.loadingFinished", lambda event: fetched.append(event["encodedDataLength"]))
    person.goes_to("/preferences/appearance")
    person.page.wait_for_load_state("networkidle")
    packed = len(gzip.compress(person.page.content().encode()))
    assert sum(fetched) - max(fetched) + packed < WARM_MAX


def test_a_switch_slides_the_way_the_page_runs(new_person, cookies):
    person = new_person(storage_state=cookies, reduced_motion="reduce")
    person.goes_to("/preferences/appearance")
    places = [
        person.page.evaluate(f"dir => {{ document.documentElement.dir = dir; return {KNOB} }}", way) for way in WAYS
    ]
    assert places[0] > 0
    assert places[1] == -places[0]


def test_words_run_the_way_of_their_own_letters(new_person, cookies):
    person = new_person(storage_state=cookies)
    person.goes_to("/user/kenji")
    words = person.page.locator(".prose-post p").first
    box = words.evaluate(f"each => {{ document.documentElement.dir = 'rtl'; return {GAPS} }}")
    assert box["before"] < box["after"]


@pytest.mark.parametrize(("path", "screen"), pages("member", SCREENS))
def test_a_page_stands_from_right_to_left(new_person, cookies, path, screen):
    person = new_person(viewport={"width": screen[0], "height": screen[1]}, storage_state=cookies)
    person.goes_to(path)
    person.page.evaluate("document.documentElement.dir = 'rtl'")
    assert person.page.evaluate("document.documentElement.scrollWidth <= screen.width"), path
    assert person.page.evaluate(LOOSE) == []
