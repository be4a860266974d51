"""Who gets to see a password, and over what."""

import smtplib
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pythoughts.services.smtp import Server

ELSEWHERE = "0.0.0.0"  # noqa: S104  (reaches this machine, but is no loopback address)


class Guard:
    """Lets anybody in and remembers with what, and whether it came encrypted."""

    def __init__(self):
        self.seen = []

    def __call__(self, server, session, envelope, mechanism, data):
        """Take the name and the password."""
        self.seen.append((data.login, data.password, session.ssl is not None))
        return AuthResult(success=True)


@pytest.fixture
def unproven(tmp_path):
    """TLS with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "mail.pem"
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


@pytest.fixture
def guard():
    return Guard()


@pytest.fixture
def listen(free_port, guard):
    """Start a mail server that offers STARTTLS (tls_context), or speaks TLS only (ssl_context); its port."""
    started = []

    def listen(tls_context=None, ssl_context=None):
        server = Controller(
            object(),
            hostname="127.0.0.1",
            port=free_port,
            tls_context=tls_context,
            ssl_context=ssl_context,
            authenticator=guard,
            auth_require_tls=False,
        )
        server.start()
        started.append(server)
        return free_port

    yield listen
    for server in started:
        server.stop()


@pytest.mark.parametrize(
    ("url", "port", "encrypted", "login"),
    [
        ("smtp://mail.example.org", 25, False, (None, None)),
        ("smtps://mail.example.org", 465, True, (None, None)),
        ("smtp://ada%40x:%70%3A%2Fw@mail.example.org:587", 587, False, ("ada@x", "p:/w")),
    ],
)
def test_the_address_says_everything(url, port, encrypted, login):
    server = Server.at(url)
    assert (server.host, server.port, server.encrypted) == ("mail.example.org", port, encrypted)
    assert (server.username, server.password) == login
    assert "p:/w" not in repr(server)


def test_on_this_machine_a_password_needs_no_encryption(listen, guard):
    with Server.at(f"smtp://ada:secret@127.0.0.1:{listen()}").connect():
        assert guard.seen == [(b"ada", b"secret", False)]


def test_elsewhere_a_password_stays_home_without_encryption(listen, guard):
    with pytest.raises(smtplib.SMTPNotSupportedError):
        Server.at(f"smtp://ada:secret@{ELSEWHERE}:{listen()}").connect()
    assert guard.seen == []


def test_elsewhere_a_password_stays_home_before_an_unproven_server(listen, guard, unproven):
    with pytest.raises(ssl.SSLCertVerificationError):
        Server.at(f"smtp://ada:secret@{ELSEWHERE}:{listen(unproven)}").connect()
    assert guard.seen == []


def test_without_a_password_any_encryption_is_taken(listen, unproven):
    with Server.at(f"smtp://{ELSEWHERE}:{listen(unproven)}").connect() as host:
        assert isinstance(host.sock, ssl.SSLSocket)


def test_without_a_password_no_encryption_will_do(listen):
    with Server.at(f"smtp://{ELSEWHERE}:{listen()}").connect() as host:
        assert not isinstance(host.sock, ssl.SSLSocket)


def test_encrypted_from_the_start_needs_a_proven_server(listen, guard, unproven):
    with pytest.raises(ssl.SSLCertVerificationError):
        Server.at(f"smtps://ada:secret@{ELSEWHERE}:{listen(ssl_context=unproven)}").connect()
    assert guard.seen == []
