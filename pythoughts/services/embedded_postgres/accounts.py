"""The system account PostgreSQL runs under, which may never be root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from pythoughts.services.embedded_postgres.failures import PostgresUnavailable

SERVER_ACCOUNTS = ("postgres", "nobody")
"""Accounts root hands the server to, best first; `nobody` is on every system."""


@dataclass(frozen=True)
class Account:
    """A user and group that server programs run as; None means: as whoever runs us."""

    uid: int | None = None
    gid: int | None = None

    def run(self, *command: str | Path, limit: float = 60) -> subprocess.CompletedProcess[str]:
        """Run a program to its end as this account, away from the terminal, so that Ctrl-C does not reach it.

        Args:
            *command: the program and its arguments.
            limit: seconds after which it is killed.

        Raises:
            PostgresUnavailable: we may not become this account, or the program took too long.
        """
        try:
            return subprocess.run(  # noqa: S603 (programs found by us, arguments written by us)
                [str(part) for part in command],
                capture_output=True,
                text=True,
                check=False,
                timeout=limit,
                stdin=subprocess.DEVNULL,
                cwd="/",
                env=_environment(),
                start_new_session=True,
                user=self.uid,
                group=self.gid,
                extra_groups=None if self.uid is None else [],
            )
        except PermissionError as error:
            raise PostgresUnavailable(f"PostgreSQL can't be run as user id {self.uid}: {error}.") from error
        except subprocess.TimeoutExpired as error:
            raise PostgresUnavailable(f"{command[0]} did not finish within {limit:.0f} seconds.") from error

    def can_enter(self, path: Path) -> bool:
        """Whether this account may enter a folder, or execute a file, including every folder above it."""
        if self.uid is None:
            return os.access(path, os.X_OK)
        return self.run("test", "-x", path).returncode == 0

    def own(self, path: Path) -> None:
        """Make this account the owner of `path`."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def server_account(data: Path) -> Account:
    """Whom the server over `data` runs as: ourselves, or for root the owner of existing data, else a standing account.

    Raises:
        PostgresUnavailable: we are root and the system has no other account.
    """
    if os.geteuid() != 0:
        return Account()
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in SERVER_ACCOUNTS:
        if name in known:
            return Account(known[name].pw_uid, known[name].pw_gid)
    raise PostgresUnavailable(
        "PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as."
    )


def _environment() -> dict[str, str]:
    # PGPORT, PGDATA and their kin would silently redirect the server; messages are wanted in one language.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C"}
