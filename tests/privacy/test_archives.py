"""Everything about oneself in one file."""

import io
import json
import stat
import tracemalloc
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import update

from pythoughts.auth.models import AuthEvent, DataExport
from pythoughts.auth.use_cases import ban_user
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.errors import NotFound, TooFast
from pythoughts.personal import handed_out
from pythoughts.preferences.use_cases import ignore_person
from pythoughts.privacy import archives, tasks
from pythoughts.privacy.letters import open_account
from pythoughts.privacy.queries import get_ready_export, list_exports
from pythoughts.privacy.use_cases import PostsFate, anonymise_user, forget_archives, make_archive, request_archive
from tests.auth.rows import count, letters, password_of
from tests.factories import make_post, make_user, sign_in


def ask(user):
    request_archive(actor=user)
    return list_exports(user.id)[0].id


def made(user):
    export_id = ask(user)
    make_archive(export_id=export_id)
    return export_id


def opened(export_id):
    return zipfile.ZipFile(archives.place_of(export_id))


@pytest.fixture
def rich(client, ada):
    """Ada with a row in some tables."""
    sign_in(client, ada, ip_address="203.0.113.9", user_agent="<script>Firefox</script>")
    ignore_person(actor=ada, username=make_user("bob").username)
    make_post(ada, "<b>Ada's</b> thought é", state="held")
    return ada


def test_an_archive_has_every_table_as_json_and_as_a_page(rich):
    names = set(opened(made(rich)).namelist())
    tables = {part.table for part in handed_out()}
    assert names == {"index.html", "style.css"} | {f"{table}.{kind}" for table in tables for kind in ("json", "html")}


def test_it_tells_everything_and_no_secret(rich):
    archive = opened(made(rich))
    read = {name: archive.read(name).decode() for name in archive.namelist()}
    tables = {name.removesuffix(".json"): json.loads(read[name]) for name in read if name.endswith(".json")}
    assert tables["user"][0]["email"] == "ada@example.org"
    assert tables["pythoughts"][0]["message"] == "<b>Ada's</b> thought é"
    assert tables["session"][0]["ip_address"] == "203.0.113.9"
    assert tables["user_preferences"][0]["ignored_people"] == ["bob"]
    assert tables["audit_log"][-1]["action"] == "user.export"
    assert tables["audit_log"][-1]["by"] == "you"
    assert password_of(rich) not in "".join(read.values())


def test_pages_show_markup_as_text(rich):
    page = opened(made(rich)).read("pythoughts.html").decode()
    assert "&lt;b&gt;Ada&#39;s&lt;/b&gt; thought é" in page
    assert "<script>" not in opened(list_exports(rich.id)[0].id).read("session.html").decode()


def test_others_are_not_in_it(rich):
    make_post(make_user("carol"), "Carol's secret")
    archive = opened(made(rich))
    assert all(b"Carol" not in archive.read(name) for name in archive.namelist())


def test_staff_who_acted_are_not_named(ada, root):
    ban_user(actor=root, user=ada, reason="Told me she is loud")
    row = json.loads(opened(made(ada)).read("audit_log.json"))[0]
    assert (row["action"], row["by"], row["ip_address"]) == ("user.ban", "staff", None)


def test_files_are_for_our_eyes_only(ada):
    place = archives.place_of(made(ada))
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert [path.name for path in place.parent.iterdir()] == [place.name]


def test_its_owner_is_told_once(ada):
    export_id = made(ada)
    make_archive(export_id=export_id)
    assert letters() == ["privacy/export_ready"]
    assert open_account(user_id=ada.id, ref_id=export_id).to == "ada@example.org"


def test_one_an_hour(ada):
    ask(ada)
    with pytest.raises(TooFast):
        request_archive(actor=ada)
    assert count(DataExport) == 1


def test_only_its_owner_gets_it_and_only_for_a_week(ada):
    export_id = made(ada)
    assert get_ready_export(export_id, owner=ada).byte_count == archives.place_of(export_id).stat().st_size
    with pytest.raises(NotFound):
        get_ready_export(export_id, owner=make_user("bob"))
    expire_exports()
    with pytest.raises(NotFound):
        get_ready_export(export_id, owner=ada)


def expire_exports(**values):
    with transaction() as session:
        session.execute(update(DataExport).values(values or {"expires_at": now() - timedelta(seconds=1)}))


def test_after_the_week_row_and_file_go(ada):
    export_id = made(ada)
    forget_archives()
    assert archives.place_of(export_id).exists()
    expire_exports()
    forget_archives()
    assert not archives.place_of(export_id).exists()
    assert count(DataExport) == 0


def test_one_that_never_came_goes_too(ada):
    ask(ada)
    expire_exports(created_at=now() - timedelta(days=8))
    forget_archives()
    assert count(DataExport) == 0


def test_a_try_that_fails_says_so_and_the_next_one_may_succeed(ada, instance):
    export_id = ask(ada)
    (instance / "exports").write_text("in the way")
    with pytest.raises(FileExistsError):
        tasks.make_archive(export_id)
    db.session.expire_all()
    assert list_exports(ada.id)[0].state == "failed"
    (instance / "exports").unlink()
    tasks.make_archive(export_id)
    db.session.expire_all()
    assert list_exports(ada.id)[0].state == "ready"


def test_an_archive_of_somebody_who_left_meanwhile_is_not_kept(ada, root, instance, monkeypatch):
    export_id = ask(ada)
    write = archives.write

    def slowly(*arguments):
        size = write(*arguments)
        anonymise_user(actor=root, user=ada, reason="Asked by letter", posts=PostsFate.KEEP)
        archives.place_of(export_id).write_bytes(b"finished after the erasure")
        return size

    monkeypatch.setattr(archives, "write", slowly)
    make_archive(export_id=export_id)
    assert list((instance / "exports").iterdir()) == []


def test_the_json_file_is_one_object_with_every_table(rich):
    document = json.loads("".join(archives.as_json(rich.id)))
    assert set(document["tables"]) == {part.table for part in handed_out()}
    assert document["tables"]["pythoughts"][0]["message"] == "<b>Ada's</b> thought é"


def test_a_long_history_is_not_held_in_memory(ada):
    events = [{"user_id": ada.id, "kind": "sign-in", "at": now(), "user_agent": "x" * 500} for _n in range(4_000)]
    with transaction() as session:
        session.execute(AuthEvent.__table__.insert(), events)
    del events
    mine, others = ada.id, make_user("bob").id
    db.session.remove()
    list(archives.as_json(others))  # whatever is made once
    tracemalloc.start()
    size = sum(len(chunk) for chunk in archives.as_json(mine))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 2_000_000
    assert peak < size / 2


def test_an_archive_can_be_read_from_memory(ada):
    content = archives.place_of(made(ada)).read_bytes()
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
