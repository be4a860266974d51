"""A browser's part of the measurement: connections that stay open, cookies, forms."""

import re
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from bench.servers import HOST

HIDDEN = re.compile(r'<input\b(?=[^>]*\btype="hidden")[^>]*>')
ATTRIBUTE = re.compile(r'\b(name|value)="([^"]*)"')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class WrongAnswer(Exception):
    """A page answered something else than what was to be measured."""


@dataclass
class Browser:
    """Somebody's browser.

    Attributes:
        address: where they seem to come from, for limits per address.
        cookies: by name.
    """

    port: int
    address: str = "10.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)
    size: int = 0  # bytes of the last page

    def __post_init__(self) -> None:
        self._connection = HTTPConnection(HOST, self.port, timeout=30)

    def get(self, path: str, status: int = 200) -> str:
        """Read a page.

        Raises:
            WrongAnswer: its status is another one.
        """
        return self._send("GET", path, None, status)

    def post(self, path: str, form: dict[str, str], status: int = 303) -> None:
        """Send a form.

        Raises:
            WrongAnswer: the answer's status is another one.
        """
        self._send("POST", path, urlencode(form), status)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _send(self, method: str, path: str, body: str | None, status: int) -> str:
        headers = {"X-Forwarded-For": self.address, "Accept": "text/html"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self._connection.request(method, path, body, headers | (FORM if body else {}))
        answer = self._connection.getresponse()
        page = answer.read()
        self.size = len(page)
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(line).items()})
        if answer.status != status:
            raise WrongAnswer(f"{method} {path} answered {answer.status}, not {status}")
        return page.decode()


def hidden_fields(page: str) -> dict[str, str]:
    """What a form sends that nobody typed."""
    pairs = (dict(ATTRIBUTE.findall(tag)) for tag in HIDDEN.findall(page))
    return {pair["name"]: unescape(pair.get("value", "")) for pair in pairs if "name" in pair}
