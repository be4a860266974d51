"""Tell a request for a fragment from a request for a page."""

from flask import request


def wants_partial() -> bool:
    """Whether htmx asked for a fragment."""
    return request.headers.get("HX-Request") == "true"
