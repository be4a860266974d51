"""Pages of the feed feature."""

from flask import Flask

from pythoughts.feed.markup import rich
from pythoughts.feed.queries import capped
from pythoughts.feed.views import avatars, lists, posting, posts, profiles
from pythoughts.feed.views.blueprint import bp

__all__ = ["avatars", "bp", "lists", "posting", "posts", "profiles"]


def init_app(app: Flask) -> None:
    """Register the pages, and the filters that show a message and a capped count."""
    app.jinja_env.filters.update(rich=rich, capped=capped)
    app.register_blueprint(bp)
