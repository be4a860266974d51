"""Accounts elsewhere that sign a member in here."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import actor, members_only
from pythoughts.auth import arrivals
from pythoughts.auth.proof import recently_proven
from pythoughts.auth.queries import find_identity, list_connections
from pythoughts.auth.use_cases import connect_identity, disconnect_identity
from pythoughts.errors import NotFound
from pythoughts.i18n import _
from pythoughts.preferences.views.blueprint import bp
from pythoughts.services import openid


@bp.get("/preferences/connections")
@members_only
@recently_proven
def connections() -> str:
    """Which providers there are, and which of them are connected."""
    connected = {each.provider_id: each for each in list_connections(actor().id)}
    return render_template("preferences/connections.html", providers=openid.providers(), connected=connected)


@bp.route("/preferences/connections/<provider>/connect", methods=["GET", "POST"])
@members_only
@recently_proven
def connect(provider: str) -> Response | str:
    """The question before an account is connected: whoever only follows a link connects nothing."""
    chosen, token = openid.find_provider(provider), arrivals.waiting()
    if chosen is None:
        raise NotFound(_("There is nothing at this address."))
    if request.method == "GET":
        identity = find_identity(token)
        if identity is None:
            return redirect(url_for(".connections"), code=303)
        return render_template("preferences/connect.html", provider=chosen, identity=identity)
    connect_identity(actor=actor(), token=token)
    flash(str(_("%(provider)s is connected. You can sign in with it from now on.", provider=chosen.label)))
    return redirect(url_for(".connections"), code=303)


@bp.post("/preferences/connections/<provider>/disconnect")
@members_only
@recently_proven
def disconnect(provider: str) -> Response:
    """Sign in there no more."""
    disconnect_identity(actor=actor(), provider=provider)
    flash(str(_("It is disconnected.")))
    return redirect(url_for(".connections"), code=303)
