"""Letters about people's data: what they say, and when they are not worth sending."""

import pytest

from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.mail.delivery import write
from pythoughts.mail.letters import KINDS
from tests.auth.rows import fresh

NAMES = ["account_closed", "account_reopened", "export_ready"]


@pytest.mark.parametrize(
    ("name", "closed", "said"),
    [
        ("account_closed", True, "/sign-in"),
        ("account_reopened", False, "/forgot-password"),
        ("export_ready", False, "/preferences/data"),
    ],
)
def test_letters_greet_and_lead_somewhere_as_text_and_html(ada, name, closed, said):
    with transaction():
        fresh(ada).delete_after = now() if closed else None
    kind = KINDS[f"privacy/{name}"]
    message = write(kind.build(user_id=ada.id, ref_id=None), kind.template, "m1")
    assert message.subject == str(kind.subject)
    for body in (message.body, message.html):
        assert "Hello Ada Lovelace," in body
        assert said in body


@pytest.mark.parametrize("name", NAMES)
def test_nobody_gets_no_letter(app, name):
    assert KINDS[f"privacy/{name}"].build(user_id="gone", ref_id=None) is None
