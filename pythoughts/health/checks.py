"""How the machinery is doing, point by point, for whoever keeps it going."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import text

from pythoughts.clock import now
from pythoughts.config import Settings, current_settings
from pythoughts.db import EPOCH, db
from pythoughts.health.queries import current_revision, expected_revision, letters_by_state
from pythoughts.i18n import Text, _
from pythoughts.jobs.queries import queue_depths, workers
from pythoughts.mail.models import MailState

DISK_LOW, DISK_FULL = 0.15, 0.05  # share that is free
BACKUP_OLD = timedelta(days=2)
BACKUPS = "backups"  # folder in instance/ where backups are looked for
JOBS_MANY = 1_000  # that wait: more than a worker takes in a minute

DATABASE = text("""
    select current_setting('server_version_num')::int / 10000 as major,
    pg_database_size(current_database()) as bytes,
    (select count(*) from pg_stat_activity where datname = current_database()) as connections,
    current_setting('max_connections')::int as most
""")
UNINDEXED = text("""
    select conrelid::regclass::text || ' (' || string_agg(attname, ', ') || ')' from pg_constraint fk
    join pg_attribute on attrelid = conrelid and attnum = any (conkey)
    where contype = 'f' and connamespace = 'public'::regnamespace and conrelid::regclass::text not like 'procrastinate%'
    and not exists (
        select from pg_index ix where ix.indrelid = fk.conrelid and ix.indpred is null and ix.indisvalid
        and (ix.indkey::int2[])[0:cardinality(fk.conkey) - 1] @> fk.conkey)
    group by conrelid, fk.oid
    union all select indexrelid::regclass::text from pg_index where not indisvalid order by 1
""")


class Level(StrEnum):
    """How bad it is; also the class of the dot that shows it."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Check:
    """One point.

    Attributes:
        name: what is looked at.
        glyph: a Lucide icon.
        level: how bad it is.
        finding: what is so.
        remedy: what to do about it, empty when all is well.
    """

    name: Text
    glyph: str
    level: Level
    finding: Text
    remedy: Text | str = ""


def short_list() -> list[Check]:
    """What everybody at the desk should know of, for a few statements."""
    return [worker(), mail(), backup(current_settings())]


def full_list() -> list[Check]:
    """Every point."""
    settings = current_settings()
    return [*_database(), migrations(), indexes(), worker(), _jobs(), mail(), disk(settings), backup(settings)]


def _database() -> Iterator[Check]:
    row = db.session.execute(DATABASE).one()
    size = _megabytes(row.bytes)
    yield Check(_("Database"), "database", Level.OK, _("PostgreSQL %(major)d, %(size)s", major=row.major, size=size))
    used = _("%(used)d of %(most)d", used=row.connections, most=row.most)
    if row.connections > row.most * 0.8:
        remedy = _("Raise max_connections, or run fewer web processes.")
        yield Check(_("Connections"), "server", Level.WARN, used, remedy)
    else:
        yield Check(_("Connections"), "server", Level.OK, used)


def migrations() -> Check:
    """Whether the database is the one that this code expects."""
    current, expected = current_revision(), expected_revision()
    if current == expected:
        return Check(_("Migrations"), "circle-check", Level.OK, _("at the head, %(revision)s", revision=current))
    found = _("at %(current)s, not at %(expected)s", current=current, expected=expected)
    return Check(_("Migrations"), "circle-alert", Level.BAD, found, _("Run `pythoughts db upgrade`."))


def indexes() -> Check:
    """Foreign keys without an index make deleting slow; an index that was not finished serves nobody."""
    missing = list(db.session.scalars(UNINDEXED))
    if not missing:
        return Check(_("Indexes"), "search", Level.OK, _("none is missing"))
    found = _("missing or broken: %(names)s", names=", ".join(missing))
    return Check(_("Indexes"), "search", Level.WARN, found, _("Make them again; `REINDEX` mends a broken one."))


def worker() -> Check:
    """Without a worker no mail leaves and nothing is tidied."""
    here = workers()
    if here.alive:
        return Check(_("Worker"), "refresh-cw", Level.OK, _("running"))
    return Check(_("Worker"), "refresh-cw", Level.BAD, _("not running"), _("Start `pythoughts worker`."))


def _jobs() -> Check:
    depths = queue_depths()
    waiting = sum(count for (_queue, state), count in depths.items() if state == "todo")
    failed = sum(count for (_queue, state), count in depths.items() if state == "failed")
    found = _("%(waiting)d waiting, %(failed)d failed", waiting=waiting, failed=failed)
    if waiting > JOBS_MANY:
        return Check(
            _("Jobs"), "timer", Level.BAD, found, _("They come faster than they are done: see the list of jobs.")
        )
    if failed:
        return Check(_("Jobs"), "timer", Level.WARN, found, _("See the list of jobs: run them again, or let them be."))
    return Check(_("Jobs"), "timer", Level.OK, found)


def mail() -> Check:
    """Whether letters leave."""
    states = letters_by_state()
    waiting, failed = states.get(MailState.QUEUED, 0), states.get(MailState.FAILED, 0)
    found = _("%(waiting)d waiting, %(failed)d failed", waiting=waiting, failed=failed)
    if current_settings().smtp_url is None:
        return Check(_("Mail"), "mail", Level.WARN, _("goes to instance/outbox, not to members"), _("Set SMTP_URL."))
    if failed:
        return Check(_("Mail"), "mail", Level.WARN, found, _("See the outbox: send them again, or let them be."))
    return Check(_("Mail"), "mail", Level.OK, found)


def disk(settings: Settings) -> Check:
    """Room for uploads, backups and, with the embedded server, the database."""
    usage = shutil.disk_usage(settings.instance_dir)
    share = usage.free / usage.total
    found = _("%(free)s free of %(total)s", free=_megabytes(usage.free), total=_megabytes(usage.total))
    if share >= DISK_LOW:
        return Check(_("Disk"), "server", Level.OK, found)
    level = Level.BAD if share < DISK_FULL else Level.WARN
    return Check(_("Disk"), "server", level, found, _("Make room where instance/ lies."))


def backup(settings: Settings) -> Check:
    """How old the newest file in instance/backups is."""
    files = [path for path in (settings.instance_dir / BACKUPS).glob("*") if path.is_file()]
    if not files:
        remedy = _("Keep backups of the database, and put them or a note of them into instance/backups.")
        return Check(_("Backup"), "download", Level.WARN, _("none in instance/backups"), remedy)
    made = EPOCH + timedelta(seconds=max(path.stat().st_mtime for path in files))
    found = _("%(hours)d hours old", hours=_hours_since(made))
    if now() - made > BACKUP_OLD:
        return Check(_("Backup"), "download", Level.BAD, found, _("Find out why no newer one was made."))
    return Check(_("Backup"), "download", Level.OK, found)


def _hours_since(moment: datetime) -> int:
    return (now() - moment) // timedelta(hours=1)


def _megabytes(size: int) -> str:
    return f"{size / 2**30:,.1f} GB" if size >= 2**30 else f"{size / 2**20:,.0f} MB"
