"""Every kind says something of its own and leads only where its reader finds something."""

import pytest

from pythoughts.clock import now
from pythoughts.feed.queries import Author
from pythoughts.notifications.models import NoticeKind
from pythoughts.notifications.queries import Bundle, Notice
from pythoughts.notifications.telling import path_of, words

GRACE = Author("g", "grace", "Grace", "Grace Hopper", "member", 1)
KURT = Author("k", "kurt", None, None, "member", 1)
GONE = Author("x", None, None, None, "member", 1)


def notice(kind, *, person=GRACE, state="live", letter=None):
    return Notice("n", kind, now(), None, "p", letter, None, "a", state, "Text", person)


def said(*notices) -> str:
    return str(words(Bundle(notices)))


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        ([GRACE], "Grace Hopper replied to you"),
        ([KURT], "kurt replied to you"),
        ([GONE], "deleted member replied to you"),
        ([GRACE, GRACE], "Grace Hopper replied to you 2 times"),
        ([GRACE, KURT, GRACE], "Grace Hopper and 1 other person replied to you"),
        ([KURT, GONE, GRACE], "kurt and 2 other people replied to you"),
    ],
)
def test_replies_name_the_last_and_count_the_others(app, people, sentence):
    assert said(*[notice(NoticeKind.REPLY, person=person) for person in people]) == sentence


def test_every_kind_says_something_of_its_own(app):
    kinds = [kind for kind in NoticeKind if kind != NoticeKind.SECURITY]
    sentences = {said(notice(kind)) for kind in kinds}
    assert len(sentences) == len(kinds)
    assert said(notice(NoticeKind.SECURITY, letter="auth/new_device")) == "A new device signed in"


@pytest.mark.parametrize("kind", [NoticeKind.REPORT_AGREED, NoticeKind.REPORT_DISAGREED])
def test_a_report_names_whom_it_was_about_while_they_are_here(app, kind):
    assert "@Grace" in said(notice(kind))
    assert "deleted member" in said(notice(kind, person=GONE))
    assert "deleted member" in said(notice(kind, person=None))


@pytest.mark.parametrize(
    ("kind", "state", "path"),
    [
        (NoticeKind.REPLY, "live", "/posts/a#post-p"),
        (NoticeKind.MENTION, "live", "/posts/p"),
        (NoticeKind.POST_HELD, "held", "/posts/p"),
        (NoticeKind.POST_RELEASED, "live", "/posts/p"),
        (NoticeKind.POST_RESTORED, "removed", None),
        (NoticeKind.POST_REMOVED, "removed", None),
        (NoticeKind.POST_HELD, "deleted", None),
        (NoticeKind.REPORT_AGREED, "held", None),
        (NoticeKind.REPORT_DISAGREED, "live", None),
    ],
)
def test_a_notice_leads_only_where_there_is_something_to_see(app, kind, state, path):
    assert path_of(notice(kind, state=state)) == path


def test_what_is_about_security_leads_to_devices_or_history(app):
    assert path_of(notice(NoticeKind.SECURITY, letter="auth/new_device")) == "/preferences/devices"
    assert path_of(notice(NoticeKind.SECURITY, letter="auth/two_factor_on")) == "/preferences/history"
