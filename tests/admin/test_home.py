"""The first page: numbers that lead to exactly what they count, what waits, and what was done last."""

import re
from datetime import UTC, datetime, time

import pytest
from sqlalchemy import update

from pythoughts.audit.models import AuditLog
from pythoughts.auth.models import User
from pythoughts.auth.use_cases import Reset, reset_account
from pythoughts.db import id_at, transaction
from pythoughts.feed.use_cases import remove_post
from pythoughts.mail.models import OutboxMail
from pythoughts.moderation.models import Category, Outcome, Report, ReviewItem
from pythoughts.statistics.days import ONE, today
from pythoughts.statistics.use_cases import count_all
from tests.factories import make_post, make_user
from tests.statements import statements

CARD = r'<(?:a|div) class="kpi"(?: href="([^"]+)")?>(.*?)</(?:a|div)>'
LABEL, NUMBER = r"text-muted-foreground\">([^<]+)<", r'<span class="v[^"]*">([^<]+)<'


def cards(client, query="") -> dict[str, tuple[str, str]]:
    """Address and number of each card, by its label."""
    answer = client.get(f"/admin/?{query}")
    assert answer.status_code == 200
    found = re.findall(CARD, answer.text, re.DOTALL)
    return {re.search(LABEL, body)[1]: (url.replace("&amp;", "&"), re.search(NUMBER, body)[1]) for url, body in found}


def moment(days_ago):
    return datetime.combine(today() - ONE * days_ago, time(9, tzinfo=UTC))


def post_of(author, days_ago, **columns):
    at = moment(days_ago)
    return make_post(author, id=id_at(at, hash(author.id) & 0xFFFF), created_at=at, **columns)


@pytest.fixture
def history(app, priya, kenji):
    """Something of everything inside the period, at both of its edges, and outside of it."""
    with transaction() as session:
        session.execute(update(User).values(created_at=moment(200)))
    people = [make_user(f"person{number}", created_at=moment(number)) for number in (0, 1, 30, 31, 60, 61)]
    for person, days_ago in zip(people, (0, 1, 30, 31, 60, 61), strict=True):
        post_of(person, days_ago)
    post_of(kenji, 5)
    post_of(kenji, 9)
    with transaction() as session:
        acts = [(name, day) for name in ("post.remove", "post.restore") for day in (0, 1, 30, 31)]
        session.add_all(AuditLog(at=moment(day), action=name, target_type="post", target_id="p") for name, day in acts)
        for number, day in enumerate((0, 1, 30, 31)):
            item = ReviewItem(person_id=people[number].id)
            session.add(item)
            session.flush()
            outcome = (Outcome.OPEN, Outcome.GONE, Outcome.AGREED, Outcome.DISAGREED)[number]
            decided = None if outcome == Outcome.OPEN else moment(1)
            session.add(
                Report(
                    id=id_at(moment(day), number), item_id=item.id, reporter_id=kenji.id, category=Category.SPAM,
                    outcome=outcome, decided_at=decided, created_at=moment(day),
                )
            )  # fmt: skip
    count_all()


NUMBERS = {
    "Sign-ups": "2",
    "Active people": "3",
    "Thoughts": "4",
    "Removals": "2",
    "Reports opened": "2",
    "Reports resolved": "2",
}


def test_what_a_card_counts_is_what_its_link_lists(admin, history):
    found = cards(admin)
    for label, number in NUMBERS.items():
        url, shown = found[label]
        assert (label, shown) == (label, number)
        assert re.search(rf'<p class="[^"]*">{number} entr', admin.get(url).text), label


def test_a_longer_period_counts_more(admin, history):
    found = cards(admin, "days=90")
    assert (found["Sign-ups"][1], found["Active people"][1], found["Thoughts"][1]) == ("5", "6", "7")
    first, last = today() - ONE * 90, today() - ONE
    assert found["Active people"][0] == f"/admin/users/?wrote={first}..{last}"


def test_a_change_is_told_by_the_period_before(admin, history):
    page = admin.get("/admin/").text
    assert re.findall(r'class="delta ?(\w*)">.*?</svg>\+(\d+) %', page, re.DOTALL) == [
        ("up", "50"),
        ("up", "100"),
        ("", "100"),
        ("down", "100"),
    ]


def test_charts_have_names_and_tables(admin, history):
    page = admin.get("/admin/").text
    for words in (
        "Thoughts and replies a day, last 30 full days</title>",
        "Reports opened and resolved a day, last 30 full days</title>",
        "A table with all days follows.</desc>",
        "Show as table",
    ):
        assert words in page
    assert page.count('class="chart"') == 4
    assert " style=" not in page


def test_before_the_first_count_the_page_says_so(admin):
    page = admin.get("/admin/").text
    assert "Nothing was counted yet" in page
    assert 'class="chart"' not in page


@pytest.mark.parametrize("days", ["", "7", "030", "x", "-30", "30,90"])
def test_a_period_that_is_not_offered_is_refused(admin, days):
    assert admin.get(f"/admin/?days={days}").status_code == 400


def test_what_waits_is_counted_now_and_listed_behind(admin, kenji, mira):
    make_post(mira, state="held")
    make_post(mira)
    with transaction() as session:
        session.add_all([OutboxMail(template="a/b"), OutboxMail(template="a/b", state="failed")])
        item = ReviewItem(person_id=mira.id)
        session.add(item)
        session.flush()
        session.add(Report(item_id=item.id, reporter_id=kenji.id, category=Category.SPAM))
    found = cards(admin)
    assert found["Waiting for review"] == ("/admin/review/", "1")
    for label in ("Open reports", "Held thoughts", "Failed mails"):
        url, number = found[label]
        assert number == "1"
        assert ">1 entry<" in admin.get(url).text


def test_moderators_see_what_they_may_open_and_numbers_without_links(moderator, history):
    found = cards(moderator)
    assert found["Removals"] == ("", "2")
    assert found["Sign-ups"][0].startswith("/admin/users/")
    assert "Failed mails" not in found
    assert {moderator.get(url).status_code for url, _number in found.values() if url} == {200}


def test_moderators_hear_of_posts_and_admins_of_everything(admin, moderator, priya, kenji, mira):
    made = make_post(mira)
    remove_post(actor=kenji, post_id=made.id, reason="Off topic")
    reset_account(actor=priya, user=mira, reset=Reset(reason="Asked by phone"))
    assert "Off topic" in moderator.get("/admin/").text
    assert "Asked by phone" not in moderator.get("/admin/").text
    assert "Asked by phone" in admin.get("/admin/").text


def test_the_first_page_asks_the_database_at_most_twelve_times(admin, history):
    with statements() as sent:
        admin.get("/admin/")
    assert len(sent) <= 12


def test_an_address_that_is_not_there_leads_back_to_the_desk(moderator):
    assert 'href="/admin/">Back to admin<' in moderator.get("/admin/posts/nothing-here").text
    assert "Back to admin" not in moderator.get("/nothing-here").text
