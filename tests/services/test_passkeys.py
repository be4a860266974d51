"""What passkeys answer, and what is no answer at all."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pythoughts.errors import Invalid
from pythoughts.services.passkeys import NewPasskey, check_use, names_in, options_to_make, options_to_use, read_new
from tests.auth.soft_passkey import SoftPasskey, b64, unb64

CHALLENGE = b"x" * 32
NOBODY = NewPasskey(b"id", b"key", 0)
SHALLOW = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
RESPONSE = st.fixed_dictionaries(
    {},
    optional={
        name: st.binary(max_size=80).map(b64) | SHALLOW
        for name in ("clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle")
    },
)
ANSWER = st.fixed_dictionaries(
    {"type": st.just("public-key") | SHALLOW, "id": st.just("aWQ") | SHALLOW, "rawId": st.just("aWQ") | SHALLOW},
    optional={"response": RESPONSE | SHALLOW},
)


def refused(act, answer):
    with pytest.raises(Invalid):
        act(answer)


def make(answer):
    return read_new(answer=answer, challenge=CHALLENGE)


def use(answer):
    return check_use(answer=answer, challenge=CHALLENGE, passkey=NOBODY)


@pytest.mark.parametrize("act", [make, use])
@pytest.mark.parametrize("answer", ["", "null", "[]", "7", "{", '"x"', "\ud800", "\x00", "[" * 9_000, "{}"])
def test_what_is_no_answer_is_refused(app, act, answer):
    refused(act, answer)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=ANSWER)
def test_whatever_else_is_sent_is_refused_and_breaks_nothing(app, answer):
    refused(make, json.dumps(answer))
    refused(use, json.dumps(answer))
    try:
        names_in(json.dumps(answer))
    except Invalid:
        return


@pytest.fixture
def phone(app):
    """A passkey of the site, and what the site keeps of it."""
    passkey = SoftPasskey()
    asked = options_to_make(challenge=CHALLENGE, user_id="ada", username="ada", known=[])
    return passkey, make(passkey.create(asked))


def test_an_answer_as_it_should_be_is_taken(phone):
    passkey, kept = phone
    answer = passkey.get(options_to_use(challenge=CHALLENGE))
    assert names_in(answer) == (kept.credential_id, "ada")
    assert check_use(answer=answer, challenge=CHALLENGE, passkey=kept) == kept.sign_count + 1


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature"])
def test_every_part_of_an_answer_counts(phone, part):
    passkey, kept = phone
    answer = json.loads(passkey.get(options_to_use(challenge=CHALLENGE)))
    content = bytearray(unb64(answer["response"][part]))
    content[-1] ^= 1
    answer["response"][part] = b64(bytes(content))
    refused(lambda said: check_use(answer=said, challenge=CHALLENGE, passkey=kept), json.dumps(answer))


def test_the_site_is_the_one_that_members_see(app):
    assert json.loads(options_to_use(challenge=CHALLENGE))["rpId"] == "localhost"
