"""Marked texts."""

import pytest
from flask import render_template_string
from flask_babel import force_locale
from markupsafe import Markup

from pythoughts import i18n
from pythoughts.i18n import _, plural


def test_values_in_a_text_are_escaped_by_templates(app):
    text = _("%(name)s is taken", name="<script>")
    with app.test_request_context():
        assert render_template_string("{{ text }}", text=text) == "&lt;script&gt; is taken"


def test_a_count_chooses_its_form(app):
    assert str(plural("%(num)d try left", "%(num)d tries left", 1)) == "1 try left"
    assert str(plural("%(num)d try left", "%(num)d tries left", 4)) == "4 tries left"


def test_a_text_equals_what_it_shows():
    assert _("Hello") == "Hello"
    assert _("Hello") == _("Hello")
    assert _("Hello") != _("Goodbye")
    assert len({_("Hello"), _("Hello")}) == 1


@pytest.fixture
def german(app, monkeypatch):
    """A language with one translated text."""
    known = i18n.Phrases(translations=None, texts={"%(n)s left": Markup("%(n)s übrig"), "Hello": Markup("Hallo")})
    monkeypatch.setitem(i18n._languages, "de", known)


def test_values_in_a_text_are_escaped(app):
    with app.test_request_context():
        assert render_template_string("{{ _('%(name)s is in', name='<b>') }}") == "&lt;b&gt; is in"


def test_percent_signs_are_resolved_with_and_without_values(app):
    with app.test_request_context():
        assert (
            render_template_string("{{ _('100%% of %(n)s', n=3) }} {{ _('5%%') }} {{ _('5%%') }}") == "100% of 3 5% 5%"
        )


def test_counts_choose_their_form(app):
    with app.test_request_context():
        template = "{{ ngettext('%(num)d reply', '%(num)d replies', n) }}"
        assert [render_template_string(template, n=n) for n in (1, 2)] == ["1 reply", "2 replies"]


def test_a_change_of_language_within_a_request_is_heard(app, german):
    hello, left = "{{ _('Hello') }}", "{{ _('%(n)s left', n=2) }}"
    with app.test_request_context():
        said = [render_template_string(hello)]
        with force_locale("de"):
            said += [render_template_string(hello), render_template_string(left)]
        assert [*said, render_template_string(hello)] == ["Hello", "Hallo", "2 übrig", "Hello"]


def test_only_templates_that_escape_escape_values(app):
    source = "{{ _('For %(n)s', n=n) }} {{ ngettext('%(num)d %(n)s', '%(num)d of %(n)s', 2, n=n) }}"
    plain = app.jinja_env.from_string("{% autoescape false %}" + source + "{% endautoescape %}")
    page = app.jinja_env.from_string("{% autoescape true %}" + source + "{% endautoescape %}")
    with app.test_request_context():
        assert plain.render(n="<b>") == "For <b> 2 of <b>"
        assert page.render(n="<b>") == "For &lt;b&gt; 2 of &lt;b&gt;"


def test_a_partial_is_rendered_once_a_language(app):
    with app.test_request_context():
        assert i18n.once("site/_rail.html") is i18n.once("site/_rail.html")
        assert "House rules" in i18n.once("site/_rail.html")


def test_a_partial_is_rendered_anew_for_other_values(app):
    with app.test_request_context():
        nav = i18n.once("site/_nav.html", me=None, section="feed")
        assert nav is i18n.once("site/_nav.html", me=None, section="feed")
        assert nav != i18n.once("site/_nav.html", me=None, section="")


def test_a_partial_is_remembered_for_each_language(app, german):
    with app.test_request_context():
        here = i18n.once("site/_rail.html")
        with force_locale("de"):
            assert i18n._languages["de"].part is not i18n._languages["en"].part
        assert here is i18n.once("site/_rail.html")
