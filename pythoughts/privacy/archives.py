"""Everything about one person as a file: JSON for programs, pages for people."""

import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from flask import current_app

from pythoughts import personal
from pythoughts.clock import now
from pythoughts.config import current_settings
from pythoughts.db import db
from pythoughts.errors import NotFound
from pythoughts.i18n import _

CHUNK = 32 * 1024  # characters that travel together


def place_of(export_id: str) -> Path:
    """Where an archive lies."""
    return current_settings().instance_dir / "exports" / f"{export_id}.zip"


def get_place(export_id: str) -> Path:
    """Where an archive lies that can be handed out.

    Raises:
        NotFound: it is not on this machine any more.
    """
    place = place_of(export_id)
    if not place.is_file():
        raise NotFound(_("This export is gone. Ask for a new one."))
    return place


def forget(export_id: str) -> None:
    """Delete an archive and what an interrupted try left of it."""
    place = place_of(export_id)
    place.unlink(missing_ok=True)
    _draft(place).unlink(missing_ok=True)


def write(export_id: str, user_id: str) -> int:
    """Write the archive, whole or not at all, for nobody but us to read.

    Returns:
        Its size in bytes.
    """
    place = place_of(export_id)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _draft(place)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, chunks in _members(user_id):
            with archive.open(name, "w", force_zip64=True) as member:
                for chunk in _gathered(chunks):
                    member.write(chunk.encode())
    draft.replace(place)
    return place.stat().st_size


def as_json(user_id: str) -> Iterator[str]:
    """One JSON object with every table, made while it is read."""
    return _gathered(_document(user_id))


def _draft(place: Path) -> Path:
    return place.with_suffix(".draft")


def _members(user_id: str) -> Iterator[tuple[str, Iterable[str]]]:
    """The files of the archive: an index, and each table twice."""
    parts = personal.handed_out()
    yield "index.html", _page("privacy/archive_index.html", parts=parts)
    yield "style.css", _page("privacy/archive.css")
    for part in parts:
        yield f"{part.table}.json", _array(part, user_id)
        rows = personal.rows_of(db.session(), part, user_id)
        yield f"{part.table}.html", _page("privacy/archive_table.html", part=part, rows=rows)


def _page(template: str, **values: Any) -> Iterable[str]:
    fixed = {"made_at": now(), "public_url": current_settings().public_url}
    return current_app.jinja_env.get_template(template).generate(**values, **fixed)


def _document(user_id: str) -> Iterator[str]:
    yield f'{{"made_at": {json.dumps(now().isoformat())}, "tables": {{'
    for number, part in enumerate(personal.handed_out()):
        yield f"{',' if number else ''}\n{json.dumps(part.table)}: "
        yield from _array(part, user_id)
    yield "}}\n"


def _array(part: personal.Part, user_id: str) -> Iterator[str]:
    yield "["
    for number, row in enumerate(personal.rows_of(db.session(), part, user_id)):
        yield (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False, default=_plain)
    yield "]"


def _plain(value: Any) -> str:
    """Times in ISO 8601; whatever else JSON has no word for as text."""
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def _gathered(chunks: Iterable[str]) -> Iterator[str]:
    """The same text in fewer pieces."""
    waiting: list[str] = []
    size = 0
    for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size >= CHUNK:
            yield "".join(waiting)
            waiting.clear()
            size = 0
    yield "".join(waiting)
