"""Prove once more who sits at the browser, before something sensitive."""

from typing import Any

from flask import Response as Answer
from flask import g, redirect, render_template, request, session, url_for
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
ASKED = "passkey_confirms"  # name in the signed cookie: the token of the question that is open


@bp.route("/confirm-password", methods=["GET", "POST"])
@members_only
@owner_only
@keeps_form
def confirm_password() -> Response | tuple[str, int]:
    """The password again; once it is right, on to where the person was going."""
    form, target = ConfirmForm(), safe_next(request.values.get("next"))
    if not form.validate_on_submit():
        return render_template(PAGE, form=form, **_around(target)), 422 if request.method == "POST" else 200
    try:
        use_cases.confirm_password(actor=actor(), session_id=session_id(), password=form.password.data)
    except DomainError as error:
        return refused(error, form, PAGE, **_around(target))
    return redirect(target, code=303)


@bp.post("/confirm-password/passkey/options")
@members_only
def confirming_passkey_options() -> Response:
    """What one of the person's passkeys is to sign, as JSON."""
    challenge = use_cases.ask_for_own_passkey(actor=actor())
    session[ASKED] = challenge.token
    return Answer(challenge.options, mimetype="application/json")


@bp.post("/confirm-password/passkey")
@members_only
def confirm_with_passkey() -> Response:
    """Once the passkey has signed, on to where the person was going."""
    target, answer = safe_next(request.values.get("next")), request.form.get("credential", "")
    token = session.pop(ASKED, "")
    try:
        use_cases.confirm_with_passkey(actor=actor(), session_id=session_id(), token=token, answer=answer)
    except DomainError as error:
        return refused(error, ConfirmForm(formdata=None), PAGE, **_around(target))
    return redirect(target, code=303)


def _around(target: str) -> dict[str, Any]:
    """Where to go on, and what the person can prove it with."""
    has_password = queries.password_of(actor().id) is not None
    return {"target": target, "has_password": has_password, "has_passkey": bool(queries.list_passkeys(actor().id))}


def enforce_proof() -> Response | None:
    """Lead whoever has no recent proof to give one, and keep what they typed."""
    if not getattr(proof.asked_view(), "needs_proof", False) or proof.is_recent():
        return None
    page = proof.page_to_come_back_to()
    if request.method == "POST" and not g.get("csrf_failed"):
        proof.keep_typed(page)
    return redirect(url_for("auth.confirm_password", next=page), code=303)
