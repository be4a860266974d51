"""What of a person's address a reader of the back office gets to see: all of it, or only enough to tell two apart."""

from ipaddress import ip_address

from pythoughts.access import Permission
from pythoughts.auth.models import User

HIDDEN = "•••"


def email_for(email: str, reader: User) -> str:
    """The address itself for readers with the right to it, "t•••@e•••.org" for others."""
    if reader.can(Permission.USER_REVEAL):
        return email
    local, _at, domain = email.partition("@")
    name, _dot, ending = domain.rpartition(".")
    return f"{local[:1]}{HIDDEN}@{name[:1]}{HIDDEN}.{ending}"


def ip_for(address: str | None, reader: User) -> str:
    """The address itself for readers with the right to it, half of it for others, nothing when there is none."""
    if not address or reader.can(Permission.USER_REVEAL):
        return address or ""
    return half_of_ip(address)


def half_of_ip(address: str | None) -> str:
    """The network of a provider, not of a household: 203.0.••• or 2001:db8:•••; empty when there is no address."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return ""
    separator = "." if parsed.version == 4 else ":"
    return separator.join([*parsed.compressed.split(separator)[:2], HIDDEN])
