"""Tables of the auth feature."""

from pythoughts.auth.models.changes import (
    AuthEvent,
    DataExport,
    Event,
    KnownDevice,
    PendingEmailChange,
    PendingSignUp,
    UsernameHistory,
)
from pythoughts.auth.models.factors import Passkey, RecoveryCode, TwoFactor
from pythoughts.auth.models.people import (
    BIO_MAX,
    EMAIL_MAX,
    LINKS,
    USER_AGENT_MAX,
    USERNAME_MAX,
    USERNAME_MIN,
    USERNAME_PATTERN,
    Account,
    Purpose,
    Session,
    User,
    Verification,
)

__all__ = [
    "BIO_MAX",
    "EMAIL_MAX",
    "LINKS",
    "USERNAME_MAX",
    "USERNAME_MIN",
    "USERNAME_PATTERN",
    "USER_AGENT_MAX",
    "Account",
    "AuthEvent",
    "DataExport",
    "Event",
    "KnownDevice",
    "Passkey",
    "PendingEmailChange",
    "PendingSignUp",
    "Purpose",
    "RecoveryCode",
    "Session",
    "TwoFactor",
    "User",
    "UsernameHistory",
    "Verification",
]
