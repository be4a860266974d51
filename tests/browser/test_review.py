"""The review queue in real browsers: cleared by keyboard alone, undone, without JavaScript, on a phone."""

import re
from collections import Counter

import psycopg
import pytest
from playwright.sync_api import expect

from tests.browser.test_desk import DESK, PHONE, SIGN_IN, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PATIENCE = 15_000  # ms, on a busy machine
ITEMS = """
with everybody as (
  select array_agg(id order by username) filter (where role = 'member') as members from "user"
), posts as (
  insert into pythoughts (id, message, user_id, state)
  select 'queue-' || to_char(n, 'FM00'), 'Thought number ' || n, members[1 + n % 4],
    case when n % 5 = 0 then 'held' else 'live' end
  from generate_series(1, 17) n, everybody returning id
), items as (
  insert into review_item (id, post_id, person_id, score, open_reports)
  select 'item-' || to_char(n, 'FM00'), case when n <= 17 then 'queue-' || to_char(n, 'FM00') end,
    case when n > 17 then members[n - 14] end, 100 - n, 1
  from generate_series(1, 20) n, everybody returning id
)
insert into report (id, item_id, reporter_id, category, weight)
select 'report-' || to_char(n, 'FM00'), 'item-' || to_char(n, 'FM00'), members[8],
  (array['spam', 'harassment', 'private', 'other'])[1 + n % 4], 100 - n
from generate_series(1, 20) n, everybody
"""


@pytest.fixture(scope="module")
def cookies(browser, site) -> dict[str, list]:
    """What two moderators carry once they have signed in."""
    passwords = dict(SIGN_IN.findall(site.command("demo")))
    return {name: signed_in(browser, site, name, passwords[name]) for name in ("priya", "kenji")}


@pytest.fixture
def database(site):
    """A connection to the site's database."""
    url = site.environ["DATABASE_URL"].replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def queue(database):
    """Twenty mixed items, nothing else: live and held posts, and people."""
    database.execute("delete from review_item")
    database.execute("delete from pythoughts where id like 'queue-%'")
    database.execute(ITEMS)
    return [f"item-{number:02}" for number in range(1, 21)]


@pytest.fixture
def enter(new_person, cookies):
    """Somebody of the staff at the queue, at a browser of their own."""

    def open_queue(username: str, path: str = "/admin/review/", **options):
        person = new_person(**options)
        person.context.add_cookies(cookies[username])
        person.goes_to(path)
        return person

    return open_queue


def current(person):
    """The marked row."""
    return person.page.locator("[data-row][aria-current]")


def expect_current(person, item_id: str) -> None:
    expect(current(person)).to_have_attribute("href", re.compile(rf"/admin/review/{item_id}\b"), timeout=PATIENCE)
    expect(person.page.locator(f"#pane form[action*='/{item_id}/']").first).to_be_attached()
    expect(person.page.locator("#load.htmx-request")).to_have_count(0)


def test_a_queue_of_twenty_is_cleared_by_keyboard_alone(enter, queue, database):
    kenji = enter("kenji", **DESK)
    pressed = Counter()

    def press(key: str, then: str | None) -> None:
        kenji.page.keyboard.press(key)
        pressed[key] += 1
        if then:
            expect_current(kenji, then)

    expect_current(kenji, queue[0])
    keys = ["a", "r", "i"]
    for number, item_id in enumerate(queue[:-1]):
        press(keys[number % 3], queue[number + 1])
        if number in {4, 9, 14}:
            press("z", item_id)
            press(keys[number % 3], queue[number + 1])
    press("a", None)
    expect(kenji.page.get_by_text("The queue is empty")).to_be_visible()
    assert sum(pressed.values()) == 20 + 2 * 3
    for number in (19, 18, 17):
        press("z", queue[number])
    kenji.finds_no_violation()
    states = database.execute("select id, state from review_item order by id").fetchall()
    assert states == [(item_id, "open" if number > 16 else "decided") for number, item_id in enumerate(queue)]
    removed = database.execute("select id from pythoughts where id like 'queue-%' and state = 'removed' order by id")
    assert [row[0] for row in removed] == [f"queue-{number:02}" for number in range(1, 18) if number % 3 == 2]
    outcomes = database.execute("select outcome from report order by id").fetchall()
    told = ("disagreed", "agreed", "open")
    assert [row[0] for row in outcomes] == [told[number % 3] if number < 17 else "open" for number in range(20)]
    held = database.execute("select id from pythoughts where id like 'queue-%' and state = 'held' order by id")
    assert [row[0] for row in held] == ["queue-15"]
    acts = database.execute("select count(*) from audit_log where action = 'review.reopen'").fetchone()
    assert acts == (6,)


def test_one_walks_claims_notes_and_holds_by_keyboard(enter, queue, database):
    kenji = enter("kenji", **DESK)
    press = kenji.page.keyboard.press
    for key, then in (("j", 1), ("j", 2), ("k", 1)):
        press(key)
        expect_current(kenji, queue[then])
    assert kenji.page.url.endswith(f"/admin/review/{queue[1]}")
    press("c")
    expect(kenji.page.get_by_role("button", name="Let go")).to_be_visible()
    press("n")
    kenji.page.keyboard.type("a rather rude one")
    press("Enter")
    expect(kenji.page.locator("#pane").get_by_text("a rather rude one")).to_be_visible()
    press("h")
    expect(kenji.page.get_by_role("button", name="Release")).to_be_visible()
    press("?")
    expect(kenji.page.get_by_role("dialog").get_by_text("Review queue")).to_be_visible()
    press("a")
    press("Escape")
    row = database.execute("select state, claimed_by is not null from review_item where id = %s", [queue[1]]).fetchone()
    assert row == ("open", True)


def test_two_moderators_meet_at_one_item(enter, queue, database):
    kenji, priya = enter("kenji", **DESK), enter("priya", **DESK)
    kenji.page.keyboard.press("r")
    expect_current(kenji, queue[1])
    priya.page.keyboard.press("r")
    expect(priya.page.get_by_role("alert")).to_contain_text("@kenji already removed this.")
    assert database.execute(
        "select count(*) from audit_log where action = 'post.remove' and target_id = 'queue-01'"
    ).fetchone() == (1,)
    priya.page.keyboard.press("j")
    expect_current(priya, queue[1])


def test_a_message_takes_the_act_back(enter, queue):
    kenji = enter("kenji", **DESK)
    kenji.page.get_by_role("button", name="Remove").click()
    expect_current(kenji, queue[1])
    message = kenji.page.locator("#toasts").get_by_role("button", name="Undo")
    message.click()
    expect_current(kenji, queue[0])
    kenji.finds_no_violation()


def test_a_phone_shows_the_queue_and_then_the_item(enter, queue):
    kenji = enter("kenji", **PHONE)
    expect(kenji.page.locator("#pane")).to_be_hidden()
    kenji.finds_no_violation()
    kenji.page.locator("[data-row]").nth(2).click()
    expect(kenji.page.locator("#pane").get_by_text("Thought number 3")).to_be_visible()
    expect(kenji.page.locator("#queue")).to_be_hidden()
    kenji.finds_no_violation()
    assert kenji.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    kenji.page.get_by_role("button", name="Approve").click()
    expect(kenji.page.locator("#pane").get_by_text("Thought number 4")).to_be_visible()
    kenji.page.get_by_role("link", name="Back to the queue").click()
    expect(kenji.page.locator("#queue")).to_be_visible()


@pytest.mark.parametrize("options", [DESK, PHONE], ids=["desk", "phone"])
def test_the_queue_works_without_javascript(enter, queue, options):
    note = f"Seen on a screen of {options['viewport']['width']} pixels"
    kenji = enter("kenji", java_script_enabled=False, **options)
    kenji.page.locator("[data-row]").nth(1).click()
    kenji.page.get_by_label("Reason").fill("Rude")
    kenji.page.get_by_role("button", name="Remove").click()
    expect(kenji.page.locator("#pane").get_by_text("Thought number 3")).to_be_visible()
    kenji.page.get_by_role("button", name="Undo").click()
    expect(kenji.page.locator("#pane").get_by_text("Thought number 2")).to_be_visible()
    kenji.page.get_by_role("button", name="Claim").click()
    kenji.page.get_by_role("button", name="Let go").click()
    kenji.page.get_by_label("Note for other moderators").fill(note)
    kenji.page.get_by_role("button", name="Add note").click()
    expect(kenji.page.locator("#pane").get_by_text(note)).to_be_visible()
    kenji.page.get_by_role("button", name="Decide this and").click()
    kenji.page.get_by_text("Approve: they are fine").click()
    kenji.page.get_by_role("button", name="Decide all").click()
    kenji.page.get_by_text("items are decided").wait_for()
