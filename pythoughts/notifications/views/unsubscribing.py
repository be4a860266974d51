"""Leave the digest, without signing in."""

from flask import Response as Answer
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import public
from pythoughts.notifications.use_cases import stop_digests, subscriber
from pythoughts.notifications.views.blueprint import bp
from pythoughts.preferences.queries import get_choices
from pythoughts.web import is_one_click, one_click


@bp.route("/unsubscribe/<token>", methods=["GET", "POST"])
@public
@one_click
def unsubscribe(token: str) -> Response | str:
    """One button. Looking ends nothing: mail programs open links on their own, and click by a POST."""
    if request.method == "POST":
        stop_digests(token=token)
        return Answer(status=200) if is_one_click() else redirect(url_for(".unsubscribe", token=token), code=303)
    often = get_choices(subscriber(token).id).digest
    return render_template("notifications/unsubscribe.html", often=often)


@bp.after_request
def keep_nowhere(response: Response) -> Response:
    """What stands here is one person's, and one address is a secret: no cache may keep them."""
    response.headers["Cache-Control"] = "private, no-store"
    return response
