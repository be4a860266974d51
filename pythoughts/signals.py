"""Named news that a lower feature sends and a higher one may hear."""

from blinker import Namespace

_domain = Namespace()

user_joined = _domain.signal("user-joined")
account_reopened = _domain.signal("account-reopened")
email_verified = _domain.signal("email-verified")
post_created = _domain.signal("post-created")
