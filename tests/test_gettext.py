"""Every text that people read can be translated; beside each rule the proof that it bites."""

import ast
import re

import pytest
from babel.messages.extract import extract_from_file

from pythoughts.paths import PACKAGE_DIR, PROJECT_ROOT, TEMPLATES_DIR
from tests.guards import source, texts

KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "plural": (1, 2)}
MODULES = sorted(PACKAGE_DIR.rglob("*.py"))
SPOKEN = [path for path in MODULES if "cli" not in path.relative_to(PACKAGE_DIR).parts]  # operators read English
PAGES = sorted(TEMPLATES_DIR.rglob("*.html"))
LETTERS = sorted(TEMPLATES_DIR.rglob("*.txt"))
PLACEHOLDER = re.compile(r"%(?!%|\(\w+\)[sd])")


def untranslated(app, check, paths):
    found = {}
    for path in paths:
        if hits := check(app.jinja_env, path.read_text(encoding="utf-8")):
            found[path.relative_to(TEMPLATES_DIR).as_posix()] = hits
    return found


def test_pages_say_nothing_past_gettext(app):
    translatable = [path for path in PAGES if not path.name.startswith("static_")]
    assert untranslated(app, texts.in_markup, translatable) == {}


def test_letters_say_nothing_past_gettext(app):
    assert untranslated(app, texts.in_plain_text, LETTERS) == {}


def test_labels_in_expressions_go_through_gettext(app):
    assert untranslated(app, texts.in_expressions, PAGES) == {}


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Nothing here yet</p>",
        '<a title="Open thread">{{ x }}</a>',
        "{% if me %}Hello{% endif %}",
        '<img alt="Ada">',
        '<b data-done="Link copied">',
        '<i aria-label="Close {{ name }}"></i>',
    ],
)
def test_a_bare_text_in_a_page_is_seen(app, markup):
    assert texts.in_markup(app.jinja_env, f"\n{markup}")[0][0] == 2


@pytest.mark.parametrize(
    "markup",
    [
        "<p>{{ _('Nothing here yet') }}</p>",
        "<title>{{ title }} · Pythoughts</title>",
        "<kbd>Esc</kbd><code>pip install</code>",
        '<a class="btn ghost" href="/posts/new" data-open="compose">{{ x }}</a>',
        "{# a note #}{% set name = 'ada' %}@{{ name }}&nbsp;·&nbsp;{{ n }}",
    ],
)
def test_what_is_no_text_passes(app, markup):
    assert texts.in_markup(app.jinja_env, markup) == []


def test_a_bare_line_in_a_letter_is_seen(app):
    template = "{{ _('Hello') }}\n\nYour code: {{ code }}"
    assert texts.in_plain_text(app.jinja_env, template) == [(3, "Your code: \N{WHITE SQUARE}")]


def test_a_bare_label_in_an_expression_is_seen(app):
    template = '{{ item("feed", glyph="pen-line", label="Feed") }}{{ item(label=_("Feed"), cls="size-4 ms-auto") }}'
    assert texts.in_expressions(app.jinja_env, template) == [(1, "Feed")]


def test_errors_speak_through_gettext():
    assert source.violations(SPOKEN, source.plain_errors, PROJECT_ROOT) == []


def test_a_bare_error_is_seen():
    sample = "raise Invalid('Too long.')\nflash(f'Hello {name}')\nraise errors.NotFound(_('Gone.'))\nraise Gone(text)"
    assert [line for line, _what in source.plain_errors(ast.parse(sample))] == [1, 2]


def test_forms_speak_through_gettext():
    assert source.violations(SPOKEN, texts.in_calls, PROJECT_ROOT) == []


def test_a_bare_label_of_a_form_is_seen():
    sample = "StringField('Name')\nLength(max=3, message='Too long')\nStringField(_('Name'))\nlog.info(message='x y')"
    assert [line for line, _what in texts.in_calls(ast.parse(sample))] == [1, 2]


def test_marked_texts_are_written_out():
    assert source.violations(MODULES, texts.computed, PROJECT_ROOT) == []


def test_a_computed_text_is_seen():
    sample = "_(f'Hello {x}')\n_(name)\nplural('one', other, 2)\n_('Hello')\nplural('one', 'several', 2)"
    assert [line for line, _what in texts.computed(ast.parse(sample))] == [1, 2, 3]


def extracted():
    """Every message that translators would get, with the file it comes from."""
    for paths, method in ((MODULES, "python"), ([*PAGES, *LETTERS], "jinja2.ext:babel_extract")):
        for path in paths:
            for _line, message, _comments, _context in extract_from_file(method, path, keywords=KEYWORDS):
                yield path, message if isinstance(message, tuple) else (message,)


def test_extraction_finds_texts_of_rules_pages_and_macros():
    messages = {(path.relative_to(PROJECT_ROOT).as_posix(), text) for path, found in extracted() for text in found}
    assert ("pythoughts/access.py", "You may not open this page.") in messages
    assert ("pythoughts/limits/use_cases.py", "That was too fast. Try again in %(num)d seconds.") in messages
    assert ("templates/site/_nav.html", "New thought") in messages
    assert ("templates/_macros/post.html", "Copy link") in messages


def test_translators_can_move_every_value():
    texts_found = {text for _path, found in extracted() for text in found if text}
    assert {text for text in texts_found if PLACEHOLDER.search(text)} == set()
