"""Letters about people's data, and jobs that do nothing when there is nothing to do."""

import pytest

from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.mail.delivery import write
from pythoughts.privacy import tasks
from pythoughts.privacy.use_cases import forget_archives, make_archive, note_failed_archive
from tests.auth.rows import fresh


@pytest.mark.parametrize(
    ("builder", "closed", "said"),
    [
        (tasks.account_closed, True, "/sign-in"),
        (tasks.account_reopened, False, "/forgot-password"),
        (tasks.export_ready, False, "/preferences/data"),
    ],
)
def test_letters_greet_and_lead_somewhere_as_text_and_html(ada, builder, closed, said):
    with transaction():
        fresh(ada).delete_after = now() if closed else None
    letter = builder(user_id=ada.id, ref_id=None)
    message = write(letter, f"privacy/{builder.__name__}", "m1")
    assert message.subject == str(letter.subject)
    for body in (message.body, message.html):
        assert "Hello Ada Lovelace," in body
        assert said in body


@pytest.mark.parametrize("builder", [tasks.account_closed, tasks.account_reopened, tasks.export_ready])
def test_nobody_gets_no_letter(app, builder):
    assert builder(user_id="gone", ref_id=None) is None


def test_jobs_bear_what_is_gone(app):
    make_archive(export_id="gone")
    note_failed_archive(export_id="gone")
    forget_archives()
    tasks.erase("gone")
    tasks.request_erasures()
    tasks.tidy()
