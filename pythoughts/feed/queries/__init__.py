"""Reads of the feed feature: lists, threads and people's pages."""

from pythoughts.feed.queries.editing import History, Original, Version, get_history, get_original
from pythoughts.feed.queries.listing import NEWER_COUNTED, PAGE_LAST, Page, count_newer, feed_before, feed_page
from pythoughts.feed.queries.profiles import Profile, Tab, capped, get_profile, posts_of
from pythoughts.feed.queries.rows import Answered, Author, PostRow
from pythoughts.feed.queries.threads import Order, Thread, find_post, get_own_post, get_post, get_thread, is_live

__all__ = [
    "NEWER_COUNTED",
    "PAGE_LAST",
    "Answered",
    "Author",
    "History",
    "Order",
    "Original",
    "Page",
    "PostRow",
    "Profile",
    "Tab",
    "Thread",
    "Version",
    "capped",
    "count_newer",
    "feed_before",
    "feed_page",
    "find_post",
    "get_history",
    "get_original",
    "get_own_post",
    "get_post",
    "get_profile",
    "get_thread",
    "is_live",
    "posts_of",
]
