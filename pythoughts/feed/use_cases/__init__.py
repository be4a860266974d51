"""What people do with posts: write, edit, delete, hold, release, remove, restore."""

from pythoughts.feed.use_cases.edit import edit_post
from pythoughts.feed.use_cases.publish import create_post
from pythoughts.feed.use_cases.take_away import delete_own_post, hold_post, release_post, remove_post, restore_post

__all__ = ["create_post", "delete_own_post", "edit_post", "hold_post", "release_post", "remove_post", "restore_post"]
