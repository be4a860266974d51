"""Pages of the feed feature."""

from flask import Flask

from pythoughts.feed.queries import capped
from pythoughts.feed.views import editing, lists, posting, posts, profiles
from pythoughts.feed.views.atom import absolute, permanent_id, xml_text
from pythoughts.feed.views.blueprint import bp
from pythoughts.feed.views.fragments import articles, new_reply, replies
from pythoughts.markup import plain, rich

__all__ = ["bp", "editing", "lists", "posting", "posts", "profiles"]


def init_app(app: Flask) -> None:
    """Register the pages, and what shows posts, a message and a capped count in templates."""
    app.jinja_env.filters.update(plain=plain, rich=rich, xml=xml_text, capped=capped)
    app.jinja_env.globals.update(absolute=absolute, permanent_id=permanent_id)
    app.jinja_env.globals.update(articles=articles, new_reply=new_reply, replies=replies)
    app.register_blueprint(bp)
