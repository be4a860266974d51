"""A person's page."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import public
from pythoughts.feed import queries
from pythoughts.feed.queries import Tab
from pythoughts.feed.views.blueprint import bp
from pythoughts.parameters import cursor
from pythoughts.preferences.choices import my_choices
from pythoughts.web import page_or_partial


@bp.get("/user/<username>")
@public
def profile(username: str) -> Response | str:
    """Who somebody is and what they wrote; another spelling leads to the one address."""
    found = queries.get_profile(username)
    if username != found.person.username:
        return redirect(url_for(".profile", username=found.person.username), code=301)
    choices, tab = my_choices(), _tab()
    listed = queries.posts_of(found.person.id, tab=tab, cursor=cursor("before"), size=choices.page_size)
    ignored = found.person.id in choices.ignored
    return page_or_partial(
        "profile/show.html", "profile/_posts.html", profile=found, listed=listed, tab=tab, ignored=ignored
    )


def _tab() -> Tab:
    given = request.args.get("tab", "")
    return Tab(given) if given in set(Tab) else Tab.ALL
