"""Report a post or a person: a page of its own, or a dialog on the page that shows it."""

from collections.abc import Callable
from functools import partial

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from pythoughts.access import actor, members_only
from pythoughts.errors import DomainError
from pythoughts.htmx import wants_partial
from pythoughts.moderation import queries, use_cases
from pythoughts.moderation.forms import ReportForm
from pythoughts.moderation.permissions import can_report
from pythoughts.moderation.queries import Subject
from pythoughts.moderation.views.blueprint import bp
from pythoughts.web import keeps_form, page_or_partial, refused

PAGE = "moderation/report.html"
Answer = Response | str | tuple[str, int]


@bp.route("/posts/<id:post_id>/report", methods=["GET", "POST"])
@members_only
@keeps_form
def report_post(post_id: str) -> Answer:
    """Report a post; whoever has done so reads what became of it."""
    subject = queries.get_post_to_report(post_id, reader=actor())
    return _ask(subject, partial(use_cases.report_post, post_id=post_id))


@bp.route("/user/<username>/report", methods=["GET", "POST"])
@members_only
@keeps_form
def report_person(username: str) -> Answer:
    """Report somebody for more than one post; whoever has done so reads what became of it."""
    subject = queries.get_person_to_report(username, reader=actor())
    return _ask(subject, partial(use_cases.report_person, username=username))


def _ask(subject: Subject, report: Callable[..., None]) -> Answer:
    form = ReportForm()
    shown = {"subject": subject, "action": request.path, "is_own": not can_report(actor(), subject.person)}
    if not form.is_submitted():
        return page_or_partial(PAGE, "moderation/_dialog.html", form=form, **shown)
    if not form.validate():
        return page_or_partial(PAGE, "moderation/_form.html", form=form, **shown), 422
    try:
        report(actor=actor(), **form.values())
    except DomainError as error:
        return refused(error, form, "moderation/_form.html" if wants_partial() else PAGE, **shown)
    if wants_partial():
        return render_template("moderation/_done.html", subject=subject, outcome="open")
    return redirect(request.path, code=303)
