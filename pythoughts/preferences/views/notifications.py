"""What a member wants to be told."""

from dataclasses import asdict

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import actor, members_only
from pythoughts.i18n import _
from pythoughts.preferences import use_cases
from pythoughts.preferences.choices import my_choices
from pythoughts.preferences.forms import NotificationsForm
from pythoughts.preferences.views.blueprint import bp
from pythoughts.web import keeps_form

PAGE = "preferences/notifications.html"
NAMES = ("replies", "mentions", "digest")


@bp.route("/preferences/notifications", methods=["GET", "POST"])
@members_only
@keeps_form
def notifications() -> Response | tuple[str, int]:
    """Kinds that can be turned off, and the digest; what staff decide and what is about security is always told."""
    form = NotificationsForm(data=asdict(my_choices()))
    if not form.validate_on_submit():
        return render_template(PAGE, form=form), 422 if request.method == "POST" else 200
    use_cases.save_settings(actor=actor(), settings={name: form[name].data for name in NAMES})
    flash(str(_("Your settings are saved.")))
    return redirect(url_for(".notifications"), code=303)
