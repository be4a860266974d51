"""The factory."""

from pythoughts.web import avatar_url


def test_every_answer_carries_a_request_id(client):
    assert len(client.get("/nowhere").headers["X-Request-ID"]) >= 8


def test_a_good_incoming_request_id_is_kept(client):
    answer = client.get("/nowhere", headers={"X-Request-ID": "abcDEF-12345"})
    assert answer.headers["X-Request-ID"] == "abcDEF-12345"


def test_a_bad_incoming_request_id_is_replaced(client):
    answer = client.get("/nowhere", headers={"X-Request-ID": "<script>alert(1)"})
    assert answer.headers["X-Request-ID"] != "<script>alert(1)"


def test_the_address_of_a_picture_is_the_one_that_serves_it(app):
    endpoint, values = app.url_map.bind("localhost").match(avatar_url("0190-abc_DEF", 3))
    assert (endpoint, values) == ("avatars.drawn", {"user_id": "0190-abc_DEF", "version": 3})
