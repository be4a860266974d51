"""The list of reports."""

import pytest

from pythoughts.db import transaction
from pythoughts.moderation.use_cases import report_person, report_post
from tests.admin.rows import shown
from tests.factories import make_post, make_user

ABOUT = r'hover:underline" href="(/admin/(?:posts|users)/[\w-]+)">(?:thought|@)'


@pytest.fixture
def reported(kenji, mira):
    """A thought of Mira's and a person, reported by Lena."""
    lena, rude = make_user("lena"), make_user("rude")
    post = make_post(mira, "Buy now")
    report_post(actor=lena, post_id=post.id, category="spam", details="")
    report_person(actor=lena, username="rude", category="harassment", details="")
    return post, rude


def listed(client, query=""):
    answer = client.get(f"/admin/reports/?{query}")
    assert answer.status_code == 200
    return shown(answer, ABOUT)


def test_reports_lead_to_what_they_are_about(moderator, reported):
    post, rude = reported
    assert listed(moderator) == [f"/admin/users/{rude.id}", f"/admin/posts/{post.id}"]


def test_reports_are_filtered_and_searched(moderator, reported):
    post, _rude = reported
    assert listed(moderator, "category=spam") == [f"/admin/posts/{post.id}"]
    assert len(listed(moderator, "outcome=open")) == 2
    assert listed(moderator, "outcome=resolved") == []
    assert len(listed(moderator, "reporter=lena")) == 2
    assert len(listed(moderator, "search=len")) == 2
    assert listed(moderator, "reporter=mira") == []
    assert listed(moderator, "decided_since=2026-01-01") == []


def test_a_report_about_a_post_that_is_gone_stays_out_with_it(moderator, reported):
    post, _rude = reported
    with transaction() as session:
        session.delete(session.merge(post))
    assert len(listed(moderator)) == 1
