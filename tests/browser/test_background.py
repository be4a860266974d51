"""The sky behind the pages: it moves after a sign of life, and costs nothing in between."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ASLEEP_AFTER = 4_500  # ms after the last move, half a second more than it takes
WINDOW = 3_000  # ms that are measured at a time
STEP = 50  # ms between two moves of the pointer
COUNTED = """
    window.drawings = 0;
    const pen = CanvasRenderingContext2D.prototype;
    const clear = pen.clearRect;
    pen.clearRect = function (...place) { drawings += 1; return clear.apply(this, place); };
"""
SAVES_DATA = "Object.defineProperty(NetworkInformation.prototype, 'saveData', { get: () => true });"
HIDE = """
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
    document.dispatchEvent(new Event('visibilitychange'));
"""


@pytest.fixture
def watcher(new_person):
    """Somebody who counts how often the sky is drawn."""

    def make(script: str = "", **options):
        person = new_person(**options)
        person.page.add_init_script(COUNTED + script)
        person.goes_to("/sign-in")
        return person

    return make


def drawings(person, milliseconds: int) -> int:
    """How often the sky is drawn within this time."""
    before = person.page.evaluate("drawings")
    person.page.wait_for_timeout(milliseconds)
    return person.page.evaluate("drawings") - before


def share(person, act) -> float:
    """Percent of a processor that the page's main thread takes while `act` goes on."""
    session = person.context.new_cdp_session(person.page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = metrics(session)
    act()
    after = metrics(session)
    session.detach()
    return 100 * (after["TaskDuration"] - before["TaskDuration"]) * 1_000 / WINDOW


def metrics(session) -> dict[str, float]:
    return {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}


def wait(person) -> None:
    person.page.wait_for_timeout(WINDOW)


def wander(person) -> None:
    for number in range(WINDOW // STEP):
        person.page.mouse.move(200 + 8 * number, 300 + 4 * number)
        person.page.wait_for_timeout(STEP)


def test_it_moves_sleeps_and_wakes(watcher):
    person = watcher()
    assert drawings(person, 1_000) > 3
    person.page.wait_for_timeout(ASLEEP_AFTER)
    assert drawings(person, WINDOW) == 0
    person.page.mouse.move(300, 300)
    assert drawings(person, 1_000) > 3


def test_nobody_who_can_not_see_it_pays_for_it(watcher):
    person = watcher()
    person.page.evaluate(HIDE)
    assert drawings(person, 1_000) == 0
    person.page.mouse.move(300, 300)
    assert drawings(person, 1_000) == 0


def test_it_stands_still_for_whoever_wants_less_motion(watcher):
    person = watcher(reduced_motion="reduce")
    person.page.mouse.move(300, 300)
    assert drawings(person, 1_000) == 0
    assert person.page.evaluate("drawings") > 0


def test_it_stays_away_from_whoever_saves_data(watcher):
    person = watcher(SAVES_DATA)
    person.page.mouse.move(300, 300)
    person.page.wait_for_timeout(500)
    assert person.page.evaluate("drawings") == 0


@pytest.mark.parametrize(("mark", "drawn"), [("bg", False), ("motion", True)])
def test_it_obeys_the_settings(watcher, mark, drawn):
    """A member's page says so before any script runs; here a script does, as early as one can."""
    early = f"new MutationObserver(() => document.documentElement.dataset.{mark} = 'off')"
    person = watcher(f"{early}.observe(document, {{ childList: true, subtree: true }});")
    person.page.mouse.move(300, 300)
    assert drawings(person, 1_000) == 0
    assert (person.page.evaluate("drawings") > 0) is drawn


def test_readers_of_screens_hear_nothing_of_it(watcher):
    assert watcher().page.locator("[data-neural]").get_attribute("aria-hidden") == "true"


def test_its_share_of_the_main_thread_is_small(watcher):
    """Measured in four seconds each: 0.4 % (0.2 % without the sky), 3.4 % and 7.5 %; a busy machine gets some room."""
    person = watcher()
    moving = share(person, lambda: wander(person))
    awake = share(person, lambda: wait(person))
    person.page.wait_for_timeout(ASLEEP_AFTER)
    asleep = share(person, lambda: wait(person))
    print(f"main thread: {asleep:.2f} % asleep, {awake:.2f} % awake, {moving:.2f} % moving")  # noqa: T201
    assert asleep < 1
    assert awake < 6
    assert moving < 14
