"""Review queue: what members reported and the word filter noticed, decided one by one or all of one person at once."""

from typing import Any

from flask import flash, make_response, redirect, request, session, url_for
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from pythoughts.access import Permission, actor
from pythoughts.admin import queue
from pythoughts.admin.actions import Answer, PlainForm, Question, ask, storable, typed_version
from pythoughts.admin.asking import Asked
from pythoughts.admin.base import Page, page
from pythoughts.admin.dossier import Dossier, get_dossier
from pythoughts.admin.listing import COUNT_CAP
from pythoughts.auth.use_cases.records import REASON_MAX
from pythoughts.errors import Conflict, DomainError, Invalid, Malformed
from pythoughts.htmx import wants_partial
from pythoughts.i18n import Text, _, plural
from pythoughts.moderation import use_cases
from pythoughts.moderation.labels import LABELS
from pythoughts.moderation.models import Category, Verdict
from pythoughts.moderation.use_cases import Decision
from pythoughts.web import keeps_form

UNDOABLE = 20  # acts that one browser remembers
TURNS = ("after", "before")
SAID = {
    Verdict.APPROVE: _("Approved. It is fine until it is edited."),
    Verdict.REMOVE: _("Removed. Whoever reported it is told."),
    Verdict.AGREE: _("Agreed. Whoever reported it is told."),
    Verdict.IGNORE: _("Ignored. The next report brings it back."),
    Verdict.HOLD: _("Held. Only its author and staff see it."),
    Verdict.RELEASE: _("Released. Everybody sees it."),
}
STAYS = frozenset({Verdict.HOLD, Verdict.RELEASE})


class AllForm(PlainForm):
    """What to do with everything that waits because of one person."""

    verdict = RadioField(
        _("All of them"),
        choices=[
            SelectChoice(Verdict.IGNORE, _("Ignore until the next report")),
            SelectChoice(Verdict.APPROVE, _("Approve: they are fine")),
            SelectChoice(Verdict.REMOVE, _("Remove the thoughts")),
        ],
        validators=[InputRequired(_("Choose one."))],
    )
    reason = TextAreaField(
        _("Reason"),
        [storable],
        description=_("Needed to remove; the author reads it."),
        render_kw={"rows": 2, "maxlength": REASON_MAX},
    )


class ReviewView(Page):
    """The queue on the left, one item of it on the right; on a phone one after the other."""

    permission = Permission.REPORT_DECIDE

    @page("/")
    def index_view(self) -> Answer:
        """The queue, with its first item opened where there is room."""
        return self._show()

    @page("/<id:row_id>")
    def details_view(self, row_id: str) -> Answer:
        """One item in the queue; htmx asks for nothing but the item."""
        if wants_partial():
            return self.render("backoffice/_review_pane.html", **self._pane(row_id))  # type: ignore[no-any-return]
        return self._show(row_id, is_open=True)

    @page("/<id:row_id>/decide", methods=("POST",))
    def decide(self, row_id: str) -> Answer:
        """Decide, and go on with the next item."""
        dossier = get_dossier(row_id, reader=actor())
        decision = Decision(row_id, typed_version(), _verdict(), request.form.get("reason", ""))
        try:
            op_id = use_cases.decide(actor=actor(), decision=decision)
        except (Conflict, Invalid) as error:
            return self._refuse(error, row_id)
        _remember(op_id)
        following = row_id if decision.verdict in STAYS else self._after(dossier)
        return self._go_on(SAID[decision.verdict], following, op_id)

    @page("/<id:row_id>/claim", methods=("POST",))
    def claim(self, row_id: str) -> Answer:
        """Keep it to oneself for a while."""
        try:
            use_cases.claim(actor=actor(), item_id=row_id)
        except Conflict as error:
            return self._refuse(error, row_id)
        return self._go_on(_("Yours for 10 minutes."), row_id)

    @page("/<id:row_id>/let-go", methods=("POST",))
    def let_go(self, row_id: str) -> Answer:
        """Give up one's claim."""
        use_cases.let_go(actor=actor(), item_id=row_id)
        return self._go_on(_("Anybody may decide it now."), row_id)

    @page("/<id:row_id>/note", methods=("POST",))
    def note(self, row_id: str) -> Answer:
        """Leave a note for other moderators."""
        try:
            use_cases.add_note(actor=actor(), item_id=row_id, text=request.form.get("note", ""))
        except Invalid as error:
            return self._refuse(error, row_id)
        return self._go_on(_("Noted."), row_id)

    @page("/undo", methods=("POST",))
    def undo(self) -> Answer:
        """Take an act back, and show what it was about."""
        op_id = request.form.get("op", "")
        _forget(op_id)
        try:
            undone = use_cases.undo(actor=actor(), op_id=op_id)
        except Conflict as error:
            return self._refuse(error, None)
        left = plural("%(num)d has changed since and stays.", "%(num)d have changed since and stay.", undone.changed)
        return self._go_on(left if undone.changed else _("Everything is as it was."), undone.item_id)

    @page("/<id:row_id>/all", methods=("GET", "POST"))
    @keeps_form
    def decide_all(self, row_id: str) -> Answer:
        """Ask what to do with everything that waits because of the same person."""
        dossier, form = get_dossier(row_id, reader=actor()), AllForm()

        def act() -> Text:
            said = {"verdict": Verdict(form.verdict.data), "reason": form.reason.data}
            op_id, count = use_cases.decide_about_author(actor=actor(), person_id=dossier.author.id, **said)
            _remember(op_id)
            return plural("%(num)d item is decided.", "%(num)d items are decided.", count)

        title = _("Decide everything about @%(name)s?", name=dossier.author.username or "")
        effects = (_("What other moderators have claimed stays."), _("You can undo it."))
        return ask(self, Question(title, effects, _("Decide all"), self.at()), form, act)

    def at(self, row_id: str | None = None, **changes: str | None) -> str:
        """The address of an item, or of the queue without one, narrowed and turned like this page."""
        now: dict[str, Any] = {**_asked().but(), **{name: request.args.get(name) or None for name in TURNS}}
        return url_for(".details_view" if row_id else ".index_view", row_id=row_id, **(now | changes))

    def to(self, act: str, row_id: str | None = None) -> str:
        """The address that a form of this page posts to."""
        before, mark, query = self.at(row_id).partition("?")
        return f"{before.rstrip('/')}/{act}{mark}{query}"

    def _show(self, row_id: str | None = None, *, is_open: bool = False, **values: Any) -> Answer:
        """The whole page; htmx gets the queue, and what was said of it."""
        asked = _asked()
        found = queue.read_queue(asked, actor())
        rows = found.window.rows
        chosen = row_id or (rows[0].id if rows else None)
        shown = {"asked": asked, "window": found.window, "tally": found.tally, "is_open": is_open}
        pane = self._pane(chosen) if chosen else {"dossier": None}
        return self.answer(
            "backoffice/review.html",
            "backoffice/_review_answer.html",
            **shown,
            **pane,
            **{"kinds": queue.KINDS, "cap": COUNT_CAP, "undoable": _last(), "said": None, "done": None, "refusal": None}
            | values,
        )

    def _pane(self, row_id: str) -> dict[str, Any]:
        dossier = get_dossier(row_id, reader=actor())
        return {"dossier": dossier, "labels": LABELS, "preset": _preset(dossier)}

    def _after(self, dossier: Dossier) -> str | None:
        """The item that takes the place of one that left the queue."""
        item = dossier.item
        rows = queue.read_queue(_asked(), actor()).window.rows
        following = queue.next_after(rows, (item.score, item.opened_at, item.id), actor())
        return following.id if following else None

    def _go_on(self, said: Text, row_id: str | None, op_id: str | None = None) -> Answer:
        """Say what was done, with a way to take it back when it has an `op_id`, and show the item or the queue."""
        if not wants_partial():
            flash(str(said))
            return redirect(self.at(row_id), code=303)
        response = make_response(self._show(row_id, is_open=row_id is not None, said=said, done=op_id))
        response.headers["HX-Replace-Url"] = self.at(row_id)
        return response

    def _refuse(self, error: DomainError, row_id: str | None) -> Answer:
        return make_response(self._show(row_id, is_open=True, refusal=error.message), error.status)


def _asked() -> Asked:
    return queue.VOCABULARY.read(request.args)


def _verdict() -> Verdict:
    """What the button says.

    Raises:
        Malformed: no such thing.
    """
    try:
        return Verdict(request.form.get("verdict", ""))
    except ValueError:
        raise Malformed(_("This form was damaged on its way. Reload the page and try again.")) from None


def _preset(dossier: Dossier) -> Text:
    """The reason that a removal gives unless the moderator words another."""
    category = dossier.item.category
    return LABELS[Category(category)] if category else _("Against the rules of this place")


def _remembered() -> list[str]:
    """Acts of the reader in this browser, not of whoever sat there before."""
    whose, *acts = session.get("undo") or [""]
    return acts if whose == actor().id else []


def _remember(op_id: str) -> None:
    session["undo"] = [actor().id, *[*_remembered(), op_id][-UNDOABLE:]]


def _forget(op_id: str) -> None:
    session["undo"] = [actor().id, *(each for each in _remembered() if each != op_id)]


def _last() -> str | None:
    """The act that "undo" takes back."""
    return next(reversed(_remembered()), None)
