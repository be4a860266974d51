"""The passkeys of a member."""

from flask import Response as Answer
from flask import flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from pythoughts.access import actor, members_only
from pythoughts.auth.proof import keeps_typed, recently_proven, typed_before
from pythoughts.auth.queries import list_passkeys
from pythoughts.auth.use_cases import add_passkey, ask_for_new_passkey, remove_passkey
from pythoughts.errors import DomainError
from pythoughts.i18n import _
from pythoughts.preferences.forms import PasskeyForm
from pythoughts.preferences.views.blueprint import bp
from pythoughts.web import keeps_form, refused

PAGE = "preferences/passkeys.html"
ASKED = "new_passkey_asked"  # name in the signed cookie: the token of the question that is open


@bp.route("/preferences/passkeys", methods=["GET", "POST"])
@members_only
@recently_proven
@keeps_typed("name")
@keeps_form
def passkeys() -> Response | tuple[str, int]:
    """The list, and a form that adds to it."""
    form = PasskeyForm(data=typed_before())
    if not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        return render_template(PAGE, form=form, passkeys=list_passkeys(actor().id)), status
    try:
        token = session.pop(ASKED, "")
        add_passkey(actor=actor(), token=token, answer=form.credential.data, name=form.name.data)
    except DomainError as error:
        return refused(error, form, PAGE, passkeys=list_passkeys(actor().id))
    flash(str(_("The passkey is added. You can sign in with it from now on.")))
    return redirect(url_for(".passkeys"), code=303)


@bp.post("/preferences/passkeys/options")
@members_only
@recently_proven
def new_passkey_options() -> Response:
    """What the browser is to make, as JSON."""
    challenge = ask_for_new_passkey(actor=actor())
    session[ASKED] = challenge.token
    return Answer(challenge.options, mimetype="application/json")


@bp.post("/preferences/passkeys/<id:passkey_id>/remove")
@members_only
@recently_proven
def forget_passkey(passkey_id: str) -> Response:
    """Take one off the list."""
    remove_passkey(actor=actor(), passkey_id=passkey_id)
    flash(str(_("The passkey is removed. Delete it from your device, too.")))
    return redirect(url_for(".passkeys"), code=303)
