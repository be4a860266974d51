"""The review queue: what waits, in which order, decided once, with everything around it, and undone."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from pythoughts.admin.queue import PAGE_SIZE
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.feed.models import PostState
from pythoughts.feed.use_cases import create_post, remove_post
from pythoughts.moderation.models import Report, ReviewItem
from pythoughts.moderation.use_cases import claim, report_person, report_post
from pythoughts.words.use_cases import add_word
from tests.admin.rows import HTMX, acts, shown, state_of, turn
from tests.factories import make_post, make_user, post, sign_in
from tests.statements import statements

ROW = r'class="q-row" href="/admin/review/([\w-]+)'
CURRENT = r'class="q-row" href="/admin/review/([\w-]+)[^>]*aria-current="true"'
SIZE = r'<p class="mt-0\.5 text-mini[^"]*">([^<]*)</p>'
CHIP = r'<a class="chip" href="([^"]+)"[^>]*>([^<]+) <span class="num[^"]*">([^<]+)</span>'
VERSION = r'name="version" value="(\d+)"'


@pytest.fixture
def ada(app):
    """Somebody who reports."""
    return make_user("ada")


def reported(reporter, made, category="spam", details=""):
    report_post(actor=reporter, post_id=made.id, category=category, details=details)
    return item_of(made)


def item_of(made):
    found = select(ReviewItem).where((ReviewItem.post_id == made.id) | (ReviewItem.person_id == made.id))
    return db.session.scalars(found.execution_options(populate_existing=True)).one()


def listed(client, query=""):
    answer = client.get(f"/admin/review/{query}")
    assert answer.status_code == 200
    return shown(answer, ROW)


def say(client, item, verdict, query="", headers=None, **fields):
    data = {"version": item.version, "verdict": verdict, "reason": "Spam or scam", **fields}
    return post(client, f"/admin/review/{item.id}/decide{query}", data, headers=headers)


def test_the_gravest_come_first_and_of_equals_the_oldest(moderator, mira, ada):
    spam, threat, later = (make_post(mira, text) for text in ("a", "b", "c"))
    items = [reported(ada, spam), reported(ada, threat, "violence"), reported(ada, later)]
    assert listed(moderator) == [items[1].id, items[0].id, items[2].id]


def test_the_first_item_stands_open_with_everything_around_it(moderator, mira, ada, kenji):
    for _number in range(2):
        remove_post(actor=kenji, post_id=make_post(mira).id, reason="Sold watches before")
    root = make_post(kenji, "What do you all read?")
    item = reported(ada, make_post(mira, "Buy my watches.", reply_to=root), details="The same as yesterday")
    for agreed in (True, True, False):
        decided = reported(ada, make_post(mira, "Earlier."))
        with transaction():
            row = db.session.scalars(select(Report).where(Report.item_id == decided.id)).one()
            row.outcome = "agreed" if agreed else "disagreed"
            db.session.get(ReviewItem, decided.id).state = "decided"
    page = moderator.get("/admin/review/").text
    for told in (
        "What do you all read?",
        "Buy my watches.",
        "The same as yesterday",
        "2 of 3 agreed",
        "Sold watches before",
        "Spam or scam",
        "1 report",
    ):
        assert told in page
    assert re.search(r"Removed before</dt><dd[^>]*>2<", page)
    assert shown(moderator.get(f"/admin/review/{item.id}"), CURRENT) == [item.id]


def test_a_fragment_is_only_the_item(moderator, mira, ada):
    item = reported(ada, make_post(mira, "Buy my watches."))
    answer = moderator.get(f"/admin/review/{item.id}", headers=HTMX)
    assert "<!doctype" not in answer.text
    assert "Buy my watches." in answer.text
    assert shown(answer, ROW) == []


def test_an_empty_queue_says_so(moderator):
    assert "The queue is empty" in moderator.get("/admin/review/").text


def test_chips_count_what_they_lead_to(moderator, kenji, mira, ada):
    add_word(actor=kenji, word="spam", action="hold")
    create_post(author=mira, message="spam")
    item = reported(ada, make_post(mira))
    reported(ada, make_post(mira), "private")
    report_person(actor=ada, username="mira", category="spam")
    claim(actor=kenji, item_id=item.id)
    chips = {
        label: (address, number) for address, label, number in re.findall(CHIP, moderator.get("/admin/review/").text)
    }
    counts = {label: int(number) for label, (_address, number) in chips.items()}
    assert counts == {
        "All": 4,
        "Spam or scam": 2,
        "Private information": 1,
        "Watched word": 1,
        "Held": 1,
        "Members": 1,
        "Claimed by me": 1,
    }
    for address, number in chips.values():
        assert len(listed(moderator, address.removeprefix("/admin/review/"))) == int(number)


def test_the_queue_is_narrowed_to_a_person(moderator, mira, ada):
    item = reported(ada, make_post(mira))
    reported(ada, make_post(make_user("zoe")))
    report_person(actor=ada, username="mira", category="other")
    about = item_of(mira)
    for author in ("mira", "@Mira", mira.id):
        answer = moderator.get("/admin/review/", query_string={"author": author})
        assert shown(answer, ROW) == [item.id, about.id]
        assert "2 waiting" in shown(answer, SIZE)[0]


@pytest.mark.parametrize(
    "query", ["kind=nonsense", "what=1", "after=x", "after=1~2", "kind=spam&kind=spam", "author=a b"]
)
def test_an_address_that_means_nothing_is_refused(moderator, query):
    assert moderator.get(f"/admin/review/?{query}").status_code == 400


def test_the_queue_is_walked_forth_and_back(moderator, mira, ada):
    with transaction() as session:
        for number in range(2 * PAGE_SIZE + 3):
            made = make_post(mira, f"number {number}")
            opened = now() - timedelta(minutes=number % 7)
            session.add(ReviewItem(post_id=made.id, score=number % 5, opened_at=opened))
    pages, answer = [], moderator.get("/admin/review/")
    while True:
        pages.append(shown(answer, ROW))
        if not (following := turn(answer, "next")):
            break
        answer = moderator.get(following)
    seen = [key for found in pages for key in found]
    order = select(ReviewItem.id).order_by(ReviewItem.score.desc(), ReviewItem.opened_at, ReviewItem.id)
    assert ([len(found) for found in pages], seen) == ([25, 25, 3], list(db.session.scalars(order)))
    back = moderator.get(turn(answer, "prev"))
    assert shown(back, ROW) == pages[1]
    assert shown(moderator.get(turn(back, "prev")), ROW) == pages[0]


def test_nobody_sees_what_is_about_them_or_their_equals(moderator, admin, kenji, priya, ada):
    items = [reported(ada, make_post(person)) for person in (kenji, priya)]
    report_person(actor=ada, username="kenji", category="other")
    assert listed(moderator) == []
    for item in items:
        assert moderator.get(f"/admin/review/{item.id}").status_code == 404
        assert say(moderator, item, "approve").status_code == 404
    assert set(listed(admin)) == {items[0].id, item_of(kenji).id}


@pytest.mark.parametrize(
    ("verdict", "state", "told"),
    [
        ("approve", "live", "Approved."),
        ("remove", "removed", "Removed."),
        ("ignore", "live", "Ignored."),
        ("agree", "live", "Agreed."),
    ],
)
def test_a_decision_leads_to_the_item_that_follows(moderator, mira, ada, verdict, state, told):
    first, second, third = (reported(ada, made) for made in [make_post(mira, str(number)) for number in range(3)])
    answer = say(moderator, second, verdict)
    assert (answer.status_code, answer.location) == (303, f"/admin/review/{third.id}")
    page = moderator.get(answer.location)
    assert told in page.text
    assert shown(page, ROW) == [first.id, third.id]
    assert db.session.scalar(text("select state from pythoughts where id = :id"), {"id": second.post_id}) == state
    assert say(moderator, third, verdict).location == f"/admin/review/{first.id}"
    assert say(moderator, first, verdict).location == "/admin/review/"


def test_the_next_item_is_rather_one_that_nobody_looks_at(moderator, priya, mira, ada):
    first, second, third = (reported(ada, made) for made in [make_post(mira, str(number)) for number in range(3)])
    claim(actor=priya, item_id=second.id)
    assert say(moderator, first, "approve").location == f"/admin/review/{third.id}"


def test_a_decision_stays_where_the_queue_was_narrowed(moderator, mira, ada):
    first, second = (reported(ada, made) for made in [make_post(mira, str(number)) for number in range(2)])
    answer = say(moderator, first, "approve", "?kind=spam&author=mira")
    assert answer.location == f"/admin/review/{second.id}?kind=spam&author=mira"


def test_a_fragment_brings_the_next_item_and_a_message_with_undo(moderator, mira, ada):
    first, second = (reported(ada, made) for made in [make_post(mira, str(number)) for number in range(2)])
    answer = say(moderator, first, "remove", headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Replace-Url"]) == (200, f"/admin/review/{second.id}")
    assert (shown(answer, ROW), shown(answer, CURRENT)) == ([second.id], [second.id])
    message = answer.text.partition("<hx-partial")[2]
    assert "Removed." in message
    op_id = re.search(r'name="op" value="([\w-]+)"', message)[1]
    undone = post(moderator, "/admin/review/undo", {"op": op_id}, headers=HTMX)
    assert (undone.status_code, shown(undone, CURRENT)) == (200, [first.id])
    assert 'name="op"' not in undone.text


def test_undo_takes_back_one_act_after_the_other(moderator, mira, ada):
    items = [reported(ada, made) for made in [make_post(mira, str(number)) for number in range(3)]]
    for item, verdict in zip(items, ("remove", "approve", "ignore"), strict=True):
        say(moderator, item, verdict)
    for item in reversed(items):
        op_id = shown(moderator.get("/admin/review/"), r'name="op" value="([\w-]+)"')[0]
        answer = post(moderator, "/admin/review/undo", {"op": op_id})
        assert (answer.status_code, answer.location) == (303, f"/admin/review/{item.id}")
    assert listed(moderator) == [item.id for item in items]
    assert 'name="op"' not in moderator.get("/admin/review/").text


def test_whoever_sits_down_next_is_not_offered_to_undo(moderator, mira, ada):
    item = reported(ada, make_post(mira))
    say(moderator, item, "ignore")
    assert 'name="op"' in moderator.get("/admin/review/").text
    sign_in(moderator, make_user("ruth", role="moderator"))
    assert 'name="op"' not in moderator.get("/admin/review/").text


def test_what_cannot_be_undone_any_more_says_so(moderator, mira, ada, priya):
    item = reported(ada, make_post(mira))
    say(moderator, item, "ignore")
    report_post(actor=make_user("zoe"), post_id=item.post_id, category="spam")
    op_id = shown(moderator.get("/admin/review/"), r'name="op" value="([\w-]+)"')[0]
    answer = post(moderator, "/admin/review/undo", {"op": op_id})
    assert answer.status_code == 409
    assert "This has changed since, so it stays as it is." in answer.text
    assert 'name="op"' not in answer.text
    assert post(moderator, "/admin/review/undo", {"op": "nothing"}).status_code == 404


@pytest.mark.parametrize("headers", [None, HTMX])
def test_the_slower_of_two_moderators_hears_who_was_faster_and_nothing_happens_twice(
    moderator, admin, mira, ada, headers
):
    made = make_post(mira)
    item = reported(ada, made)
    assert shown(moderator.get("/admin/review/"), VERSION) == shown(admin.get("/admin/review/"), VERSION)
    assert say(admin, item, "remove").status_code == 303
    done = acts()
    for verdict in ("remove", "approve", "hold"):
        answer = say(moderator, item, verdict, headers=headers)
        assert answer.status_code == 409
        assert "@priya already removed this." in answer.text
    assert (acts(), state_of(made)) == (done, PostState.REMOVED)


def test_what_is_claimed_is_left_to_whoever_claimed_it(moderator, admin, mira, ada):
    item = reported(ada, make_post(mira))
    assert post(admin, f"/admin/review/{item.id}/claim").location == f"/admin/review/{item.id}"
    page = moderator.get(f"/admin/review/{item.id}").text
    assert "@priya is looking at this right now." in page
    assert 'name="verdict"' not in page
    for answer in (say(moderator, item, "approve"), post(moderator, f"/admin/review/{item.id}/claim")):
        assert answer.status_code == 409
        assert "@priya is looking at this right now." in answer.text
    assert "Let go" in admin.get(f"/admin/review/{item.id}").text
    post(admin, f"/admin/review/{item.id}/let-go")
    assert say(moderator, item, "approve").status_code == 303


def test_a_note_is_read_by_the_next_moderator(moderator, admin, mira, ada):
    item = reported(ada, make_post(mira))
    assert post(moderator, f"/admin/review/{item.id}/note", {"note": "Wait for Monday"}).status_code == 303
    assert "Wait for Monday" in admin.get(f"/admin/review/{item.id}").text
    assert post(moderator, f"/admin/review/{item.id}/note", {"note": " "}).status_code == 422


def test_a_post_is_held_and_released_without_leaving_the_queue(moderator, mira, ada):
    made = make_post(mira)
    item = reported(ada, made)
    assert say(moderator, item, "hold").location == f"/admin/review/{item.id}"
    assert state_of(made) == "held"
    assert 'value="release"' in moderator.get(f"/admin/review/{item.id}").text
    say(moderator, item, "release")
    assert (state_of(made), listed(moderator)) == ("live", [item.id])


@pytest.mark.parametrize("fields", [{"version": ""}, {"version": "x"}, {"verdict": ""}, {"verdict": "burn"}])
def test_a_damaged_form_changes_nothing(moderator, mira, ada, fields):
    item = reported(ada, make_post(mira))
    data = {"version": item.version, "verdict": "approve", **fields}
    assert post(moderator, f"/admin/review/{item.id}/decide", data).status_code == 400


def test_without_a_reason_nothing_is_removed(moderator, mira, ada):
    made = make_post(mira)
    answer = say(moderator, reported(ada, made), "remove", reason=" ")
    assert (answer.status_code, state_of(made)) == (422, "live")
    assert "Say why" in answer.text


def test_everything_of_one_person_is_decided_and_undone_at_once(moderator, mira, ada):
    items = [reported(ada, made) for made in [make_post(mira, str(number)) for number in range(3)]]
    url = f"/admin/review/{items[0].id}/all"
    assert "Decide this and 2 more of this member" in moderator.get("/admin/review/").text
    assert "Decide everything about @mira?" in moderator.get(url).text
    assert post(moderator, url, {"verdict": "remove", "reason": ""}).status_code == 422
    answer = post(moderator, url, {"verdict": "remove", "reason": "Advertising"})
    assert (answer.status_code, answer.location) == (303, "/admin/review/")
    page = moderator.get(answer.location)
    assert "3 items are decided." in page.text
    assert listed(moderator) == []
    post(moderator, "/admin/review/undo", {"op": shown(page, r'name="op" value="([\w-]+)"')[0]})
    assert listed(moderator) == [item.id for item in items]


def test_a_full_queue_asks_the_database_at_most_six_times(app, moderator, mira, ada, kenji):
    root = make_post(kenji)
    for number in range(PAGE_SIZE + 5):
        report_post(
            actor=make_user(f"reporter{number}", password=None),
            post_id=make_post(mira, reply_to=root).id,
            category="spam",
        )
    for url in ("/admin/review/", f"/admin/review/{listed(moderator)[3]}", "/admin/review/?kind=spam&author=mira"):
        with statements() as sent:
            assert moderator.get(url).status_code == 200
        assert len(sent) <= 6, "\n".join(sent)


def test_the_overview_leads_to_exactly_what_it_counts(moderator, admin, mira, kenji, ada):
    reported(ada, make_post(mira))
    reported(ada, make_post(kenji))
    for client, number in ((moderator, 1), (admin, 2)):
        page = client.get("/admin/").text
        found = re.search(r'<a class="kpi" href="(/admin/review/)">[\s\S]*?<span class="v[^"]*">([^<]+)</span>', page)
        assert int(found[2]) == number == len(shown(client.get(found[1]), ROW))


def test_members_have_no_queue(app, mira):
    assert sign_in(app.test_client(), mira).get("/admin/review/").status_code == 404
