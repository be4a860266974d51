"""Who gets where: the rules that hold for every address, whatever it shows."""

from datetime import timedelta

import pytest

from pythoughts.access import GRANTS, Permission, Role, public
from pythoughts.auth.models import PendingEmailChange, Purpose
from pythoughts.auth.tokens import link_token, undo_token
from pythoughts.auth.use_cases.links import make_link
from pythoughts.clock import now
from pythoughts.db import transaction
from tests.factories import make_post, make_user, sign_in
from tests.guards import routes

METHODS = ("GET", "POST")


def behind_sign_in(app):
    for method in METHODS:
        for rule in routes.rules(app, method):
            if routes.access_of(app, rule) not in {"public", None}:
                yield method, rule


def staff_only(app):
    for method, rule in behind_sign_in(app):
        access = routes.access_of(app, rule)
        if access != "members":
            yield method, rule, Permission(access)


def test_every_route_declares_who_may_reach_it(app):
    assert routes.undeclared(app) == []


def test_an_undeclared_route_is_seen_and_refused(spare_app):
    spare_app.add_url_rule("/open", "open", lambda: "hello")
    assert routes.undeclared(spare_app) == ["/open"]
    assert spare_app.test_client().get("/open").status_code == 403


def test_visitors_are_sent_to_sign_in(app, client):
    wrong = []
    for method, rule in behind_sign_in(app):
        answer, seen = routes.visit(client, method, routes.address(app, rule))
        if answer.status_code != 303 or not answer.location.startswith("/sign-in") or seen:
            wrong.append(f"{method} {rule.rule} {answer.status_code} {answer.location} {seen}")
    assert wrong == []


def test_to_members_the_back_office_does_not_exist(app, client):
    sign_in(client, make_user("ada"))
    answers = {
        f"{method} {rule.rule}": routes.visit(client, method, routes.address(app, rule))[0].status_code
        for method, rule, _permission in staff_only(app)
    }
    assert {key: status for key, status in answers.items() if status != 404} == {}


def test_moderators_are_refused_what_their_role_does_not_grant(app, client):
    sign_in(client, make_user("kenji", role="moderator"))
    answers = {
        f"{method} {rule.rule}": routes.visit(client, method, routes.address(app, rule))[0].status_code
        for method, rule, permission in staff_only(app)
        if permission not in GRANTS[Role.MODERATOR]
    }
    assert {key: status for key, status in answers.items() if status != 403} == {}


@pytest.fixture
def known(app):
    """Links and places that exist: without one its page has no form."""
    leila = make_user("leila")
    kept = {"old_email": leila.email, "old_verified": True, "new_email": "l@example.org", "nonce": "n"}
    times = {"expires_at": now(), "changed_at": now(), "undo_until": now() + timedelta(hours=1)}
    with transaction() as session:
        change = PendingEmailChange(user_id=leila.id, undo_nonce="u", **kept, **times)
        session.add(change)
        link = make_link(session, leila, Purpose.RESET_PASSWORD)
        places = {"/posts/": make_post(leila).id, "/user/": leila.username}
        return {"token": link_token(link), "/email-undo/": undo_token(change), **places}


@pytest.mark.parametrize("role", list(Role))
def test_a_form_without_a_token_is_refused_and_writes_nothing(app, client, known, role):
    sign_in(client, make_user(role, role=role))
    allowed = {"public", "members", *GRANTS[role]}
    wanted = [rule for rule in routes.rules(app, "POST") if routes.access_of(app, rule) in allowed]
    assert routes.forgeable_posts(app, client, wanted, known) == []


def test_a_visitors_form_without_a_token_is_refused(app, client, known):
    wanted = [rule for rule in routes.rules(app, "POST") if routes.access_of(app, rule) == "public"]
    assert routes.forgeable_posts(app, client, wanted, known) == []


def test_a_route_without_protection_is_seen(spare_app):
    @public
    def careless():
        make_user("mallory", password=None)
        return "done"

    spare_app.add_url_rule("/careless", "careless", careless, methods=["POST"])
    spare_app.config["WTF_CSRF_METHODS"] = set()
    wanted = [rule for rule in routes.rules(spare_app, "POST") if rule.rule == "/careless"]
    (found,) = routes.forgeable_posts(spare_app, spare_app.test_client(), wanted, {})
    assert found.startswith("/careless 200 ['INSERT INTO")
