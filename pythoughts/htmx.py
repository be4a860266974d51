"""Tell a request for a fragment from a request for a page."""

from flask import redirect, request
from werkzeug.wrappers import Response


def wants_partial() -> bool:
    """Whether htmx asked for a fragment."""
    return request.headers.get("HX-Request") == "true"


def lead_to(url: str) -> Response:
    """Go on to another page; htmx would follow a redirect and swap that page into the form."""
    if not wants_partial():
        return redirect(url, code=303)
    answer = Response(status=200)
    answer.headers["HX-Redirect"] = url
    return answer
