"""Two people, with and without JavaScript: one answers, the other sees the number, reads, and it is gone."""

import re
from urllib.parse import urlencode
from urllib.request import urlopen

import psycopg
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


def queue_digests(site) -> None:
    """Let the worker run the job now, as if everybody's news were of yesterday."""
    with psycopg.connect(site.environ["DATABASE_URL"]) as connection:
        connection.execute("update notification set created_at = now() - interval '1 day', read_at = null")
        connection.execute(
            "insert into procrastinate_jobs (queue_name, task_name, args)"
            """ values ('notifications', 'notifications.digests', '{"timestamp": 0}')"""
        )


def digest_of(mailbox, address: str):
    """The digest to somebody, who has got one other letter by then: that they signed in at a new browser."""
    mailbox.wait_for(address, count=2)
    (digest,) = [each for each in mailbox.letters if address in str(each["To"]) and each["List-Unsubscribe"]]
    return digest


def chooses(person, often: str) -> None:
    person.goes_to("/preferences/notifications")
    person.page.get_by_label(often).check()
    person.page.get_by_role("button", name="Save changes").click()
    expect(person.page.get_by_text("Your settings are saved.")).to_be_visible()
    expect(person.page.get_by_label(often)).to_be_checked()


def test_a_digest_is_mailed_and_ended_without_signing_in(enter, new_person, site, mailbox):
    ada, priya = enter("ada"), enter("priya")
    for person in (ada, priya):
        chooses(person, "Every day")
    queue_digests(site)
    mail = digest_of(mailbox, "ada@example.org")
    assert "replied to you" in mail.get_body(("plain",)).get_content()
    stranger = new_person(**PHONE)
    stranger.page.goto(mail["List-Unsubscribe"].strip("<>"))
    stranger.finds_no_violation()
    stranger.page.get_by_role("button", name="Stop these mails").click()
    expect(stranger.page.get_by_role("heading", name="You get no more of these mails")).to_be_visible()
    stranger.finds_no_violation()

    mail = digest_of(mailbox, "priya@example.org")
    key, value = mail["List-Unsubscribe-Post"].split("=")
    with urlopen(mail["List-Unsubscribe"].strip("<>"), urlencode({key: value}).encode()) as answer:  # noqa: S310
        assert answer.status == 200
    for person in (ada, priya):
        person.goes_to("/preferences/notifications")
        expect(person.page.get_by_label("Never")).to_be_checked()
