"""The first page: figures that lead to what they count, and what was done last."""

from pythoughts.auth.use_cases import Reset, reset_account
from pythoughts.db import transaction
from pythoughts.feed.use_cases import remove_post
from pythoughts.mail.models import OutboxMail
from tests.admin.rows import shown
from tests.factories import make_post
from tests.statements import statements

FIGURE = r'<a class="kpi" href="([^"]+)">.*?<span class="v[^"]*">([^<]+)</span>'


def figures(client) -> dict[str, str]:
    answer = client.get("/admin/")
    assert answer.status_code == 200
    return dict(shown(answer, FIGURE.replace(".*?", r"[\s\S]*?")))


def test_figures_count_what_the_lists_behind_them_show(admin, mira, kenji):
    make_post(mira)
    removed = make_post(mira)
    remove_post(actor=kenji, post_id=removed.id, reason="Spam")
    with transaction() as session:
        session.add_all([OutboxMail(template="a/b"), OutboxMail(template="a/b", state="failed")])
    found = figures(admin)
    assert found == {
        "/admin/review/": "0",
        "/admin/users/": "3",
        "/admin/posts/?state=live": "1",
        "/admin/sessions/?state=open": "1",
        "/admin/outbox/?state=queued": "1",
        "/admin/outbox/?state=failed": "1",
    }
    for address in found:
        assert admin.get(address).status_code == 200


def test_moderators_see_the_figures_of_lists_that_they_may_open(moderator, mira):
    assert set(figures(moderator)) == {"/admin/review/", "/admin/users/", "/admin/posts/?state=live"}


def test_moderators_hear_of_posts_and_admins_of_everything(admin, moderator, priya, kenji, mira):
    made = make_post(mira)
    remove_post(actor=kenji, post_id=made.id, reason="Off topic")
    reset_account(actor=priya, user=mira, reset=Reset(reason="Asked by phone"))
    assert "Off topic" in moderator.get("/admin/").text
    assert "Asked by phone" not in moderator.get("/admin/").text
    assert "Asked by phone" in admin.get("/admin/").text


def test_the_first_page_asks_the_database_at_most_twelve_times(admin):
    with statements() as sent:
        admin.get("/admin/")
    assert len(sent) <= 12


def test_an_address_that_is_not_there_leads_back_to_the_desk(moderator):
    assert 'href="/admin/">Back to admin<' in moderator.get("/admin/posts/nothing-here").text
    assert "Back to admin" not in moderator.get("/nothing-here").text
