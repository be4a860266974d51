"""Acts of the back office: a question, in a dialog or on a page of its own, and then a use case."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import Form, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from pythoughts.admin.base import Guarded
from pythoughts.auth.use_cases.records import REASON_MAX
from pythoughts.errors import DomainError, Malformed, NotAllowed
from pythoughts.i18n import Text, _
from pythoughts.text import is_storable

INSIDE = re.compile(r"/admin/[\w/?&=%.~+@:-]*", re.ASCII)
VERSION_MAX = 9  # digits

Answer = Response | str | tuple[str, int]


def storable(_form: Form, field: Any) -> None:
    """Refuse what no database keeps: NUL and lone surrogates.

    Raises:
        ValidationError: there is one.
    """
    if not is_storable(field.data or ""):
        raise ValidationError(_("This holds a character that can't be stored."))


class PlainForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF is untyped
    """A question that only wants a yes."""


class ReasonForm(PlainForm):
    """A question that wants to know why."""

    reason = TextAreaField(
        _("Reason"),
        [DataRequired(_("Say why, in a few words.")), storable],
        render_kw={"rows": 3, "maxlength": REASON_MAX},
    )


@dataclass(frozen=True)
class Question:
    """What staff read before something happens.

    Attributes:
        title: the act and its target.
        effects: what will happen, a sentence each.
        verb: the word on the button.
        way_back: the page to return to, whatever is answered.
        danger: whether somebody loses something by it.
    """

    title: Text
    effects: tuple[Text, ...]
    verb: Text
    way_back: str
    danger: bool = True


def ask(view: Guarded, question: Question, form: PlainForm, act: Callable[[], Text | Response]) -> Answer:
    """Put the question; once it is answered, act and go back.

    Args:
        view: whose page it is.
        question: what is asked.
        form: what has to be answered.
        act: calls the use case and says what was done, or answers with a page of its own.
    """
    if form.is_submitted() and form.validate() and (done := _tried(act, form)):
        return _leave(question, done)
    values = {"question": question, "form": form, "action": request.full_path.rstrip("?")}
    html = view.answer("backoffice/question.html", "backoffice/_dialog.html", **values)
    return html, 422 if form.is_submitted() else 200


def _leave(question: Question, done: Text | Response) -> Response:
    if isinstance(done, Response):
        return done
    flash(str(done))
    return redirect(question.way_back, code=303)


def require_rank(allowed: bool) -> None:
    """Refuse before anything is asked; the use case would refuse the answer.

    Raises:
        NotAllowed: the reader's rank is not above the person's.
    """
    if not allowed:
        raise NotAllowed(_("You may only act on people of a lower rank."))


def way_back(default: str) -> str:
    """Where an act leads in the end: the page of the back office that it was begun on, when the address names it."""
    begun_on = request.args.get("back", "")
    return begun_on if INSIDE.fullmatch(begun_on) else default


def typed_version() -> int:
    """The version of a row that the page showed, from the form's hidden field.

    Raises:
        Malformed: there is none.
    """
    given = request.form.get("version", "")
    if not (given.isascii() and given.isdigit() and len(given) <= VERSION_MAX):
        raise Malformed(_("This form was damaged on its way. Reload the page and try again."))
    return int(given)


def _tried(act: Callable[[], Text | Response], form: PlainForm) -> Text | Response | None:
    """What was done; None when the form has to say why it was not."""
    try:
        return act()
    except DomainError as error:
        if error.field not in form:
            raise
        form[error.field].errors = [error.message]
        return None
