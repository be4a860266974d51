"""Somebody sends a picture, a job prepares it, it can be taken away."""

import pytest
from sqlalchemy import select, text

from pythoughts import worker
from pythoughts.audit.models import AuditLog
from pythoughts.auth.models import User
from pythoughts.avatars import tasks, use_cases
from pythoughts.avatars.models import Avatar
from pythoughts.avatars.queries import Upload, upload_of
from pythoughts.db import db, transaction
from pythoughts.errors import Invalid, NotAllowed, TooFast
from pythoughts.privacy.use_cases import anonymise_user
from tests.avatars.drawing import picture
from tests.factories import make_user


@pytest.fixture
def ada(app):
    return make_user("ada")


@pytest.fixture
def kenji(app):
    return make_user("kenji", role="moderator")


def send(person, file: bytes | None = None) -> None:
    use_cases.upload_picture(actor=person, file=file or picture())


def row_of(person) -> Avatar | None:
    return db.session.scalar(
        select(Avatar).where(Avatar.user_id == person.id).execution_options(populate_existing=True)
    )


def version_of(person) -> int:
    db.session.expire_all()
    return db.session.scalar(select(User.avatar_version).where(User.id == person.id))


def acts() -> list[str]:
    return list(db.session.scalars(select(AuditLog.action)))


def test_a_picture_is_shown_when_a_job_has_prepared_it(app, ada):
    send(ada)
    assert (upload_of(ada.id), version_of(ada)) == (Upload.WAITING, 1)
    worker.drain(app)
    assert (upload_of(ada.id), version_of(ada)) == (Upload.NONE, -2)
    row = row_of(ada)
    assert row.original is None
    assert row.small[:4] == row.large[:4] == b"RIFF"


def test_another_picture_is_another_version(app, ada):
    for version in (-2, -3):
        send(ada)
        worker.drain(app)
        assert version_of(ada) == version


def test_a_broken_file_is_told_and_leaves_the_picture_that_was(app, ada):
    send(ada)
    worker.drain(app)
    whole = picture("JPEG", (300, 300))
    send(ada, whole[: len(whole) // 2])
    worker.drain(app)
    assert (upload_of(ada.id), version_of(ada)) == (Upload.FAILED, -2)
    assert row_of(ada).original is None
    assert row_of(ada).small
    send(ada)
    assert upload_of(ada.id) is Upload.WAITING


def test_a_job_that_breaks_keeps_no_file(app, ada, monkeypatch):
    def breaks(*_):
        raise MemoryError

    send(ada)
    monkeypatch.setattr(use_cases.images, "squares", breaks)
    with pytest.raises(MemoryError):
        tasks.prepare(user_id=ada.id, upload_id=row_of(ada).upload_id)
    assert (upload_of(ada.id), row_of(ada).original) == (Upload.FAILED, None)


@pytest.mark.parametrize("change", ["another file", "removed", "erased"])
def test_a_job_that_comes_too_late_changes_nothing(ada, change):
    send(ada)
    late = row_of(ada).upload_id
    if change == "another file":
        send(ada, picture("JPEG"))
    elif change == "removed":
        use_cases.drop_picture(actor=ada)
    else:
        anonymise_user(actor=None, user=ada, reason="asked")
    before = version_of(ada)
    use_cases.prepare_picture(user_id=ada.id, upload_id=late)
    use_cases.note_failed_picture(user_id=ada.id, upload_id=late)
    assert version_of(ada) == before
    assert upload_of(ada.id) is (Upload.WAITING if change == "another file" else Upload.NONE)


def test_a_file_that_comes_while_another_is_prepared_waits_for_its_own_job(ada, monkeypatch):
    send(ada)
    first, squares = row_of(ada).upload_id, use_cases.images.squares

    def meanwhile(*arguments):
        send(ada, picture("JPEG"))
        return squares(*arguments)

    monkeypatch.setattr(use_cases.images, "squares", meanwhile)
    use_cases.prepare_picture(user_id=ada.id, upload_id=first)
    assert (upload_of(ada.id), version_of(ada)) == (Upload.WAITING, 1)


@pytest.mark.parametrize("file", [b"no picture", b"\xff" * (use_cases.FILE_MAX + 1), b""])
def test_what_is_no_picture_or_too_big_is_refused_beside_its_field(ada, file):
    with pytest.raises(Invalid) as refusal:
        use_cases.upload_picture(actor=ada, file=file)
    assert refusal.value.field == "avatar"
    assert row_of(ada) is None


def test_pictures_are_limited(ada):
    for _ in range(10):
        send(ada)
    with pytest.raises(TooFast):
        send(ada)


def test_whoever_removes_their_picture_is_drawn_again_at_a_new_address(app, ada):
    send(ada)
    worker.drain(app)
    use_cases.drop_picture(actor=ada)
    use_cases.drop_picture(actor=ada)
    assert (version_of(ada), row_of(ada)) == (3, None)
    assert acts() == []


def test_staff_remove_a_picture_once_and_say_why(app, ada, kenji):
    send(ada)
    worker.drain(app)
    for _ in range(2):
        use_cases.remove_picture(actor=kenji, user=ada, reason="Not theirs")
    assert (version_of(ada), row_of(ada)) == (3, None)
    assert acts() == ["user.remove_picture"]


def test_a_picture_that_waits_goes_too(app, ada, kenji):
    send(ada)
    use_cases.remove_picture(actor=kenji, user=ada, reason="Not theirs")
    worker.drain(app)
    assert (version_of(ada), row_of(ada), acts()) == (1, None, [])


@pytest.mark.parametrize(("role", "target"), [("member", "member"), ("moderator", "moderator"), ("moderator", "admin")])
def test_nobody_removes_the_picture_of_an_equal_or_higher_rank(app, role, target):
    actor, person = make_user("mira", role=role), make_user("tomasz", role=target)
    with pytest.raises(NotAllowed):
        use_cases.remove_picture(actor=actor, user=person, reason="Because")


def test_staff_have_to_say_why(ada, kenji):
    with pytest.raises(Invalid):
        use_cases.remove_picture(actor=kenji, user=ada, reason=" ")


def test_the_picture_of_somebody_erased_is_gone(app, ada):
    send(ada)
    worker.drain(app)
    anonymise_user(actor=None, user=ada, reason="asked")
    assert (version_of(ada), row_of(ada)) == (3, None)


def test_the_name_of_a_job_tells_nothing_but_keys(ada):
    send(ada)
    with transaction() as session:
        (arguments,) = session.scalars(text("select args from procrastinate_jobs")).all()
    assert arguments == {"user_id": ada.id, "upload_id": row_of(ada).upload_id}
