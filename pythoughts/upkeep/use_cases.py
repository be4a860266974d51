"""Try again what has failed, take back what has not begun, see whether mail arrives."""

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth.models import User
from pythoughts.db import transaction
from pythoughts.errors import Conflict, NotAllowed, NotFound
from pythoughts.i18n import _
from pythoughts.jobs.models import Job, JobState
from pythoughts.jobs.queue import enqueue
from pythoughts.mail.models import MailState, OutboxMail
from pythoughts.mail.use_cases import send_later
from pythoughts.upkeep.permissions import can_manage_jobs, can_manage_outbox

AGAIN = text("select procrastinate_retry_job_v2(:id, now(), null, null, null)")
CANCEL = text("select procrastinate_cancel_job_v1(:id, false, false)")


def retry_job(*, actor: User, job_id: int) -> None:
    """Put a failed job on the queue again.

    Raises:
        NotAllowed: the actor has no right to it.
        NotFound: there is no such job.
        Conflict: it has not failed, or its successor waits already and will do the same work.
    """
    _require(can_manage_jobs(actor))
    with transaction() as session:
        job = _job(session, job_id, JobState.FAILED)
        try:
            with session.begin_nested():
                session.execute(AGAIN, {"id": job_id})
        except IntegrityError:
            raise Conflict(_("The next run of this job waits already, and will do its work.")) from None
        _note(actor, job, "job.retry", JobState.TODO)


def cancel_job(*, actor: User, job_id: int) -> None:
    """Take a job that waits off the queue; it can't be brought back.

    Raises:
        NotAllowed: the actor has no right to it.
        NotFound: there is no such job.
        Conflict: it does not wait any more.
    """
    _require(can_manage_jobs(actor))
    with transaction() as session:
        job = _job(session, job_id, JobState.TODO)
        session.execute(CANCEL, {"id": job_id})
        _note(actor, job, "job.cancel", JobState.CANCELLED)


def retry_mail(*, actor: User, mail_id: str) -> None:
    """Send a letter again that was given up.

    Raises:
        NotAllowed: the actor has no right to it.
        NotFound: there is no such letter.
        Conflict: it was not given up.
    """
    _require(can_manage_outbox(actor))
    with transaction() as session:
        mail = session.get(OutboxMail, mail_id, with_for_update=True)
        if mail is None:
            raise NotFound(_("There is nothing at this address."))
        if mail.state != MailState.FAILED:
            raise Conflict(_("Only letters that have failed can be sent again."))
        before = {"state": mail.state, "attempts": mail.attempts, "last_error": mail.last_error}
        mail.state, mail.attempts, mail.last_error = MailState.QUEUED, 0, None
        enqueue("mail.send", mail_id=mail.id)
        record(
            Act(actor, "mail.retry", "mail", mail.id, mail.template, before=before, after={"state": MailState.QUEUED})
        )


def send_test_mail(*, actor: User) -> None:
    """Send the actor a letter that says nothing but that mail arrives.

    Raises:
        NotAllowed: the actor has no right to it.
    """
    _require(can_manage_outbox(actor))
    with transaction():
        send_later(template="upkeep/test_mail", user_id=actor.id)
        record(Act(actor, "mail.test", "user", actor.id, actor.username))


def _require(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed(_("Your role does not include this."))


def _job(session: Session, job_id: int, state: JobState) -> Job:
    """The job, locked until the transaction ends, in the one state in which it may be acted on."""
    job = session.scalars(select(Job).where(Job.id == job_id).with_for_update()).one_or_none()
    if job is None:
        raise NotFound(_("There is nothing at this address."))
    if job.status != state:
        raise Conflict(_("This job is not what it was: %(state)s.", state=job.status))
    return job


def _note(actor: User, job: Job, action: str, state: JobState) -> None:
    before, after = {"state": job.status, "task": job.task_name}, {"state": state}
    record(Act(actor, action, "job", str(job.id), job.task_name, before=before, after=after))
