"""What is told: heard from other features, read, mailed as a digest, forgotten."""

from pythoughts.notifications.use_cases import hearing
from pythoughts.notifications.use_cases.digests import queue_digests, stop_digests, subscriber
from pythoughts.notifications.use_cases.keeping import forget_old
from pythoughts.notifications.use_cases.reading import mark_all_read, mark_read

__all__ = ["forget_old", "hearing", "mark_all_read", "mark_read", "queue_digests", "stop_digests", "subscriber"]
