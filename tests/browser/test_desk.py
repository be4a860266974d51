"""The back office in real browsers: pages in both themes, questions in dialogs, everything without JavaScript."""

import re

import pytest
from playwright.sync_api import Error, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SIGN_IN = re.compile(r"^\s*(?:admin|moderator|member)\s+(\S+)\s+(\S+)\s*$", re.MULTILINE)
DESK = {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"}
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
LISTS = ("review", "users", "sessions", "verifications", "posts", "words", "outbox", "audit")


@pytest.fixture(scope="module")
def cookies(browser, site) -> dict[str, list]:
    """What the staff of the demo community carries once it has signed in."""
    passwords = dict(SIGN_IN.findall(site.command("demo")))
    return {name: signed_in(browser, site, name, passwords[name]) for name in ("priya", "kenji", "ada")}


def signed_in(browser, site, username: str, password: str) -> list:
    context = browser.new_context()
    page = context.new_page()
    page.goto(site.url + "/sign-in")
    page.get_by_label("Email or username").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(site.url + "/")
    found = context.cookies()
    context.close()
    return found


@pytest.fixture
def enter(new_person, cookies):
    """Somebody of the staff, in the back office, at a browser of their own."""

    def open_desk(username: str, path: str = "/admin/", **options):
        person = new_person(**options)
        person.context.add_cookies(cookies[username])
        person.goes_to(path)
        return person

    return open_desk


def first_of_each(person) -> list[str]:
    """One address of every kind that the lists lead to, questions included."""
    kinds: dict[str, str] = {}
    addresses = [f"/admin/{name}/" for name in LISTS] + ["/admin/"]
    for address in addresses[:-1]:
        person.goes_to(address)
        links = person.page.locator("main a[href^='/admin/'], main form[action^='/admin/']")
        addresses += links.evaluate_all("all => all.map(one => one.getAttribute('href') ?? one.getAttribute('action'))")
    for address in addresses:
        path = address.partition("?")[0]
        kinds.setdefault(re.sub(r"/(\d+|[0-9a-f]{8}-[0-9a-f-]+)(?=/|$)", "/…", path), path)
    return [path for kind, path in kinds.items() if kind != "/admin/sessions/revoke"]


@pytest.mark.parametrize("options", [DESK, PHONE], ids=["light", "dark-phone"])
def test_every_page_is_sound_in_both_themes(enter, options):
    priya = enter("priya", **options)
    pages = first_of_each(priya)
    assert len(pages) >= 15
    for path in pages:
        priya.goes_to(path)
        priya.finds_no_violation()
        assert priya.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_a_letter_is_previewed_in_its_own_look(enter):
    priya = enter("priya", "/admin/outbox/letters/auth/verify_email", **DESK)
    code = priya.page.frame_locator("iframe").get_by_text("493817")
    expect(code).to_have_css("font-size", "28px")
    priya.finds_no_violation()


def test_a_question_opens_over_the_list_and_is_dropped_by_escape(enter):
    kenji = enter("kenji", "/admin/posts/?author=ada&state=live")
    opener = kenji.page.get_by_role("link", name="Remove", exact=True).first
    opener.click()
    expect(kenji.page.get_by_label("Reason")).to_be_visible()
    kenji.finds_no_violation()
    kenji.page.keyboard.press("Escape")
    expect(kenji.page.get_by_label("Reason")).to_be_hidden()
    expect(opener).to_be_focused()
    assert kenji.page.url.endswith("/admin/posts/?author=ada&state=live")


def test_a_removal_begun_in_the_list_ends_there(enter):
    kenji = enter("kenji", "/admin/posts/?author=ada&state=live")
    rows = kenji.page.get_by_role("row")
    before = rows.count()
    kenji.page.get_by_role("link", name="Remove", exact=True).first.click()
    kenji.page.get_by_label("Reason").fill("Off topic")
    kenji.page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(rows).to_have_count(before - 1)
    assert kenji.page.url.endswith("/admin/posts/?author=ada&state=live")


def test_a_shown_link_is_gone_with_the_page(enter):
    priya = enter("priya", "/admin/users/?search=tomasz")
    priya.page.get_by_role("link", name="@tomasz").click()
    priya.page.get_by_role("link", name="Reset account").click()
    priya.page.get_by_label("Reason").fill("He stands at my desk")
    priya.page.get_by_text("Show it to me, once").click()
    priya.page.get_by_role("button", name="Reset account").click()
    link = priya.page.get_by_label("One-time link").input_value()
    assert link.startswith(f"{priya.site.url}/reset-password/")
    priya.page.get_by_role("link", name="Done").click()
    with pytest.raises(Error, match="ERR_CACHE_MISS"):  # the answer was kept nowhere, the browser's memory included
        priya.page.go_back()


def test_several_sessions_are_ticked_and_ended(enter):
    priya = enter("priya", "/admin/sessions/?member=noah")
    priya.page.locator("[data-check-all]").check()
    priya.page.get_by_role("toolbar").get_by_role("button", name="End sessions").click()
    priya.page.get_by_role("dialog").get_by_role("button", name="End sessions").click()
    priya.page.get_by_text("was ended").or_(priya.page.get_by_text("were ended")).wait_for()
    priya.goes_to("/admin/sessions/?member=noah")
    expect(priya.page.get_by_text("Nothing matches")).to_be_visible()


def test_the_whole_desk_works_without_javascript(enter):
    priya = enter("priya", "/admin/sessions/?state=open", java_script_enabled=False, **PHONE)
    priya.page.locator("[name=chosen]").first.check()
    priya.page.get_by_role("button", name="End sessions").click()
    priya.page.get_by_role("button", name="End sessions").click()
    priya.page.get_by_text("was ended").wait_for()
    priya.goes_to("/admin/posts/?state=live")
    priya.page.get_by_role("button", name="Filter").click()
    priya.page.get_by_label("Member is").fill("leila")
    priya.page.get_by_role("button", name="Apply filters").click()
    priya.page.locator("td.wide a").first.click()
    priya.page.get_by_role("button", name="Remove").click()
    priya.page.get_by_label("Reason").fill("Off topic")
    priya.page.get_by_role("button", name="Remove").click()
    expect(priya.page.get_by_role("button", name="Restore")).to_be_visible()


def test_a_phone_finds_the_menu_in_a_drawer(enter):
    kenji = enter("kenji", **PHONE)
    kenji.page.get_by_role("button", name="Open admin menu").click()
    kenji.finds_no_violation()
    kenji.page.get_by_role("dialog").get_by_role("link", name="Thoughts", exact=True).click()
    kenji.page.wait_for_url("**/admin/posts/")
