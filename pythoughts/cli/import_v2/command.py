"""`pythoughts import-v2`: bring a community over from Pythoughts v2, as often as one likes."""

from collections.abc import Iterable, Sequence
from typing import Any

import click
from psycopg import Cursor, sql
from psycopg.errors import UniqueViolation
from sqlalchemy import text
from sqlalchemy.orm import Session

from pythoughts.audit.use_cases import Act, record
from pythoughts.cli.environment import needs_app
from pythoughts.cli.import_v2.belongings import ACCOUNT_COLUMNS, PREFERENCES_COLUMNS, Belongings
from pythoughts.cli.import_v2.people import USER_COLUMNS, People
from pythoughts.cli.import_v2.posts import STAGE, STAGE_COLUMNS, Posts
from pythoughts.cli.import_v2.reader import UNREAD, Source, open_source
from pythoughts.cli.import_v2.report import Report
from pythoughts.db import db, transaction

DRY = "This was a dry run: nothing is written. Add --apply to write it."


@click.command("import-v2")
@click.argument("database_url", envvar="V2_DATABASE_URL")
@click.option("--apply", is_flag=True, help="Write it; without this nothing is changed.")
@click.option("--json", "as_json", is_flag=True, help="Print the report for programs.")
@needs_app
def import_v2(*, database_url: str, apply: bool, as_json: bool) -> None:
    """Take over people, passwords, ignored people and posts of a v2 database, which is only read.

    DATABASE_URL is the address of the v2 database; it may stand in the environment as V2_DATABASE_URL too. What is
    here already stays as it is here, so a second run changes nothing.
    """
    report = import_from(database_url, apply=apply)
    if as_json:
        click.echo(report.as_json(applied=apply))
        return
    for line in report.as_text():
        click.echo(line)
    if not apply:
        click.echo(DRY)


def import_from(url: str, *, apply: bool) -> Report:
    """Import everything in one transaction, which is taken back unless `apply`.

    Raises:
        ClickException: there is no v2 database at `url`, or somebody joined while it was read.
    """
    report = Report()
    try:
        with open_source(url) as source, transaction() as session:
            _note_what_stays(source, report)
            _import(source, session, report)
            if apply:
                _record(report)
            else:
                session.rollback()
    except UniqueViolation:
        raise click.ClickException("Somebody has joined in the meantime. Nothing is written; try again.") from None
    if apply and report.taken():
        _settle()
    return report


def _import(source: Source, session: Session, report: Report) -> None:
    cursor = session.connection().connection.driver_connection.cursor()  # type: ignore[union-attr]
    claimed = (str(row[5]).lower() for row in source.rows("user", "id") if row[5])
    people = People.of(session, claimed, report)
    belongings, posts = Belongings.of(session, people, report), Posts(report)
    _copy(cursor, "user", USER_COLUMNS, people.users(source.rows("user", "-email_verified", "created_at", "id")))
    accounts = belongings.accounts(source.rows("account", "-updated_at", "account_id", "provider_id"))
    _copy(cursor, "account", ACCOUNT_COLUMNS, accounts)
    choices = belongings.preferences(source.rows("user_preferences", "user_id"))
    _copy(cursor, "user_preferences", PREFERENCES_COLUMNS, choices)
    cursor.execute(STAGE)
    _copy(cursor, "v2_post", STAGE_COLUMNS, posts.staged(source.rows("pythoughts", "id")))
    posts.write(cursor)


def _copy(cursor: Cursor[Any], table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _note_what_stays(source: Source, report: Report) -> None:
    for table in UNREAD:
        number = source.number_of(table)
        report.notes.append(
            f"{table}: rows that stay behind: {number:,}; everybody signs in, or asks for a code, again."
        )
    if unknown := source.unknown():
        report.notes.append(f"Columns that are not read: {', '.join(unknown)}.")


def _record(report: Report) -> None:
    """One line in the audit log, none when nothing was new."""
    if taken := report.taken():
        record(Act(None, "site.import_v2", "site", "v2", after=taken))


def _settle() -> None:
    """Fresh statistics, so that the first visitors don't wait for plans made for an empty database."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("analyze"))
