"""What must be right before members are let in, each point with its remedy."""

import json
import os
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from pythoughts import config
from pythoughts.cli.gunicorn_config import cores
from pythoughts.clock import now
from pythoughts.config import THREADS, Provider, Settings, is_loopback
from pythoughts.db import db
from pythoughts.errors import Unavailable
from pythoughts.health.queries import current_revision, expected_revision
from pythoughts.jobs.queries import worker_seen_at
from pythoughts.paths import STATIC_DIR
from pythoughts.services import openid
from pythoughts.services.embedded_postgres.binaries import OLDEST_MAJOR
from pythoughts.services.smtp import Server

SILENT = timedelta(seconds=60)
SPARE_CONNECTIONS = 20  # for the worker, the command line and PostgreSQL's own
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """One line of the list; `fix` says what to do unless all is well."""

    level: Level
    what: str
    fix: str = ""


def findings(settings: Settings) -> Iterator[Finding]:
    """Every point, in the order in which to mend them."""
    yield secret_key(settings)
    yield public_url(settings)
    yield proxy_hops(settings)
    yield development(settings)
    yield instance_folder(settings)
    yield assets()
    yield from database(settings)
    yield smtp(settings)
    for provider in settings.oidc_providers:
        yield identity_provider(provider)


def secret_key(settings: Settings) -> Finding:
    """Its strength is checked at start; several machines need the same one."""
    kept = settings.instance_dir / "secret_key"
    if kept.exists() and kept.read_text(encoding="ascii").strip() == settings.secret_key:
        fix = "set SECRET_KEY, the same on every machine"
        return Finding(Level.WARN, "the secret key is kept in instance/secret_key", fix)
    return Finding(Level.OK, "SECRET_KEY is set")


def public_url(settings: Settings) -> Finding:
    """Without TLS, passwords and cookies are for everybody to read."""
    if settings.https:
        return Finding(Level.OK, "members come over TLS")
    return Finding(Level.FAIL, f"PUBLIC_URL {settings.public_url} is not https", "serve over TLS, set PUBLIC_URL")


def proxy_hops(settings: Settings) -> Finding:
    """A wrong number makes everybody share one address, or lets anybody choose theirs."""
    if settings.https and settings.proxy_hops == 0:
        return Finding(Level.WARN, "PROXY_HOPS is 0 though a proxy must end TLS", "set it to how many stand in front")
    if settings.proxy_hops and not is_loopback(settings.host):
        fix = "let nobody but the proxy reach this port: whoever does may choose their address"
        return Finding(Level.WARN, f"{settings.proxy_hops} proxies are trusted on {settings.host}", fix)
    return Finding(Level.OK, f"{settings.proxy_hops} proxies are trusted")


def development(settings: Settings) -> Finding:
    """Development writes codes and links to files."""
    if settings.development:
        return Finding(Level.FAIL, "PYTHOUGHTS_DEVELOPMENT is on", "leave it unset")
    return Finding(Level.OK, "not in development")


def instance_folder(settings: Settings) -> Finding:
    """Uploads and outgoing mail need a place."""
    if os.access(settings.instance_dir, os.W_OK | os.X_OK):
        return Finding(Level.OK, f"{settings.instance_dir} is writable")
    return Finding(Level.FAIL, f"{settings.instance_dir} is not writable", "give it to the user who runs this")


def assets() -> Finding:
    """Styles and scripts must be built, all of them."""
    manifest = STATIC_DIR / "build" / "manifest.json"
    names = json.loads(manifest.read_text(encoding="utf-8")).values() if manifest.exists() else []
    if names and all((manifest.parent / name).exists() for name in names):
        return Finding(Level.OK, "styles and scripts are built")
    return Finding(Level.FAIL, "styles and scripts are not built", "install the wheel, or run `make setup`")


def database(settings: Settings) -> Iterator[Finding]:
    """Reachable, new enough, migrated, durable, roomy; and somebody works on its jobs."""
    try:
        yield _version()
        yield _migrations()
        yield from _durability()
        yield _room()
        yield worker()
    except SQLAlchemyError as error:
        kind = type(getattr(error, "orig", None) or error).__name__
        yield Finding(Level.FAIL, f"the database can't be used ({kind})", "start it, or mend DATABASE_URL")
    if config.load(settings.instance_dir).database_url is None:
        yield Finding(Level.WARN, "the embedded database is made for development", "set DATABASE_URL")


def _version() -> Finding:
    number = int(db.session.scalar(text("show server_version_num")) or 0)
    major = number // 10_000
    if major < OLDEST_MAJOR:
        return Finding(Level.FAIL, f"PostgreSQL {major} is too old", f"upgrade to {OLDEST_MAJOR} or newer")
    return Finding(Level.OK, f"PostgreSQL {major} answers")


def _migrations() -> Finding:
    current, expected = current_revision(), expected_revision()
    if current == expected:
        return Finding(Level.OK, f"migrated to {current}")
    return Finding(Level.FAIL, f"migrated to {current}, not {expected}", "run `pythoughts db upgrade`")


def _durability() -> Iterator[Finding]:
    for name, wanted in DURABLE.items():
        found = db.session.scalar(text("select current_setting(:name)"), {"name": name})
        if found in {wanted, "remote_apply", "remote_write", "local"}:
            yield Finding(Level.OK, f"{name} is {found}")
        else:
            yield Finding(Level.FAIL, f"{name} is {found}: a crash loses rows", f"set {name} = {wanted}")


def _room() -> Finding:
    most = int(db.session.scalar(text("show max_connections")) or 0)
    needed = cores() * (THREADS + 2) + SPARE_CONNECTIONS
    if most < needed:
        return Finding(Level.WARN, f"max_connections is {most}", f"raise it to {needed} for {cores()} web processes")
    return Finding(Level.OK, f"max_connections is {most}, {needed} are needed")


def worker() -> Finding:
    """Without a worker no mail leaves."""
    seen = worker_seen_at()
    if seen is None or now() - seen > SILENT:
        return Finding(Level.FAIL, "no worker is running", "start `pythoughts worker`")
    return Finding(Level.OK, "a worker is running")


def smtp(settings: Settings) -> Finding:
    """The mail server lets us in."""
    if settings.smtp_url is None:
        return Finding(Level.FAIL, "mail goes to instance/outbox, not to members", "set SMTP_URL")
    try:
        with Server.at(settings.smtp_url).connect():
            return Finding(Level.OK, "the mail server lets us in")
    except (smtplib.SMTPException, OSError) as error:
        return Finding(Level.FAIL, f"the mail server does not let us in ({type(error).__name__})", "mend SMTP_URL")


def identity_provider(provider: Provider) -> Finding:
    """Somebody who signs in elsewhere waits for it; that the libraries are there shows at start."""
    try:
        openid.client().check_answers(provider)
    except Unavailable:
        fix = "mend its OIDC_…_ISSUER, or let this machine reach it"
        return Finding(Level.FAIL, f"{provider.label} does not answer as {provider.issuer}", fix)
    return Finding(Level.OK, f"members may sign in at {provider.label}")
