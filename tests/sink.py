"""A real mail server for the tests to send to."""

import asyncio
import socket
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller


class Sink:
    """A mail server that keeps what it gets; `answer` replaces its reply to the message or to the recipient."""

    def __init__(self):
        self.messages = []
        self.recipients = []
        self.answers = {}
        self.released = asyncio.Event()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        """Take the recipient, or answer as told."""
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        """Take the message, or answer as told, or not at all."""
        if self.answers.get("DATA") == "hang":
            await self.released.wait()
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.recipients += envelope.rcpt_tos
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def free_port():
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.fixture
def sink(free_port):
    """The mail server, on a port of its own."""
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port)
    controller.start()
    sink.url = f"smtp://127.0.0.1:{free_port}"
    yield sink
    controller.loop.call_soon_threadsafe(sink.released.set)
    controller.stop()
