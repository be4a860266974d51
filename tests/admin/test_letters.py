"""Letters before they are sent: each can be looked at, as text and in a frame that can do nothing."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest

from pythoughts.admin.letters import policy_for
from pythoughts.mail.letters import KINDS

FRAME = r'<iframe[^>]* sandbox title="[^"]+" src="(/admin/outbox/letters/html/[^"]+)"'


def test_every_letter_is_listed_with_its_subject(admin):
    page = admin.get("/admin/outbox/letters/").text
    for template, kind in KINDS.items():
        assert f'href="/admin/outbox/letters/{template}"' in page
        assert str(kind.subject) in page


def test_the_outbox_leads_there_and_the_menu_does_not(admin):
    page = admin.get("/admin/outbox/").text
    assert page.count('href="/admin/outbox/letters/"') == 1


@pytest.mark.parametrize("name", ["auth/account_reset", "auth/new_device", "privacy/account_closed"])
def test_a_letter_is_shown_as_text_and_in_a_frame(admin, name):
    page = admin.get(f"/admin/outbox/letters/{name}")
    assert page.text.count("Hello Ada Lovelace,") == len(KINDS[name].samples)
    assert page.headers["Content-Security-Policy"].endswith("; frame-src 'self'")
    frames = re.findall(FRAME, page.text)
    assert len(frames) == len(KINDS[name].samples)
    for frame in frames:
        answer = admin.get(frame)
        assert answer.status_code == 200
        assert "<p>Hello Ada Lovelace,</p>" in answer.text
        assert "who run the place" in answer.text


def test_the_frame_runs_nothing_and_styles_only_the_letter(admin):
    answer = admin.get("/admin/outbox/letters/html/0/auth/password_changed")
    style = answer.text.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert answer.headers["Content-Security-Policy"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'; sandbox"
    )
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert " style=" not in answer.text


def test_a_letter_without_styles_gets_none():
    assert "style-src 'none'" in policy_for("<p>Hello</p>")


def test_other_pages_stay_out_of_frames(admin):
    for path in ("/admin/outbox/", "/admin/outbox/letters/", "/admin/outbox/letters/auth/new_device"):
        assert admin.get(path).headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in admin.get(path).headers["Content-Security-Policy"]


def test_languages_are_offered_where_there_are_several(admin, monkeypatch):
    address = "/admin/outbox/letters/auth/new_device"
    page = admin.get(f"{address}?language=de").text
    assert f'href="{address}?language=en" hreflang="en"' in page
    assert re.search(r'hreflang="de"\s+aria-current="true"', page)
    (frame,) = re.findall(FRAME, page)
    assert '<html lang="de">' in admin.get(frame).text
    monkeypatch.setattr("pythoughts.admin.letters.languages", lambda: ["en"])
    assert "hreflang" not in admin.get(address).text


@pytest.mark.parametrize(
    ("path", "status"),
    [("auth/nothing", 404), ("html/9/auth/new_device", 404), ("auth/new_device?language=tlh", 400), ("../secret", 404)],
)
def test_what_is_no_letter_is_refused(admin, path, status):
    assert admin.get(f"/admin/outbox/letters/{path}").status_code == status


def test_letters_are_for_admins(moderator):
    assert moderator.get("/admin/outbox/letters/").status_code == 403
    assert moderator.get("/admin/outbox/letters/html/0/auth/new_device").status_code == 403


def test_looking_sends_nothing_and_needs_no_rows(admin):
    answer = admin.get("/admin/outbox/letters/auth/verify_email")
    assert "493817" in answer.text
