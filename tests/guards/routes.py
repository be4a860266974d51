"""Every address of an app: what it declares, how to reach it, and whether reaching it writes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect, Rule
from werkzeug.test import TestResponse

from pythoughts.access import declared_access

WRITE = re.compile(
    r"^\s*(?:with\b.*\b)?(insert|update|delete|merge|truncate|copy|alter|create|drop|call)\b|procrastinate_\w*defer_",
    re.IGNORECASE | re.DOTALL,
)
ARGUMENT = re.compile(r"<(?:([a-z]+(?:\([^)]*\))?):)?(\w+)>")  # converter with its options, name
QUIET = frozenset({"HEAD", "OPTIONS"})


def rules(app: Flask, method: str | None = None) -> list[Rule]:
    """The app's rules, those of one method if given."""
    return [rule for rule in app.url_map.iter_rules() if method is None or method in (rule.methods or ())]


def access_of(app: Flask, rule: Rule) -> str | None:
    """What the rule's view declares."""
    with app.test_request_context():
        return declared_access(rule.endpoint)


def lines(app: Flask) -> set[str]:
    """The contract: method, address and access of each route."""
    return {
        f"{method} {rule.rule} {access_of(app, rule) or 'undeclared'}"
        for rule in rules(app)
        for method in (rule.methods or set()) - QUIET
    }


def undeclared(app: Flask) -> list[str]:
    """Addresses whose views don't say who may reach them."""
    return [rule.rule for rule in rules(app) if access_of(app, rule) is None]


def lost(app: Flask, contract: Iterable[str]) -> list[str]:
    """Promised addresses that lead nowhere any more, not even to a redirect."""
    router = app.url_map.bind("localhost")
    gone = []
    for line in contract:
        method, address, _access = line.split()
        try:
            router.match(ARGUMENT.sub(lambda found: "1" if "int" in (found[1] or "") else "x", address), method)
        except RequestRedirect:
            continue
        except HTTPException:
            gone.append(line)
    return gone


def address(app: Flask, rule: Rule, values: Mapping[str, Any] | None = None) -> str:
    """An address that matches `rule`; `values` are known by what stands before an argument, or by its name."""
    known = dict(values or {})
    before = {found[2]: rule.rule[: found.start()] for found in ARGUMENT.finditer(rule.rule)}
    given = {
        name: known.get(before[name], known.get(name, 1 if "int" in kind else "x"))
        for kind, name in ARGUMENT.findall(rule.rule)
    }
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, given)


@contextmanager
def watched_writes() -> Iterator[list[str]]:
    """Collect every statement that changes rows, and every commit of a transaction that did without one."""
    seen: list[str] = []

    def on_statement(_connection, _cursor, statement, *_rest) -> None:
        if WRITE.search(statement):
            seen.append(" ".join(statement.split())[:120])

    def on_commit(connection) -> None:
        with connection.connection.cursor() as cursor:
            cursor.execute("select pg_current_xact_id_if_assigned()")
            if cursor.fetchone()[0] is not None and not seen:
                seen.append("a change that no statement of ours shows")

    event.listen(Engine, "before_cursor_execute", on_statement)
    event.listen(Engine, "commit", on_commit)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", on_statement)
        event.remove(Engine, "commit", on_commit)


def visit(client: FlaskClient, method: str, url: str) -> tuple[TestResponse, list[str]]:
    """The answer to a request, and what it wrote."""
    with watched_writes() as seen:
        answer = client.open(url, method=method)
        answer.close()
    return answer, seen


def read_all(app: Flask, client: FlaskClient, values: Mapping[str, Any]) -> dict[str, tuple[int, list[str]]]:
    """Visit every address by GET: status and writes of each."""
    found = {}
    for rule in rules(app, "GET"):
        answer, seen = visit(client, "GET", address(app, rule, values))
        found[rule.rule] = (answer.status_code, seen)
    return found


def wrong_reads(found: Mapping[str, tuple[int, list[str]]]) -> dict[str, tuple[int, list[str]]]:
    """Addresses that change something when they are read, or fail."""
    return {rule: (status, seen) for rule, (status, seen) in found.items() if seen or status >= 500}


def forgeable_posts(app: Flask, client: FlaskClient, wanted: Iterable[Rule], values: Mapping[str, Any]) -> list[str]:
    """POST addresses that don't refuse a form without a token by 400, or write something all the same."""
    wrong = []
    for rule in wanted:
        answer, seen = visit(client, "POST", address(app, rule, values))
        if seen or answer.status_code != 400:
            wrong.append(f"{rule.rule} {answer.status_code} {seen}")
    return wrong
