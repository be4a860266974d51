"""The blueprint that these pages are registered on."""

from flask import Blueprint, Response

bp = Blueprint("privacy", __name__)


@bp.after_request
def keep_nowhere(response: Response) -> Response:
    """No cache may keep what these pages hand out."""
    response.headers["Cache-Control"] = "private, no-store"
    return response
