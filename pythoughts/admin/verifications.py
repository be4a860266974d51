"""Verifications: proofs that are still pending. What they are derived from is in no column here."""

from collections.abc import Sequence
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Select, func, select

from pythoughts.access import Permission, actor
from pythoughts.admin.actions import Answer, PlainForm, Question, ask, require_rank, way_back
from pythoughts.admin.base import page
from pythoughts.admin.columns import MEMBER, made_between, may_act_on
from pythoughts.admin.expiring import ExpiringView, by_making_and_ending
from pythoughts.admin.filters import ChoiceFilter, Option, PersonFilter
from pythoughts.auth.models import Purpose, Verification
from pythoughts.auth.queries import get_user
from pythoughts.auth.use_cases import resend_code_to, revoke_verification
from pythoughts.errors import Conflict
from pythoughts.i18n import Text, _
from pythoughts.web import keeps_form

PURPOSES = {
    Purpose.VERIFY_EMAIL: _("Confirm the email"),
    Purpose.RESET_PASSWORD: _("Set a new password"),
    Purpose.ONE_TIME_LINK: _("One-time link from staff"),
    Purpose.SECOND_STEP: _("Second step of signing in"),
}
RESENDABLE = frozenset({Purpose.VERIFY_EMAIL})
IS_PENDING = Verification.expires_at > func.now()
IS_PROOF = (Verification.purpose.not_in((Purpose.ADDRESS_CHANGED, Purpose.PASSKEY, Purpose.IDENTITY)), IS_PENDING)
ROW: tuple[Any, ...] = (
    Verification.id,
    *MEMBER,
    Verification.purpose,
    Verification.attempts,
    Verification.created_at,
    Verification.expires_at,
)
ROWS = select(*ROW).outerjoin(Verification.user)


class VerificationsView(ExpiringView):
    """Codes and links that somebody was sent and has not used."""

    permission = Permission.VERIFICATION_MANAGE
    list_template = "backoffice/verifications.html"

    column_list = ("member", "purpose", "attempts", "created_at", "expires_at")
    column_labels: ClassVar = {
        "member": _("Member"),
        "purpose": _("Purpose"),
        "attempts": _("Tries"),
        "created_at": _("Made"),
        "expires_at": _("Ends"),
    }
    column_filters = (
        ChoiceFilter(
            "state",
            _("Status"),
            [Option("pending", _("Pending"), IS_PENDING), Option("expired", _("Expired"), ~IS_PENDING)],
            quick=True,
        ),
        ChoiceFilter(
            "purpose",
            _("Purpose"),
            [Option(key, label, Verification.purpose == key) for key, label in PURPOSES.items()],
        ),
        PersonFilter("member", _("Member"), Verification.user_id),
        *made_between(_("Made"), Verification.id),
    )
    orders: ClassVar = by_making_and_ending(Verification)
    resendable = RESENDABLE
    number_columns = frozenset({"attempts"})

    def rows(self) -> Select[Any]:
        """What for, whose, and how long."""
        return ROWS

    def scope(self) -> Sequence[ColumnElement[bool]]:
        """A letter to an old address waits in the same table, but proves nothing."""
        return IS_PROOF[:1]

    @page("/<id:row_id>/revoke", methods=("GET", "POST"))
    @keeps_form
    def revoke(self, row_id: str) -> Answer:
        """Ask once, then make the code or the link worthless."""
        pending = self.get_one(row_id)
        require_rank(may_act_on(pending))

        def act() -> Text:
            revoke_verification(actor=actor(), verification_id=pending.id)
            return _("It works no longer.")

        title = _("Revoke this verification of @%(name)s?", name=pending.member_username)
        effects = (_("The code or the link that was sent stops working."),)
        return ask(self, Question(title, effects, _("Revoke"), way_back(self.address)), PlainForm(), act)

    @page("/<id:row_id>/resend", methods=("GET", "POST"))
    @keeps_form
    def resend(self, row_id: str) -> Answer:
        """Ask once, then mail the code again."""
        pending = self.get_one(row_id)
        require_rank(may_act_on(pending))
        if pending.purpose not in RESENDABLE:
            raise Conflict(_("A link is mailed once only. Reset the account to make a new one."))

        def act() -> Text:
            resend_code_to(actor=actor(), user=get_user(pending.member_id))
            return _("The code is on its way again.")

        title = _("Mail the code to @%(name)s again?", name=pending.member_username)
        effects = (_("The same code is sent while it is good, else a new one."),)
        question = Question(title, effects, _("Resend"), way_back(self.address), danger=False)
        return ask(self, question, PlainForm(), act)

    def search_hint(self) -> Text:
        """What `search_for` looks at."""
        return _("Member or id")
