"""Two people, with and without JavaScript: one answers, the other sees the number, reads, and it is gone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_feed import SIGN_IN, sign_in, thought, write

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
LOOKS = [
    pytest.param({}, "light", id="wide"),
    pytest.param({}, "dark", id="wide, dark"),
    pytest.param(PHONE, "light", id="phone"),
    pytest.param(PHONE, "dark", id="phone, dark"),
]


@pytest.fixture(scope="module")
def passwords(site) -> dict[str, str]:
    """The passwords of the demo community's people, which this site is filled with."""
    return dict(SIGN_IN.findall(site.command("demo")))


@pytest.fixture(scope="module")
def states() -> dict[str, dict]:
    """What browsers keep of people who have signed in, so that each does it once."""
    return {}


@pytest.fixture
def enter(new_person, passwords, states):
    """Somebody of the demo community, signed in, at a browser of their own."""

    def open_feed(username: str, **options):
        if username not in states:
            first = new_person()
            sign_in(first, username, passwords[username])
            states[username] = first.context.storage_state()
        person = new_person(storage_state=states[username], **options)
        person.goes_to("/")
        return person

    return open_feed


def way(person):
    """The way to the notifications that is visible at this width."""
    return person.page.get_by_role("link", name="Notifications").locator("visible=true").first


def number(person):
    """What stands beside it."""
    return way(person).locator(".count")


def read_everything(person) -> None:
    person.goes_to("/notifications")
    button = person.page.get_by_role("button", name="Mark all as read")
    if button.count():
        button.click()
    expect(button).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("look", [{}, PHONE], ids=["wide", "phone"])
def test_an_answer_is_seen_opened_and_gone(enter, look, scripts):
    words = f"What do you think? {scripts} {len(look)}"
    ada, kenji = enter("ada"), enter("kenji")
    read_everything(ada)
    ada.goes_to("/posts/new")
    ada.page.locator("main textarea").fill(words)
    ada.page.get_by_role("main").get_by_role("button", name="Post", exact=True).click()
    ada.page.wait_for_url(ada.site.url + "/")
    kenji.goes_to("/")
    thought(kenji, words).get_by_role("link", name=re.compile("Reply")).click()
    box = kenji.page.get_by_label("Your reply")
    box.fill("I think so, @ada.")
    kenji.page.get_by_role("button", name="Reply", exact=True).click()
    expect(box).to_have_count(0)

    reader = enter("ada", java_script_enabled=scripts, **look)
    expect(number(reader)).to_have_text("1 unread")
    way(reader).click()
    opened = reader.page.get_by_role("button", name="Kenji Watanabe replied to you")
    expect(number(reader)).to_have_text("1 unread")
    opened.click()
    expect(thought(reader, "I think so, @ada.").first).to_be_visible()
    expect(number(reader)).to_have_count(0)
    way(reader).click()
    expect(reader.page.get_by_role("link", name="Kenji Watanabe replied to you").first).to_be_visible()


def test_the_keyboard_finds_the_page(enter):
    ada = enter("ada")
    ada.page.keyboard.type("gn")
    ada.page.wait_for_url("**/notifications")


@pytest.mark.parametrize(("look", "scheme"), LOOKS)
def test_the_pages_are_sound_in_every_look(enter, look, scheme):
    kenji = enter("kenji")
    write(kenji, f"Have a look, @ada: {scheme} {len(look)}")
    ada = enter("ada", color_scheme=scheme, **look)
    for path in ("/notifications", "/preferences/notifications"):
        ada.goes_to(path)
        expect(ada.page.get_by_role("heading", level=1)).to_be_visible()
        ada.finds_no_violation()
        assert ada.page.evaluate("document.documentElement.scrollWidth <= screen.width")


def test_a_list_that_was_read_is_sound(enter):
    priya = enter("priya", color_scheme="dark")
    read_everything(priya)
    priya.finds_no_violation()
