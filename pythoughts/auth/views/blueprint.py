"""The blueprint that all account pages hang on."""

from flask import Blueprint, Response

from pythoughts.auth.captcha import allow_provider, shared

bp = Blueprint("auth", __name__)


bp.context_processor(shared)
bp.after_request(allow_provider)


@bp.after_request
def keep_nowhere(response: Response) -> Response:
    """These pages hold tokens, or lead to accounts: no cache may keep them."""
    response.headers["Cache-Control"] = "private, no-store"
    return response
