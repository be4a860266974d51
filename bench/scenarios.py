"""What is measured: what one turn of a browser does, and what it may cost."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.browsing import Browser, hidden_fields
from bench.world import PASSWORD, World
from pythoughts.cli.seed_huge.words import RARE_WORD

Turn = Callable[[World, Browser, int], None]
SESSION, DEVICE = "pythoughts_session", "pythoughts_device"


@dataclass(frozen=True)
class Scenario:
    """One thing that people do.

    Attributes:
        name: how the results call it.
        turn: does it once; the number of the turn lets many people take turns.
        goal: most it may cost, as a multiple of `unit`; None where nothing was promised.
        unit: "L2" or the name of another scenario.
        hashes: how many password hashes belong to it and are taken off.
    """

    name: str
    turn: Turn
    goal: float | None = None
    unit: str = "L2"
    hashes: int = 0


def reading(path: str) -> Turn:
    """A visitor reads a page; its address may name places of the world."""

    def turn(world: World, browser: Browser, _number: int) -> None:
        browser.get(path.format(world=world))

    return turn


def as_member(path: str) -> Turn:
    """Members read a page, one after the other."""

    def turn(world: World, browser: Browser, number: int) -> None:
        browser.cookies = {SESSION: _token(world, number)}
        browser.get(path.format(world=world))

    return turn


def as_admin(path: str) -> Turn:
    """An admin reads a page."""

    def turn(world: World, browser: Browser, _number: int) -> None:
        browser.cookies = {SESSION: world.admin}
        browser.get(path.format(world=world))

    return turn


def post(world: World, browser: Browser, number: int) -> None:
    """A member opens the form and posts."""
    browser.cookies = {SESSION: _token(world, number)}
    browser.address = _address(number)
    form = hidden_fields(browser.get("/posts/new"))
    browser.post("/posts", {**form, "message": f"Measured thought number {number}, `with code` and all."})


def sign_in(world: World, browser: Browser, number: int) -> None:
    """A member opens the form and signs in, in a browser that has been theirs before: no letter tells of a new one."""
    names = list(world.members)
    name = names[number % len(names)]
    browser.cookies = {DEVICE: world.devices[name]}
    browser.address = _address(number)
    form = hidden_fields(browser.get("/sign-in"))
    browser.post("/sign-in", {**form, "identifier": name, "password": PASSWORD})


def failing(identifier: str) -> Turn:
    """Somebody opens the form and types a wrong password; `identifier` may name people of the world."""

    def turn(world: World, browser: Browser, number: int) -> None:
        browser.cookies = {}
        browser.address = _address(number)
        names = list(world.members)
        form = hidden_fields(browser.get("/sign-in"))
        name = identifier.format(member=names[number % len(names)], number=number)
        browser.post("/sign-in", {**form, "identifier": name, "password": "not the password"}, status=422)

    return turn


def _token(world: World, number: int) -> str:
    tokens = list(world.members.values())
    return tokens[number % len(tokens)]


def _address(number: int) -> str:
    """Another one for each turn."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


L1 = Scenario("L1: a bare answer", reading("/hello"))
L2 = Scenario("L2: one query, one template", reading("/page"))
SCENARIOS = (
    Scenario("home, signed out", reading("/"), 2.5),
    Scenario("home, signed in", as_member("/"), 3.5),
    Scenario("deep page, signed out", reading("/?before={world.last_page}"), 1.1, "home, signed out"),
    Scenario("deep page, signed in", as_member("/?before={world.last_page}"), 1.1, "home, signed in"),
    Scenario("thread, signed out", reading("/posts/{world.thread}"), 2.5),
    Scenario("thread, signed in", as_member("/posts/{world.thread}"), 3.5),
    Scenario("create a post", post, 5),
    Scenario("sign in", sign_in, 5, hashes=1),
    Scenario("wrong password, unknown name", failing("nobody.{number}")),
    Scenario("wrong password, known name", failing("{member}"), 1.25, "wrong password, unknown name"),
    Scenario("posts list", as_admin("/admin/posts/"), 6),
    Scenario("posts list, deep", as_admin("/admin/posts/?after={world.last_row}"), 1.2, "posts list"),
    Scenario("posts list, rare word", as_admin(f"/admin/posts/?search={RARE_WORD}"), 10),
    Scenario("desk's first page", as_admin("/admin/"), 6),
    Scenario("desk's first page, 90 days", as_admin("/admin/?days=90"), 6),
    Scenario("people list", as_admin("/admin/users/"), 6),
)
