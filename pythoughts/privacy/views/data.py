"""Take one's data along, or have it erased."""

from typing import Any

from flask import flash, redirect, render_template, send_file, stream_with_context, url_for
from werkzeug.wrappers import Response

from pythoughts import personal
from pythoughts.access import actor, members_only, owner_only
from pythoughts.auth.browser import drop
from pythoughts.auth.proof import keeps_typed, recently_proven, typed_before
from pythoughts.auth.queries import password_of
from pythoughts.errors import DomainError
from pythoughts.i18n import _
from pythoughts.privacy import archives, queries, use_cases
from pythoughts.privacy.forms import DeleteForm
from pythoughts.privacy.use_cases import PostsFate
from pythoughts.privacy.use_cases.closing import GRACE_DAYS
from pythoughts.privacy.views.blueprint import bp
from pythoughts.settings.queries import value_of
from pythoughts.web import keeps_form, refused

PAGE = "privacy/data.html"


@bp.get("/preferences/data")
@members_only
@owner_only
def data() -> str:
    """What there is to download, and the form that closes the account."""
    return render_template(PAGE, form=DeleteForm(data=typed_before()), **_around())


@bp.post("/preferences/data/archive")
@members_only
@recently_proven
def request_archive() -> Response:
    """Ask for an archive of everything."""
    try:
        use_cases.request_archive(actor=actor())
    except DomainError as error:
        return refused(error, DeleteForm(formdata=None), PAGE, **_around())
    flash(str(_("Your export is being made. We mail you when it is ready.")))
    return redirect(url_for(".data"), code=303)


@bp.get("/preferences/data/archive/<id:export_id>")
@members_only
@recently_proven
def download(export_id: str) -> Response:
    """An archive, to its owner alone."""
    export = queries.get_ready_export(export_id, owner=actor())
    name = f"pythoughts-{actor().username}-{export.created_at:%Y-%m-%d}.zip"
    return send_file(archives.get_place(export.id), "application/zip", as_attachment=True, download_name=name)


@bp.get("/preferences/data/export.json")
@members_only
@recently_proven
def export_json() -> Response:
    """Everything as one JSON file, sent while it is read."""
    answer = Response(stream_with_context(archives.as_json(actor().id)), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="pythoughts-{actor().username}.json"'
    return answer


@bp.post("/preferences/data/delete")
@members_only
@recently_proven
@keeps_typed("posts", "username")
@keeps_form
def delete() -> Response | tuple[str, int]:
    """Close the account and sign out everywhere."""
    form = DeleteForm()
    if not form.validate():
        return render_template(PAGE, form=form, **_around()), 422
    try:
        until = use_cases.close_account(
            actor=actor(), password=form.password.data or "", posts=PostsFate(form.posts.data)
        )
    except DomainError as error:
        return refused(error, form, PAGE, **_around())
    drop()
    flash(str(_("Your account is closed. Sign in before %(day)s to keep it.", day=f"{until:%Y-%m-%d %H:%M} UTC")))
    return redirect("/", code=303)


def _around() -> dict[str, Any]:
    """What the page shows besides its form."""
    me = actor()
    return {
        "exports": queries.list_exports(me.id),
        "losses": personal.losses(me.id),
        "grace_days": value_of(GRACE_DAYS),
        "has_password": password_of(me.id) is not None,
    }
