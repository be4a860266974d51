"""A letter to send."""

import pytest
from jinja2 import ChoiceLoader, DictLoader

from pythoughts.i18n import _
from pythoughts.mail.letters import BUILDERS, Letter

TEMPLATE = "test/hello"
TEXTS = {
    "email/test/hello.txt": '{% extends "email/layout.txt" %}{% block body %}Your code: {{ code }}{% endblock %}',
    "email/test/hello.html": '{% extends "email/layout.html" %}{% block body %}<b>{{ code }}</b>{% endblock %}',
}


@pytest.fixture
def letter(app, monkeypatch):
    """Register a letter whose fields a test may change; None means: not worth sending."""
    fields = {"to": "ada@example.org", "name": "Ada", "subject": _("Hello"), "values": {"code": "s3cret-<&>"}}

    def build(*, user_id, ref_id):
        return Letter(**fields) if fields else None

    monkeypatch.setitem(BUILDERS, TEMPLATE, build)
    monkeypatch.setattr(app.jinja_env, "loader", ChoiceLoader([DictLoader(TEXTS), app.jinja_env.loader]))
    return fields
