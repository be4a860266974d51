"""Reporting and blocking, at real browsers."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SIGN_IN = re.compile(r"^\s*(?:admin|moderator|member)\s+(\S+)\s+(\S+)\s*$", re.MULTILINE)


@pytest.fixture(scope="module")
def state(browser, site) -> dict:
    """Cookies of Ada, a member of the demo community that this site is filled with."""
    passwords = dict(SIGN_IN.findall(site.command("demo")))
    context = browser.new_context()
    page = context.new_page()
    page.goto(site.url + "/sign-in")
    page.get_by_label("Email or username").fill("ada")
    page.get_by_label("Password", exact=True).fill(passwords["ada"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(site.url + "/")
    found = context.storage_state()
    context.close()
    return found


@pytest.fixture
def ada(new_person, state):
    """Ada at a browser of her own."""

    def enter(path: str = "/", **options):
        person = new_person(storage_state=state, **options)
        person.goes_to(path)
        return person

    return enter


def of_others(person):
    """The thoughts on this page that others wrote, and that nobody has reported yet."""
    return person.page.locator("#feed-list > article").filter(has_not_text="Ada Moreau")


def menu_of(article, words: str) -> None:
    article.get_by_role("button", name="More actions").click()
    article.get_by_role("menuitem", name=words).click()


def test_a_report_is_sent_from_a_dialog_that_asks_for_a_reason(ada):
    person = ada()
    menu_of(of_others(person).nth(0), "Report")
    dialog = person.page.get_by_role("dialog", name="Report this thought")
    expect(dialog.get_by_role("radio")).to_have_count(6)
    person.finds_no_violation()
    dialog.get_by_label("Anything a moderator should know?").fill("Have a look")
    dialog.get_by_role("button", name="Send report").click()
    expect(dialog).to_contain_text("Choose a reason so moderators know what to look for.")
    expect(dialog.get_by_label("Anything a moderator should know?")).to_have_value("Have a look")
    person.finds_no_violation()
    dialog.get_by_role("radio", name="Something else").check()
    dialog.get_by_role("button", name="Send report").click()
    expect(dialog).to_contain_text("Thanks, it is in the queue")
    person.finds_no_violation()
    dialog.get_by_role("link", name="Done").click()
    expect(dialog).to_have_count(0)
    menu_of(of_others(person).nth(0), "Report")
    expect(dialog).to_contain_text("Thanks, it is in the queue")


def test_a_report_works_without_javascript(ada):
    person = ada("/user/kenji", java_script_enabled=False)
    address = person.page.locator(".feed a[role=menuitem]", has_text="Report").first.get_attribute("href")
    person.goes_to(address)
    person.page.get_by_role("button", name="Send report").click()
    expect(person.page.get_by_text("Choose a reason")).to_be_visible()
    person.page.get_by_role("radio", name="Spam or scam").check()
    person.page.get_by_role("button", name="Send report").click()
    expect(person.page.get_by_text("Thanks, it is in the queue")).to_be_visible()


def test_a_blocked_word_is_named_and_the_words_stay(ada):
    person = ada()
    composer = person.page.get_by_role("textbox", name="New thought")
    composer.fill("Well d4rn, the build is red again.")
    person.page.get_by_role("button", name="Post", exact=True).click()
    expect(person.page.get_by_role("alert")).to_contain_text("Our word filter flagged “d4rn”.")
    expect(composer).to_have_value("Well d4rn, the build is red again.")


def test_a_block_from_the_profile_holds_in_another_browser_until_it_is_undone(ada):
    person, tablet = ada("/user/noah"), ada("/")
    expect(tablet.page.locator(".handle", has_text="@noah").first).to_be_visible()
    person.page.get_by_role("button", name="More actions for @noah").click()
    person.page.get_by_role("menuitem", name="Block @noah").click()
    expect(person.page.locator(".feed-note")).to_contain_text("You have blocked @noah.")
    person.finds_no_violation()
    tablet.page.reload()
    expect(tablet.page.locator(".handle", has_text="@noah")).to_have_count(0)
    tablet.goes_to("/preferences/blocked")
    tablet.page.get_by_role("button", name="Unblock @noah").click()
    person.goes_to("/")
    expect(person.page.locator(".handle", has_text="@noah").first).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1440, "dark")])
def test_pages_are_accessible_and_fit_the_screen(ada, width, scheme):
    person = ada("/user/kenji", viewport={"width": width, "height": 844}, color_scheme=scheme)
    address = person.page.locator(".feed a[role=menuitem]", has_text="Report").first.get_attribute("href")
    for page in ("/user/kenji", address, "/user/kenji/report", "/user/ada/report", "/preferences/blocked"):
        person.goes_to(page)
        person.finds_no_violation()
        assert person.page.evaluate("document.documentElement.scrollWidth <= screen.width"), page
