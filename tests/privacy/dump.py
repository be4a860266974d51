"""A search through everything that a site keeps."""

from pathlib import Path

from sqlalchemy import text

from pythoughts.db import db

TABLES = text(
    "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'"
)


def hits(words: list[str], folder: Path, log: str) -> list[str]:
    """Where one of the words stands: in a row of any table, a file or its name, a line of the log."""
    return [*_in_rows(words), *_in_files(words, folder), *_in_log(words, log)]


def dump() -> str:
    """Every row of every table, as a backup has it."""
    db.session.rollback()
    tables = db.session.scalars(TABLES).all()
    with db.session.connection().connection.driver_connection.cursor() as cursor:
        return "\n".join(f"{table}\t{line}" for table in tables for line in _copied(cursor, table))


def _copied(cursor, table: str) -> list[str]:
    with cursor.copy(f'copy "{table}" to stdout') as lines:
        return b"".join(lines).decode().splitlines()


def _in_rows(words: list[str]) -> list[str]:
    found = []
    db.session.rollback()
    for table in db.session.scalars(TABLES).all():
        for (row,) in db.session.execute(text(f'select row_to_json(t)::text from "{table}" as t')):
            found += [f"{table}: {row}" for word in words if word.lower() in row.lower()]
    return found


def _in_files(words: list[str], folder: Path) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    contents = {path: f"{path}\n".encode() + path.read_bytes() for path in files}
    return [f"{path}: {word}" for path, content in contents.items() for word in words if word.encode() in content]


def _in_log(words: list[str], log: str) -> list[str]:
    return [line for line in log.splitlines() if any(word.lower() in line.lower() for word in words)]
