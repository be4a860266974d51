"""Secrets that are encrypted."""

import pytest

from pythoughts.auth import sealing
from pythoughts.auth.sealing import seal, unseal


def test_what_is_sealed_can_be_read_again_and_is_not_plain(app):
    sealed = seal("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert unseal(sealed) == "JBSWY3DPEHPK3PXP"


@pytest.mark.parametrize("sealed", ["", "x", "ünklar", "gAAAAA=="])
def test_what_was_not_sealed_here_is_nothing(app, sealed):
    assert unseal(sealed) is None


def test_another_key_of_the_site_opens_nothing(app, monkeypatch):
    sealed = seal("JBSWY3DPEHPK3PXP")
    other = sealing._box("another key of another installation")
    monkeypatch.setattr(sealing, "_box", lambda _key: other)
    assert unseal(sealed) is None
