"""Mail outbox: which letters wait, left or failed, and what they say without what makes them secret."""

from typing import Any, ClassVar

from flask import current_app, url_for
from jinja2 import ChainableUndefined, TemplateNotFound
from sqlalchemy import ColumnElement, Row, Select, or_, select

from pythoughts.access import Permission, actor
from pythoughts.admin.actions import Answer, PlainForm, Question, ask, way_back
from pythoughts.admin.base import page
from pythoughts.admin.columns import MEMBER, both_ways, made_between, named
from pythoughts.admin.filters import ChoiceFilter, ExactFilter, Option, PersonFilter
from pythoughts.admin.listing import ListView
from pythoughts.admin.privacy import HIDDEN
from pythoughts.auth.models import User
from pythoughts.config import current_settings
from pythoughts.errors import Conflict
from pythoughts.i18n import Text, _
from pythoughts.mail.delivery import shared
from pythoughts.mail.models import MailState, OutboxMail
from pythoughts.upkeep.use_cases import retry_mail, send_test_mail
from pythoughts.web import keeps_form

STATES = {
    MailState.QUEUED: _("Waiting"),
    MailState.SENT: _("Sent"),
    MailState.FAILED: _("Failed"),
    MailState.EXPIRED: _("Expired"),
    MailState.SUPPRESSED: _("Suppressed"),
}
FILES_SHOWN = 20

ROW: tuple[Any, ...] = (
    OutboxMail.id,
    OutboxMail.template,
    OutboxMail.ref_id.is_not(None).label("template_refers"),
    *MEMBER,
    OutboxMail.state,
    OutboxMail.attempts,
    OutboxMail.last_error,
    OutboxMail.created_at,
    OutboxMail.sent_at,
)
ROWS = select(*ROW).outerjoin(User, User.id == OutboxMail.user_id)


class Secret(ChainableUndefined):
    """Stands for every value that a letter is filled with: codes, links, addresses."""

    def __str__(self) -> str:
        return HIDDEN

    def __bool__(self) -> bool:
        return True


class Absent(Secret):
    """The same in a letter about nothing in particular, which has neither code nor link."""

    def __bool__(self) -> bool:
        return False


def words_of(mail: Row[Any]) -> str | None:
    """The text of a letter with its values hidden; None when its template is gone.

    The values are not even made: nothing is derived for a preview, and nothing is written.
    """
    environment = current_app.jinja_env.overlay(undefined=Secret if mail.template_refers else Absent)
    environment.filters = {**environment.filters, "exact": str}  # a hidden time can't be formatted
    try:
        template = environment.get_template(f"email/{mail.template}.txt")
    except TemplateNotFound:
        return None
    return template.render(shared(mail.member_username or HIDDEN))


def kept_files() -> list[str]:
    """Names of the newest letters in instance/outbox; they are kept there without a mail server, and in development."""
    settings = current_settings()
    if settings.smtp_url and not settings.development:
        return []
    return sorted((path.name for path in (settings.instance_dir / "outbox").glob("*.eml")), reverse=True)[:FILES_SHOWN]


class OutboxView(ListView):
    """Every letter that somebody was to get."""

    permission = Permission.OUTBOX_VIEW
    list_template = "backoffice/outbox.html"
    can_view_details = True

    column_list = ("template", "member", "state", "attempts", "last_error", "created_at", "sent_at")
    column_labels: ClassVar = {
        "template": _("Letter"),
        "member": _("Member"),
        "state": _("Status"),
        "attempts": _("Tries"),
        "last_error": _("Last error"),
        "created_at": _("Written"),
        "sent_at": _("Sent"),
    }
    column_details_list = column_list
    column_searchable_list = ("id",)
    column_sortable_list = ("created_at",)
    column_export_list = ()
    column_filters = (
        ChoiceFilter(
            "state",
            _("Status"),
            [Option(key, label, OutboxMail.state == key) for key, label in STATES.items()],
            quick=True,
        ),
        ExactFilter("template", _("Letter"), OutboxMail.template),
        PersonFilter("member", _("Member"), OutboxMail.user_id),
        *made_between(_("Written"), OutboxMail.id),
    )
    orders: ClassVar = both_ways("created_at", OutboxMail.id)
    phone_columns = frozenset({"template"})
    number_columns = frozenset({"attempts"})

    def rows(self) -> Select[Any]:
        """Which letter, to whom, and how far it got."""
        return ROWS

    def beside(self) -> dict[str, Any]:
        """The files that stand in for a mail server."""
        return {"files": kept_files()}

    @page("/<id:row_id>")
    def details_view(self, row_id: str) -> str:
        """How a letter fares, and its words."""
        mail = self.get_one(row_id)
        return self.render("backoffice/mail.html", mail=mail, text=words_of(mail))  # type: ignore[no-any-return]

    @page("/<id:row_id>/retry", Permission.OUTBOX_MANAGE, methods=("GET", "POST"))
    @keeps_form
    def retry(self, row_id: str) -> Answer:
        """Ask once, then send it again."""
        mail = self.get_one(row_id)

        def act() -> Text:
            retry_mail(actor=actor(), mail_id=mail.id)
            return _("The letter is on its way again.")

        if mail.state != MailState.FAILED:
            raise Conflict(_("Only letters that have failed can be sent again."))
        effects = (_("It is written anew, as things stand now, and not sent when it is not worth it any more."),)
        here = way_back(url_for(".details_view", row_id=mail.id))
        question = Question(_("Send this letter again?"), effects, _("Send again"), here, danger=False)
        return ask(self, question, PlainForm(), act)

    @page("/test", Permission.OUTBOX_MANAGE, methods=("GET", "POST"))
    @keeps_form
    def test(self) -> Answer:
        """Ask once, then send the reader a letter."""

        def act() -> Text:
            send_test_mail(actor=actor())
            return _("A test mail is on its way to your own address.")

        effects = (_("It goes to the address of your own account, the way all letters go."),)
        question = Question(_("Send a test mail?"), effects, _("Send"), way_back(self.address), danger=False)
        return ask(self, question, PlainForm(), act)

    def search_hint(self) -> Text:
        """What `search_for` looks at."""
        return _("Member or id")

    def search_for(self, words: str) -> ColumnElement[bool]:
        """Any part of a member's name, or the whole id."""
        return or_(OutboxMail.id == words, OutboxMail.user_id.in_(named(words)))
