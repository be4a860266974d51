"""Hand a message to the mail server that SMTP_URL names."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import unquote, urlsplit

from flask_mail import Connection, Mail, Message

from pythoughts.config import is_loopback
from pythoughts.extensions import mail

TIMEOUT = 10  # seconds the server may take for any one answer
FINAL = 500  # replies from here on mean: don't try again (RFC 5321, 4.2.1)
PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True)
class Server:
    """Where mail goes.

    Attributes:
        encrypted: TLS from the first byte; otherwise STARTTLS decides.
    """

    host: str
    port: int
    encrypted: bool
    username: str | None
    password: str | None = field(repr=False)

    @classmethod
    def at(cls, url: str) -> "Server":
        """Read `smtp://user:password@host:port` or `smtps://…`."""
        parts = urlsplit(url)
        return cls(
            host=parts.hostname or "",
            port=parts.port or PORTS[parts.scheme],
            encrypted=parts.scheme == "smtps",
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )

    def connect(self) -> smtplib.SMTP:
        """Connect, encrypt and sign in.

        Raises:
            smtplib.SMTPException: the server wants none of it.
            OSError: nobody answers in time.
        """
        host = self._open()
        try:
            self._encrypt(host)
            if self.username and self.password:
                host.login(self.username, self.password)
        except BaseException:
            host.close()
            raise
        return host

    def _open(self) -> smtplib.SMTP:
        if self.encrypted:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=ssl.create_default_context())
        return smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)

    def _encrypt(self, host: smtplib.SMTP) -> None:
        """A password is only shown to a proven server; without one, any encryption beats none (RFC 7435)."""
        if self.encrypted or is_loopback(self.host):
            return
        host.ehlo_or_helo_if_needed()
        if self.password:
            host.starttls(context=ssl.create_default_context())
        elif host.has_extn("starttls"):
            host.starttls(context=_unproven())


class TimedConnection(Connection):
    """Flask-Mail's connection, with time limits and with the letter's fate decided before the goodbye."""

    def __init__(self, mail: Mail, server: Server) -> None:
        """Name the server; nothing happens before the `with` block."""
        super().__init__(mail)
        self.server = server

    def configure_host(self) -> smtplib.SMTP:
        """Connect with time limits."""
        return self.server.connect()

    def __exit__(self, exc_type: type[BaseException], exc_value: BaseException, tb: TracebackType) -> None:
        """Leave politely after a success; a failing goodbye must not make a sent mail look unsent."""
        if self.host is None:
            return
        with suppress(smtplib.SMTPException, OSError):
            if exc_type is None:
                self.host.quit()
        self.host.close()


def send(message: Message, url: str) -> None:
    """Send one message.

    Raises:
        smtplib.SMTPException: the server refused it.
        OSError: the server can't be reached, or hangs.
    """
    with TimedConnection(mail, Server.at(url)) as connection:
        connection.send(message)


def is_final(error: Exception) -> bool:
    """Whether trying again is pointless: the server knows the recipient or the message, and wants neither."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= FINAL for code, _reply in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= FINAL


def _unproven() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
