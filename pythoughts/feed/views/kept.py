"""Words that somebody sent who is signed out by now: a cookie takes them through the sign-in, JavaScript or not."""

import binascii
import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode

from flask import current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

COOKIE = "unsent"
COOKIE_AGE = 15 * 60  # seconds: long enough to sign in, short enough for a machine that is shared
COOKIE_MAX = 3_800  # characters; browsers take 4,096 bytes with name and attributes
WORDS_MAX = 64 * 1024  # bytes, as a form may have; what unpacks to more is no cookie of ours


def carries_words() -> bool:
    """Whether this form would be lost if its sender were just led to the sign-in."""
    return bool(request.form.get("message"))


def keep_words(page: str, *, is_sound: bool) -> Response:
    """Lead to the sign-in and from there to `page`, with the words of this form; else show them to be copied.

    Args:
        page: the path where they were to be written.
        is_sound: whether the form's token was right; another site may not leave words here.
    """
    words = request.form["message"]
    packed = _packed(page, words)
    sign_in = url_for("auth.sign_in", next=page)
    is_ours = is_sound or request.headers.get("Sec-Fetch-Site") == "same-origin"
    if not is_ours or len(packed) > COOKIE_MAX:
        return make_response(render_template("feed/unsent.html", words=words, sign_in=sign_in), 422)
    response = redirect(sign_in, code=303)
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(COOKIE, packed, max_age=COOKIE_AGE, samesite="Lax", httponly=True, secure=secure)
    return response


def kept_words() -> str:
    """What was kept for the page that is asked for; empty when nothing was."""
    try:
        unpacker = zlib.decompressobj()
        page, words = json.loads(unpacker.decompress(urlsafe_b64decode(request.cookies.get(COOKIE, "")), WORDS_MAX))
    except (binascii.Error, zlib.error, ValueError, TypeError):
        return ""
    return words if page == request.path and isinstance(words, str) else ""


def forget_words(response: Response) -> Response:
    """They have arrived."""
    if COOKIE in request.cookies:
        response.delete_cookie(COOKIE)
    return response


def _packed(page: str, words: str) -> str:
    return urlsafe_b64encode(zlib.compress(json.dumps([page, words]).encode())).decode()
