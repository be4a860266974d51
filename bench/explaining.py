"""What PostgreSQL does for a scenario: each statement with its plan."""

from dataclasses import dataclass, field
from typing import Any

import psycopg
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from bench.browsing import Browser, WrongAnswer
from bench.database import Database, application
from bench.scenarios import Scenario
from bench.world import World

EXPLAIN = "explain (analyze, buffers, settings) "


@dataclass(frozen=True)
class Explained:
    """How many statements a turn takes, and their plans as text."""

    statements: int
    text: str


@dataclass
class _Inside(Browser):
    """A browser that calls the application in this process."""

    client: FlaskClient | None = None
    port: int = field(default=0, init=False)

    def _send(self, method: str, path: str, body: str | None, status: int) -> str:
        assert self.client is not None  # noqa: S101  (always given)
        for name, value in self.cookies.items():
            self.client.set_cookie(name, value)
        with self.client.application.app_context():  # one a request: Flask would lend it the `g` of the one around
            answer = self.client.open(
                path,
                method=method,
                data=body,
                content_type="application/x-www-form-urlencoded" if body else None,
                headers={"X-Forwarded-For": self.address},
            )
        if answer.status_code != status:
            raise WrongAnswer(f"{method} {path} answered {answer.status_code}, not {status}")
        return answer.text


def explain(database: Database, world: World, scenario: Scenario) -> Explained:
    """Take one turn inside this process, then explain every statement that it sent."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        statements.append((statement, parameters))

    with application(database) as app:
        scenario.turn(world, _Inside(client=app.test_client()), 0)  # fills what is cached per process
        event.listen(Engine, "before_cursor_execute", note)
        try:
            scenario.turn(world, _Inside(client=app.test_client()), 1)
        finally:
            event.remove(Engine, "before_cursor_execute", note)
    plans = [_plan(database.url, statement, parameters) for statement, parameters in statements]
    return Explained(len(statements), "\n\n".join(plans))


def _plan(url: str, statement: str, parameters: Any) -> str:
    """The plan of one statement, whose effects are taken back."""
    with psycopg.connect(url, cursor_factory=psycopg.ClientCursor) as connection:
        try:
            rows = connection.execute(EXPLAIN + statement, parameters).fetchall()
            plan = "\n".join(line for (line,) in rows)
        except psycopg.Error as error:  # a second insert of the same row, for one
            plan = f"not explained: {type(error).__name__}"
        connection.rollback()
    return f"{statement.strip()}\n--\n{plan}"
