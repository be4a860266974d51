"""The first page of the back office: what there is, what waits, what was done last."""

from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from sqlalchemy import Select, func, literal, select

from pythoughts.access import Permission, actor
from pythoughts.admin.base import FirstPage, page
from pythoughts.admin.listing import COUNT_CAP, capped
from pythoughts.admin.queue import waiting
from pythoughts.audit.queries import latest_acts
from pythoughts.auth.models import Session, User
from pythoughts.db import db
from pythoughts.feed.models import Post, PostState
from pythoughts.i18n import Text, _
from pythoughts.mail.models import MailState, OutboxMail

LATEST = 8  # acts


@dataclass(frozen=True)
class Figure:
    """A number that leads to the rows it counts.

    Attributes:
        label: what is counted.
        glyph: a Lucide icon.
        rows: selects one row for each.
        endpoint: the list of them.
        filters: arguments that narrow the list to them.
        warns: whether anything but 0 wants attention.
    """

    label: Text
    glyph: str
    rows: Select[Any]
    endpoint: str
    permission: Permission
    filters: dict[str, str] = field(default_factory=dict)
    warns: bool = False

    @property
    def address(self) -> str:
        """Where the rows are listed."""
        return url_for(self.endpoint, **self.filters)  # type: ignore[arg-type]  # no filter bears a name of url_for's own


def _mails(state: MailState) -> Select[Any]:
    return select(literal(1)).where(OutboxMail.state == state)


FIGURES = (
    Figure(
        _("Members"),
        "users",
        select(literal(1)).where(User.deleted_at.is_(None)),
        "admin_users.index_view",
        Permission.USER_VIEW,
    ),
    Figure(
        _("Visible thoughts"),
        "message-circle",
        select(literal(1)).where(Post.state == PostState.LIVE),
        "admin_posts.index_view",
        Permission.POST_MODERATE,
        {"state": PostState.LIVE},
    ),
    Figure(
        _("Open sessions"),
        "monitor",
        select(literal(1)).where(Session.expires_at > func.now()),
        "admin_sessions.index_view",
        Permission.SESSION_MANAGE,
        {"state": "open"},
    ),
    Figure(
        _("Mails waiting"),
        "mail",
        _mails(MailState.QUEUED),
        "admin_outbox.index_view",
        Permission.OUTBOX_VIEW,
        {"state": MailState.QUEUED},
    ),
    Figure(
        _("Mails failed"),
        "circle-alert",
        _mails(MailState.FAILED),
        "admin_outbox.index_view",
        Permission.OUTBOX_VIEW,
        {"state": MailState.FAILED},
        warns=True,
    ),
)


class Home(FirstPage):
    """Figures that are links to the rows they count."""

    permission = Permission.DESK_OPEN

    @page("/")
    def index(self) -> str:
        """Figures, as far as the reader may open the lists behind them, and the latest acts."""
        me = actor()
        figures = [figure for figure in (_queue_of(me), *FIGURES) if me.can(figure.permission)]
        hears_all = me.can(Permission.AUDIT_VIEW)
        return self.render(  # type: ignore[no-any-return]
            "backoffice/home.html",
            figures=list(zip(figures, _counts(figures), strict=True)),
            cap=COUNT_CAP,
            latest=latest_acts(LATEST, target_types=() if hears_all else ("post",)),
            hears_all=hears_all,
        )


def _queue_of(reader: User) -> Figure:
    """What waits for the reader: everything that the review queue shows them."""
    return Figure(
        _("Waiting for review"),
        "inbox",
        waiting(reader),
        "admin_review.index_view",
        Permission.REPORT_DECIDE,
        warns=True,
    )


def _counts(figures: list[Figure]) -> list[int]:
    """All of them in one statement, none counted further than one beyond the cap."""
    columns = [select(func.count()).select_from(capped(figure.rows)).scalar_subquery() for figure in figures]
    return list(db.session.execute(select(*columns)).one())
