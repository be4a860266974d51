"""A captcha provider for the tests, over real HTTP."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

import pytest

SCRIPT = """
for (const place of document.querySelectorAll(".cf-turnstile")) {
  const field = Object.assign(document.createElement("input"), {type: "hidden", name: "cf-turnstile-response"});
  field.value = "human:" + place.dataset.action;
  place.append(field);
}
"""


class Provider:
    """Says yes to the token `human:<action>`, once; `answers` replaces what it says, in order, None hangs up."""

    def __init__(self, url):
        self.url = url
        self.asked = []
        self.answers = []

    def answer(self, fields):
        """What to say to these fields, or None to hang up."""
        self.asked.append(fields)
        if self.answers:
            return self.answers.pop(0)
        kind, _colon, action = fields["response"].partition(":")
        return {"success": kind == "human", "action": action, "hostname": "localhost", "error-codes": []}


def _handler(provider):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            answer = provider.answer({name: values[0] for name, values in parse_qs(body).items()})
            if answer is None:
                self.close_connection = True
            else:
                self.say("application/json", answer if isinstance(answer, str) else json.dumps(answer))

        def do_GET(self):
            self.say("text/javascript", SCRIPT)

        def say(self, kind, text):
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_arguments):
            """Nothing."""

    return Handler


@contextmanager
def providing():
    """The provider, on a port of its own."""
    provider = Provider("")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()


def keys_for(provider):
    """What a site's environment says to use it."""
    return {
        "TURNSTILE_SITE_KEY": "site-key",
        "TURNSTILE_SECRET_KEY": "sesame",
        "TURNSTILE_SCRIPT_URL": f"{provider.url}/api.js",
        "TURNSTILE_VERIFY_URL": f"{provider.url}/siteverify",
    }


@pytest.fixture
def provider():
    """The provider, for one test."""
    with providing() as found:
        yield found
