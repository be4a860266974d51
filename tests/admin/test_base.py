"""The frame: only marked pages exist, none is cached, none brings anything of Flask-Admin's along."""

import re
from datetime import timedelta

import pytest
from flask_admin import expose
from flask_admin.contrib.sqla import ModelView

from pythoughts.access import Permission
from pythoughts.admin.base import Page, ahead, page
from pythoughts.clock import now
from tests.factories import csrf_token, make_post, sign_in

LISTS = ("posts", "users", "sessions", "verifications", "outbox", "audit")
STOCK = [
    (method, url.replace("<export_type>", "csv"))
    for url, _name, methods in ModelView._urls
    for method in methods
    if url != "/"
]


@pytest.mark.parametrize("name", LISTS)
def test_no_page_of_flask_admins_own_exists(admin, name):
    found = {
        (method, url): admin.open(f"/admin/{name}{url}", method=method, query_string={"id": "x"}).status_code
        for method, url in STOCK
    }
    assert {key: status for key, status in found.items() if status not in {404, 405}} == {}


def test_flask_admins_files_are_not_served(app, admin):
    assert [rule.rule for rule in app.url_map.iter_rules() if "static" in rule.endpoint] == []
    assert admin.get("/admin/static/admin/js/form.js").status_code == 404


def test_pages_bring_only_our_own_scripts_and_styles(admin):
    for name in LISTS:
        html = admin.get(f"/admin/{name}/").text
        assert set(re.findall(r'<(?:script|link)[^>]* (?:src|href)="(/[^/"]+/[^/"]+)', html)) == {"/static/build"}


@pytest.mark.parametrize("url", ["/admin/", "/admin/users/", "/admin/users/nobody"])
def test_no_page_is_kept_in_any_cache(admin, url):
    assert admin.get(url).headers["Cache-Control"] == "no-store"


def test_the_chosen_theme_reaches_the_back_office(admin):
    admin.set_cookie("theme", "dark")
    assert 'data-theme="dark"' in admin.get("/admin/posts/").text


def test_the_menu_shows_what_the_reader_may_open(admin, moderator):
    def menu(client):
        side = client.get("/admin/").text.partition('<aside class="side"')[2].partition("</aside>")[0]
        return re.findall(r'class="side-link" href="(/admin/[^"]*)"', side)

    people, content = ("users", "sessions", "verifications"), ("reports", "posts", "words")
    system = ("jobs", "outbox", "audit", "settings", "health")
    assert menu(moderator) == ["/admin/", *(f"/admin/{name}/" for name in ("review", "users", *content))]
    assert menu(admin) == ["/admin/", *(f"/admin/{name}/" for name in ("review", *people, *content, *system))]


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(minutes=-1), "over"),
        (timedelta(0), "over"),
        (timedelta(minutes=58, seconds=30), "in 58m"),
        (timedelta(hours=3, minutes=30), "in 3h"),
        (timedelta(days=6, hours=1), "in 6d"),
    ],
)
def test_what_lies_ahead_is_told_as_people_say_it(app, left, words):
    assert ahead(now() + left) == words


class Strange(Page):
    """A page that fails, and one that nobody marked."""

    permission = Permission.DESK_OPEN
    runs = 0

    @page("/")
    def index(self):
        """Fail as a typing mistake would."""
        type(self).runs += 1
        raise TypeError("first message")

    @expose("/open")
    def open(self):
        """Answer whoever asks."""
        return "open"


@pytest.fixture
def strange(spare_app, priya):
    """A browser at an app with a strange page."""
    Strange.runs = 0
    spare_app.extensions["admin"][0].add_view(Strange(name="Strange", endpoint="strange", url="strange"))
    return sign_in(spare_app.test_client(), priya)


def test_a_failing_page_is_run_once(strange):
    assert strange.get("/admin/strange/").status_code == 500
    assert Strange.runs == 1


def test_an_unmarked_page_has_no_address(strange):
    assert strange.get("/admin/strange/open").status_code == 404


def test_a_form_without_a_token_comes_back_filled_in(moderator, mira):
    url = f"/admin/posts/{make_post(mira).id}/remove"
    answer = moderator.post(url, data={"reason": "Typed with care", "csrf_token": "stale"})
    assert answer.status_code == 400
    assert "Typed with care" in answer.text


def test_a_forged_form_learns_nothing(moderator, mira):
    make_post(mira)
    answers = [moderator.post(f"/admin/posts/{key}/remove").status_code for key in ("x", make_post(mira).id)]
    assert answers == [400, 400]


def test_a_signed_form_is_told_what_is_missing(moderator):
    answer = moderator.post("/admin/posts/x/remove", data={"csrf_token": csrf_token(moderator)})
    assert answer.status_code == 404
