"""Key numbers of the first page: what happened on the last full days, and the lists of exactly that."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import url_for

from pythoughts.access import Permission
from pythoughts.admin.charts import Chart, Series, short_days
from pythoughts.i18n import Text, _
from pythoughts.statistics.models import Number
from pythoughts.statistics.queries import Course, Period


@dataclass(frozen=True)
class Card:
    """A number that leads to the rows it counts.

    Attributes:
        label: what is counted.
        number: by the name under which it is kept.
        permission: what opens the list.
        endpoint: the list.
        edges: names of the list's filters for the first and the last day; one name when a single filter takes both.
        filters: what else narrows the list to what is counted.
        more_is: whether more of it is "good", "bad" or neither.
    """

    label: Text
    number: Number
    permission: Permission
    endpoint: str
    edges: tuple[str, ...] = ("since", "until")
    filters: Mapping[str, str] = field(default_factory=dict)
    more_is: str = ""

    def address(self, first: date, last: date) -> str:
        """The list of what was counted from the first day to the last."""
        values = (f"{first}..{last}",) if len(self.edges) == 1 else (str(first), str(last))
        days = dict(zip(self.edges, values, strict=True))
        return url_for(self.endpoint, **self.filters, **days)  # type: ignore[arg-type]  # no name of url_for's own


CARDS = (
    Card(_("Sign-ups"), Number.SIGN_UPS, Permission.USER_VIEW, "admin_users.index_view", more_is="good"),
    Card(
        _("Active people"),
        Number.ACTIVE,
        Permission.USER_VIEW,
        "admin_users.index_view",
        edges=("wrote",),
        more_is="good",
    ),
    Card(_("Thoughts"), Number.POSTS, Permission.POST_MODERATE, "admin_posts.index_view", more_is="good"),
    Card(
        _("Removals"),
        Number.REMOVALS,
        Permission.AUDIT_VIEW,
        "admin_audit.index_view",
        filters={"action": "post.remove"},
    ),
    Card(
        _("Reports opened"),
        Number.REPORTS_OPENED,
        Permission.REPORT_DECIDE,
        "admin_reports.index_view",
        more_is="bad",
    ),
    Card(
        _("Reports resolved"),
        Number.REPORTS_RESOLVED,
        Permission.REPORT_DECIDE,
        "admin_reports.index_view",
        edges=("decided_since", "decided_until"),
        filters={"outcome": "resolved"},
        more_is="good",
    ),
)


@dataclass(frozen=True)
class Shown:
    """A card with its number.

    Attributes:
        card: what it is.
        course: how it went.
        address: the list behind it, empty for whoever may not open that.
    """

    card: Card
    course: Course
    address: str

    @property
    def change(self) -> int | None:
        """By how much it grew since the period before, in per cent; None when there was nothing to grow from."""
        before = self.course.before
        return round((self.course.total - before) * 100 / before) if before else None

    @property
    def judgement(self) -> str:
        """Whether the change is "up" (welcome), "down" (not), or neither."""
        if not self.change or not self.card.more_is:
            return ""
        return "up" if (self.change > 0) == (self.card.more_is == "good") else "down"


def show_cards(period: Period, role_grants: frozenset[Permission]) -> list[Shown]:
    """Every number of the period, each with its list for whoever may open that."""
    first, last = period.days[0], period.days[-1]
    return [
        Shown(card, period.courses[card.number], card.address(first, last) if card.permission in role_grants else "")
        for card in CARDS
    ]


def activity(period: Period, language: str) -> Chart:
    """Thoughts that begin a thread, and replies."""
    replies = period.courses[Number.REPLIES].daily
    thoughts = tuple(all_of - some for all_of, some in zip(period.courses[Number.POSTS].daily, replies, strict=True))
    series = (Series(str(_("Thoughts")), thoughts), Series(str(_("Replies")), replies))
    title = _("Thoughts and replies a day, last %(days)d full days", days=len(period.days))
    return _chart(("activity", _("Activity")), title, short_days(period.days, language), series)


def moderation(period: Period, language: str) -> Chart:
    """What came in, and what was decided."""
    series = (
        Series(str(_("Reports opened")), period.courses[Number.REPORTS_OPENED].daily),
        Series(str(_("Reports resolved")), period.courses[Number.REPORTS_RESOLVED].daily),
    )
    title = _("Reports opened and resolved a day, last %(days)d full days", days=len(period.days))
    return _chart(("reports", _("Reports")), title, short_days(period.days, language), series)


def _chart(names: tuple[str, Text], title: Text, days: tuple[str, ...], series: tuple[Series, ...]) -> Chart:
    first = series[0]
    peak = max(range(len(days)), key=first.values.__getitem__)
    told = _(
        "%(label)s were most on %(day)s: %(number)d. A table with all days follows.",
        label=first.label,
        day=days[peak],
        number=first.values[peak],
    )
    key, name = names
    return Chart(key, str(name), str(title), str(told), days, series)
