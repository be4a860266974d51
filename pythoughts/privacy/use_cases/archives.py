"""Hand people everything that is known of them, in an archive that a job makes."""

from datetime import timedelta

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth.models import DataExport, User
from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.i18n import _
from pythoughts.jobs.queue import enqueue
from pythoughts.limits import use_cases as limits
from pythoughts.limits.use_cases import Hit
from pythoughts.mail.use_cases import send_later
from pythoughts.privacy import archives, queries
from pythoughts.settings.limits import throttle
from pythoughts.settings.queries import value_of
from pythoughts.settings.registry import define

ARCHIVES = throttle("archive", 1, 3_600, _("Exports that one account may ask for within an hour."))
KEPT_DAYS = define("accounts.export_days", 7, _("Days within which an export can be downloaded."), least=1, most=90)
READY = "privacy/export_ready"


def request_archive(*, actor: User) -> None:
    """Ask for an archive; a mail says when it is ready.

    Raises:
        TooFast: one was asked for within the hour.
    """
    limits.count([Hit(ARCHIVES.limit, actor.id)])
    with transaction() as database:
        export = DataExport(user_id=actor.id)
        database.add(export)
        database.flush()  # the job needs export.id
        enqueue("privacy.make_archive", export_id=export.id)
        record(Act(actor, "user.export", "user", actor.id, target_label=actor.username))


def make_archive(*, export_id: str) -> None:
    """Write the archive and tell its owner; one that is there already, or that nobody wants any more, is left."""
    with transaction() as database:
        export = database.get(DataExport, export_id)
        if export is None or export.state == "ready":
            return
        owner_id = export.user_id
    size = archives.write(export_id, owner_id)
    with transaction() as database:
        export = database.get(DataExport, export_id, with_for_update=True, populate_existing=True)
        if export is None:  # the owner was erased while it was written
            archives.forget(export_id)
            return
        export.state, export.byte_count, export.ready_at = "ready", size, now()
        export.expires_at = now() + _kept()
        send_later(template=READY, user_id=owner_id, ref_id=export_id)


def note_failed_archive(*, export_id: str) -> None:
    """Say that a try has failed; the job may try again."""
    with transaction() as database:
        export = database.get(DataExport, export_id)
        if export is not None and export.state == "waiting":
            export.state = "failed"


def _kept() -> timedelta:
    return timedelta(days=value_of(KEPT_DAYS))


def forget_archives() -> None:
    """Delete the archives whose time is over."""
    with transaction() as database:
        for export in queries.expired_exports(now() - _kept()):
            archives.forget(export.id)
            database.delete(export)
