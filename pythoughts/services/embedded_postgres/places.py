"""Where the server's files live: beside the application, or where the server's account can reach them."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from pythoughts.services.embedded_postgres.accounts import Account, server_account
from pythoughts.services.embedded_postgres.failures import PostgresUnavailable

SHARED = Path("/var/lib/pythoughts")
"""Used by root alone, for data and programs whose own folder is closed to the server's account."""

SHORT = Path("/tmp")  # noqa: S108 (not $TMPDIR: every process must find the same socket; `make_sockets` guards it)
SOCKET_PATH_MAX = 100  # bytes; the kernels' limits are 104 to 108
PORT = 5432  # only names the socket: nothing listens on the network
SOCKET_NAME = f".s.PGSQL.{PORT}"


@dataclass(frozen=True)
class Place:
    """The folder of one server's files and the account it runs under."""

    home: Path
    account: Account

    @property
    def data(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server wrote since its last start."""
        return self.data / "server.log"

    @property
    def made_by(self) -> int | None:
        """Major version of PostgreSQL that wrote the data; None when there is none."""
        version = self.data / "PG_VERSION"
        return int(version.read_text()) if version.exists() else None

    @property
    def sockets(self) -> Path:
        """Folder of the server's socket, short enough for the kernel."""
        near = self.home / "socket"
        fits = len(os.fsencode(near / SOCKET_NAME)) <= SOCKET_PATH_MAX
        return near if fits else SHORT / f"pythoughts-{os.geteuid()}-{_digest(self.home)}"

    def make_sockets(self) -> None:
        """Make the socket's folder, closed to everybody else: whoever reaches the socket is let in.

        Raises:
            PostgresUnavailable: somebody else made it first.
        """
        if not self.sockets.exists():
            self.sockets.mkdir(mode=0o700)
            self.account.own(self.sockets)
        found = self.sockets.lstat()
        owner = os.geteuid() if self.account.uid is None else self.account.uid
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
            raise PostgresUnavailable(f"{self.sockets} is not a private folder of user id {owner}: remove it.")


def choose_place(home: Path) -> Place:
    """Settle where the server for `home` lives, and make that folder.

    Raises:
        PostgresUnavailable: `home` holds data which the server's account can't reach.
    """
    home.mkdir(parents=True, exist_ok=True)
    account = server_account(home / "data")
    if account.uid is None:
        return Place(home, account)
    if not account.can_enter(home.parent):
        home = _moved(home, account)
    os.chown(home, 0, account.gid or 0)
    home.chmod(0o750)  # the server's account passes through; nobody else looks in
    return Place(home, account)


def shared_folder() -> Path:
    """The folder for what root can't leave below its own home, readable by every account."""
    SHARED.mkdir(parents=True, exist_ok=True)
    SHARED.chmod(0o755)
    return SHARED


def _moved(home: Path, account: Account) -> Path:
    if (home / "data").exists():  # starting on an empty database elsewhere would look like losing everything
        raise PostgresUnavailable(
            f"The database in {home} can't be reached by user id {account.uid}; make every folder above it searchable."
        )
    elsewhere = shared_folder() / _digest(home)
    elsewhere.mkdir(exist_ok=True)
    return elsewhere


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
