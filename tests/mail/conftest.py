"""A letter to send."""

import pytest
from jinja2 import ChoiceLoader, DictLoader

from pythoughts.i18n import _
from pythoughts.mail.letters import KINDS, Kind, Letter

TEMPLATE = "test/hello"
TEXTS = {
    "email/test/hello.txt": '{% extends "email/layout.txt" %}{% block happened %}Your code: {{ code }}{% endblock %}',
    "email/test/hello.html": '{% extends "email/layout.html" %}{% block happened %}<b>{{ code }}</b>{% endblock %}',
}


@pytest.fixture
def letter(app, monkeypatch):
    """Register a letter whose fields a test may change; None means: not worth sending."""
    fields = {"to": "ada@example.org", "name": "Ada", "values": {"code": "s3cret-<&>"}}

    def build(*, user_id, ref_id):
        return Letter(**fields) if fields else None

    monkeypatch.setitem(KINDS, TEMPLATE, Kind(TEMPLATE, _("Hello"), build, (lambda _home: {"code": "s3cret"},)))
    monkeypatch.setattr(app.jinja_env, "loader", ChoiceLoader([DictLoader(TEXTS), app.jinja_env.loader]))
    return fields
