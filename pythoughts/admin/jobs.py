"""Jobs: what waits, runs and has failed; when what runs again and again is due; whether anybody works."""

from typing import Any, ClassVar

from sqlalchemy import Row, Select, func, literal, select

from pythoughts.access import Permission, actor
from pythoughts.admin.actions import Answer, PlainForm, Question, ask, way_back
from pythoughts.admin.base import page
from pythoughts.admin.columns import both_ways
from pythoughts.admin.filters import ChoiceFilter, ExactFilter, Option
from pythoughts.admin.listing import ListView
from pythoughts.errors import Conflict
from pythoughts.i18n import Text, _
from pythoughts.jobs.models import Job, JobEvent, JobState
from pythoughts.jobs.queries import workers
from pythoughts.jobs.schedule import schedule
from pythoughts.upkeep.use_cases import cancel_job, retry_job
from pythoughts.web import keeps_form

STATES = {
    JobState.TODO: _("Waiting"),
    JobState.DOING: _("Running"),
    JobState.FAILED: _("Failed"),
    JobState.SUCCEEDED: _("Done"),
    JobState.CANCELLED: _("Cancelled"),
    JobState.ABORTED: _("Dropped"),
}
LAST_NEWS = select(func.max(JobEvent.at)).where(JobEvent.job_id == Job.id).scalar_subquery()
ROW: tuple[Any, ...] = (
    Job.id,
    Job.task_name.label("task"),
    Job.status.label("state"),
    Job.attempts,
    Job.args.label("about"),
    LAST_NEWS.label("news_at"),
    Job.scheduled_at.label("due_at"),
)
ROWS = select(*ROW)


class JobsView(ListView):
    """Every job that is not forgotten yet: what succeeded for a day, what failed for a month."""

    permission = Permission.JOB_MANAGE
    list_template = "backoffice/jobs.html"

    column_list = ("id", "task", "about", "state", "attempts", "news_at", "due_at")
    column_labels: ClassVar = {
        "id": _("No."),
        "task": _("Job"),
        "about": _("About"),
        "state": _("Status"),
        "attempts": _("Tries"),
        "news_at": _("Last news"),
        "due_at": _("Not before"),
    }
    column_details_list = ()
    column_searchable_list = ()
    column_sortable_list = ("id",)
    column_export_list = ()
    column_filters = (
        ChoiceFilter(
            "state",
            _("Status"),
            [Option(key, label, Job.status == literal(key, Job.status.type)) for key, label in STATES.items()],
            quick=True,
        ),
        ExactFilter("task", _("Job"), Job.task_name),
        ExactFilter("queue", _("Queue"), Job.queue_name),
    )
    orders: ClassVar = both_ways("id", Job.id)
    phone_columns = frozenset({"task", "state"})
    number_columns = frozenset({"id", "attempts"})

    def rows(self) -> Select[Any]:
        """What is to be done about what, and how far that got."""
        return ROWS

    def beside(self) -> dict[str, Any]:
        """The schedule, and whether anybody works."""
        return {"turns": schedule(), "workers": workers()}

    @page("/<int(max=999999999999999999):row_id>/retry", methods=("GET", "POST"))
    @keeps_form
    def retry(self, row_id: int) -> Answer:
        """Ask once, then put it on the queue again."""
        job = self.get_one(row_id)
        _require_state(job, JobState.FAILED)

        def act() -> Text:
            retry_job(actor=actor(), job_id=job.id)
            return _("The job is on the queue again.")

        question = Question(
            _("Run %(task)s again?", task=job.task),
            (_("It is put at the end of the queue, with one try more on its account."),),
            _("Run again"),
            way_back(self.address),
            danger=False,
        )
        return ask(self, question, PlainForm(), act)

    @page("/<int(max=999999999999999999):row_id>/cancel", methods=("GET", "POST"))
    @keeps_form
    def cancel(self, row_id: int) -> Answer:
        """Ask once, then take it off the queue."""
        job = self.get_one(row_id)
        _require_state(job, JobState.TODO)

        def act() -> Text:
            cancel_job(actor=actor(), job_id=job.id)
            return _("The job was cancelled.")

        effects = (_("What it was to do is not done, and nobody can bring it back."),)
        question = Question(_("Cancel %(task)s?", task=job.task), effects, _("Cancel job"), way_back(self.address))
        return ask(self, question, PlainForm(), act)


def _require_state(job: Row[Any], state: JobState) -> None:
    """Refuse to act on what went on after the page was opened."""
    if job.state != state:
        raise Conflict(_("This job is not what it was: %(state)s.", state=STATES[JobState(job.state)]))
