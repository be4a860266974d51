"""The sign-in history, and browsers that are known again."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from pythoughts.access import Role
from pythoughts.auth.models import AuthEvent, KnownDevice
from pythoughts.auth.queries import find_session
from pythoughts.auth.tokens import digest, is_device, new_device
from pythoughts.auth.use_cases import (
    Reset,
    ban_user,
    change_password,
    change_role,
    connect_identity,
    disconnect_identity,
    finish_second_step,
    keep_identity,
    renew_recovery_codes,
    reset_account,
    reset_password,
    revoke_other_sessions,
    revoke_session,
    send_reset_link,
    sign_in,
    sign_out,
    sign_up,
    tidy,
    turn_off_two_factor,
    turn_on_two_factor,
    unban_user,
    verify_email,
)
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.errors import Invalid, NotFound, TooFast
from pythoughts.limits.models import RateLimit
from pythoughts.limits.use_cases import QUIET
from pythoughts.origin import Origin, set_origin
from pythoughts.privacy.use_cases import PostsFate, close_account
from pythoughts.services import authenticator
from pythoughts.services.openid import Identity
from tests.auth.rows import add_two_factor, age, app_code, code_of, count, fresh, letters, link_of
from tests.factories import PASSWORD, make_user
from tests.races import together

NEW = "another quiet evening walk"


def at_browser(device=None, ip="203.0.113.7"):
    set_origin(Origin("test", ip, "Firefox on Linux", device))


def enter(identifier="ada", password=PASSWORD):
    return sign_in(identifier=identifier, password=password, remember=True)


def fail(times=1, identifier="ada"):
    for _n in range(times):
        with pytest.raises(Invalid):
            enter(identifier, "wrong")


def pass_time(seconds):
    with transaction() as session:
        session.execute(update(RateLimit).values(reset_at=RateLimit.reset_at - timedelta(seconds=seconds)))


def history():
    db.session.rollback()
    rows = select(AuthEvent).order_by(AuthEvent.id).execution_options(populate_existing=True)
    return [(event.kind, event.ip_address) for event in db.session.scalars(rows)]


def kinds():
    return [kind for kind, _ip in history()]


@pytest.fixture
def ada(app):
    return make_user("ada")


def test_signing_in_and_out_is_written_down_with_its_place(ada):
    at_browser()
    fail()
    opened = enter()
    sign_out(token=opened.token)
    sign_out(token=opened.token)
    here = "203.0.113.7"
    assert history() == [("sign-in-failed", here), ("sign-in", here), ("sign-out", here)]
    assert set(db.session.scalars(select(AuthEvent.user_agent))) == {"Firefox on Linux"}


def test_failures_of_a_name_nobody_has_leave_no_line(app):
    fail(identifier="nobody")
    assert count(AuthEvent) == 0


def test_a_try_that_has_to_wait_leaves_no_line(ada):
    fail(5)
    with pytest.raises(TooFast):
        enter()
    assert kinds() == ["sign-in-failed"] * 5


def test_what_people_do_to_their_own_account_is_written_down(app):
    opened = sign_up(username="grace", email="grace@example.org", password=NEW)
    grace = find_session(opened.token).user
    verify_email(actor=grace, code=code_of(grace))
    mine = find_session(opened.token).id
    enter("grace", NEW)
    revoke_session(actor=grace, session_id=find_session(enter("grace", NEW).token).id)
    revoke_other_sessions(actor=grace, session_id=mine)
    change_password(actor=grace, session_id=mine, current=NEW, new=PASSWORD)
    send_reset_link(user_id=grace.id)
    reset_password(token=link_of(grace), password=NEW)
    told = ["session-revoked", "sessions-revoked", "password-changed", "password-reset"]
    assert kinds() == ["sign-up", "email-verified", "sign-in", "sign-in", *told]


def test_what_staff_does_does_not_tell_where_staff_is(ada):
    at_browser()
    admin = make_user("root", role="admin")
    enter()
    revoke_session(actor=admin, session_id=find_session(enter().token).id)
    reset_account(actor=admin, user=ada, reset=Reset(reason="Stolen"))
    assert history()[-2:] == [("session-revoked", None), ("account-reset", None)]


def test_standing_is_written_down_without_a_place(ada):
    at_browser()
    admin = make_user("root", role="admin")
    ban_user(actor=admin, user=ada, reason="Spam")
    for _n in range(2):
        unban_user(actor=admin, user=ada)
    for _n in range(2):
        change_role(actor=admin, user=ada, role=Role.MODERATOR)
    assert history() == [("banned", None), ("ban-lifted", None), ("role-changed", None)]


def test_closing_and_opening_again_is_written_down(ada):
    at_browser()
    close_account(actor=ada, password=PASSWORD, posts=PostsFate.KEEP)
    enter()
    here = "203.0.113.7"
    assert history() == [("account-closed", here), ("account-reopened", here), ("sign-in", here)]


def test_accounts_elsewhere_are_written_down(ada):
    token = keep_identity(identity=Identity("club", "ada-there"))
    connect_identity(actor=ada, token=token)
    disconnect_identity(actor=ada, provider="club")
    with pytest.raises(NotFound):
        disconnect_identity(actor=ada, provider="club")
    assert kinds() == ["account-connected", "account-disconnected"]


def test_wrong_codes_of_a_second_factor_are_written_down(ada):
    at_browser()
    secret = add_two_factor(ada)
    half = enter()
    with pytest.raises(Invalid):
        finish_second_step(token=half.token, code="000-000", remember=True)
    for act in (turn_off_two_factor, renew_recovery_codes):
        with pytest.raises(Invalid):
            act(actor=fresh(ada), code="nonsense")
    assert history() == [("second-factor-failed", "203.0.113.7")] * 3
    finish_second_step(token=half.token, code=app_code(secret), remember=True)
    assert kinds()[3:] == ["sign-in"]


def test_a_slip_while_setting_the_second_factor_up_is_no_failure(ada):
    with pytest.raises(Invalid):
        turn_on_two_factor(actor=ada, secret=authenticator.new_secret(), code="nonsense")
    assert kinds() == []


def test_a_change_that_fails_leaves_no_line(ada):
    with pytest.raises(Invalid):
        change_password(actor=ada, session_id=None, current=PASSWORD, new="short")
    assert kinds() == []


def test_lines_are_forgotten_after_90_days(ada):
    at_browser()
    enter()
    age(AuthEvent, 24 * 90 - 1, "at")
    tidy()
    assert history() == [("sign-in", "203.0.113.7")]
    age(AuthEvent, 2, "at")
    tidy()
    assert history() == []


def test_a_new_browser_is_mailed_once(ada):
    device = enter().device
    assert letters() == ["auth/new_device"]
    at_browser(device)
    assert enter().device == device
    assert letters() == ["auth/new_device"]
    assert count(KnownDevice) == 1


def test_signing_up_makes_the_browser_known_without_a_notice(app):
    at_browser(sign_up(username="grace", email="grace@example.org", password=NEW).device)
    enter("grace", NEW)
    assert letters() == ["auth/verify_email"]


def test_an_address_that_is_not_proven_gets_no_notice(app):
    make_user("eve", verified=False)
    enter("eve")
    assert letters() == []


def test_two_people_may_share_a_browser(ada):
    make_user("grace")
    device = enter().device
    at_browser(device)
    assert enter("grace").device == device
    assert enter("ada").device == enter("grace").device == device
    assert letters() == ["auth/new_device"] * 2


def test_the_row_does_not_hold_what_the_cookie_carries(ada):
    device = enter().device
    assert db.session.scalars(select(KnownDevice.token)).all() == [digest(device)]
    assert is_device(device)


@pytest.mark.parametrize("planted", ["x" * 43, "", ".", "a.b", "\ud800." + "0" * 32, new_device.__name__ * 50])
def test_a_browser_that_brings_somebody_elses_value_gets_one_of_its_own(ada, planted):
    at_browser(planted)
    device = enter().device
    assert device != planted
    assert is_device(device)


def test_20_browsers_are_known_and_the_one_unused_for_longest_leaves(ada):
    first, second = enter().device, enter().device
    at_browser(first)
    enter()
    at_browser()
    for _n in range(19):
        enter()
    known = set(db.session.scalars(select(KnownDevice.token)))
    assert len(known) == 20
    assert digest(first) in known
    assert digest(second) not in known


@pytest.mark.parametrize("way", ["link", "staff"])
def test_a_reset_forgets_every_browser(ada, way):
    enter()
    if way == "link":
        send_reset_link(user_id=ada.id)
        reset_password(token=link_of(ada), password=NEW)
    else:
        reset_account(actor=None, user=ada, reset=Reset(reason="Stolen"))
    assert count(KnownDevice) == 0


def test_guesses_elsewhere_never_slow_down_a_browser_of_the_owner(ada):
    device = enter().device
    at_browser()
    for wait in (0, 5, 10):
        pass_time(wait)
        fail(5 if wait == 0 else 1)
        with pytest.raises(TooFast):
            enter()
    at_browser(device, ip="198.51.100.1")
    enter()


def test_a_success_at_a_known_browser_does_not_free_the_guesses_elsewhere(ada):
    device = enter().device
    at_browser()
    fail(5)
    at_browser(device)
    enter()
    at_browser()
    with pytest.raises(TooFast):
        enter()


def test_a_known_browser_that_guesses_is_slowed_down_too(ada):
    at_browser(enter().device)
    fail(5)
    with pytest.raises(TooFast) as caught:
        enter()
    assert 1 <= caught.value.retry_after <= 5


def test_a_browser_known_to_somebody_else_is_a_stranger(ada):
    make_user("grace")
    at_browser(enter("grace").device)
    fail(5)
    with pytest.raises(TooFast):
        enter()
    at_browser(ip="198.51.100.1")
    with pytest.raises(TooFast):
        enter()


def test_20_guesses_after_a_wait_are_one_guess(app, ada):
    fail(5)
    pass_time(5)

    def guess(number):
        try:
            enter(password=f"guess {number}")
        except Invalid:
            return "compared"
        except TooFast:
            return "refused"

    results = together(app, 20, guess)
    assert (results.count("compared"), results.count("refused")) == (1, 19)


def test_the_wait_is_told_and_grows(ada):
    fail(4)
    for wait in (5, 10, 20):
        begun = now()
        fail()
        assert begun <= end_of_wait() - timedelta(seconds=wait) <= now()
        pass_time(-100)  # however slow the machine is, it is not over
        with pytest.raises(TooFast) as caught:
            enter()
        assert (end_of_wait() - now()).total_seconds() <= caught.value.retry_after <= wait + 100
        pass_time(wait + 100)


def end_of_wait():
    db.session.rollback()
    return db.session.scalar(select(RateLimit.reset_at).where(RateLimit.key.startswith("sign-in/"))) - QUIET
