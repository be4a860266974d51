"""Prove once more who sits at the browser, before something sensitive."""

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import actor, members_only, owner_only
from pythoughts.auth import proof, queries, use_cases
from pythoughts.auth.browser import session_id
from pythoughts.auth.forms import ConfirmForm
from pythoughts.auth.returning import safe_next
from pythoughts.auth.views.blueprint import bp
from pythoughts.errors import DomainError
from pythoughts.web import keeps_form, refused

PAGE = "auth/confirm_password.html"


@bp.route("/confirm-password", methods=["GET", "POST"])
@members_only
@owner_only
@keeps_form
def confirm_password() -> Response | tuple[str, int]:
    """The password again; once it is right, on to where the person was going."""
    form, target = ConfirmForm(), safe_next(request.values.get("next"))
    has_password = queries.password_of(actor().id) is not None
    if not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        return render_template(PAGE, form=form, target=target, has_password=has_password), status
    try:
        use_cases.confirm_password(actor=actor(), session_id=session_id(), password=form.password.data)
    except DomainError as error:
        return refused(error, form, PAGE, target=target, has_password=has_password)
    return redirect(target, code=303)


def enforce_proof() -> Response | None:
    """Lead whoever has no recent proof to give one, and keep what they typed."""
    if not getattr(proof.asked_view(), "needs_proof", False) or proof.is_recent():
        return None
    page = proof.page_to_come_back_to()
    if request.method == "POST" and not g.get("csrf_failed"):
        proof.keep_typed(page)
    return redirect(url_for("auth.confirm_password", next=page), code=303)
