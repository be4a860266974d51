"""What must not be in a tracked file: registries' hosts, paths of one machine, secrets."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from pythoughts.paths import PROJECT_ROOT
from pythoughts.services.passwords import DUMMY

HOSTS = tuple(  # written apart, because the rule holds for this file too
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian", "org"),
    )
)
PLACES = re.compile(r"(?<![\w.$<>{}-])/(?:root|work|Users/\w+|home/(?!app\b)\w+)/")
SECRETS = {
    "private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "cloud key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "access token": re.compile(r"\b(?:gh[opsu]_\w{30,}|glpat-[\w-]{20,}|xox[abprs]-[\w-]{10,}|sk-[A-Za-z0-9_-]{20,})"),
    "web token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\."),
    "password hash": re.compile(r"\$argon2id?\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]{16,}"),
}
CREDENTIALS = re.compile(r"\b[a-z][a-z0-9+]*://[\w.%-]*:([^@\s/\"'`]{8,})@")  # shorter ones are examples
PLACEHOLDERS = re.compile(r"^(?:password|secret|user|pass|pw|x+|\.\.\.|…|<.*>|\$?\{.*\}|\$\w+|%.*)$", re.IGNORECASE)
ASSIGNED = re.compile(r"^\s*[A-Z_]*(?:SECRET|TOKEN|PASSWORD)[A-Z_]*=(\S+)", re.MULTILINE)


def tracked(root: Path = PROJECT_ROOT) -> list[Path]:
    """Every text file that is committed or about to be."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True).stdout
    paths = [root / name for name in listed.split("\0") if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:8000]]


def hosts() -> set[str]:
    """The registries everybody knows, and those this machine is told to use."""
    told = [value for name, value in os.environ.items() if name.upper().endswith(("INDEX_URL", "CONFIG_REGISTRY"))]
    return {*HOSTS, *(urlsplit(value).hostname or "" for value in told)} - {"", "localhost"}


def registry_hosts(text: str) -> Iterator[str]:
    """Hosts of registries: a lock that names one works nowhere else."""
    yield from (host for host in sorted(hosts()) if host in text)


def machine_paths(text: str) -> Iterator[str]:
    """Places that only one machine has."""
    yield from (found.group() for found in PLACES.finditer(text))


def secrets(text: str) -> Iterator[str]:
    """What looks like a key, a token or a password in use."""
    known = text.replace(DUMMY, "")  # of the empty word, for taking time
    yield from (kind for kind, pattern in SECRETS.items() if pattern.search(known))
    for found in CREDENTIALS.finditer(text):
        if not PLACEHOLDERS.match(found[1]):
            yield "credentials in an address"


def assigned_secrets(text: str) -> Iterator[str]:
    """Values of secret variables in a file of the environment's form."""
    yield from (value for value in ASSIGNED.findall(text) if not PLACEHOLDERS.match(value))
