"""What staff decide and what happens to an account is told to whom it concerns, in the same transaction."""

import pytest
from sqlalchemy import select

from pythoughts.auth.use_cases import Reset, change_password, reset_account, sign_in
from pythoughts.db import db, transaction
from pythoughts.errors import Conflict
from pythoughts.feed.use_cases import delete_own_post, hold_post, release_post, remove_post, restore_post
from pythoughts.mail.letters import KINDS
from pythoughts.mail.use_cases import send_later
from pythoughts.moderation.models import ReviewItem, Verdict
from pythoughts.moderation.use_cases import decide, report_person, report_post
from pythoughts.moderation.use_cases.deciding import Decision
from pythoughts.notifications.models import Notification
from pythoughts.notifications.queries import list_notices
from pythoughts.notifications.use_cases.hearing import SECURITY
from tests.auth.rows import new_session
from tests.factories import PASSWORD, make_post
from tests.notifications.conftest import told


def newest(user):
    """The notice that stands on top of somebody's list."""
    db.session.rollback()
    return list_notices(user.id).bundles[0].first


def settle(moderator, verdict: str) -> None:
    """Decide about the one item in the queue."""
    item = db.session.scalars(select(ReviewItem)).one()
    decide(actor=moderator, decision=Decision(item.id, item.version, Verdict(verdict)))


def test_a_removal_is_told_with_its_reason_and_so_is_the_return(ada, kenji):
    post = make_post(ada, "Mine.")
    remove_post(actor=kenji, post_id=post.id, reason="Off topic")
    found = newest(ada)
    assert (found.kind, found.reason, found.excerpt, found.is_open) == ("post-removed", "Off topic", "Mine.", False)
    restore_post(actor=kenji, post_id=post.id)
    assert newest(ada).kind == "post-restored"
    assert newest(ada).is_open


def test_acts_without_effect_tell_nothing(ada, kenji):
    post = make_post(ada)
    for _turn in range(2):
        remove_post(actor=kenji, post_id=post.id, reason="Off topic")
    for _turn in range(2):
        restore_post(actor=kenji, post_id=post.id)
    delete_own_post(actor=ada, post_id=post.id)
    with pytest.raises(Conflict):
        remove_post(actor=kenji, post_id=post.id, reason="Off topic")
    assert told(ada) == ["post-removed", "post-restored"]


def test_a_hold_is_told_and_only_people_give_reasons(ada, kenji):
    post = make_post(ada)
    hold_post(actor=None, post_id=post.id, reason="3 reports")
    assert (newest(ada).kind, newest(ada).reason) == ("post-held", None)
    release_post(actor=kenji, post_id=post.id)
    assert newest(ada).kind == "post-released"
    hold_post(actor=kenji, post_id=post.id, reason="A closer look")
    assert newest(ada).reason == "A closer look"


def test_nobody_learns_which_moderator_it_was(ada, kenji):
    remove_post(actor=kenji, post_id=make_post(ada).id, reason="Off topic")
    assert newest(ada).person is None


def test_the_text_of_what_an_author_deleted_is_not_shown(ada, kenji):
    post = make_post(ada, "Mine.")
    hold_post(actor=kenji, post_id=post.id, reason="A closer look")
    delete_own_post(actor=ada, post_id=post.id)
    assert newest(ada).excerpt == ""


@pytest.mark.parametrize(("verdict", "kind"), [("agree", "report-agreed"), ("approve", "report-disagreed")])
def test_reporters_hear_what_was_decided(ada, grace, kenji, verdict, kind):
    report_post(actor=ada, post_id=make_post(grace).id, category="spam")
    settle(kenji, verdict)
    assert told(ada) == [kind]
    assert newest(ada).person.username == "grace"
    assert told(grace) == []


def test_reporters_hear_that_a_post_was_removed_or_taken_back(ada, grace, kenji):
    removed, deleted = make_post(grace), make_post(grace)
    for post in (removed, deleted):
        report_post(actor=ada, post_id=post.id, category="spam")
    remove_post(actor=kenji, post_id=removed.id, reason="Off topic")
    delete_own_post(actor=grace, post_id=deleted.id)
    assert told(ada) == ["report-agreed", "report-gone"]
    assert told(grace) == ["post-removed"]


def test_a_report_about_a_person_is_told_about_that_person(ada, grace, kenji):
    report_person(actor=ada, username="grace", category="spam")
    settle(kenji, "agree")
    assert newest(ada).person.username == "grace"


def test_a_changed_password_is_told(ada):
    session_id, _token = new_session(ada)
    change_password(actor=ada, session_id=session_id, current=PASSWORD, new="another quiet evening walk")
    assert told(ada) == ["security"]
    assert newest(ada).letter == "auth/password_changed"


def test_a_sign_in_at_a_new_browser_and_a_reset_by_staff_are_told(ada):
    sign_in(identifier="ada", password=PASSWORD, remember=True)
    reset_account(actor=None, user=ada, reset=Reset("Asked"))
    db.session.rollback()
    assert set(db.session.scalars(select(Notification.letter))) == {"auth/new_device", "auth/account_reset"}


def test_letters_that_only_carry_something_are_not_told(ada):
    for template in ("auth/verify_email", "auth/reset_link", "auth/sign_up_code", "privacy/export_ready"):
        send_later(template=template, user_id=ada.id)
    assert told(ada) == []


def test_every_letter_that_is_told_exists(app):
    assert set(KINDS) >= SECURITY


def test_a_notice_vanishes_with_what_it_tells(ada):
    with transaction() as session:
        send_later(template="auth/password_changed", user_id=ada.id)
        session.rollback()
    assert told(ada) == []
