"""A person's page."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import public, reader
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
    choices, tab = my_choices(), _tab()
    found = queries.get_profile(username, hidden=choices.blocking)
    if username != found.person.username:
        return redirect(url_for(".profile", username=found.person.username), code=301)
    before = cursor("before")
    listed = queries.posts_of(found.person.id, reader=reader(), tab=tab, cursor=before, size=choices.page_size)
    states = {"ignored": found.person.id in choices.ignored, "blocked": found.person.id in choices.blocked}
    return page_or_partial("profile/show.html", "profile/_posts.html", profile=found, listed=listed, tab=tab, **states)


def _tab() -> Tab:
    given = request.args.get("tab", "")
    return Tab(given) if given in set(Tab) else Tab.ALL
