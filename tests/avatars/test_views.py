"""Pictures as browsers get them, and how people send theirs."""

import re
from io import BytesIO

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from pythoughts import worker
from pythoughts.auth.models import User
from pythoughts.avatars import use_cases
from pythoughts.avatars.models import Avatar
from pythoughts.db import db
from tests.avatars.drawing import picture
from tests.factories import csrf_token, make_post, make_user, post, sign_in
from tests.pages import HTMX
from tests.statements import statements

PROFILE = "/preferences/profile"
PICTURE = re.compile(r'<img class="ava" src="([^"]+)"')


@pytest.fixture
def ada(app):
    return make_user("ada")


@pytest.fixture
def mine(client, ada):
    return sign_in(client, ada)


@pytest.fixture
def pictured(app, ada):
    """Ada, with a picture."""
    use_cases.upload_picture(actor=ada, file=picture())
    worker.drain(app)
    db.session.expire_all()
    return ada


def file(content: bytes, name: str = "me.png"):
    return FileStorage(BytesIO(content), name)


def send(client, url, data):
    """Send a form with a file from memory, where the test client would open a file and leave it so."""
    boundary, body = encode_multipart({"csrf_token": csrf_token(client), **data})
    return client.post(url, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def test_a_picture_is_kept_for_ever_and_can_do_nothing(client, pictured):
    for size in ("", "-large"):
        answer = client.get(f"/avatar/{pictured.id}/2{size}.webp")
        assert (answer.status_code, answer.mimetype) == (200, "image/webp")
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers
        assert client.get(answer.request.path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_picture_is_asked_for_once(client, pictured):
    address = f"/avatar/{pictured.id}/2.webp"
    with statements() as asked:
        client.get(address)
    assert len(asked) == 1


def test_an_old_address_leads_to_the_picture_of_now(app, client, pictured):
    answer = client.get(f"/avatar/{pictured.id}/1.webp")
    assert (answer.status_code, answer.location) == (302, f"/avatar/{pictured.id}/2.webp")
    assert answer.headers["Cache-Control"] == "no-store"
    use_cases.drop_picture(actor=pictured)
    assert client.get(f"/avatar/{pictured.id}/2-large.webp").location == f"/avatar/{pictured.id}/3.svg"


def test_nobody_has_no_picture(client, app):
    assert client.get("/avatar/nobody/2.webp").status_code == 404


def test_lists_show_the_small_one_and_profiles_the_large_one(client, pictured):
    make_post(pictured)
    assert PICTURE.findall(client.get("/").text) == [f"/avatar/{pictured.id}/2.webp"]
    assert f"/avatar/{pictured.id}/2-large.webp" in PICTURE.findall(client.get("/user/ada").text)


def test_a_picture_is_sent_with_the_profile(app, mine, ada):
    answer = send(mine, PROFILE, {"bio": "Engines", "avatar": file(picture())})
    assert (answer.status_code, answer.location) == (303, "/preferences")
    page = mine.get("/preferences").text
    assert "Your picture is being prepared" in page
    assert 'hx-trigger="every 2s"' in page
    worker.drain(app)
    page = mine.get("/preferences").text
    assert "This is the picture you sent." in page
    assert "hx-trigger=" not in page
    assert f"/avatar/{ada.id}/2-large.webp" in page


def test_the_part_that_waits_asks_for_itself(app, mine, ada):
    send(mine, PROFILE, {"avatar": file(picture())})
    assert "being prepared" in mine.get(f"{PROFILE}/avatar", headers=HTMX).text
    worker.drain(app)
    part = mine.get(f"{PROFILE}/avatar", headers=HTMX).text
    assert "<html" not in part
    assert f"/avatar/{ada.id}/2-large.webp" in part
    assert mine.get(f"{PROFILE}/avatar").location == "/preferences"


def test_a_broken_file_is_told(app, mine):
    send(mine, PROFILE, {"avatar": file(picture("JPEG", (300, 300))[:900])})
    worker.drain(app)
    assert "could not be read" in mine.get("/preferences").text


def test_what_is_no_picture_comes_back_with_the_form_filled_in(mine, ada):
    data = {"name": "Ada L.", "bio": "kept", "avatar": file(b"MZ not a picture", "me.png")}
    answer = send(mine, PROFILE, data)
    assert answer.status_code == 422
    assert "This is no picture that can be read" in answer.text
    assert "kept" in answer.text
    assert mine.get("/user/ada").text.count("Ada L.") == 0


def test_a_file_of_five_megabytes_is_taken_and_a_larger_one_is_not(mine, ada):
    just = picture() + b"\0" * (use_cases.FILE_MAX - len(picture()))
    assert send(mine, PROFILE, {"avatar": file(just)}).status_code == 303
    assert send(mine, PROFILE, {"avatar": file(just + b"\0")}).status_code == 422
    assert send(mine, PROFILE, {"avatar": file(just + b"\0" * 70_000)}).status_code == 413


@pytest.mark.parametrize("address", ["/preferences", "/posts"])
def test_other_addresses_take_no_file(mine, ada, address):
    answer = send(mine, address, {"message": "Hello", "avatar": file(b"\0" * 70_000)})
    assert answer.status_code == 413
    assert db.session.scalar(select(Avatar)) is None


def test_a_visitor_is_sent_away_before_the_file_is_read(client, app):
    answer = send(client, PROFILE, {"avatar": file(b"\0" * 9_000_000)})
    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_an_empty_choice_of_a_file_changes_nothing(mine, ada):
    assert send(mine, PROFILE, {"bio": "x", "avatar": file(b"", "")}).status_code == 303
    assert db.session.scalar(select(Avatar)) is None


def test_a_picture_is_removed_on_the_page(mine, pictured):
    assert "Remove picture" in mine.get("/preferences").text
    assert post(mine, f"{PROFILE}/avatar/remove").location == "/preferences"
    assert "Remove picture" not in mine.get("/preferences").text
    assert db.session.scalar(select(User.avatar_version).where(User.id == pictured.id)) == 3


def test_staff_remove_a_picture_at_the_desk(app, client, pictured):
    sign_in(client, make_user("kenji", role="moderator"))
    address = f"/admin/users/{pictured.id}"
    assert "Remove picture" in client.get(address).text
    assert client.get(f"{address}/remove-picture").status_code == 200
    assert post(client, f"{address}/remove-picture", {"reason": ""}).status_code == 422
    assert post(client, f"{address}/remove-picture", {"reason": "Not theirs"}).location == address
    assert client.get(f"{address}/remove-picture").status_code == 409
    assert "Remove picture" not in client.get(address).text


def test_an_export_holds_the_picture(mine, pictured):
    rows = mine.get("/preferences/data/export.json").json["tables"]["avatar"]
    assert rows[0]["picture"].startswith("data:image/webp;base64,UklGR")
