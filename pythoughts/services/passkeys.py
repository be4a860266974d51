"""Passkeys (WebAuthn): what browsers are asked for, and whether what they answer holds.

The site is the one that members see, PUBLIC_URL, never the Host header: a passkey made here works nowhere else. The
library is imported where it is needed: it takes half a second and 20 MB, which most processes never need.
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from pythoughts.config import current_settings
from pythoughts.errors import Invalid
from pythoughts.i18n import _

SITE_NAME = "Pythoughts"
PATIENCE = 300_000  # milliseconds that a browser waits for a finger or a PIN
CREDENTIAL_ID_MAX = 1_023  # bytes (WebAuthn, 4: credential id)


@dataclass(frozen=True)
class NewPasskey:
    """What is kept of a passkey: its name among all, the key that checks it, and how often it was used."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def options_to_make(*, challenge: bytes, user_id: str, username: str, known: Sequence[bytes]) -> str:
    """JSON for `navigator.credentials.create`: a passkey that is found without a name and asks for finger or PIN."""
    import webauthn  # noqa: PLC0415
    from webauthn.helpers import structs  # noqa: PLC0415

    required = structs.UserVerificationRequirement.REQUIRED
    options = webauthn.generate_registration_options(
        rp_id=_host(),
        rp_name=SITE_NAME,
        user_id=user_id.encode(),
        user_name=username,
        challenge=challenge,
        timeout=PATIENCE,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED, user_verification=required
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=each) for each in known],
    )
    return webauthn.options_to_json(options)


def options_to_use(*, challenge: bytes, known: Sequence[bytes] = ()) -> str:
    """JSON for `navigator.credentials.get`: one of the `known` passkeys, or any of this site, with finger or PIN."""
    import webauthn  # noqa: PLC0415
    from webauthn.helpers import structs  # noqa: PLC0415

    required = structs.UserVerificationRequirement.REQUIRED
    options = webauthn.generate_authentication_options(
        rp_id=_host(),
        challenge=challenge,
        timeout=PATIENCE,
        allow_credentials=[structs.PublicKeyCredentialDescriptor(id=each) for each in known],
        user_verification=required,
    )
    return webauthn.options_to_json(options)


def read_new(*, answer: str, challenge: bytes) -> NewPasskey:
    """The passkey that a browser has made.

    Raises:
        Invalid: it was made for another challenge or site, or nobody proved to be there.
    """
    import webauthn  # noqa: PLC0415

    with _refusing():
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=current_settings().public_url,
            require_user_verification=True,
        )
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count)


def check_use(*, answer: str, challenge: bytes, passkey: NewPasskey) -> int:
    """How often the passkey says that it has been used now.

    Raises:
        Invalid: the answer is not the passkey's, is for another challenge or site, was given before, or nobody proved
            to be there.
    """
    import webauthn  # noqa: PLC0415

    with _refusing():
        used = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=current_settings().public_url,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    return used.new_sign_count


def names_in(answer: str) -> tuple[bytes, str | None]:
    """Which passkey answers, and whose it says it is; nothing of it is proven yet.

    Raises:
        Invalid: it is no answer at all.
    """
    with _refusing():
        said = json.loads(answer)
        owner = said["response"].get("userHandle")
        return _bytes(said["rawId"])[:CREDENTIAL_ID_MAX], _bytes(owner).decode() if owner else None


def refusal() -> Invalid:
    """One sentence for every passkey that does not fit."""
    return Invalid(_("That passkey was not accepted. Try again, or sign in another way."))


@contextmanager
def _refusing() -> Iterator[None]:
    """Whatever is wrong with an answer, it is refused with the same sentence."""
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    try:
        yield
    except (WebAuthnException, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise refusal() from None


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _host() -> str:
    return urlsplit(current_settings().public_url).hostname or ""
