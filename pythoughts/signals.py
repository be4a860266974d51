"""Named news that a lower feature sends and a higher one may hear."""

from blinker import Namespace

_domain = Namespace()

user_joined = _domain.signal("user-joined")
account_reopened = _domain.signal("account-reopened")
email_verified = _domain.signal("email-verified")
post_created = _domain.signal("post-created")
post_edited = _domain.signal("post-edited")
post_watched = _domain.signal("post-watched")
post_held = _domain.signal("post-held")
post_released = _domain.signal("post-released")
post_removed = _domain.signal("post-removed")
post_restored = _domain.signal("post-restored")
post_deleted = _domain.signal("post-deleted")
reports_decided = _domain.signal("reports-decided")
letter_queued = _domain.signal("letter-queued")
