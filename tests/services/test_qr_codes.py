"""Square codes."""

from pythoughts.services.qr_codes import qr_picture


def test_the_picture_obeys_the_content_security_policy():
    picture = qr_picture("otpauth://totp/<script>")
    assert picture.startswith("<svg ")
    for forbidden in ("style", "data:", "<script", "<?xml", "otpauth"):
        assert forbidden not in picture


def test_another_text_is_another_picture():
    assert qr_picture("a") != qr_picture("b")
