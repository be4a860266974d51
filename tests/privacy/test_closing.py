"""Closing an account, and coming back."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from pythoughts.audit.models import AuditLog
from pythoughts.auth.models import Session, User, Verification
from pythoughts.auth.queries import find_session
from pythoughts.auth.use_cases import sign_in as enter
from pythoughts.auth.use_cases.codes import send_code
from pythoughts.auth.use_cases.records import lock_credential, lock_user
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.errors import Conflict, Gone, Invalid, NotAllowed, TooFast
from pythoughts.feed.models import Post
from pythoughts.feed.queries import get_profile
from pythoughts.feed.use_cases import create_post
from pythoughts.privacy.letters import account_closed, open_account
from pythoughts.privacy.use_cases import PostsFate, close_account
from pythoughts.services.passwords import hash_password
from tests.auth.rows import count, fresh, letters
from tests.factories import PASSWORD, make_user, sign_in
from tests.privacy.due import anonymise_due
from tests.races import meanwhile


def close(user, posts=PostsFate.KEEP, password=PASSWORD):
    return close_account(actor=user, password=password, posts=posts)


def acts():
    return [
        tuple(row)
        for row in db.session.execute(
            select(AuditLog.action, AuditLog.after["posts"].astext)
            .where(AuditLog.target_type == "user")
            .order_by(AuditLog.id)
        )
    ]


def test_closing_ends_every_session_and_code_at_once(app, client, ada):
    sign_in(client, ada)
    sign_in(app.test_client(), ada)
    with transaction() as session:
        send_code(session, ada)
    close(ada)
    assert client.get("/preferences").status_code == 303
    assert (count(Session), count(Verification)) == (0, 0)


def test_the_account_is_erased_after_the_grace(ada):
    until = close(ada, PostsFate.REMOVE)
    assert abs(until - now() - timedelta(days=7)) < timedelta(minutes=1)
    assert fresh(ada).delete_after == until
    assert acts() == [("user.close", "remove")]
    assert anonymise_due() == 0
    assert fresh(ada).username == "ada"


def test_a_wrong_password_closes_nothing(ada):
    with pytest.raises(Invalid) as refusal:
        close(ada, password="something else")
    assert refusal.value.field == "password"
    assert fresh(ada).delete_after is None


def test_a_password_that_changes_meanwhile_closes_nothing(app, ada):
    with transaction() as session:
        account = lock_credential(session, lock_user(session, ada.id).id)
        late = meanwhile(app, close, ada)
        account.password = hash_password("another quiet evening walk")
    with pytest.raises(Invalid):
        late.result(timeout=10)
    assert not fresh(ada).is_closed


def test_nobody_guesses_the_password_here(ada):
    for _n in range(5):
        with pytest.raises(Invalid):
            close(ada, password="something else")
    with pytest.raises(TooFast):
        close(ada)


def test_whoever_has_no_password_types_none(app):
    user = make_user("mira", password=None)
    close(user, password="")
    assert fresh(user).is_closed


def test_the_last_admin_stays(root):
    with pytest.raises(Conflict):
        close(root)
    make_user("second.root", role="admin")
    close(root)
    assert fresh(root).is_closed


def test_a_closed_admin_does_not_count_as_one(root):
    close(make_user("second.root", role="admin"))
    with pytest.raises(Conflict):
        close(root)


def test_the_profile_says_so(client, ada):
    assert client.get("/user/ada").status_code == 200
    close(ada)
    with pytest.raises(Gone):
        get_profile("ada")
    answer = client.get("/user/ada")
    assert answer.status_code == 410
    assert "This account is closed." in answer.text


def test_a_closed_account_posts_nothing(ada):
    close(ada)
    with pytest.raises(NotAllowed):
        create_post(author=fresh(ada), message="Too late")


def test_posting_while_closing_is_refused_in_words(app, ada):
    author = fresh(ada)
    with transaction() as session:
        session.expunge(author)
        session.execute(update(User).where(User.id == ada.id).values(delete_after=now()))
        late = meanwhile(app, lambda: create_post(author=author, message="At the same moment"))
    with pytest.raises(NotAllowed):
        late.result(timeout=10)
    assert count(Post) == 0


def test_signing_in_within_the_grace_opens_the_account_again(ada):
    close(ada)
    opened = enter(identifier="ada", password=PASSWORD, remember=True)
    assert find_session(opened.token)
    assert fresh(ada).delete_after is None
    assert [action for action, _posts in acts()] == ["user.close", "user.reopen"]
    assert "privacy/account_reopened" in letters()


def test_a_wrong_password_does_not_open_it(ada):
    close(ada)
    with pytest.raises(Invalid):
        enter(identifier="ada", password="something else", remember=True)
    assert fresh(ada).is_closed


def test_letters_tell_how_to_come_back_and_that_somebody_did(ada):
    close(ada)
    assert account_closed(user_id=ada.id, ref_id=None).values == {"until": fresh(ada).delete_after}
    assert open_account(user_id=ada.id, ref_id=None) is None
    enter(identifier="ada", password=PASSWORD, remember=True)
    assert account_closed(user_id=ada.id, ref_id=None) is None
    assert open_account(user_id=ada.id, ref_id=None).to == "ada@example.org"
