"""What is told: heard from other features, read, mailed as a digest, forgotten."""

from pythoughts.notifications.use_cases import hearing
from pythoughts.notifications.use_cases.reading import mark_all_read, mark_read

__all__ = ["hearing", "mark_all_read", "mark_read"]
