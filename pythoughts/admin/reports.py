"""Reports: what members complained about, one by one, and what became of it."""

from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from pythoughts.access import Permission
from pythoughts.admin.columns import MEMBER, both_ways, made_between, named
from pythoughts.admin.filters import ChoiceFilter, DayFilter, Option, PersonFilter
from pythoughts.admin.listing import ListView
from pythoughts.auth.models import User
from pythoughts.feed.models import Post
from pythoughts.i18n import Text, _
from pythoughts.moderation.labels import LABELS
from pythoughts.moderation.models import Outcome, Report, ReviewItem

OUTCOMES = {
    Outcome.OPEN: _("Open"),
    Outcome.AGREED: _("Agreed"),
    Outcome.DISAGREED: _("Disagreed"),
    Outcome.GONE: _("Gone before a decision"),
}
RESOLVED = Option("resolved", _("Resolved"), Report.outcome.in_((Outcome.AGREED, Outcome.DISAGREED)))

About = aliased(User, name="about")
ROW: tuple[Any, ...] = (
    Report.id,
    *MEMBER,
    ReviewItem.post_id.label("about_post_id"),
    About.id.label("about_person_id"),
    About.username.label("about_username"),
    Report.category,
    Report.outcome,
    Report.created_at,
    Report.decided_at,
)
ROWS = (
    select(*ROW)
    .join(User, User.id == Report.reporter_id)
    .join(ReviewItem, ReviewItem.id == Report.item_id)
    .outerjoin(Post, Post.id == ReviewItem.post_id)
    .outerjoin(About, About.id == func.coalesce(ReviewItem.person_id, Post.user_id))
)


class ReportsView(ListView):
    """Every report; decisions are made in the review queue."""

    permission = Permission.REPORT_DECIDE
    list_template = "backoffice/reports.html"

    column_list = ("about", "category", "member", "outcome", "created_at", "decided_at")
    column_labels: ClassVar = {
        "about": _("About"),
        "category": _("Category"),
        "member": _("Reported by"),
        "outcome": _("Outcome"),
        "created_at": _("Opened"),
        "decided_at": _("Resolved"),
    }
    column_details_list = ()
    column_searchable_list = ("id",)
    column_sortable_list = ("created_at",)
    column_export_list = ()
    column_filters = (
        ChoiceFilter(
            "outcome",
            _("Outcome"),
            [*(Option(key, label, Report.outcome == key) for key, label in OUTCOMES.items()), RESOLVED],
            quick=True,
        ),
        ChoiceFilter(
            "category",
            _("Category"),
            [Option(key, label, Report.category == key) for key, label in LABELS.items()],
        ),
        PersonFilter("reporter", _("Reported by"), Report.reporter_id),
        *made_between(_("Opened"), Report.id),
        DayFilter("decided_since", _("Resolved"), Report.decided_at),
        DayFilter("decided_until", _("Resolved"), Report.decided_at, until=True),
    )
    orders: ClassVar = both_ways("created_at", Report.id)
    phone_columns = frozenset({"about"})

    def rows(self) -> Select[Any]:
        """Who said what about whom."""
        return ROWS

    def beside(self) -> dict[str, Any]:
        """Words for what the rows call by code names."""
        return {"categories": LABELS}

    def search_hint(self) -> Text:
        """What `search_for` looks at."""
        return _("Reporter or id")

    def search_for(self, words: str) -> ColumnElement[bool]:
        """Any part of the reporter's name, or the whole id."""
        return or_(Report.id == words, Report.reporter_id.in_(named(words)))
