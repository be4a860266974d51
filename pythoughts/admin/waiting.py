"""What waits for somebody: counted live up to a cap, each number leading to exactly what it counts."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import Select, func, literal, null, select, true

from pythoughts.access import Permission
from pythoughts.admin.listing import capped
from pythoughts.admin.queue import waiting
from pythoughts.db import db
from pythoughts.feed.models import Post, PostState
from pythoughts.i18n import Text, _
from pythoughts.jobs.models import Job, JobState
from pythoughts.mail.models import MailState, OutboxMail
from pythoughts.moderation.models import Outcome, Report, ReviewItem


@dataclass(frozen=True)
class Queue:
    """Rows that somebody has to look at.

    Attributes:
        label: what they are.
        glyph: a Lucide icon.
        rows: selects one row for each; a column `since` tells when it began to wait.
        endpoint: the list of them.
        filters: arguments that narrow the list to them.
        oldest: selects since when the first of them waits, where an index finds it; None where it does not matter.
    """

    label: Text
    glyph: str
    rows: Select[Any]
    endpoint: str
    permission: Permission
    filters: dict[str, str] = field(default_factory=dict, hash=False)
    oldest: Any = None


@dataclass(frozen=True)
class Backlog:
    """A queue as it is now; `count` is at most one more than the cap."""

    queue: Queue
    count: int
    since: datetime | None

    @property
    def address(self) -> str:
        """Where the rows are listed."""
        return url_for(self.queue.endpoint, **self.queue.filters)  # type: ignore[arg-type]  # no name of url_for's own


ONE = literal(1)
QUEUES = (
    Queue(
        _("Open reports"),
        "flag",
        select(ONE).where(Report.outcome == Outcome.OPEN),
        "admin_reports.index_view",
        Permission.REPORT_DECIDE,
        {"outcome": Outcome.OPEN},
        select(Report.created_at).where(Report.outcome == Outcome.OPEN).order_by(Report.id).limit(1),
    ),
    Queue(
        _("Held thoughts"),
        "timer",
        select(ONE).where(Post.state == PostState.HELD),
        "admin_posts.index_view",
        Permission.POST_MODERATE,
        {"state": PostState.HELD},
        select(Post.created_at).where(Post.state == PostState.HELD).order_by(Post.id).limit(1),
    ),
    Queue(
        _("Failed mails"),
        "mail",
        select(ONE).where(OutboxMail.state == MailState.FAILED),
        "admin_outbox.index_view",
        Permission.OUTBOX_VIEW,
        {"state": MailState.FAILED},
    ),
    Queue(
        _("Failed jobs"),
        "circle-alert",
        select(ONE).where(Job.status == JobState.FAILED),
        "admin_jobs.index_view",
        Permission.JOB_MANAGE,
        {"state": JobState.FAILED},
    ),
)


def backlogs(reader: Any) -> list[Backlog]:
    """What waits for the reader, as far as their rights go, in one statement."""
    queues = [queue for queue in (_review_of(reader), *QUEUES) if reader.can(queue.permission)]
    found: list[Any] = [_counted(queue).subquery() for queue in queues]
    side_by_side = found[0]
    for each in found[1:]:
        side_by_side = side_by_side.join(each, true())
    columns = (column for each in found for column in each.c)
    row = db.session.execute(select(*columns).select_from(side_by_side)).one()
    return [Backlog(queue, row[2 * number], row[2 * number + 1]) for number, queue in enumerate(queues)]


def _review_of(reader: Any) -> Queue:
    """Everything that the review queue shows the reader."""
    rows = waiting(reader).with_only_columns(ReviewItem.opened_at.label("since"))
    return Queue(_("Waiting for review"), "inbox", rows, "admin_review.index_view", Permission.REPORT_DECIDE)


def _counted(queue: Queue) -> Select[Any]:
    """How many there are, and since when the first waits; in one walk when the rows tell that themselves."""
    rows = capped(queue.rows)
    if "since" in rows.c:
        facts: tuple[Any, ...] = (func.count().label("many"), func.min(rows.c.since).label("since"))
        return select(*facts).select_from(rows)
    many = select(func.count()).select_from(rows).scalar_subquery()
    since = null() if queue.oldest is None else queue.oldest.scalar_subquery()
    return select(many.label("many"), since.label("since"))
