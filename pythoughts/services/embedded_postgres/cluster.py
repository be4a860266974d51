"""One server and its files, without regard to who else uses it: callers hold the lock."""

import shlex
import shutil
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass

from pythoughts.services.embedded_postgres.binaries import Binaries
from pythoughts.services.embedded_postgres.failures import PostgresUnavailable
from pythoughts.services.embedded_postgres.marks import disown, is_alive
from pythoughts.services.embedded_postgres.places import PORT, SOCKET_NAME, Place

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


@dataclass(frozen=True)
class Cluster:
    """The server over one place.

    Attributes:
        fast: give up durability for speed.
    """

    place: Place
    binaries: Binaries
    fast: bool

    def make_ready(self) -> None:
        """See to it that the server answers, from whatever state it is in: no files, stopped, killed, running.

        Raises:
            PostgresUnavailable: it won't.
        """
        self.place.make_sockets()
        if self.place.made_by is None:
            self._make_files()
        give_up_at = time.monotonic() + START_LIMIT
        while (answer := self._answer()) != READY:
            if time.monotonic() > give_up_at:
                raise _unavailable("PostgreSQL is running but does not answer.", self._log())
            if answer == BUSY or is_alive(self.place.data):
                time.sleep(POLL)
            else:
                self._launch()

    def stop(self) -> None:
        """Stop the server if it runs, keeping every committed row."""
        for mode in ("fast", "immediate"):
            if self._answer() in (READY, BUSY) or is_alive(self.place.data):
                self._control("stop", STOP_LIMIT, "-m", mode)
        with suppress(OSError):  # a killed server leaves its socket behind
            self.place.sockets.rmdir()

    def _make_files(self) -> None:
        # Beside their final name: half-made files, after a kill, must not look like whole ones.
        draft = self.place.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self.place.account.own(draft)
        options = ["-U", USER, "-E", "UTF8", "--auth-local=trust", "--auth-host=reject"]
        options += [*self.binaries.locale_arguments(), *(["--no-sync"] if self.fast else [])]
        made = self._run("initdb", "-D", draft, *options, limit=INITDB_LIMIT)
        if made.returncode != 0:
            raise _unavailable("PostgreSQL could not make its files.", made.stderr)
        draft.rename(self.place.data)

    def _launch(self) -> None:
        disown(self.place.data, self.place.sockets / SOCKET_NAME)
        self.place.log.unlink(missing_ok=True)
        started = self._control("start", START_LIMIT, "-l", self.place.log, "-o", self._server_options())
        # Sessions of a killed server hold its memory until they notice, a moment later: then ask again.
        if started.returncode != 0 and "still in use" not in self._log() and not is_alive(self.place.data):
            raise _unavailable("PostgreSQL does not start.", self._log() or started.stderr)

    def _server_options(self) -> str:
        settings = SETTINGS | (FAST_SETTINGS if self.fast else {})
        settings["unix_socket_directories"] = str(self.place.sockets)
        return shlex.join(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))

    def _answer(self) -> int:
        whom = ["-h", self.place.sockets, "-p", PORT, "-U", USER, "-d", "postgres"]
        return self._run("pg_isready", "-q", *whom, limit=START_LIMIT).returncode

    def _control(self, action: str, limit: int, *options: object) -> subprocess.CompletedProcess[str]:
        always = ["-D", self.place.data, "-w", "-s", "-t", limit]
        return self._run("pg_ctl", action, *always, *options, limit=limit + 10)

    def _run(self, program: str, *arguments: object, limit: float) -> subprocess.CompletedProcess[str]:
        return self.place.account.run(self.binaries.folder / program, *map(str, arguments), limit=limit)

    def _log(self) -> str:
        log = self.place.log
        return log.read_text(errors="replace") if log.exists() else ""


def _unavailable(sentence: str, said: str) -> PostgresUnavailable:
    tail = said.strip().splitlines()[-LOG_TAIL:]
    return PostgresUnavailable("\n  ".join([sentence, *tail]))
