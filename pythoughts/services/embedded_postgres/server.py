"""The door to this package: sharing one server, and making databases on it."""

from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from pythoughts.services.embedded_postgres.binaries import find_binaries, known_folders, reachable
from pythoughts.services.embedded_postgres.cluster import USER, Cluster
from pythoughts.services.embedded_postgres.failures import PostgresUnavailable
from pythoughts.services.embedded_postgres.locks import Share, only_one
from pythoughts.services.embedded_postgres.places import PORT, Place, choose_place, shared_folder


class EmbeddedPostgres:
    """One PostgreSQL server over `home`, shared by any number of objects and processes.

    The first to `start` makes and starts it, the last to `release` stops it. A process that dies without
    releasing no longer counts: its share is a file lock, which the kernel drops.
    """

    def __init__(self, home: Path, *, fast: bool = False) -> None:
        """Name the server; nothing happens before `start`.

        Args:
            home: its folder, made when missing. Root's files move to /var/lib/pythoughts when others can't enter it.
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
            with only_one(self._turn):
                self._attach()
        except PermissionError as error:
            raise PostgresUnavailable(f"{error.filename} is closed to us: start as its owner, or as root.") from error
        return self.url()

    def release(self) -> bool:
        """Give the share back; the last one stops the server.

        Returns:
            Whether this was the last share, so that no server is left running.
        """
        if not self._share.held:
            return False
        with only_one(self._turn):
            last = self._share.is_last()
            if last:
                self._cluster.stop()
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
        if template is not None:  # with fsync off, copying files is faster than writing them through the log
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
    def _cluster(self) -> Cluster:
        found = find_binaries(known_folders(), self._place.made_by)
        if self._place.account.uid is not None:
            found = reachable(found, self._place.account, shared_folder())
        return Cluster(self._place, found, self._fast)

    @property
    def _turn(self) -> Path:
        return self._place.home / "start.lock"

    def _attach(self) -> None:
        self._share.take()
        try:
            self._cluster.make_ready()
        except BaseException:
            self._share.give_back()
            raise

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)
