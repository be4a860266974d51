"""What members choose: whom they hear and who hears them, how they are shown, how pages look to them."""

from pythoughts.preferences.use_cases.blocking import block_person, unblock_person
from pythoughts.preferences.use_cases.choosing import (
    DIRECTION_MARKS,
    NAME_MAX,
    ignore_person,
    save_profile,
    save_settings,
    stop_ignoring,
)

__all__ = [
    "DIRECTION_MARKS",
    "NAME_MAX",
    "block_person",
    "ignore_person",
    "save_profile",
    "save_settings",
    "stop_ignoring",
    "unblock_person",
]
