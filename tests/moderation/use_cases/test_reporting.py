"""Reports: once each, counted exactly, weighed, and enough of them hide a post."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pythoughts.audit.models import AuditLog
from pythoughts.auth.models import User
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.errors import Conflict, Gone, Invalid, NotAllowed, NotFound, TooFast
from pythoughts.feed.models import Post
from pythoughts.feed.use_cases import create_post, delete_own_post, remove_post
from pythoughts.moderation.models import DETAILS_MAX, Report, ReviewItem
from pythoughts.moderation.queries import accuracy_of
from pythoughts.moderation.use_cases import report_person, report_post
from pythoughts.moderation.use_cases.reporting import HOLD_AFTER
from pythoughts.preferences.use_cases import block_person
from pythoughts.settings.use_cases import choose
from pythoughts.signals import reports_decided
from tests.factories import make_post, make_user
from tests.races import together


@pytest.fixture
def mira(app):
    return make_user("mira")


@pytest.fixture
def ada(app):
    return make_user("ada")


@pytest.fixture
def kenji(app):
    return make_user("kenji", role="moderator")


def item():
    return db.session.scalars(select(ReviewItem).execution_options(populate_existing=True)).one()


def outcomes():
    return sorted(db.session.scalars(select(Report.outcome)))


def state_of(made):
    return db.session.scalar(select(Post.state).where(Post.id == made.id))


def threshold(count):
    choose(actor=None, key=HOLD_AFTER.key, typed=str(count))


def test_a_report_opens_one_item_with_its_weight(ada, mira):
    made = make_post(mira)
    report_post(actor=ada, post_id=made.id, category="harassment", details="  Again\r\nand again ")
    report = db.session.scalars(select(Report)).one()
    assert (report.reporter_id, report.category, report.details) == (ada.id, "harassment", "Again\nand again")
    found = item()
    assert (found.post_id, found.state, found.open_reports, found.score) == (made.id, "open", 1, report.weight)
    assert (found.version, state_of(made)) == (2, "live")


def test_the_worse_and_the_more_trusted_weigh_more(ada, kenji, mira):
    for reporter, category in [(ada, "spam"), (ada, "violence"), (kenji, "spam")]:
        report_post(actor=reporter, post_id=make_post(mira).id, category=category)
    spam, violence, by_staff = db.session.scalars(select(Report.weight).order_by(Report.id))
    assert spam < violence
    assert spam < by_staff


def test_whoever_was_right_before_weighs_more(ada, kenji, mira):
    assert accuracy_of(ada.id) is None
    for number in range(4):
        made = make_post(mira)
        report_post(actor=ada, post_id=made.id, category="spam")
        if number:
            remove_post(actor=kenji, post_id=made.id, reason="Spam")
    assert accuracy_of(ada.id) == 1.0
    weights = list(db.session.scalars(select(Report.weight).order_by(Report.id)))
    assert weights[0] == weights[1] < weights[2]


def test_a_second_report_of_the_same_is_refused_and_counts_nothing(ada, mira):
    made = make_post(mira)
    report_post(actor=ada, post_id=made.id, category="spam")
    with pytest.raises(Conflict):
        report_post(actor=ada, post_id=made.id, category="other")
    assert item().open_reports == 1


def test_twenty_reporters_at_once_are_all_counted_and_hide_the_post_once(app, mira):
    threshold(20)
    made = make_post(mira)
    post_id, ids = made.id, [make_user(f"member{number}").id for number in range(20)]

    def report(number):
        report_post(actor=db.session.get(User, ids[number]), post_id=post_id, category="spam")

    together(app, 20, report)
    assert (item().open_reports, state_of(made)) == (20, "held")
    assert item().score == db.session.scalar(select(func.sum(Report.weight)))
    assert list(db.session.scalars(select(AuditLog.action).order_by(AuditLog.id))) == ["setting.choose", "post.hold"]


def test_one_reporter_with_eight_clicks_is_one(app, ada, mira):
    post_id, ada_id = make_post(mira).id, ada.id

    def report(_number):
        try:
            report_post(actor=db.session.get(User, ada_id), post_id=post_id, category="spam")
        except Conflict:
            return 0
        return 1

    assert sum(together(app, 8, report)) == 1
    assert item().open_reports == 1


def reported(made, times):
    for _turn in range(times):
        report_post(actor=make_user(f"member{_turn}"), post_id=made.id, category="spam")


def test_enough_reports_hide_a_members_post_until_somebody_has_looked(mira):
    threshold(2)
    root = make_post(mira)
    made = make_post(mira, reply_to=root)
    report_post(actor=make_user("zoe"), post_id=made.id, category="spam")
    assert state_of(made) == "live"
    report_post(actor=make_user("yun"), post_id=made.id, category="spam")
    assert state_of(made) == "held"
    assert db.session.scalar(select(Post.reply_count).where(Post.id == root.id)) == 0
    act = db.session.scalars(select(AuditLog).where(AuditLog.action == "post.hold")).one()
    assert (act.actor_id, act.target_id) == (None, made.id)


def test_zero_switches_it_off_and_staff_are_never_hidden(mira, kenji):
    threshold(0)
    mine = make_post(mira)
    reported(mine, 3)
    threshold(1)
    theirs = make_post(kenji)
    report_post(actor=mira, post_id=theirs.id, category="spam")
    assert (state_of(mine), state_of(theirs)) == ("live", "live")


def test_nobody_reports_themselves(ada):
    with pytest.raises(NotAllowed):
        report_post(actor=ada, post_id=make_post(ada).id, category="spam")
    with pytest.raises(NotAllowed):
        report_person(actor=ada, username="ada", category="spam")
    assert db.session.scalar(select(func.count()).select_from(ReviewItem)) == 0


@pytest.mark.parametrize(("state", "error"), [("held", NotFound), ("removed", Gone), ("deleted", Gone)])
def test_only_what_is_there_can_be_reported(ada, mira, state, error):
    made = make_post(mira, state=state)
    for post_id, expected in [(made.id, error), ("nothing", NotFound), ("a b", NotFound)]:
        with pytest.raises(expected):
            report_post(actor=ada, post_id=post_id, category="spam")


@pytest.mark.parametrize("blocker", ["ada", "mira"])
def test_a_block_does_not_protect_from_a_report(ada, mira, blocker):
    made = make_post(mira)
    people = {"ada": ada, "mira": mira}
    (other,) = set(people) - {blocker}
    block_person(actor=people[blocker], username=other)
    report_post(actor=ada, post_id=made.id, category="harassment")
    assert item().open_reports == 1


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("category", {"category": ""}),
        ("category", {"category": "boring"}),
        ("details", {"details": "x" * (DETAILS_MAX + 1)}),
        ("details", {"details": "a\x00b"}),
        ("details", {"details": "é" + "\u0301" * 9_000}),
    ],
)
def test_what_makes_no_sense_is_refused(ada, mira, field, values):
    with pytest.raises(Invalid) as refused:
        report_post(actor=ada, post_id=make_post(mira).id, **{"category": "spam", **values})
    assert refused.value.field == field


def test_reporting_has_a_limit_but_not_for_staff(ada, kenji, mira):
    choose(actor=None, key="limits.report_3600", typed="1")
    for reporter in (ada, kenji):
        report_post(actor=reporter, post_id=make_post(mira).id, category="spam")
    report_post(actor=kenji, post_id=make_post(mira).id, category="spam")
    with pytest.raises(TooFast):
        report_post(actor=ada, post_id=make_post(mira).id, category="spam")


def test_a_person_is_reported_once_by_each(ada, kenji, mira):
    report_person(actor=ada, username="@Mira", category="harassment")
    report_person(actor=kenji, username="mira", category="spam")
    with pytest.raises(Conflict):
        report_person(actor=ada, username="mira", category="spam")
    assert (item().person_id, item().open_reports) == (mira.id, 2)
    with pytest.raises(NotFound):
        report_person(actor=ada, username="nobody", category="spam")


def test_removing_a_reported_post_agrees_with_its_reports_and_tells_the_reporters(ada, kenji, mira):
    made = make_post(mira)
    report_post(actor=ada, post_id=made.id, category="spam")
    heard = []

    def hear(item_id, **news):
        heard.append((item_id, news))

    with reports_decided.connected_to(hear):
        remove_post(actor=kenji, post_id=made.id, reason="Spam")
    found = item()
    assert (found.state, found.open_reports, found.score, found.decided_by) == ("decided", 0, 0, kenji.id)
    assert outcomes() == ["agreed"]
    assert heard == [(found.id, {"reporter_ids": [ada.id], "outcome": "agreed", "about": (made.id, None)})]
    assert list(db.session.scalars(select(AuditLog.action))) == ["post.remove"]


def test_what_its_author_takes_away_needs_no_decision(ada, mira):
    made = make_post(mira)
    report_post(actor=ada, post_id=made.id, category="spam")
    delete_own_post(actor=mira, post_id=made.id)
    assert (item().state, outcomes(), accuracy_of(ada.id)) == ("decided", ["gone"], None)


def test_removing_what_nobody_reported_makes_no_item(kenji, mira):
    remove_post(actor=kenji, post_id=make_post(mira).id, reason="Spam")
    assert db.session.scalar(select(func.count()).select_from(ReviewItem)) == 0


def test_a_report_after_a_decision_opens_the_item_again(ada, kenji, mira):
    made = make_post(mira)
    report_post(actor=ada, post_id=made.id, category="spam")
    with transaction():
        item().state, item().fine_at = "decided", None
    report_post(actor=kenji, post_id=made.id, category="spam")
    assert (item().state, item().version) == ("open", 3)


def test_what_was_found_fine_stays_fine_until_it_is_edited(ada, kenji, mira):
    made = make_post(mira)
    report_post(actor=ada, post_id=made.id, category="spam")
    with transaction() as session:
        found = item()
        found.state, found.open_reports, found.score, found.fine_at = "decided", 0, 0, now()
        session.execute(Report.__table__.update().values(outcome="disagreed"))
    report_post(actor=make_user("zoe"), post_id=made.id, category="spam")
    assert (item().state, outcomes()) == ("decided", ["disagreed", "disagreed"])
    with transaction():
        made.edited_at = now() + timedelta(seconds=1)
    report_post(actor=make_user("yun"), post_id=made.id, category="spam")
    assert (item().state, item().open_reports) == ("open", 1)


def test_a_removal_and_a_report_at_once_leave_no_open_report(app, kenji, mira):
    post_id, kenji_id = make_post(mira).id, kenji.id
    ids = [make_user(f"member{number}").id for number in range(7)]

    def act(number):
        if number == 7:
            return remove_post(actor=db.session.get(User, kenji_id), post_id=post_id, reason="Spam")
        try:
            return report_post(actor=db.session.get(User, ids[number]), post_id=post_id, category="spam")
        except Gone:
            return None

    together(app, 8, act)
    assert "open" not in outcomes()
    assert set(db.session.scalars(select(ReviewItem.state))) <= {"decided"}


def test_posting_goes_on_beside_reports(app, mira):
    root_id = make_post(mira).id
    ids = [make_user(f"member{number}").id for number in range(8)]

    def act(number):
        person = db.session.get(User, ids[number])
        if number % 2:
            return create_post(author=person, message="Hello", reply_to_id=root_id)
        return report_post(actor=person, post_id=root_id, category="spam")

    together(app, 8, act)
    assert item().open_reports == 4
    assert db.session.scalar(select(Post.reply_count).where(Post.id == root_id)) == 4
