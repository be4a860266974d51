"""Where a button on a post or on somebody's page leads back to."""

from urllib.parse import urlsplit

from flask import request, url_for

from pythoughts.auth.returning import safe_next


def way_back() -> str:
    """The page of this site that the form was on."""
    here = urlsplit(request.referrer or "")
    if here.netloc != request.host:
        return url_for("feed.index")
    return safe_next(f"{here.path}?{here.query}" if here.query else here.path)
