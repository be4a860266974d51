"""The frame around the pages: menus, palette, keys, theme, messages, and what is left without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHONE = {"viewport": {"width": 320, "height": 700}, "is_mobile": True, "has_touch": True}
PAGES = ["/", "/sign-in", "/sign-up", "/forgot-password", "/user/kenji", "/search", "/search?q=the", "/nothing-here"]
PAPER, NIGHT = "oklch(0.982 0.004 92)", "oklch(0.178 0.014 265)"


@pytest.fixture(scope="module")
def demo(site) -> dict[str, str]:
    """The passwords of the demo community, which this site is filled with."""
    return dict(re.findall(r"(?:admin|moderator|member)\s+(\S+)\s+(\S+)", site.command("demo")))


@pytest.fixture(scope="module")
def member_state(browser, site, demo) -> dict:
    """Cookies of a member who has signed in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(site.url + "/sign-in")
    page.get_by_label("Email or username").fill("ada")
    page.get_by_label("Password", exact=True).fill(demo["ada"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(site.url + "/")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def visitor(new_person, demo) -> Person:
    """Somebody on the feed whom we do not know."""
    person = new_person()
    person.goes_to("/")
    return person


@pytest.fixture
def member(new_person, member_state) -> Person:
    """Somebody signed in, on the feed."""
    person = new_person(storage_state=member_state)
    person.goes_to("/")
    return person


def focused(person) -> str:
    return person.page.evaluate("document.activeElement.textContent.trim()")


def paper(person) -> str:
    return person.page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_a_menu_opens_by_arrow_and_follows_arrows_letters_and_escape(member):
    button = member.page.get_by_role("button", name="Account menu")
    button.focus()
    member.page.keyboard.press("ArrowDown")
    expect(member.page.get_by_role("menuitem", name="Profile")).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "true")
    for key, words in [("ArrowDown", "Preferences"), ("End", "Sign out"), ("Home", "Profile"), ("k", "Keyboard")]:
        member.page.keyboard.press(key)
        assert focused(member).startswith(words)
    member.finds_no_violation()
    member.page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")


def test_the_palette_finds_a_page_by_its_name(member):
    member.page.keyboard.press("Control+k")
    field = member.page.get_by_role("combobox")
    expect(field).to_be_focused()
    member.finds_no_violation()
    field.fill("PREF")
    expect(member.page.get_by_role("option")).to_have_count(2)
    field.press("Enter")
    member.page.wait_for_url("**/preferences")


def test_the_palette_looks_for_words_that_name_no_page(visitor):
    visitor.page.get_by_role("link", name="Search", exact=False).first.click()
    field = visitor.page.get_by_role("combobox")
    field.fill("typing & mypy")
    expect(visitor.page.get_by_role("option")).to_have_count(1)
    field.press("Enter")
    visitor.page.wait_for_url("**/search?q=typing+%26+mypy")
    visitor.finds_no_violation()


def test_the_palette_says_which_option_is_current(visitor):
    visitor.page.keyboard.press("/")
    field = visitor.page.get_by_role("combobox")
    field.press("ArrowDown")
    current = visitor.page.locator("#palette [aria-selected=true]")
    expect(current).to_have_count(1)
    expect(field).to_have_attribute("aria-activedescendant", current.get_attribute("id"))
    expect(current).to_contain_text("Sign in")


def test_letters_walk_the_feed_and_open_a_thread(visitor):
    posts = visitor.page.locator("[data-post]")
    for key in "jjk":
        visitor.page.keyboard.press(key)
    expect(posts.first).to_be_focused()
    visitor.page.keyboard.press("j")
    expect(posts.nth(1)).to_be_focused()
    address = posts.nth(1).get_attribute("data-href")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(f"**{address}")


def test_letters_go_to_pages_write_and_help(member):
    member.page.keyboard.press("?")
    expect(member.page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    member.finds_no_violation()
    member.page.keyboard.press("Escape")
    member.page.keyboard.press("n")
    expect(member.page.get_by_role("textbox", name="New thought")).to_be_focused()
    member.page.keyboard.press("Escape")
    member.page.keyboard.type("gp")
    member.page.wait_for_url("**/user/ada")


def test_letters_do_nothing_while_somebody_types(member):
    member.page.get_by_role("textbox", name="New thought").fill("")
    member.page.keyboard.type("gpj?/k")
    expect(member.page.get_by_role("textbox", name="New thought")).to_have_value("gpj?/k")
    expect(member.page.get_by_role("dialog")).to_have_count(0)
    assert member.page.locator("[data-focus]").count() == 0


def test_letters_can_be_turned_off(visitor):
    visitor.page.evaluate("document.documentElement.dataset.keys = 'off'")
    visitor.page.keyboard.press("j")
    visitor.page.keyboard.press("?")
    assert visitor.page.locator("[data-focus]").count() == 0
    expect(visitor.page.get_by_role("dialog")).to_have_count(0)


def test_a_chosen_theme_stays(visitor):
    assert paper(visitor) == PAPER
    visitor.page.get_by_role("button", name="Switch between light and dark").click()
    expect(visitor.page.locator("html")).to_have_attribute("data-theme", "dark")
    assert paper(visitor) == NIGHT
    visitor.goes_to("/sign-in")
    assert paper(visitor) == NIGHT


def test_the_theme_follows_the_system_without_javascript(new_person, demo):
    person = new_person(java_script_enabled=False, color_scheme="dark")
    person.goes_to("/")
    expect(person.page.locator("body")).to_have_css("background-color", NIGHT)


def test_a_link_is_copied_and_said(new_person, demo):
    person = new_person(permissions=["clipboard-read", "clipboard-write"])
    person.goes_to("/")
    post = person.page.locator("[data-post]").first
    post.get_by_role("button", name="Copy link").click()
    expect(person.page.get_by_role("region", name="Notifications")).to_have_text("Link copied")
    copied = person.page.evaluate("navigator.clipboard.readText()")
    assert copied == person.site.url + post.get_attribute("data-href")


def test_a_reply_is_folded_with_all_below_it(visitor):
    visitor.page.locator("[data-post]", has_text="gives back").locator("a.time").click()
    first = visitor.page.locator("#reply-list > .reply").first
    words = first.locator(".prose-post").first
    button = first.get_by_role("button", name="Fold").first
    button.click()
    expect(words).to_be_hidden()
    expect(button).to_have_attribute("aria-expanded", "false")
    button.click()
    expect(words).to_be_visible()


def test_a_page_in_place_of_a_fragment_does_not_land_inside_the_page(member):
    reply = member.page.locator("[data-key=r]").first
    reply.evaluate("link => { link.setAttribute('hx-get', '/posts/nothing/reply'); htmx.process(link) }")
    reply.click()
    expect(member.page.get_by_role("region", name="Notifications")).to_contain_text("That did not work")
    expect(member.page.get_by_role("heading", level=1)).to_have_count(1)


def test_the_exact_moment_is_told_to_whoever_asks(visitor):
    time = visitor.page.locator("time").first
    time.hover()
    expect(time).to_have_attribute("title", re.compile(r"20\d\d.*\d:\d\d"))


def test_a_password_can_be_looked_at(visitor):
    visitor.goes_to("/sign-in")
    password = visitor.page.get_by_label("Password", exact=True)
    visitor.page.get_by_role("button", name="Show password").click()
    expect(password).to_have_attribute("type", "text")
    visitor.page.get_by_role("button", name="Hide password").click()
    expect(password).to_have_attribute("type", "password")


def test_nothing_dead_is_shown_without_javascript(new_person, member_state, demo):
    person = new_person(storage_state=member_state, java_script_enabled=False)
    person.goes_to("/")
    for control in person.page.locator(".js-only, button[data-open], [data-copy]").all():
        expect(control).to_be_hidden()
    person.page.get_by_role("button", name="Account menu").click()
    expect(person.page.get_by_role("menuitem", name="Sign out")).to_be_visible()
    person.page.get_by_role("button", name="More actions").first.click()
    expect(person.page.get_by_role("menuitem", name="Open thread").first).to_be_visible()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_the_smallest_phone_in_the_dark_without_violation(new_person, demo, path):
    person = new_person(**PHONE, color_scheme="dark")
    person.goes_to(path)
    width = person.page.evaluate("Math.max(document.documentElement.scrollWidth, innerWidth)")
    assert width <= PHONE["viewport"]["width"]
    person.finds_no_violation()
