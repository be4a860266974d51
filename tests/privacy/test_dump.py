"""Whoever steals a dump of the database gets into no account: nothing in it opens anything."""

import re
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select, update

from pythoughts import worker
from pythoughts.auth import queries
from pythoughts.auth.models import User
from pythoughts.auth.tokens import is_device
from pythoughts.auth.use_cases import Delivery, Reset, keep_identity, reset_account, sign_up_with_identity
from pythoughts.db import db, transaction
from pythoughts.mail.models import OutboxMail
from pythoughts.services.openid import Identity
from pythoughts.settings.use_cases import choose
from tests.auth.rows import app_code
from tests.factories import PASSWORD, make_user, post, sign_in
from tests.privacy.dump import dump

LINK = re.compile(r"/(reset-password|email-undo)/([\w.-]+)")
CODE = re.compile(r"^ {4}(\d{6})\s*$", re.MULTILINE)
ALONE = re.compile(r"(?<![\w.:-])\d{6}(?![\w.:-])")  # six digits that are no part of a time or a key
WORD = re.compile(r"[\w.=-]{8,}")
RECOVERY = re.compile(r"<li[^>]*>([a-z0-9]{5}-[a-z0-9]{5})</li>")
TOKENS = {"access_token": "at-of-an-account-elsewhere", "refresh_token": "rt-of-an-account-elsewhere", "id_token": None}
MOVED = "mira@elsewhere.example"


def person(name):
    db.session.rollback()
    return db.session.scalars(select(User).where(User.username == name)).one()


def entered(app, name):
    """A browser whose owner has typed name and password."""
    browser = app.test_client()
    assert post(browser, "/sign-in", {"identifier": name, "password": PASSWORD}).status_code == 303
    return browser


def signed_cookie(browser):
    with browser.session_transaction() as form:
        return dict(form)


def mailed(app, instance):
    """The codes and links that the site mails now, by letter."""
    worker.drain(app)
    found = {}
    for path in sorted((instance / "outbox").glob("*.eml")):
        template = db.session.scalar(select(OutboxMail.template).where(OutboxMail.id == path.stem))
        body = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(["plain"]).get_content()
        opening = CODE.findall(body) + [token for _page, token in LINK.findall(body)]
        if opening:
            found[template] = opening[0]
    return found


def plant_sessions(app):
    browser = entered(app, "mira")
    names = {"session": "pythoughts_session", "device": "pythoughts_device"}
    return browser, {kind: browser.get_cookie(name).value for kind, name in names.items()}


def plant_two_factor(app):
    """Mira's app, her recovery codes, and a browser in which she has typed her password only."""
    url, browser = "/preferences/two-factor", entered(app, "otto")
    key = re.search(r'id="secret">([A-Z2-7 ]+)<', browser.get(url).text)[1].replace(" ", "")
    assert post(browser, url, {"code": app_code(key, -1)}).status_code == 303
    recovery = RECOVERY.findall(browser.get(url).text)
    half = signed_cookie(entered(app, "otto"))["second_step"]["token"]
    return {"authenticator": key, "half": half} | {f"recovery {n}": code for n, code in enumerate(recovery)}


def plant_sign_up(app):
    choose(actor=None, key="accounts.sign_up_mode", typed="strict")
    browser = app.test_client()
    stamp = re.search(r'name="form_time" type="hidden" value="([^"]+)"', browser.get("/sign-up").text)[1]
    fields = {"username": "nova", "email": "nova@example.org", "password": PASSWORD, "form_time": stamp}
    assert post(browser, "/sign-up", fields).status_code == 303
    return {"sign-up": signed_cookie(browser)["pending_sign_up"]}


def plant_identities():
    waiting = keep_identity(identity=Identity("elsewhere", "s1", tokens=TOKENS))
    used = keep_identity(identity=Identity("elsewhere", "s2", tokens=TOKENS))
    sign_up_with_identity(token=used, username="ines", email="ines@example.org")
    return {"identity": waiting, "access token": TOKENS["access_token"], "refresh token": TOKENS["refresh_token"]}


@pytest.fixture
def secrets(app, root, instance, monkeypatch):
    """Everything that opens something, as its owners have it, by what it is."""
    monkeypatch.setattr("pythoughts.auth.forms.TYPING_MIN", -1)
    for name in ("mira", "otto", "gwen"):
        make_user(name)
    mira, found = plant_sessions(app)
    found |= {"password": PASSWORD} | plant_two_factor(app) | plant_identities() | plant_sign_up(app)
    post(sign_in(app.test_client(), make_user("eve", verified=False)), "/verify/resend")
    post(app.test_client(), "/forgot-password", {"email": "otto@example.org"})
    found["shown link"] = reset_account(
        actor=root, user=person("gwen"), reset=Reset("Asked", link=Delivery.SHOW)
    ).rpartition("/")[2]
    post(mira, "/preferences/email", {"email": MOVED})
    first = mailed(app, instance)
    assert post(mira, "/preferences/email/confirm", {"code": first["auth/change_email"]}).status_code == 303
    post(mira, "/preferences/email", {"email": f"second.{MOVED}"})
    browser = app.test_client()
    assert post(browser, "/sign-in/passkey/options").status_code == 200
    return found | mailed(app, instance) | {"passkey": signed_cookie(browser)["passkey_asked"]}


KINDS = {
    "session",
    "device",
    "password",
    "authenticator",
    "half",
    "identity",
    "access token",
    "refresh token",
    "sign-up",
    "shown link",
    "passkey",
    "auth/verify_email",
    "auth/reset_link",
    "auth/sign_up_code",
    "auth/change_email",
    "auth/email_changed",
    *(f"recovery {n}" for n in range(10)),
}


def leaks(stolen: str, secrets) -> list[str]:
    """What stands in the dump as its owner has it; a code of six digits only where it stands alone."""
    alone = set(ALONE.findall(stolen))
    return [kind for kind, one in secrets.items() if (one in alone if len(one) == 6 else one in stolen)]


def opened(stolen: str) -> list[str]:
    """Words of a dump that open something when a browser sends them."""
    doors = (
        queries.find_session,
        queries.find_link,
        queries.find_undo,
        queries.find_pending_sign_up,
        queries.find_second_step,
        queries.find_identity,
        is_device,
    )
    return [f"{door.__name__}: {word}" for word in set(WORD.findall(stolen)) for door in doors if door(word)]


def test_nothing_in_a_dump_is_what_opens_something(secrets):
    assert set(secrets) >= KINDS
    assert all(len(secret) >= 6 for secret in secrets.values())
    assert leaks(dump(), secrets) == []


def test_no_word_of_a_dump_opens_anything(secrets):
    stolen = dump()
    assert len(set(WORD.findall(stolen))) > 100
    assert opened(stolen) == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_secret_in_a_dump_is_seen(app, root, kind):
    planted = {kind: "493817" if "code" in kind or kind == "auth/verify_email" else f"the {kind} of somebody"}
    assert leaks(dump(), planted) == []
    with transaction() as session:
        session.execute(update(User).where(User.id == root.id).values(bio=planted[kind]))
    assert leaks(dump(), planted) == [kind]


def test_a_word_that_opens_something_is_seen(secrets):
    kinds = ("session", "shown link", "auth/email_changed", "sign-up", "half", "identity", "device")
    assert [kind for kind in kinds if len(opened(f"user\t{secrets[kind]}\tgwen")) != 1] == []


def test_every_table_is_in_a_dump(app, root):
    stolen = dump()
    assert f"user\t{root.id}\t" in stolen
    assert "alembic_version\t" in stolen


def test_no_preview_in_the_outbox_shows_what_opens_something(app, root, secrets):
    admin = sign_in(app.test_client(), root)
    pages = [admin.get(f"/admin/outbox/{mail_id}").text for mail_id in db.session.scalars(select(OutboxMail.id)).all()]
    assert len(pages) > 5
    assert [kind for page in pages for kind, secret in secrets.items() if secret in page] == []


def test_kept_letters_are_for_our_eyes_only(instance, secrets):
    files = list((instance / "outbox").iterdir())
    assert len(files) > 5
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert (instance / "outbox").stat().st_mode & 0o777 == 0o700
