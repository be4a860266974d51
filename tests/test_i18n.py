"""Marked texts."""

from flask import render_template_string

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
