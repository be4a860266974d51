"""A site of its own for each journey file, and browsers that fail on any console error."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.error import URLError

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from pythoughts.paths import PROJECT_ROOT
from tests.conftest import SECRET

START_SECONDS = 90  # for web to answer, on a busy machine
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = PROJECT_ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"


@dataclass
class Mailbox:
    """An SMTP server that keeps what it gets."""

    letters: list[EmailMessage] = field(default_factory=list)
    port: int = 0

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802  (aiosmtpd's name)
        """Keep a letter."""
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 kept"

    def wait_for(self, address: str, count: int = 1) -> EmailMessage:
        """The newest letter to `address`, once there are `count`."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            found = [letter for letter in self.letters if address in str(letter["To"])]
            if len(found) >= count:
                return found[-1]
            time.sleep(0.05)
        raise AssertionError(f"no letter to {address}; there are {[str(letter['To']) for letter in self.letters]}")

    def code_for(self, address: str, count: int = 1) -> str:
        """The six digits in the newest letter to `address`."""
        text = self.wait_for(address, count).get_body(("plain",)).get_content()
        return re.search(r"\b(\d{6})\b", text)[1]

    def link_for(self, address: str, count: int = 1) -> str:
        """The first link in the newest letter to `address`."""
        text = self.wait_for(address, count).get_body(("plain",)).get_content()
        return re.search(r"https?://\S+", text)[0]


@dataclass(frozen=True)
class Site:
    """A running site: where it answers, where its mail goes, how to talk to its database."""

    url: str
    mailbox: Mailbox
    environ: dict[str, str]

    def command(self, *arguments: str) -> str:
        """Run the `pythoughts` command on this site and return what it prints."""
        line = [sys.executable, "-m", "pythoughts.cli.main", *arguments]
        return subprocess.run(line, env=self.environ, check=True, capture_output=True, text=True, timeout=60).stdout


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    """A mail server on loopback."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.port = controller.port
    yield box
    controller.stop()


@pytest.fixture(scope="module")
def variables() -> dict[str, str]:
    """What else a journey file's site finds in its environment."""
    return {}


@pytest.fixture(scope="module")
def site(server, template, testrun_uid, worker_id, mailbox, tmp_path_factory, variables) -> Iterator[Site]:
    """Web and worker as processes of their own, over a fresh database."""
    name = f"site_{testrun_uid[:8]}_{worker_id}"
    server.drop_database(name)
    server.create_database(name, template=template)
    port = free_port()
    environ = {
        **os.environ,
        "DATABASE_URL": server.url(name),
        "SECRET_KEY": SECRET,
        "PUBLIC_URL": f"http://localhost:{port}",
        "PORT": str(port),
        "SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}",
        "INSTANCE_DIR": str(tmp_path_factory.mktemp("site")),
        **variables,
    }
    running = Site(f"http://localhost:{port}", mailbox, environ)
    processes = [_start(kind, environ) for kind in ("web", "worker")]
    try:
        _until_ready(running.url)
        yield running
    finally:
        _stop(processes)
        server.drop_database(name)


def _start(kind: str, environ: dict[str, str]) -> subprocess.Popen[bytes]:
    line = [sys.executable, "-m", "pythoughts.cli.main", kind]
    with Path(environ["INSTANCE_DIR"], f"{kind}.log").open("wb") as log:
        return subprocess.Popen(line, env=environ, stdout=log, stderr=log)


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(timeout=20)


def _until_ready(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"{url} did not become ready")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a screen, for one module: its event loop would be in the way of other tests."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    assert path, "Chromium is missing; install it or run `make browser`"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@dataclass
class Person:
    """Somebody at a browser of their own."""

    page: Page
    context: BrowserContext
    site: Site
    complaints: list[str] = field(default_factory=list)

    def goes_to(self, path: str) -> None:
        """Open a page of the site."""
        self.page.goto(self.site.url + path)

    def finds_no_violation(self) -> None:
        """Run axe on the page as it stands (WCAG 2.2 AA)."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found = self.page.evaluate("tags => axe.run(document, {runOnly: tags})", tags)
        problems = [f"{v['id']}: {v['nodes'][0]['target']} {v['help']}" for v in found["violations"]]
        assert problems == [], f"{self.page.url}: {problems}"


@pytest.fixture
def new_person(browser: Browser, site: Site):
    """Make people, each in a browser context of their own; a console error fails the test at its end."""
    people: list[Person] = []

    def make(**options) -> Person:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        context.set_default_timeout(10_000)
        person = Person(context.new_page(), context, site)
        person.page.on(
            "console", lambda m: m.type == "error" and _is_own_fault(m.text) and person.complaints.append(m.text)
        )
        person.page.on("pageerror", lambda error: person.complaints.append(str(error)))
        people.append(person)
        return person

    yield make
    complaints = [complaint for person in people for complaint in person.complaints]
    for person in people:
        person.context.close()
    assert complaints == []


def _is_own_fault(text: str) -> bool:
    """A status of 4xx that a journey provokes is reported by the browser, and is no fault of the page."""
    return "Failed to load resource: the server responded with a status of 4" not in text
