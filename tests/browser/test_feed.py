"""Reading, writing and not listening, at real browsers."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SIGN_IN = re.compile(r"^\s*(?:admin|moderator|member)\s+(\S+)\s+(\S+)\s*$", re.MULTILINE)


@pytest.fixture(scope="module")
def passwords(site) -> dict[str, str]:
    """The passwords of the demo community's people, which this site is filled with."""
    return dict(SIGN_IN.findall(site.command("demo")))


@pytest.fixture(scope="module")
def cookies() -> dict[str, list]:
    """The cookies of people who have signed in, so that each does it once."""
    return {}


@pytest.fixture
def enter(new_person, passwords, cookies):
    """Somebody of the demo community, signed in, at a browser of their own."""

    def open_feed(username: str, **options):
        person = new_person(**options)
        if username in cookies:
            person.context.add_cookies(cookies[username])
            person.goes_to("/")
        else:
            sign_in(person, username, passwords[username])
            cookies[username] = person.context.cookies()
        return person

    return open_feed


def sign_in(person, username: str, password: str) -> None:
    person.goes_to("/sign-in")
    person.page.get_by_label("Email or username").fill(username)
    person.page.get_by_label("Password", exact=True).fill(password)
    person.page.get_by_role("button", name="Sign in").click()
    person.page.wait_for_url(person.site.url + "/")


def thought(person, words: str):
    return person.page.get_by_role("article").filter(has_text=words)


def composer(person):
    return person.page.get_by_role("textbox", name="New thought")


def write(person, words: str) -> None:
    composer(person).fill(words)
    person.page.get_by_role("button", name="Post", exact=True).click()


def test_a_thought_appears_on_top_and_the_composer_is_empty_again(enter):
    ada = enter("ada")
    write(ada, "Hello from the first row")
    expect(ada.page.locator("#feed-list article").first).to_contain_text("Hello from the first row")
    expect(composer(ada)).to_have_value("")
    ada.page.reload()
    expect(thought(ada, "Hello from the first row")).to_have_count(1)
    expect(composer(ada)).to_have_value("")


def test_a_refusal_keeps_the_words_and_says_why(enter):
    ada = enter("ada")
    ada.page.evaluate("document.querySelector('#composer').removeAttribute('data-max')")
    composer(ada).fill("é" * 501)
    ada.page.evaluate("document.querySelector('#composer [type=submit]').disabled = false")
    ada.page.get_by_role("button", name="Post", exact=True).click()
    expect(ada.page.get_by_role("alert")).to_have_text("This is 1 character too long.")
    expect(composer(ada)).to_have_value("é" * 501)


def test_a_reply_takes_the_place_of_its_form_in_the_feed(enter):
    ada = enter("ada")
    first = ada.page.locator("#feed-list article").first
    first.get_by_role("link", name="Reply").click()
    first.get_by_label("Your reply").fill("Answered from the feed")
    first.get_by_role("button", name="Reply", exact=True).click()
    expect(first.get_by_role("article")).to_contain_text("Answered from the feed")
    expect(first.get_by_label("Your reply")).to_have_count(0)


def test_replies_in_a_thread_stand_where_they_belong(enter):
    ada = enter("ada")
    write(ada, "A thread to answer")
    thought(ada, "A thread to answer").locator("a.time").click()
    ada.page.get_by_label("Your reply").fill("First answer")
    ada.page.get_by_role("button", name="Reply", exact=True).click()
    answer = ada.page.locator("#reply-list > article").filter(has_text="First answer")
    expect(answer).to_have_count(1)
    answer.get_by_role("link", name="Reply").click()
    answer.get_by_label("Your reply").fill("Answer to the answer")
    answer.get_by_role("button", name="Reply", exact=True).click()
    expect(answer.get_by_role("article")).to_contain_text("Answer to the answer")
    ada.page.reload()
    expect(answer.locator(".kids article")).to_contain_text("Answer to the answer")
    ada.finds_no_violation()


def test_older_thoughts_join_the_list(enter):
    ada = enter("ada")
    before = ada.page.locator("#feed-list > article").count()
    ada.page.get_by_role("link", name="Show older thoughts").click()
    expect(ada.page.locator("#feed-list > article").nth(before)).to_be_visible()


def test_somebody_ignored_is_silent_in_both_browsers_until_heard_again(enter):
    ada, tablet = enter("ada"), enter("ada")
    theirs = ada.page.locator("#feed-list > article").filter(has_not_text="Ada Moreau").first
    name = theirs.locator(".handle").inner_text()
    theirs.get_by_role("button", name="More actions").click()
    theirs.get_by_role("menuitem", name=f"Ignore {name}").click()
    note = ada.page.locator(".feed-note")
    expect(note).to_contain_text(f"You are ignoring {name}")
    tablet.page.reload()
    expect(tablet.page.locator("#feed-list .handle", has_text=re.compile(f"^{re.escape(name)}$"))).to_have_count(0)
    note.get_by_role("button", name="Undo").click()
    expect(note).to_have_count(0)
    tablet.page.reload()
    expect(tablet.page.locator("#feed-list .handle", has_text=re.compile(f"^{re.escape(name)}$")).first).to_be_visible()


def test_what_one_person_deletes_is_gone_for_another_within_one_refresh(enter, new_person):
    ada, visitor = enter("ada"), new_person()
    write(ada, "Not for long")
    expect(thought(ada, "Not for long")).to_have_count(1)
    visitor.goes_to("/")
    expect(thought(visitor, "Not for long")).to_have_count(1)
    thought(ada, "Not for long").get_by_role("button", name="More actions").click()
    thought(ada, "Not for long").get_by_role("menuitem", name="Delete thought").click()
    ada.page.get_by_role("button", name="Delete").click()
    ada.page.wait_for_url(ada.site.url + "/")
    visitor.page.reload()
    expect(thought(visitor, "Not for long")).to_have_count(0)


def test_a_draft_outlives_being_signed_out_elsewhere(new_person, passwords):
    kenji, phone = new_person(), new_person()
    sign_in(kenji, "kenji", passwords["kenji"])
    composer(kenji).fill("Half a thought")
    sign_in(phone, "kenji", passwords["kenji"])
    phone.goes_to("/preferences/devices")
    phone.page.get_by_role("button", name="Sign out all other devices").click()
    kenji.page.get_by_role("button", name="Post", exact=True).click()
    kenji.page.wait_for_url("**/sign-in?**")
    sign_in(kenji, "kenji", passwords["kenji"])
    expect(composer(kenji)).to_have_value("Half a thought")


def test_everything_works_without_javascript(enter):
    ada = enter("ada", java_script_enabled=False)
    write(ada, "Written by form alone")
    post = thought(ada, "Written by form alone")
    expect(post).to_have_count(1)
    post.get_by_role("link", name="Reply").click()
    ada.page.get_by_label("Your reply").fill("Answered by form alone")
    ada.page.get_by_role("button", name="Reply", exact=True).click()
    expect(thought(ada, "Answered by form alone").last).to_be_visible()
    ada.goes_to("/")
    ada.page.get_by_role("link", name="Show older thoughts").click()
    assert "before=" in ada.page.url
    ada.goes_to("/preferences/ignored")
    ada.page.get_by_label("Add by username").fill("kenji")
    ada.page.get_by_role("button", name="Ignore", exact=True).click()
    ada.page.get_by_role("button", name="Stop ignoring @kenji").click()
    ada.goes_to("/preferences/appearance")
    ada.page.get_by_role("radio", name="Dark").check()
    ada.page.get_by_role("button", name="Save changes").click()
    expect(ada.page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_thought_is_edited_ignored_found_and_reported_without_javascript(enter):
    ada = enter("ada", java_script_enabled=False)
    write(ada, "Written with a tpyo")
    post = thought(ada, "Written with a tpyo")
    post.get_by_role("button", name="More actions").click()
    post.get_by_role("menuitem", name="Edit thought").click()
    ada.page.get_by_label("Your thought").fill("Written without a typo")
    ada.page.get_by_role("button", name="Save").click()
    ada.page.get_by_role("link", name="edited").click()
    expect(ada.page.get_by_text("Written with a tpyo")).to_be_visible()
    ada.goes_to("/search")
    ada.page.get_by_role("main").get_by_role("searchbox").fill("without typo")
    ada.page.get_by_role("main").get_by_role("searchbox").press("Enter")
    expect(thought(ada, "Written without a typo")).to_have_count(1)
    ada.goes_to("/")
    theirs = ada.page.locator("#feed-list > article").filter(has_not_text="Ada Moreau").first
    name = theirs.locator(".handle").inner_text()
    theirs.get_by_role("button", name="More actions").click()
    theirs.get_by_role("menuitem", name="Report").click()
    ada.page.get_by_role("radio").first.check()
    ada.page.get_by_role("button", name="Send report").click()
    ada.goes_to("/")
    theirs.get_by_role("button", name="More actions").click()
    theirs.get_by_role("menuitem", name=f"Ignore {name}").click()
    ada.goes_to("/")
    expect(ada.page.locator("#feed-list .handle", has_text=re.compile(f"^{re.escape(name)}$"))).to_have_count(0)
    ada.goes_to("/preferences/ignored")
    ada.page.get_by_role("button", name=f"Stop ignoring {name}").click()


def test_words_go_through_the_sign_in_without_javascript(enter, passwords):
    ada = enter("ada", java_script_enabled=False)
    composer(ada).fill("Half a thought, half a session")
    ada.context.clear_cookies(name=re.compile("session"))
    ada.page.get_by_role("button", name="Post", exact=True).click()
    ada.page.get_by_label("Email or username").fill("ada")
    ada.page.get_by_label("Password", exact=True).fill(passwords["ada"])
    ada.page.get_by_role("button", name="Sign in").click()
    expect(composer(ada)).to_have_value("Half a thought, half a session")
    ada.page.get_by_role("button", name="Post", exact=True).click()
    expect(thought(ada, "Half a thought, half a session")).to_have_count(1)


def test_words_outlive_a_network_that_is_gone(enter):
    ada = enter("ada")
    composer(ada).fill("Said into a tunnel")
    ada.context.set_offline(True)
    ada.page.get_by_role("button", name="Post", exact=True).click()
    expect(ada.page.locator("#toasts")).to_contain_text("You seem to be offline")
    expect(composer(ada)).to_have_value("Said into a tunnel")
    ada.context.set_offline(False)
    ada.complaints.clear()  # the browser reports what it could not fetch
    ada.page.reload()
    expect(composer(ada)).to_have_value("Said into a tunnel")
    ada.page.get_by_role("button", name="Post", exact=True).click()
    expect(thought(ada, "Said into a tunnel")).to_have_count(1)
    ada.page.reload()
    expect(composer(ada)).to_have_value("")


def test_an_edit_shows_in_another_browser_within_one_refresh(enter, new_person):
    ada, visitor = enter("ada"), new_person()
    write(ada, "Before the edit")
    expect(thought(ada, "Before the edit")).to_have_count(1)
    visitor.goes_to("/")
    expect(thought(visitor, "Before the edit")).to_have_count(1)
    thought(ada, "Before the edit").get_by_role("button", name="More actions").click()
    thought(ada, "Before the edit").get_by_role("menuitem", name="Edit thought").click()
    ada.page.get_by_label("Your thought").fill("*After* the edit")
    ada.page.get_by_role("button", name="Save").click()
    expect(ada.page.locator(".root em")).to_have_text("After")
    visitor.page.reload()
    expect(thought(visitor, "Before the edit")).to_have_count(0)
    expect(thought(visitor, "After the edit")).to_contain_text("edited")


def test_an_edit_that_was_not_saved_is_still_there_later(enter):
    ada = enter("ada")
    write(ada, "To be edited at leisure")
    thought(ada, "To be edited at leisure").get_by_role("button", name="More actions").click()
    thought(ada, "To be edited at leisure").get_by_role("menuitem", name="Edit thought").click()
    box = ada.page.get_by_label("Your thought")
    box.fill("Edited at leisure")
    address = ada.page.url
    ada.goes_to("/")
    ada.page.goto(address)
    expect(box).to_have_value("Edited at leisure")
    ada.page.get_by_role("button", name="Save").click()
    expect(ada.page.locator(".root")).to_contain_text("Edited at leisure")
    assert ada.page.evaluate("Object.keys(localStorage).filter(key => key.includes('draft:edit'))") == []


def test_news_come_as_a_pill_and_move_nothing(enter, new_person):
    reader, ada = new_person(), enter("ada")
    reader.page.clock.install()
    reader.goes_to("/")
    first = reader.page.locator("#feed-list article").first.get_attribute("id")
    write(ada, "Hot off the press")
    expect(thought(ada, "Hot off the press")).to_have_count(1)
    reader.page.clock.run_for(44_000)
    expect(reader.page.locator(".new-pill")).to_have_count(0)
    reader.page.clock.run_for(2_000)
    expect(reader.page.locator(".new-pill")).to_have_text("1 new thought")
    assert reader.page.locator("#feed-list article").first.get_attribute("id") == first
    reader.page.keyboard.press(".")
    expect(reader.page.locator("#feed-list article").first).to_contain_text("Hot off the press")
    expect(reader.page.locator(".new-pill")).to_have_count(0)


def test_nobody_asks_for_news_while_the_page_is_out_of_sight(new_person):
    reader = new_person()
    asked = []
    reader.page.on("request", lambda request: asked.append(request.url) if "/feed/new" in request.url else None)
    reader.page.add_init_script("Object.defineProperty(document, 'hidden', {get: () => window.away ?? false})")
    reader.page.clock.install()
    reader.goes_to("/")
    reader.page.evaluate("window.away = true; document.dispatchEvent(new Event('visibilitychange'))")
    reader.page.clock.run_for(200_000)
    assert asked == []
    reader.page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    reader.page.clock.run_for(1_000)
    assert len(asked) == 1


def test_a_list_that_takes_long_shows_the_shape_of_what_comes(enter):
    ada = enter("ada")
    waiting = []
    ada.page.route(re.compile(r"\?before="), lambda route: waiting.append(route))  # noqa: PLW0108  (it has to be a function of ours)
    ada.page.get_by_role("link", name="Show older thoughts").click()
    expect(ada.page.locator(".awaited")).to_be_visible()
    waiting[0].fulfill(status=500, content_type="text/html", body="<!doctype html>")
    expect(ada.page.locator("#toasts")).to_contain_text("did not work")
    expect(ada.page.locator(".awaited")).to_be_hidden()
    ada.complaints.clear()  # the browser reports the error that was made up


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1440, "dark")])
def test_pages_are_accessible_and_fit_the_screen(enter, width, scheme):
    ada = enter("ada", viewport={"width": width, "height": 844}, color_scheme=scheme)
    write(ada, f"*Seen* at {width}\n\n> A quote\n\n- A list")
    mine = thought(ada, f"Seen at {width}").locator("a.time").first.get_attribute("href")
    pages = [
        "/",
        "/posts/new",
        mine,
        f"{mine}/edit",
        f"{mine}/history",
        "/user/kenji",
        "/preferences",
        "/preferences/ignored",
        "/preferences/appearance",
    ]
    for page in pages:
        ada.goes_to(page)
        ada.finds_no_violation()
        assert ada.page.evaluate("document.documentElement.scrollWidth <= screen.width"), page
