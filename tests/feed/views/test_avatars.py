"""The generated pictures."""

from tests.statements import statements


def test_an_avatar_asks_nothing_and_is_kept_for_ever(visitor, mine):
    with statements() as asked:
        answer = mine.get("/avatar/0198-ada/3.svg")
    assert asked == []
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.vary
    again = visitor.get("/avatar/0198-ada/3.svg", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
