"""Watched words: what is looked for in posts, tried out before it holds."""

from collections.abc import Callable
from typing import Any, ClassVar

from flask import flash, redirect, request
from sqlalchemy import ColumnElement, Select, or_, select
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from pythoughts.access import Permission, actor
from pythoughts.admin.actions import Answer, PlainForm, Question, ask, storable, typed_version
from pythoughts.admin.base import page
from pythoughts.admin.columns import MEMBER, both_ways, made_between
from pythoughts.admin.filters import ChoiceFilter, Option
from pythoughts.admin.listing import ListView
from pythoughts.auth.models import User
from pythoughts.errors import Conflict, Invalid
from pythoughts.feed.models import MESSAGE_BYTES_MAX
from pythoughts.i18n import Text, _, plural
from pythoughts.moderation.queries import Caught, caught_lately
from pythoughts.web import keeps_form
from pythoughts.words import use_cases
from pythoughts.words.matching import parts_of
from pythoughts.words.models import NOTE_MAX, WORD_MAX, Action, WatchedWord
from pythoughts.words.queries import get_word, would_have_matched

BOTH = ("GET", "POST")
ACTIONS: dict[str, Text] = {
    Action.BLOCK: _("Block"),
    Action.HOLD: _("Hold for review"),
    Action.FLAG: _("Flag for review"),
    Action.CENSOR: _("Censor"),
}
EFFECTS: dict[str, Text] = {
    Action.BLOCK: _("It is refused; its author is told which word it is."),
    Action.HOLD: _("Nobody but its author and staff sees it until a moderator has looked."),
    Action.FLAG: _("Everybody sees it at once, and it waits in the review queue."),
    Action.CENSOR: _("Everybody reads dots in its place."),
}


class WordForm(PlainForm):
    """A word and what happens to posts with it."""

    word = StringField(
        _("Word or phrase"),
        [DataRequired(_("Enter a word with at least one letter or digit.")), storable, Length(max=WORD_MAX)],
        description=_("Case, accents and look-alike letters do not matter; it matches whole words only."),
        render_kw={"maxlength": WORD_MAX, "autocomplete": "off", "spellcheck": "false", "class": "input"},
    )
    action = RadioField(
        _("What happens to a post with it"),
        choices=[SelectChoice(key, label) for key, label in ACTIONS.items()],
        validators=[InputRequired(_("Choose one."))],
    )
    note = StringField(
        _("Note for other staff"), [storable, Length(max=NOTE_MAX)], render_kw={"maxlength": NOTE_MAX, "class": "input"}
    )
    version = HiddenField()

    def values(self) -> dict[str, str]:
        """What the use cases take."""
        return {"word": self.word.data, "action": self.action.data, "note": self.note.data or ""}


class TextForm(PlainForm):
    """A text that somebody might post."""

    text = TextAreaField(
        _("Text to test"),
        [DataRequired(_("Enter a text.")), storable, Length(max=MESSAGE_BYTES_MAX)],
        render_kw={"rows": 3, "maxlength": MESSAGE_BYTES_MAX, "class": "input"},
    )


class ListForm(PlainForm):
    """Many words that are to do the same."""

    words = TextAreaField(
        _("Words"),
        [DataRequired(_("Enter a word.")), storable],
        description=_("One on each line. Lines that begin with # do not count."),
        render_kw={"rows": 10, "spellcheck": "false", "class": "input"},
    )
    action = RadioField(
        _("What happens to a post with one of them"),
        choices=[SelectChoice(key, label) for key, label in ACTIONS.items()],
        validators=[InputRequired(_("Choose one."))],
    )


class WordsView(ListView):
    """Every watched word, whoever added it."""

    permission = Permission.WORD_MANAGE
    list_template = "backoffice/words.html"

    column_list = ("word", "action", "note", "member", "created_at")
    column_labels: ClassVar = {
        "word": _("Word"),
        "action": _("Action"),
        "note": _("Note"),
        "member": _("Added by"),
        "created_at": _("Added"),
    }
    column_details_list = ()
    column_searchable_list = ("word", "note")
    column_sortable_list = ("created_at",)
    column_export_list = ()
    column_filters = (
        ChoiceFilter(
            "action",
            _("Action"),
            [Option(key, label, WatchedWord.action == key) for key, label in ACTIONS.items()],
            quick=True,
        ),
        *made_between(_("Added"), WatchedWord.id),
    )
    orders: ClassVar = both_ways("created_at", WatchedWord.id)
    phone_columns = frozenset({"word"})

    def rows(self) -> Select[Any]:
        """The word, and who added it."""
        facts: tuple[Any, ...] = (WatchedWord.word, WatchedWord.action, WatchedWord.note, WatchedWord.created_at)
        return select(WatchedWord.id, *facts, *MEMBER).outerjoin(User, User.id == WatchedWord.created_by)

    def search_hint(self) -> Text:
        """What `search_for` looks at."""
        return _("Word or note")

    def search_for(self, words: str) -> ColumnElement[bool]:
        """Any part of the word, as it was added or as it is compared, or of the note."""
        columns = (WatchedWord.word, WatchedWord.folded, WatchedWord.note)
        return or_(*(column.icontains(words, autoescape=True) for column in columns))

    def beside(self) -> dict[str, Any]:
        """What the actions are called, and the box to test a text in."""
        return {"actions": ACTIONS, "test": TextForm(formdata=None)}

    @page("/test", methods=BOTH)
    @keeps_form
    def test(self) -> Answer:
        """Say what would become of a text; nothing happens to it."""
        form, found = TextForm(), None
        if form.is_submitted() and form.validate():
            found = would_have_matched(form.text.data)
        values = {"form": form, "found": found, "actions": ACTIONS, "effects": EFFECTS}
        return self.render("backoffice/words_test.html", **values), 422 if form.errors else 200

    @page("/import", methods=BOTH)
    @keeps_form
    def bring(self) -> Answer:
        """Say what of a list is new; add it when that is what the button says."""
        form, found = ListForm(), None
        if form.is_submitted() and form.validate():
            try:
                if "add" in request.form:
                    added = use_cases.add_words(actor=actor(), typed=form.words.data, action=form.action.data)
                    flash(str(plural("%(num)d word is added.", "%(num)d words are added.", len(added.new))))
                    return redirect(self.address, code=303)
                found = use_cases.sort_words(form.words.data)
            except Invalid as error:
                form[error.field or "words"].errors = [error.message]
        return self.render("backoffice/words_import.html", form=form, found=found), 422 if form.errors else 200

    @page("/new", methods=BOTH)
    @keeps_form
    def new(self) -> Answer:
        """Add a word."""
        form = WordForm()

        def save() -> Text:
            use_cases.add_word(actor=actor(), **form.values())
            return _("Added. It holds at once here, and within 5 seconds everywhere.")

        return self._edit(form, save)

    @page("/<id:row_id>", methods=BOTH)
    @keeps_form
    def edit(self, row_id: str) -> Answer:
        """Change a word."""
        word = get_word(row_id)
        form = WordForm(obj=word)

        def save() -> Text:
            use_cases.change_word(actor=actor(), word_id=row_id, version=typed_version(), **form.values())
            return _("Changed. It holds at once here, and within 5 seconds everywhere.")

        return self._edit(form, save, row_id)

    @page("/<id:row_id>/delete", methods=BOTH)
    @keeps_form
    def delete(self, row_id: str) -> Answer:
        """Ask once, then let it go."""
        word = get_word(row_id)
        version = word.version

        def act() -> Text:
            use_cases.delete_word(actor=actor(), word_id=row_id, version=version)
            return _("Nobody looks for it any more.")

        effects = (_("Posts that are held or wait in the review queue stay there."),)
        title = _("Stop looking for “%(word)s”?", word=word.word)
        return ask(self, Question(title, effects, _("Delete"), self.address), PlainForm(), act)

    def _edit(self, form: WordForm, save: Callable[[], Text], row_id: str | None = None) -> Answer:
        """The form; once it is sent, what it would have matched, or the list with the change in it."""
        if not form.is_submitted():
            return self._form(form, row_id)
        if not form.validate():
            return self._form(form, row_id), 422
        try:
            if "count" in request.form:
                return self._form(form, row_id, caught=_caught(form))
            flash(str(save()))
        except Invalid as error:
            form[error.field or "word"].errors = [error.message]
            return self._form(form, row_id), error.status
        except Conflict as error:
            return self._form(form, row_id, refusal=error.message), error.status
        return redirect(self.address, code=303)

    def _form(self, form: WordForm, row_id: str | None, **values: Any) -> str:
        """With the word as it stands now; a form that was too late goes on from that."""
        word = get_word(row_id) if row_id else None
        if "refusal" in values and word is not None:
            form.version.data = str(word.version)
        shown = {"caught": None, "refusal": None} | values
        return self.render("backoffice/word.html", form=form, word=word, actions=ACTIONS, effects=EFFECTS, **shown)  # type: ignore[no-any-return]


def _caught(form: WordForm) -> Caught:
    if not parts_of(form.word.data):
        raise Invalid(_("Enter a word with at least one letter or digit."), field="word")
    return caught_lately(form.word.data)
