"""Reads of the feed feature: lists, threads and people's pages."""

from pythoughts.feed.queries.listing import PAGE_LAST, Page, feed_before, feed_page
from pythoughts.feed.queries.profiles import Counts, Tab, count_posts, get_person, posts_of
from pythoughts.feed.queries.rows import Answered, Author, PostRow
from pythoughts.feed.queries.threads import Thread, find_post, get_post, get_thread

__all__ = [
    "PAGE_LAST",
    "Answered",
    "Author",
    "Counts",
    "Page",
    "PostRow",
    "Tab",
    "Thread",
    "count_posts",
    "feed_before",
    "feed_page",
    "find_post",
    "get_person",
    "get_post",
    "get_thread",
    "posts_of",
]
