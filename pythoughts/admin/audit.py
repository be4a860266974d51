"""The audit log: who did what to whom, and why."""

from typing import Any, ClassVar

from sqlalchemy import Select, select

from pythoughts.access import Permission
from pythoughts.admin.base import page
from pythoughts.admin.columns import both_ways
from pythoughts.admin.filters import ChoiceFilter, DayFilter, ExactFilter, Option, PersonFilter
from pythoughts.admin.listing import ListView
from pythoughts.audit.models import AuditLog, AuditPersonal
from pythoughts.audit.queries import ACT, acts, latest_check
from pythoughts.i18n import _

TARGETS = {
    "user": _("Member"),
    "post": _("Thought"),
    "review_item": _("Review item"),
    "watched_word": _("Watched word"),
    "session": _("Session"),
    "verification": _("Verification"),
    "setting": _("Setting"),
    "job": _("Job"),
    "mail": _("Letter"),
}


class AuditView(ListView):
    """Every act of staff, of the command line and of jobs; nothing here can be changed."""

    permission = Permission.AUDIT_VIEW
    list_template = "backoffice/audit.html"
    can_view_details = True

    column_list = ("at", "actor", "action", "target", "reason")
    column_labels: ClassVar = {
        "at": _("When"),
        "actor": _("Who"),
        "action": _("What"),
        "target": _("To"),
        "reason": _("Reason"),
    }
    column_details_list = (*column_list, "before", "after", "request_id", "op_id", "address")
    column_searchable_list = ()
    column_sortable_list = ("at",)
    column_export_list = ()
    column_filters = (
        ChoiceFilter(
            "kind",
            _("Kind"),
            [Option(key, label, AuditLog.target_type == key) for key, label in TARGETS.items()],
            quick=True,
        ),
        PersonFilter("actor", _("Who"), AuditLog.actor_id),
        ExactFilter("action", _("Action"), AuditLog.action),
        ExactFilter("target", _("Target id"), AuditLog.target_id),
        DayFilter("since", _("Done"), AuditLog.at),
        DayFilter("until", _("Done"), AuditLog.at, until=True),
    )
    orders: ClassVar = both_ways("at", AuditLog.id)
    phone_columns = frozenset({"action"})

    @page("/<int(max=999999999999999999):row_id>")
    def details_view(self, row_id: int) -> str:
        """One act, with what changed by it."""
        return self.render("backoffice/act.html", act=self.get_one(row_id))  # type: ignore[no-any-return]

    def rows(self) -> Select[Any]:
        """The sentence that an act makes."""
        return acts()

    def beside(self) -> dict[str, Any]:
        """Whether the log is still what was written."""
        return {"check": latest_check()}

    def details(self) -> Select[Any]:
        """With what changed and where it came from."""
        facts = (AuditLog.before, AuditLog.after, AuditLog.request_id, AuditLog.op_id)
        address = AuditPersonal.ip_address.label("address")
        return select(*ACT, *facts, address).outerjoin(AuditPersonal, AuditPersonal.audit_id == AuditLog.id)
