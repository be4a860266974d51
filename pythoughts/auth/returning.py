"""Where to go on after signing in: only ever to a page of this site."""

import unicodedata
from urllib.parse import urlsplit

HOME = "/"
TARGET_MAX = 2_000  # characters


def safe_next(target: str | None) -> str:
    """The path if it surely stays on this site, else the feed.

    Browsers drop tabs and line ends, read a backslash as a slash and two slashes as another host.
    """
    if not target or len(target) > TARGET_MAX or _has_traps(target):
        return HOME
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or "//" in parts.path or ".." in parts.path.split("/"):
        return HOME
    return target


def _has_traps(target: str) -> bool:
    if not target.startswith("/") or target.startswith("//") or "\\" in target:
        return True
    return any(sign.isspace() or unicodedata.category(sign)[0] == "C" for sign in target)
