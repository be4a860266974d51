"""The way out of a look through somebody else's eyes. It begins in the back office."""

from flask import redirect, request
from werkzeug.wrappers import Response

from pythoughts.access import ends_look, look, members_only
from pythoughts.auth import use_cases
from pythoughts.auth.browser import session_id, swap
from pythoughts.auth.returning import safe_next
from pythoughts.auth.views.blueprint import bp


@bp.post("/impersonation/stop")
@members_only
@ends_look
def stop_impersonation() -> Response:
    """Back to oneself; whoever is it already stays so."""
    target, looking = safe_next(request.args.get("next")), look()
    opened = use_cases.stop_impersonation(actor=looking.by, session_id=session_id()) if looking else None
    if opened:
        swap(opened)
    return redirect(target, code=303)
