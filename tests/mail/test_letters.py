"""Every letter there is, filled with its sample: greets, tells, advises, and names who hears complaints."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from jinja2 import ChoiceLoader, DictLoader, StrictUndefined
from werkzeug.exceptions import HTTPException

from pythoughts.errors import Malformed, NotFound
from pythoughts.mail.delivery import shared, write
from pythoughts.mail.letters import KINDS, Kind, Letter, register
from pythoughts.mail.previews import READER, get_kind, get_preview, list_kinds, list_previews
from pythoughts.paths import PACKAGE_DIR, TEMPLATES_DIR

WORD = re.compile(r"[^\W\d_]{3,}")
ASKED = re.compile(r"""(?:template|TEMPLATE|[A-Z]+) ?= ?"((?:auth|privacy|feed|moderation)/[a-z_]+)\"""")
PARTS = ("happened", "todo")


@pytest.fixture
def strict(app, monkeypatch):
    """A letter that uses what its sample lacks raises."""
    monkeypatch.setattr(app.jinja_env, "undefined", StrictUndefined)
    monkeypatch.setattr(app.jinja_env, "cache", {})
    return app


def part(app, path: str, name: str, values) -> str:
    """What a block says in a letter, wherever in the chain of its layouts it stands."""
    context = app.jinja_env.get_template(path).new_context(values)
    list(app.jinja_env.get_template(path).root_render_func(context))  # finds the blocks
    return "".join(context.blocks[name][0](context))


def incomplete(app, kind: Kind) -> Iterator[str]:
    """What is missing in a letter."""
    settings = app.extensions["settings"]
    for preview in list_previews(kind, "en"):
        texts = {"txt": preview.message.body, "html": preview.message.html}
        sample = {
            **kind.samples[preview.number](settings.public_url),
            **shared(READER),
            "subject": preview.message.subject,
            "lang": "en",
        }
        for ending, text in texts.items():
            if READER not in text:
                yield f"{kind.template}.{ending} greets nobody"
            if settings.contact not in text or settings.public_url not in text:
                yield f"{kind.template}.{ending} does not say where it comes from and where to complain"
            for name in PARTS:
                said = part(app, f"email/{kind.template}.{ending}", name, sample)
                if len(WORD.findall(said)) < 4 or said not in text:
                    yield f"{kind.template}.{ending} says nothing in {name}"


def test_every_letter_is_complete_in_text_and_html(strict):
    assert len(KINDS) >= 21
    assert [line for kind in list_kinds() for line in incomplete(strict, kind)] == []


@pytest.mark.parametrize(
    ("path", "cut", "missing"),
    [
        ("layout.txt", '_("Hello %(name)s,", name=name)', "greets nobody"),
        ("layout.html", '_("Hello %(name)s,", name=name)', "greets nobody"),
        ("layout.txt", ", contact=contact", "where to complain"),
        ("auth/two_factor_on.txt", "two-factor sign-in was turned on", "nothing in happened"),
        ("notice.html", "block todo", "nothing in todo"),
    ],
)
def test_what_a_letter_lacks_is_seen(strict, monkeypatch, path, cut, missing):
    whole = (TEMPLATES_DIR / "email" / path).read_text(encoding="utf-8")
    with_gap = re.sub(rf"\{{\{{[^}}]*{re.escape(cut)}[^}}]*\}}\}}", "", whole).replace(
        f"{{% {cut} %}}", "{% block other %}"
    )
    assert with_gap != whole
    gap = DictLoader({f"email/{path}": with_gap})
    monkeypatch.setattr(strict.jinja_env, "loader", ChoiceLoader([gap, strict.jinja_env.loader]))
    assert any(missing in line for line in incomplete(strict, KINDS["auth/two_factor_on"]))


def test_a_letter_whose_sample_lacks_a_value_is_seen(strict):
    bare = replace(KINDS["auth/reset_link"], samples=Kind.samples)
    with pytest.raises(Exception, match="'link' is undefined"):
        list_previews(bare, "en")


def test_letters_lead_to_pages_of_the_site(strict):
    router, home = strict.url_map.bind("localhost"), strict.extensions["settings"].public_url
    lost = []
    for kind in list_kinds():
        for preview in list_previews(kind, "en"):
            for path in re.findall(rf"{re.escape(home)}(/[^\s\"<.]*)", preview.message.body + preview.message.html):
                try:
                    router.match(path, "GET")
                except HTTPException:
                    lost.append(f"{kind.template}: {path}")
    assert lost == []


def test_every_template_of_a_letter_is_registered(app):
    folder = TEMPLATES_DIR / "email"
    written = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.*")}
    assert written - {"layout", "notice"} == set(KINDS)


def test_every_letter_that_is_asked_for_is_registered(app):
    sources = [path.read_text(encoding="utf-8") for path in PACKAGE_DIR.rglob("*.py")]
    asked = {name for source in sources for name in ASKED.findall(source)}
    assert len(asked) > 10
    assert asked <= set(KINDS)


def test_samples_are_nobodys(app):
    for kind in list_kinds():
        for preview in list_previews(kind, "en"):
            assert preview.message.recipients == [(READER, "ada@example.org")]


def test_a_preview_speaks_the_language_that_was_asked_for(app, monkeypatch):
    monkeypatch.setattr("pythoughts.mail.previews.languages", lambda: ["en", "de"])
    (preview,) = list_previews(KINDS["auth/two_factor_on"], "de")
    assert '<html lang="de">' in preview.message.html
    with pytest.raises(Malformed):
        list_previews(KINDS["auth/two_factor_on"], "tlh")


def test_what_is_no_letter_has_no_preview(app):
    with pytest.raises(NotFound):
        get_kind("auth/nothing")
    with pytest.raises(NotFound):
        get_preview(KINDS["auth/account_reset"], 2, "en")
    assert "They have a link" in get_preview(KINDS["auth/account_reset"], 1, "en").message.body


def test_a_letter_may_say_something_else_instead(app):
    letter = Letter("ada@example.org", "Ada", instead="auth/address_owned")
    assert write(letter, "auth/sign_up_code", "m1").subject == "You have an account already"


def test_a_later_registration_replaces_the_earlier(app, monkeypatch):
    monkeypatch.setattr("pythoughts.mail.letters.KINDS", kinds := dict(KINDS))
    kind = replace(KINDS["auth/reset_link"], samples=Kind.samples)
    register([kind])
    assert kinds["auth/reset_link"] is kind
