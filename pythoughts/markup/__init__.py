"""What a message looks like: a small, flat part of Markdown, and whom it mentions.

A leaf of its own: whoever shows a message and whoever tells people that they are mentioned read it the same way.
"""

from pythoughts.markup.blocks import mentioned, plain, rich

__all__ = ["mentioned", "plain", "rich"]
