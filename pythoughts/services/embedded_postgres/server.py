"""Starting, sharing and stopping the server, and making databases on it."""

import shlex
import shutil
import subprocess
import time
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from pythoughts.services.embedded_postgres.binaries import Binaries, find_binaries, known_folders, reachable
from pythoughts.services.embedded_postgres.failures import PostgresUnavailable
from pythoughts.services.embedded_postgres.locks import Share, only_one
from pythoughts.services.embedded_postgres.marks import disown, is_alive
from pythoughts.services.embedded_postgres.places import PORT, SOCKET_NAME, Place, choose_place, shared_folder

USER = "pythoughts"
INITDB_LIMIT = 120  # seconds
START_LIMIT = 120  # seconds, replaying the log after a crash included
STOP_LIMIT = 30  # seconds for an orderly stop before an immediate one
POLL = 0.05  # seconds; nothing but asking tells when a server is ready
LOG_TAIL = 8  # lines quoted in an error

READY, BUSY = 0, 1  # answers of pg_isready; anything else is silence

SETTINGS = {
    "listen_addresses": "",  # the socket only, and its folder is private
    "max_connections": "200",
    "log_error_verbosity": "terse",  # a failed constraint would otherwise log the row's values
    "log_min_error_statement": "panic",  # and the statement its literals
}
FAST_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class EmbeddedPostgres:
    """One PostgreSQL server over `home`, shared by any number of objects and processes.

    The first to `start` makes and starts it, the last to `release` stops it. A process that dies without
    releasing no longer counts: its share is a file lock, which the kernel drops.
    """

    def __init__(self, home: Path, *, fast: bool = False) -> None:
        """Name the server; nothing happens before `start`.

        Args:
            home: its folder; made when missing. For root, files move to /var/lib/pythoughts when others can't enter it.
            fast: give up durability for speed. For tests: a power cut may lose everything.
        """
        self._wanted = home.resolve()
        self._fast = fast

    def start(self) -> str:
        """Start the server or attach to the running one, and hold a share in it until `release` or this process ends.

        Safe to repeat: a server that was killed in the meantime is started again, with every committed row.

        Returns:
            The URL of the maintenance database.

        Raises:
            PostgresUnavailable: there are no programs to run, or the server won't start.
        """
        try:
            with only_one(self._place.home / "start.lock"):
                self._attach()
        except PermissionError as error:
            raise PostgresUnavailable(
                f"{error.filename} belongs to another user; start as that user or as root."
            ) from error
        return self.url()

    def release(self) -> bool:
        """Give the share back; the last one stops the server.

        Returns:
            Whether this was the last share, so that no server is left running.
        """
        if not self._share.held:
            return False
        with only_one(self._place.home / "start.lock"):
            last = self._share.is_last()
            if last:
                self._stop()
            self._share.give_back()
        return last

    def url(self, database: str = "postgres") -> str:
        """The URL of a database on this server, in libpq's form; it holds no secret."""
        sockets = quote(str(self._place.sockets))
        return f"postgresql://{USER}@/{quote(database, safe='')}?host={sockets}&port={PORT}"

    def create_database(self, name: str, template: str | None = None) -> None:
        """Make a database, empty or as a copy of `template`, to which nobody may be connected.

        Raises:
            psycopg.errors.DuplicateDatabase: there is one of that name.
        """
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template is not None:  # copying files takes 30 ms where writing them through the log takes 200
            statement += sql.SQL(" TEMPLATE {} STRATEGY file_copy").format(sql.Identifier(template))
        self._execute(statement)

    def drop_database(self, name: str) -> None:
        """Remove a database if it exists, disconnecting whoever uses it."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @property
    def data(self) -> Path:
        """Where the rows are."""
        return self._place.data

    @cached_property
    def _place(self) -> Place:
        return choose_place(self._wanted)

    @cached_property
    def _share(self) -> Share:
        return Share(self._place.home / "users.lock")

    @cached_property
    def _binaries(self) -> Binaries:
        found = find_binaries(known_folders(), self._place.made_by)
        return found if self._place.account.uid is None else reachable(found, self._place.account, shared_folder())

    def _attach(self) -> None:
        self._share.take()
        try:
            if self._place.made_by is None:
                self._make_cluster()
            self._until_ready()
        except BaseException:
            self._share.give_back()
            raise

    def _make_cluster(self) -> None:
        # Beside its final name: a half-made cluster, after a kill, must not look like a whole one.
        draft = self._place.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self._place.account.own(draft)
        made = self._run(
            "initdb",
            "-D",
            draft,
            "-U",
            USER,
            "-E",
            "UTF8",
            "--auth-local=trust",
            "--auth-host=reject",
            *self._binaries.locale_arguments(),
            *(["--no-sync"] if self._fast else []),
            limit=INITDB_LIMIT,
        )
        if made.returncode != 0:
            raise self._unavailable("PostgreSQL could not make its files.", made.stderr)
        draft.rename(self._place.data)

    def _until_ready(self) -> None:
        give_up_at = time.monotonic() + START_LIMIT
        while (answer := self._answer()) != READY:
            if time.monotonic() > give_up_at:
                raise self._unavailable("PostgreSQL is running but does not answer.", self._log())
            if answer != BUSY and not is_alive(self._place.data):
                self._launch()
            else:
                time.sleep(POLL)

    def _launch(self) -> None:
        disown(self._place.data, self._place.sockets / SOCKET_NAME)
        self._place.log.unlink(missing_ok=True)
        settings = (
            SETTINGS | (FAST_SETTINGS if self._fast else {}) | {"unix_socket_directories": str(self._place.sockets)}
        )
        options = shlex.join(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))
        started = self._run(
            "pg_ctl",
            "start",
            "-w",
            "-s",
            "-t",
            START_LIMIT,
            "-D",
            self._place.data,
            "-l",
            self._place.log,
            "-o",
            options,
            limit=START_LIMIT + 10,
        )
        # Sessions of a killed server hold its memory until they notice, a moment later: then ask again.
        if started.returncode != 0 and "still in use" not in self._log() and not is_alive(self._place.data):
            raise self._unavailable("PostgreSQL does not start.", self._log() or started.stderr)

    def _stop(self) -> None:
        for mode in ("fast", "immediate"):  # both keep every committed row
            if self._answer() not in (READY, BUSY) and not is_alive(self._place.data):
                return
            self._run(
                "pg_ctl",
                "stop",
                "-w",
                "-s",
                "-t",
                STOP_LIMIT,
                "-m",
                mode,
                "-D",
                self._place.data,
                limit=STOP_LIMIT + 10,
            )

    def _answer(self) -> int:
        return self._run(
            "pg_isready", "-q", "-h", self._place.sockets, "-p", PORT, "-U", USER, "-d", "postgres"
        ).returncode

    def _run(self, program: str, *arguments: object, limit: float = 60) -> subprocess.CompletedProcess[str]:
        return self._place.account.run(self._binaries.folder / program, *map(str, arguments), limit=limit)

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)

    def _log(self) -> str:
        log = self._place.log
        return log.read_text(errors="replace") if log.exists() else ""

    def _unavailable(self, sentence: str, said: str) -> PostgresUnavailable:
        tail = said.strip().splitlines()[-LOG_TAIL:]
        return PostgresUnavailable("\n  ".join([sentence, *tail]))
