"""The pictures themselves: public, kept by browsers and proxies for ever."""

from flask import redirect, request
from werkzeug.wrappers import Response

from pythoughts.access import public
from pythoughts.avatars.constellation import constellation
from pythoughts.avatars.queries import get_picture
from pythoughts.avatars.views.blueprint import bp
from pythoughts.web import avatar_url

HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",  # a year, the longest that RFC 9111 suggests
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@bp.get("/avatar/<id:user_id>/<int:version>.svg")
@public
def drawn(user_id: str, version: int) -> Response:
    """The constellation of a person; another version is another address."""
    return _for_ever(Response(constellation(user_id), mimetype="image/svg+xml"), user_id, version)


@bp.get("/avatar/<id:user_id>/<int:version>.webp")
@public
def small(user_id: str, version: int) -> Response:
    """What a person has uploaded, as lists show it."""
    return _uploaded(user_id, version, large=False)


@bp.get("/avatar/<id:user_id>/<int:version>-large.webp")
@public
def large(user_id: str, version: int) -> Response:
    """The same, as a profile shows it."""
    return _uploaded(user_id, version, large=True)


def _uploaded(user_id: str, version: int, *, large: bool) -> Response:
    """The picture; a page that was made before it changed is led to the one of now."""
    picture = get_picture(user_id, large=large)
    if picture.version != -version:
        answer = redirect(avatar_url(user_id, picture.version), code=302)
        answer.headers["Cache-Control"] = "no-store"
        return answer
    return _for_ever(Response(picture.webp or b"", mimetype="image/webp"), user_id, version)


def _for_ever(response: Response, user_id: str, version: int) -> Response:
    response.headers.update(HEADERS)
    response.set_etag(f"{user_id}-{version}")
    return response.make_conditional(request)
