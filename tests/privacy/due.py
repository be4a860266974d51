"""What the jobs do whose time has come."""

from pythoughts.clock import now
from pythoughts.privacy.queries import due_for_erasure
from pythoughts.privacy.use_cases import anonymise_if_due


def anonymise_due() -> int:
    """Erase everybody whose grace has ended; how many there were."""
    return sum(anonymise_if_due(user_id=user_id) for user_id in due_for_erasure(now()))
