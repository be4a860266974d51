"""Generated pictures: public, without a query, kept by browsers and proxies for ever."""

from flask import request
from werkzeug.wrappers import Response

from pythoughts.access import public
from pythoughts.feed.avatars import constellation
from pythoughts.feed.views.blueprint import bp

HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",  # a year, the longest that RFC 9111 suggests
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@bp.get("/avatar/<id:user_id>/<int:version>.svg")
@public
def avatar(user_id: str, version: int) -> Response:
    """The constellation of a person; another version is another address."""
    response = Response(constellation(user_id), mimetype="image/svg+xml", headers=HEADERS)
    response.set_etag(f"{user_id}-{version}")
    return response.make_conditional(request)
