"""Sign in with an account that people have elsewhere."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import owner_only, public, reader
from pythoughts.auth import arrivals, queries, use_cases
from pythoughts.auth.browser import hand_out
from pythoughts.auth.forms import NewcomerForm
from pythoughts.auth.use_cases import HalfSignedIn, WaitingForCode
from pythoughts.auth.views.blueprint import bp
from pythoughts.auth.views.pending import NEWCOMER, wait_for_code
from pythoughts.auth.views.second_step import lead_to_second_step
from pythoughts.config import Provider
from pythoughts.errors import DomainError, NotFound
from pythoughts.i18n import _
from pythoughts.services import openid
from pythoughts.services.openid import Identity, Question
from pythoughts.web import refused


@bp.get("/sign-in/oidc/<provider>")
@public
@owner_only
def openid_start(provider: str) -> Response:
    """Send the browser to the provider; its cookie keeps what has to come back."""
    chosen, question = _provider(provider), Question(provider)
    address = openid.client().address_for(chosen, question)
    arrivals.leave(question, request.args.get("next"))
    return redirect(address, code=303)


@bp.get("/sign-in/oidc/<provider>/callback")
@public
@owner_only
def openid_callback(provider: str) -> Response:
    """Believe what the provider has signed, or let whoever comes back start again."""
    chosen, code = _provider(provider), request.args.get("code")
    question = arrivals.come_back(provider, request.args.get("state", ""))
    if question is None or code is None:
        flash(str(_("Signing in at %(provider)s was not finished. Try again.", provider=chosen.label)))
        return redirect(url_for(".sign_in"), code=303)
    identity = openid.client().identify(chosen, question, code)
    return _connecting(identity) if reader() else _entering(identity)


@bp.route("/sign-in/oidc/<provider>/new", methods=["GET", "POST"])
@public
@owner_only
def newcomer(provider: str) -> Response | tuple[str, int]:
    """Somebody new here, known there: a name, and an address that is to be proven."""
    form, chosen = NewcomerForm(data=_told()), _provider(provider)
    if not form.validate_on_submit():
        return _newcomer(form, chosen)
    try:
        opened = use_cases.sign_up_with_identity(
            token=arrivals.waiting(), username=form.username.data, email=form.email.data
        )
    except DomainError as error:
        return refused(error, form, NEWCOMER, provider=chosen)
    if isinstance(opened, WaitingForCode):
        wait_for_code(opened)
        arrivals.keep_waiting(opened.token)
    else:
        hand_out(opened)
    return redirect(url_for(".verify"), code=303)


def _newcomer(form: NewcomerForm, chosen: Provider) -> Response | tuple[str, int]:
    if request.method == "POST":
        return render_template(NEWCOMER, form=form, provider=chosen), 422
    if reader() or queries.find_identity(arrivals.waiting()) is None:
        return redirect(url_for(".sign_in"), code=303)
    return render_template(NEWCOMER, form=form, provider=chosen), 200


def _told() -> dict[str, str]:
    """What the form starts with: the address that the provider told, which nobody has proven."""
    identity = queries.find_identity(arrivals.waiting())
    return {"email": identity.email} if identity and identity.email else {}


def _provider(name: str) -> Provider:
    found = openid.find_provider(name)
    if found is None:
        raise NotFound(_("There is nothing at this address."))
    return found


def _entering(identity: Identity) -> Response:
    opened = use_cases.sign_in_with_identity(identity=identity)
    if opened is None:
        arrivals.keep_waiting(use_cases.keep_identity(identity=identity))
        return redirect(url_for(".newcomer", provider=identity.provider), code=303)
    target = arrivals.way_on()
    if isinstance(opened, HalfSignedIn):
        return lead_to_second_step(opened, target, remember=True)
    hand_out(opened)
    return redirect(target, code=303)


def _connecting(identity: Identity) -> Response:
    """Somebody signed in came back: an account is connected only when they say yes to it on a page of ours."""
    arrivals.keep_waiting(use_cases.keep_identity(identity=identity))
    return redirect(url_for("preferences.connect", provider=identity.provider), code=303)
