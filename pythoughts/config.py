"""Settings from the environment and from instance/, checked once at start."""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from flask import current_app

SECRET_KEY_MIN = 32  # characters, about 190 bits when random
DUMMY_KEYS = frozenset({"secret", "changeme", "change-me", "dev", "development", "test", "please-change-me"})
DUMMY_SECRET = re.compile(r"[123]x0{10}")  # the provider's documentation gives them to everybody
TURNSTILE = "https://challenges.cloudflare.com/turnstile/v0"
PORT_MAX = 65_535
PROXY_HOPS_MAX = 10
PROVIDER_NAME = re.compile(r"(?!credential$)[a-z0-9][a-z0-9-]{0,29}")  # `credential` is our own passwords
THREADS = 8  # per web process; the database pool has one connection for each


class ConfigError(Exception):
    """A setting is missing or wrong; the message names the variable and the fix."""


@dataclass(frozen=True)
class Variable:
    """One environment variable: how it is read, what it means, what it is when unset."""

    name: str
    read: Callable[[str], Any]
    default: str
    help: str
    secret: bool = False


@dataclass(frozen=True)
class Provider:
    """Where people may sign in with an account that they have elsewhere (OpenID Connect).

    Attributes:
        name: in addresses and rows.
        label: on buttons.
        issuer: the provider's own address, exactly as it calls itself.
    """

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True)
class Settings:
    """Everything that the environment decides.

    Attributes:
        database_url: SQLAlchemy URL of a PostgreSQL database, or None for the embedded server.
        public_url: scheme and host that members see, without a trailing slash.
        smtp_url: `smtp://user:password@host:port` (`smtps://` for TLS), or None to write mails to instance/outbox.
        contact: address of the people who run the site; letters name it, and answers to letters go there.
        proxy_hops: how many reverse proxies stand in front and set X-Forwarded-For.
        development: true under `pythoughts run`: mails are also written to instance/outbox.
    """

    secret_key: str = field(repr=False)
    database_url: str | None = field(repr=False)
    public_url: str
    host: str
    port: int
    smtp_url: str | None = field(repr=False)
    mail_from: str
    contact: str
    turnstile_site_key: str | None
    turnstile_secret_key: str | None = field(repr=False)
    turnstile_script_url: str
    turnstile_verify_url: str
    proxy_hops: int
    metrics_token: str | None = field(repr=False)
    oidc_providers: tuple[Provider, ...]
    development: bool
    instance_dir: Path

    @property
    def https(self) -> bool:
        """Whether members reach the site over TLS."""
        return self.public_url.startswith("https://")


def _text(value: str) -> str | None:
    return value or None


def _whole(top: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not (value.isascii() and value.isdigit() and int(value) <= top):
            raise ValueError(f"must be a whole number from 0 to {top}")
        return int(value)

    return read


def _flag(value: str) -> bool:
    if value not in {"", "0", "1"}:
        raise ValueError("must be 0 or 1")
    return value == "1"


def _database(value: str) -> str | None:
    if not value:
        return None
    scheme, separator, rest = value.partition("://")
    if not separator or scheme not in {"postgres", "postgresql", "postgresql+psycopg"}:
        raise ValueError("must be a PostgreSQL URL such as postgresql://user:password@host:5432/pythoughts")
    return f"postgresql+psycopg://{rest}"


def _public(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("must be a scheme and a host such as https://community.example.org")
    return value.rstrip("/")


def _service(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"[\s;,'\"]", value):
        raise ValueError("must be an address such as https://challenges.example.org/check")
    return value


def _smtp(value: str) -> str | None:
    if value and (urlsplit(value).scheme not in {"smtp", "smtps"} or not urlsplit(value).hostname):
        raise ValueError("must be smtp://user:password@host:port or smtps://…")
    return value or None


def _address(value: str) -> str:
    if "@" not in value or any(ord(character) < 32 for character in value):
        raise ValueError("must be an address such as Pythoughts <hello@example.org>")
    return value


def _contact(value: str) -> str:
    return parseaddr(_address(value))[1] if value else ""


def _names(value: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in value.split(",") if name.strip())
    if len(set(names)) < len(names) or not all(PROVIDER_NAME.fullmatch(name) for name in names):
        raise ValueError("must be different names of small letters, digits and hyphens, with commas between")
    return names


def _issuer(value: str) -> str:
    parts = urlsplit(value)
    if not parts.hostname or (parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname))):
        raise ValueError("must be the https address of an OpenID Connect provider")
    return value


def _needed(value: str) -> str:
    if not value:
        raise ValueError("must be set")
    return value


VARIABLES = (
    Variable("SECRET_KEY", str, "", "Signs cookies, codes and links; 32 random characters or more.", secret=True),
    Variable("DATABASE_URL", _database, "", "PostgreSQL 15 or newer; unset: the embedded server.", secret=True),
    Variable("PUBLIC_URL", _public, "", "What members type into the browser, for links in mails."),
    Variable("HOST", str, "127.0.0.1", "Address to listen on."),
    Variable("PORT", _whole(PORT_MAX), "8000", "Port to listen on."),
    Variable("SMTP_URL", _smtp, "", "Where mail leaves; unset: written to instance/outbox.", secret=True),
    Variable("MAIL_FROM", _address, "Pythoughts <pythoughts@localhost>", "Sender of every mail."),
    Variable("CONTACT", _contact, "", "Where members may complain, named in every mail; unset: MAIL_FROM."),
    Variable("TURNSTILE_SITE_KEY", _text, "", "Cloudflare Turnstile; unset: no captcha."),
    Variable("TURNSTILE_SECRET_KEY", _text, "", "Cloudflare Turnstile's secret.", secret=True),
    Variable("TURNSTILE_SCRIPT_URL", _service, f"{TURNSTILE}/api.js", "The script that shows the captcha."),
    Variable("TURNSTILE_VERIFY_URL", _service, f"{TURNSTILE}/siteverify", "Where the captcha's answers are checked."),
    Variable("PROXY_HOPS", _whole(PROXY_HOPS_MAX), "0", "Reverse proxies in front that set X-Forwarded-For."),
    Variable("METRICS_TOKEN", _text, "", "Bearer token for /metrics; unset: loopback only.", secret=True),
    Variable("OIDC_PROVIDERS", _names, "", "Names of OpenID Connect providers to sign in with, with commas between."),
    Variable("PYTHOUGHTS_DEVELOPMENT", _flag, "", "1 under `pythoughts run`; leave unset in production."),
)
PROVIDER_VARIABLES = (  # <NAME> is a name in OIDC_PROVIDERS, in capitals, with _ for -
    Variable("OIDC_<NAME>_ISSUER", _issuer, "", "The provider's address, as in its openid-configuration."),
    Variable("OIDC_<NAME>_CLIENT_ID", _needed, "", "What the provider calls this site."),
    Variable("OIDC_<NAME>_CLIENT_SECRET", _needed, "", "What proves it to the provider.", secret=True),
    Variable("OIDC_<NAME>_LABEL", str, "", "What the button calls the provider; unset: its name."),
)


def load(instance_dir: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and check every variable.

    Raises:
        ConfigError: a value is wrong; the message names the variable and the fix.
    """
    values = {variable.name: _read(variable, environ) for variable in VARIABLES}
    development = values.pop("PYTHOUGHTS_DEVELOPMENT")
    values["SECRET_KEY"] = _secret_key(values["SECRET_KEY"], instance_dir)
    values["PUBLIC_URL"] = values["PUBLIC_URL"] or _local_url(values["HOST"], values["PORT"])
    values["CONTACT"] = values["CONTACT"] or _contact(values["MAIL_FROM"])
    values["OIDC_PROVIDERS"] = tuple(_provider(name, environ) for name in values["OIDC_PROVIDERS"])
    _check_pairs(values)
    fields = {name.lower(): value for name, value in values.items()}
    return Settings(**fields, development=development, instance_dir=instance_dir)


def current_settings() -> Settings:
    """What the running application was built with, for rules that know nothing of the web framework."""
    return cast("Settings", current_app.extensions["settings"])


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _read(variable: Variable, environ: Mapping[str, str]) -> Any:
    raw = _raw(variable.name, environ).strip() or variable.default
    if not raw and variable.read is _public:
        return ""
    try:
        return variable.read(raw)
    except ValueError as error:
        shown = "" if variable.secret else f", not {raw[:80]!r}"
        raise ConfigError(f"{variable.name} {error}{shown}.") from None


def _provider(name: str, environ: Mapping[str, str]) -> Provider:
    capitals = name.upper().replace("-", "_")
    named = [replace(each, name=each.name.replace("<NAME>", capitals)) for each in PROVIDER_VARIABLES]
    issuer, client_id, client_secret, label = [_read(variable, environ) for variable in named]
    return Provider(name, label or name.replace("-", " ").capitalize(), issuer, client_id, client_secret)


def _raw(name: str, environ: Mapping[str, str]) -> str:
    """The variable itself, or the content of the file that `NAME_FILE` points to."""
    path = environ.get(f"{name}_FILE")
    if not path:
        return environ.get(name, "")
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"{name}_FILE points to a file that can't be read.") from None


def _secret_key(given: str, instance_dir: Path) -> str:
    key = given or _kept_key(instance_dir / "secret_key")
    if len(key) < SECRET_KEY_MIN or key.lower() in DUMMY_KEYS or len(set(key)) < 8:
        raise ConfigError(
            f"SECRET_KEY is too weak: give {SECRET_KEY_MIN} or more random characters, "
            'for example from: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    return key


def _kept_key(path: Path) -> str:
    """The key of this installation, made at the first start and readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    with suppress(FileExistsError):
        path.hardlink_to(draft)  # atomic: of two first starts, one wins and both read its key
    draft.unlink()
    return path.read_text(encoding="ascii").strip()


def _local_url(host: str, port: int) -> str:
    if not is_loopback(host):
        raise ConfigError("PUBLIC_URL must be set when HOST is not a loopback address: links in mails need it.")
    return f"http://localhost:{port}"


def _check_pairs(values: Mapping[str, Any]) -> None:
    if bool(values["TURNSTILE_SITE_KEY"]) != bool(values["TURNSTILE_SECRET_KEY"]):
        raise ConfigError("TURNSTILE_SITE_KEY and TURNSTILE_SECRET_KEY must be set together.")
    if values["PUBLIC_URL"].startswith("https://") and DUMMY_SECRET.match(values["TURNSTILE_SECRET_KEY"] or ""):
        raise ConfigError("TURNSTILE_SECRET_KEY is one of the keys for tests, which lets everybody pass. Use your own.")
