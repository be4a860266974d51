"""What staff may do to pending proofs."""

import pytest

from pythoughts.auth.models import Verification
from pythoughts.auth.queries import find_link
from pythoughts.auth.use_cases import resend_code_to, revoke_verification, send_reset_link
from pythoughts.auth.use_cases.codes import send_code
from pythoughts.db import transaction
from pythoughts.errors import Conflict, NotAllowed, NotFound
from tests.auth.rows import acts, count, letters, link_of, proof_of
from tests.factories import make_user


@pytest.fixture
def priya(app):
    return make_user("priya", role="admin")


@pytest.fixture
def ada(app):
    return make_user("ada", verified=False)


def test_a_revoked_link_opens_nothing(priya, ada):
    send_reset_link(user_id=ada.id)
    token = link_of(ada)
    revoke_verification(actor=priya, verification_id=proof_of(ada, "reset-password").id)
    assert find_link(token) is None
    assert acts() == [("verification.revoke", None)]


@pytest.mark.parametrize("verification_id", ["", "nothing", "\x00"])
def test_what_is_not_there_cannot_be_revoked(priya, verification_id):
    with pytest.raises(NotFound):
        revoke_verification(actor=priya, verification_id=verification_id)


def test_a_code_is_mailed_again(priya, ada):
    with transaction() as database:
        send_code(database, ada)
    resend_code_to(actor=priya, user=ada)
    assert letters() == ["auth/verify_email"] * 2
    assert count(Verification) == 1
    assert acts() == [("verification.resend", None)]


def test_nobody_with_a_proven_address_needs_a_code(priya):
    with pytest.raises(Conflict):
        resend_code_to(actor=priya, user=make_user("bob"))


def test_moderators_may_not(ada):
    kenji = make_user("kenji", role="moderator")
    send_reset_link(user_id=ada.id)
    with pytest.raises(NotAllowed):
        revoke_verification(actor=kenji, verification_id=proof_of(ada, "reset-password").id)
    with pytest.raises(NotAllowed):
        resend_code_to(actor=kenji, user=ada)
    assert count(Verification) == 1
