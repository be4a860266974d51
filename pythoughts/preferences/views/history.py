"""What happened to a member's account, and from where."""

from flask import render_template, request

from pythoughts.access import actor, members_only, owner_only
from pythoughts.auth.events import SENTENCES
from pythoughts.auth.queries import EVENTS_SHOWN, list_events
from pythoughts.preferences.views.blueprint import bp
from pythoughts.text import is_id


@bp.get("/preferences/history")
@members_only
@owner_only
def history() -> str:
    """The newest lines, and the way to older ones."""
    before = request.args.get("before", "")
    events = list_events(actor().id, before=before if is_id(before) else None)
    shown, more = events[:EVENTS_SHOWN], len(events) > EVENTS_SHOWN
    return render_template("preferences/history.html", events=shown, more=more, sentences=SENTENCES)
