"""Lists: closed by default, strict about addresses, the same rows forwards and backwards, few statements."""

from datetime import timedelta
from itertools import chain

import pytest
from sqlalchemy import delete, select, text

from pythoughts.access import Permission
from pythoughts.admin.asking import Asked
from pythoughts.admin.columns import both_ways
from pythoughts.admin.listing import ALLOW_LISTS, ListView
from pythoughts.auth.models import Session, User
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.errors import NotFound
from pythoughts.feed.models import Post
from pythoughts.i18n import _
from tests.admin.rows import shown, turn
from tests.factories import make_post, make_user, sign_in
from tests.statements import statements

LISTS = ("posts", "users", "sessions", "verifications", "outbox", "audit")
ROWS = 60  # three pages
POST_LINK = r'class="py-1[^"]*" href="/admin/posts/([\w-]+)"'
TICKED = r'name="chosen" value="([\w-]+)"'


class PlainView(ListView):
    """A list that says everything it has to say."""

    permission = Permission.USER_VIEW
    column_list = ("username",)
    column_details_list = ()
    column_searchable_list = ()
    column_filters = ()
    column_sortable_list = ("id",)
    column_export_list = ()
    orders = both_ways("id", User.id)

    def rows(self):
        """A name and its owner's key."""
        return select(User.id, User.username)


@pytest.mark.parametrize("name", ALLOW_LISTS)
def test_a_view_that_does_not_say_its_columns_does_not_start(app, name):
    rest = {key: value for key, value in vars(PlainView).items() if key != name and not key.startswith("__")}
    forgetful = type("Forgetful", (ListView,), rest)
    with pytest.raises(TypeError, match=f"does not say its {name}"):
        forgetful(User, _("Members"))


@pytest.mark.parametrize("column", [User.email, User.name.label("usernames"), User.email.label("e")])
def test_a_view_that_selects_more_than_it_lists_does_not_start(app, column):
    class Talkative(PlainView):
        """Shows what it should not."""

        def rows(self):
            """One column too many."""
            return select(User.id, User.username, column)

    with pytest.raises(TypeError, match="selects columns that are not listed"):
        Talkative(User, _("Members"))


def test_the_details_of_a_view_are_a_list_of_their_own(app):
    class Talkative(PlainView):
        """Shows more on the page of one row than it lists for it."""

        column_details_list = ("username",)

        def details(self):
            """One column too many."""
            return select(User.id, User.username, User.email)

    with pytest.raises(TypeError, match="email"):
        Talkative(User, _("Members"))


def test_a_view_that_sorts_by_something_unlisted_does_not_start(app):
    class Sorted(PlainView):
        """Sorts by what it does not show."""

        orders = both_ways("email", User.email)

    with pytest.raises(TypeError, match="sorts by columns that are not listed"):
        Sorted(User, _("Members"))


def test_an_empty_allow_list_means_nothing_at_all(app):
    view = PlainView(User, _("Members"))
    assert (view.get_export_columns(), view.get_details_columns()) == ([], [])
    assert list(view.scaffold_form()()) == []


@pytest.mark.parametrize("missing", ["rows", "search_for", "search_hint"])
def test_a_view_has_to_say_what_it_selects_and_finds(app, missing):
    view = PlainView(User, _("Members"))
    with pytest.raises(NotImplementedError):
        getattr(ListView, missing)(view, *(["words"] if missing == "search_for" else []))


def test_one_row_is_asked_for_within_the_scope_of_the_list(app, mira, kenji):
    class Staff(PlainView):
        """Staff only."""

        def scope(self):
            """Leaves members out."""
            return (User.role != "member",)

    view = Staff(User, _("Staff"))
    assert view.get_one(kenji.id).username == "kenji"
    with pytest.raises(NotFound):
        view.get_one(mira.id)
    order = view.orders["-id"]
    assert [row.username for row in view.get_list(Asked(order)).rows] == ["kenji"]
    assert view.get_count(Asked(order)) == 1


WRONG = (
    "x=1",
    "flt0_0=1",
    "page=2",
    "page=-1",
    "page_size=1000000",
    "id=1,2",
    "state=nonsense",
    "since=2026-13-01",
    "sort=email",
    "sort=created_at&sort=-created_at",
    "since=2026-01-01&since=2026-01-02",
    "after=%00",
    "after=~",
    "after=x~y~z",
    "before=" + "9" * 30 + "~x",
    "after=a&before=b",
    "search=" + "x" * 201,
    "search=%00",
    "search=%ED%A0%80%00",
)


@pytest.mark.parametrize("name", LISTS)
def test_an_address_that_means_nothing_is_refused(admin, name):
    answers = {wrong: admin.get(f"/admin/{name}/?{wrong}").status_code for wrong in WRONG}
    assert {wrong: status for wrong, status in answers.items() if status != 400} == {}


def test_fields_left_empty_narrow_nothing(admin, mira):
    make_post(mira, "Here")
    assert "Here" in admin.get("/admin/posts/?search=&state=&author=&since=&until=&sort=").text


@pytest.mark.parametrize("name", LISTS)
def test_every_list_can_be_sorted_both_ways(admin, name):
    column = "at" if name == "audit" else "created_at"
    assert 'aria-sort="descending"' in admin.get(f"/admin/{name}/").text
    assert 'aria-sort="ascending"' in admin.get(f"/admin/{name}/?sort={column}").text


def walk(client, url, rel, pattern):
    """The rows of every page on the way, in the order in which they were met."""
    pages = []
    while url:
        answer = client.get(url)
        assert answer.status_code == 200
        pages.append(shown(answer, pattern))
        last, url = url, turn(answer, rel)
    return pages, last


@pytest.fixture
def crowd(app):
    """60 people of whom every three joined at the same moment."""
    moment = now()
    return [
        make_user(f"member{n:02}", password=None, created_at=moment - timedelta(minutes=n // 3)) for n in range(ROWS)
    ]


@pytest.mark.parametrize(("sort", "backwards"), [("", False), ("created_at", True)])
def test_pages_lead_through_all_rows_and_back(admin, priya, crowd, sort, backwards):
    everybody = sorted([priya, *crowd], key=lambda person: (person.created_at, person.id), reverse=not backwards)
    pattern = r'href="/admin/users/([\w-]+)"'
    there, last = walk(admin, f"/admin/users/?sort={sort}", "next", pattern)
    assert list(chain(*there)) == [person.id for person in everybody]
    back, first = walk(admin, last, "prev", pattern)
    assert back[::-1] == there
    assert turn(admin.get(first), "prev") is None


def test_pages_by_a_time_that_many_share_lose_nobody(admin, mira):
    ends = now() + timedelta(days=3)
    with transaction() as session:
        session.add_all(Session(token=f"{n:064x}", user_id=mira.id, expires_at=ends) for n in range(ROWS))
    expected = db.session.scalars(
        select(Session.id).where(Session.user_id == mira.id).order_by(Session.expires_at, Session.id)
    ).all()
    there, last = walk(admin, "/admin/sessions/?sort=expires_at&member=mira", "next", TICKED)
    assert list(chain(*there)) == expected
    assert walk(admin, last, "prev", TICKED)[0][::-1] == there


def test_a_row_that_goes_meanwhile_shifts_no_page(moderator, mira):
    posts = [make_post(mira, f"No. {n}") for n in range(40)][::-1]
    first = moderator.get("/admin/posts/")
    with transaction() as session:
        session.execute(delete(Post).where(Post.id.in_([posts[24].id, posts[3].id])))
    second = moderator.get(turn(first, "next"))
    assert shown(second, POST_LINK) == [made.id for made in posts[25:]]


def test_a_page_whose_rows_are_gone_says_so(moderator, mira):
    posts = [make_post(mira) for _number in range(30)][::-1]
    beyond = turn(moderator.get("/admin/posts/"), "next")
    with transaction() as session:
        session.execute(delete(Post).where(Post.id.in_([made.id for made in posts[25:]])))
    assert "Nothing is left here" in moderator.get(beyond).text


def test_an_empty_list_and_a_vain_search_say_different_things(admin):
    assert "Nothing here yet" in admin.get("/admin/posts/").text
    vain = admin.get("/admin/posts/?search=nothing").text
    assert "Nothing matches" in vain
    assert 'href="/admin/posts/">Clear search and filters' in vain


def test_narrowing_is_kept_from_page_to_page(moderator, mira, kenji):
    for number in range(30):
        make_post(mira, f"apple {number}")
        make_post(kenji, f"apple by another {number}")
    first = moderator.get("/admin/posts/?search=apple&author=mira")
    second = moderator.get(turn(first, "next"))
    assert len(shown(first, POST_LINK) + shown(second, POST_LINK)) == 30
    assert "another" not in first.text + second.text


def test_counting_stops_where_nobody_needs_to_know(app, moderator, mira):
    fill = text(
        "insert into pythoughts (id, message, user_id) "
        "select to_char(n, 'FM00000000'), 'x', :author from generate_series(1, :rows) n"
    )
    with transaction() as session:
        session.execute(fill, {"author": mira.id, "rows": 10_000})
    assert "10,000 entries" in moderator.get("/admin/posts/").text
    for _number in range(3):
        make_post(mira)
    assert "10,000+ entries" in moderator.get("/admin/posts/").text
    view = next(view for view in app.extensions["admin"][0]._views if view.endpoint == "admin_posts")
    assert view.get_count(Asked(view.orders["-created_at"])) == 10_001


def test_one_entry_is_counted_in_the_singular(moderator, mira):
    make_post(mira)
    assert "1 entry" in moderator.get("/admin/posts/").text


@pytest.mark.parametrize("name", LISTS)
def test_a_full_list_asks_the_database_at_most_six_times(app, admin, name):
    for number in range(30):
        person = make_user(f"member{number:02}", password=None)
        make_post(person)
        sign_in(app.test_client(), person)
    with statements() as sent:
        assert admin.get(f"/admin/{name}/").status_code == 200
    assert len(sent) <= 6
