"""What can be done with a person's data as a whole."""

from pythoughts.privacy.use_cases.archives import forget_archives, make_archive, note_failed_archive, request_archive
from pythoughts.privacy.use_cases.closing import PostsFate, close_account
from pythoughts.privacy.use_cases.erasing import anonymise_if_due, anonymise_user, forget_addresses, request_erasures

__all__ = [
    "PostsFate",
    "anonymise_if_due",
    "anonymise_user",
    "close_account",
    "forget_addresses",
    "forget_archives",
    "make_archive",
    "note_failed_archive",
    "request_archive",
    "request_erasures",
]
