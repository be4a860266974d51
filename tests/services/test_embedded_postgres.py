"""The embedded server, with real starts, real kills and several real processes."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from pythoughts.paths import PROJECT_ROOT
from pythoughts.services.embedded_postgres import EmbeddedPostgres, PostgresUnavailable
from pythoughts.services.embedded_postgres.accounts import Account
from pythoughts.services.embedded_postgres.binaries import (
    Binaries,
    copy_wheel,
    find_binaries,
    known_folders,
    reachable,
    wheel_site,
)

MEMBER = """
import json, pathlib, sys, psycopg
from pythoughts.services.embedded_postgres import EmbeddedPostgres
server = EmbeddedPostgres(pathlib.Path(sys.argv[1]), fast=True)
with psycopg.connect(server.start()) as connection:
    [cluster] = connection.execute("SELECT system_identifier FROM pg_control_system()").fetchone()
print(json.dumps({"cluster": cluster}), flush=True)
sys.stdin.read()
print(json.dumps({"stopped": server.release()}), flush=True)
"""


class Member:
    """Another process that attaches to a server and holds on until told to leave."""

    def __init__(self, home: Path) -> None:
        command = [sys.executable, "-c", MEMBER, str(home)]
        self.process = subprocess.Popen(
            command, cwd=PROJECT_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def says(self) -> dict[str, int | bool]:
        """What it reports next: the cluster's identity once it is in, and whether it stopped the server at the end."""
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())

    def leave(self) -> bool:
        """Let it release its share; true when that stopped the server."""
        assert self.process.stdin
        self.process.stdin.close()
        return bool(self.says()["stopped"])

    def end(self) -> None:
        """Leave no process and no pipe behind."""
        with self.process:
            self.process.kill()


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that every account may enter, as a checkout usually is; pytest's own is closed to others."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "postgres"


@pytest.fixture
def embedded() -> Iterator[Callable[..., EmbeddedPostgres]]:
    """Make servers that are released after the test."""
    with ExitStack() as stack:

        def make(home: Path, *, fast: bool = True) -> EmbeddedPostgres:
            server = EmbeddedPostgres(home, fast=fast)
            stack.callback(server.release)
            return server

        yield make


@pytest.fixture
def join() -> Iterator[Callable[[Path], Member]]:
    """Start other processes on a server; none outlives the test."""
    with ExitStack() as stack:

        def start(home: Path) -> Member:
            member = Member(home)
            stack.callback(member.end)
            return member

        yield start


@pytest.fixture(scope="module")
def running() -> Iterator[EmbeddedPostgres]:
    """One server for all tests that do not stop it."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "postgres", fast=True)
        server.start()
        yield server
        server.release()


def ask(url: str, question: str) -> object:
    """The single value that a query answers."""
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()
    assert row
    return row[0]


def server_id(server: EmbeddedPostgres) -> int:
    """Process id of the server itself."""
    return int((server.data / "postmaster.pid").read_text().split()[0])


def test_four_cold_starts_make_one_cluster_and_the_last_to_leave_stops_it(home, join):
    members = [join(home) for _ in range(4)]
    clusters = {member.says()["cluster"] for member in members}
    assert len(clusters) == 1
    assert [member.leave() for member in members] == [False, False, False, True]
    assert not (home / "data" / "postmaster.pid").exists()


def test_release_leaves_the_server_to_others(home, embedded):
    first, second = embedded(home), embedded(home)
    first.start()
    url = second.start()
    assert not first.release()
    assert ask(url, "SELECT 1") == 1
    assert second.release()
    with pytest.raises(psycopg.OperationalError):
        ask(url, "SELECT 1")


def test_a_killed_process_no_longer_counts(home, embedded, join):
    server, member = embedded(home), join(home)
    member.says()
    server.start()
    member.process.kill()
    member.process.wait()
    assert server.release()


def test_committed_rows_survive_killing_the_server(home, embedded):
    server = embedded(home, fast=False)
    url = server.start()
    with psycopg.connect(url) as writer:
        writer.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000)")
        writer.commit()
        os.kill(server_id(server), signal.SIGKILL)
    assert ask(server.start(), "SELECT count(*) FROM kept") == 1000


def test_a_dead_servers_mark_on_a_living_stranger_is_ignored(home, embedded):
    server = embedded(home)
    server.start()
    os.kill(server_id(server), signal.SIGKILL)
    owner = server.data.stat().st_uid if os.geteuid() == 0 else None
    with subprocess.Popen(["sleep", "60"], user=owner) as stranger:
        for mark in (server.data / "postmaster.pid", home / "socket" / ".s.PGSQL.5432.lock"):
            lines = mark.read_text().splitlines()
            mark.write_text("\n".join([str(stranger.pid), *lines[1:], ""]))
        url = server.start()
        assert stranger.poll() is None
        stranger.kill()
    assert ask(url, "SELECT 1") == 1


def test_an_empty_mark_does_not_stop_the_start(home, embedded):
    server = embedded(home)
    server.start()
    os.kill(server_id(server), signal.SIGKILL)
    (server.data / "postmaster.pid").write_text("")
    assert ask(server.start(), "SELECT 1") == 1


def test_half_made_files_are_made_again(home, embedded):
    (home / "data.new").mkdir(parents=True)
    (home / "data.new" / "PG_VERSION").write_text("18\n")
    assert ask(embedded(home).start(), "SELECT 1") == 1


def test_a_path_too_long_for_a_socket_works(home, embedded):
    server = embedded(home / ("long" * 30))
    url = server.start()
    assert ask(url, "SELECT 1") == 1
    [sockets] = ask(url, "SELECT string_to_array(current_setting('unix_socket_directories'), ', ')")
    server.release()
    assert not Path(sockets).exists()


def test_a_folder_closed_to_other_accounts_works(tmp_path, embedded):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    server = embedded(closed / "postgres")
    assert ask(server.start(), "SELECT 1") == 1
    server.release()
    shutil.rmtree(server.data.parent)  # for root it is not below tmp_path


def test_a_socket_folder_made_by_somebody_else_is_refused(home, embedded):
    (home / "socket").mkdir(parents=True)
    (home / "socket").chmod(0o777)
    with pytest.raises(PostgresUnavailable, match="not a private folder"):
        embedded(home).start()


def test_a_server_that_does_not_start_shows_its_log(home, embedded):
    server = embedded(home)
    server.start()
    server.release()
    with (server.data / "postgresql.conf").open("a") as settings:
        settings.write("\nno_such_setting = 1\n")
    with pytest.raises(PostgresUnavailable, match=r"does not start\.\n.*no_such_setting"):
        server.start()
    assert not server.release()


def test_start_is_safe_to_repeat(running):
    before = server_id(running)
    running.start()
    assert server_id(running) == before


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(running):
    assert os.getsid(server_id(running)) != os.getsid(0)


def test_the_server_listens_on_a_private_socket_only(running):
    assert ask(running.url(), "SHOW listen_addresses") == ""
    sockets = Path(str(ask(running.url(), "SHOW unix_socket_directories")))
    assert sockets.stat().st_mode & 0o077 == 0


def test_the_log_never_holds_a_rows_values(running):
    with psycopg.connect(running.url()) as connection:
        connection.execute("CREATE TEMPORARY TABLE names (name text UNIQUE)")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO names VALUES ('Rosalind'), ('Rosalind')")
    log = (running.data / "server.log").read_text()
    assert "duplicate key" in log
    assert "Rosalind" not in log


def test_text_sorts_by_code_point_and_knows_all_letters(running):
    assert ask(running.url(), "SELECT string_agg(x, '' ORDER BY x) FROM unnest('{b,é,A,a,B}'::text[]) x") == "ABabé"
    assert ask(running.url(), "SELECT upper('é')") == "É"


def test_a_copied_database_holds_its_templates_rows(running):
    running.create_database("model")
    with psycopg.connect(running.url("model")) as connection:
        connection.execute("CREATE TABLE filled AS SELECT 7 AS x")
    running.create_database("copy", template="model")
    assert ask(running.url("copy"), "SELECT x FROM filled") == 7


def test_dropping_a_database_disconnects_whoever_uses_it(running):
    running.create_database("busy")
    with psycopg.connect(running.url("busy"), autocommit=True) as connection:
        running.drop_database("busy")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    running.drop_database("busy")


def test_without_programs_the_error_says_what_to_install():
    with pytest.raises(PostgresUnavailable, match="install"):
        find_binaries(iter([]), None)


@pytest.fixture
def installed(tmp_path) -> Callable[[int], Path]:
    """Make folders that look like an installation of some version."""

    def make(major: int) -> Path:
        folder = tmp_path / str(major)
        folder.mkdir()
        for name in ("initdb", "pg_ctl", "pg_isready", "postgres"):
            (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {major}.3'\n")
            (folder / name).chmod(0o755)
        return folder

    return make


def test_the_first_supported_version_is_taken(tmp_path, installed):
    folders = [tmp_path / "nothing", installed(14), installed(16), installed(18)]
    assert find_binaries(iter(folders), None) == Binaries(folders[2], 16)


def test_existing_data_decides_the_version(installed):
    folders = [installed(18), installed(15)]
    assert find_binaries(iter(folders), 15).major == 15
    with pytest.raises(PostgresUnavailable, match="PostgreSQL 17, which wrote the data"):
        find_binaries(iter(folders), 17)


def test_versions_without_builtin_locales_sort_alike():
    assert Binaries(Path(), 16).locale_arguments() == ["--locale-provider=libc", "--locale=C.UTF-8"]


def test_the_wheels_programs_can_be_copied_for_other_accounts(tmp_path):
    site = wheel_site()
    assert site
    copy_wheel(site, tmp_path / "copy")
    found = find_binaries(known_folders(), None)
    moved = tmp_path / "copy" / found.folder.relative_to(site)
    assert find_binaries(iter([moved]), None).major == found.major
    assert all(path.stat().st_mode & 0o044 == 0o044 for path in (tmp_path / "copy").rglob("*"))


def test_programs_within_reach_are_used_in_place(tmp_path):
    found = find_binaries(known_folders(), None)
    assert reachable(found, Account(), tmp_path) == found
