"""What is new for somebody, and noting that they have seen it."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import actor, members_only, owner_only
from pythoughts.notifications import queries, use_cases
from pythoughts.notifications.telling import path_of
from pythoughts.notifications.views.blueprint import bp
from pythoughts.parameters import cursor
from pythoughts.web import page_or_partial


@bp.get("/notifications")
@members_only
@owner_only
def index() -> str:
    """New ones first. Looking marks nothing as read: opening one or answering does, and a button does for all."""
    listed = queries.list_notices(actor().id, after=cursor("after"))
    return page_or_partial("notifications/index.html", "notifications/_bundles.html", listed=listed)


@bp.post("/notifications/read")
@members_only
def read() -> Response:
    """Mark one as read and go where it leads, if that was asked for; without one, mark all that its reader saw."""
    opened = request.form.get("open")
    notice_id = request.form.get("id") if opened is None else opened
    if notice_id is None:
        use_cases.mark_all_read(actor=actor(), until=request.form.get("until"))
        return redirect(url_for(".index"), code=303)
    notice = use_cases.mark_read(actor=actor(), notice_id=notice_id)
    place = None if opened is None else path_of(notice)
    return redirect(place or url_for(".index"), code=303)
