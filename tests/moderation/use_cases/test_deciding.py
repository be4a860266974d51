"""Staff decide about items of the queue: once, about people of a lower rank, and the reporters hear of it."""

import pytest
from sqlalchemy import select

from pythoughts.audit.models import AuditLog, AuditPersonal
from pythoughts.auth.models import User
from pythoughts.auth.use_cases.records import REASON_MAX
from pythoughts.db import db
from pythoughts.errors import Conflict, Invalid, NotAllowed, NotFound
from pythoughts.feed.models import Post
from pythoughts.feed.use_cases import edit_post, hold_post, remove_post
from pythoughts.moderation.models import Outcome, Report, ReviewItem, Verdict
from pythoughts.moderation.queries import get_item
from pythoughts.moderation.use_cases import Decision, decide, report_person, report_post
from pythoughts.signals import reports_decided
from tests.factories import make_post, make_user
from tests.races import together


@pytest.fixture
def kenji(app):
    return make_user("kenji", role="moderator")


@pytest.fixture
def mira(app):
    return make_user("mira")


@pytest.fixture
def reported(mira):
    """An item with the reports of two people about a post by Mira."""
    made = make_post(mira)
    for name in ("ada", "zoe"):
        report_post(actor=make_user(name), post_id=made.id, category="spam")
    return item()


def item():
    return db.session.scalars(select(ReviewItem).execution_options(populate_existing=True)).one()


def outcomes():
    return sorted(db.session.scalars(select(Report.outcome)))


def acts():
    return list(db.session.scalars(select(AuditLog.action).order_by(AuditLog.id)))


def state_of(post_id):
    return db.session.scalar(select(Post.state).where(Post.id == post_id))


def say(actor, about, verdict, reason=""):
    return decide(actor=actor, decision=Decision(about.id, about.version, Verdict(verdict), reason))


@pytest.mark.parametrize(
    ("verdict", "outcome", "action"),
    [("agree", "agreed", "review.agree"), ("approve", "disagreed", "review.disagree")],
)
def test_a_decision_closes_every_report_and_is_audited_once(kenji, reported, verdict, outcome, action):
    heard = []

    def hear(item_id, **news):
        heard.append((item_id, news["outcome"], len(news["reporter_ids"])))

    with reports_decided.connected_to(hear):
        op_id = say(kenji, reported, verdict, "Seen it")
    found = get_item(reported.id)
    assert (found.state, found.open_reports, found.score) == ("decided", 0, 0)
    assert (found.decided_by, found.decided_at is not None) == (kenji.id, True)
    assert (found.fine_at is not None) == (verdict == "approve")
    assert outcomes() == [outcome, outcome]
    assert heard == [(reported.id, outcome, 2)]
    act = db.session.scalars(select(AuditLog)).one()
    assert (act.action, act.target_type, act.target_id, act.op_id) == (action, "post", found.post_id, op_id)
    assert act.after == {"reports": 2, "version": found.version}
    personal = db.session.scalars(select(AuditPersonal)).one()
    assert (personal.target_label, personal.reason) == ("@mira", "Seen it")


def test_removing_removes_the_post_and_agrees_with_whoever_reported_it(kenji, reported):
    say(kenji, reported, "remove", "Spam or scam")
    assert (state_of(reported.post_id), outcomes(), acts()) == (
        "removed",
        ["agreed", "agreed"],
        ["review.agree", "post.remove"],
    )
    post = db.session.get(Post, reported.post_id)
    assert (post.delete_reason, post.deleted_by) == ("Spam or scam", kenji.id)
    assert len(set(db.session.scalars(select(AuditLog.op_id)))) == 1


def test_approving_shows_what_was_held(kenji, reported):
    hold_post(actor=kenji, post_id=reported.post_id, reason="Wait")
    say(kenji, reported, "approve")
    assert (state_of(reported.post_id), outcomes()) == ("live", ["disagreed", "disagreed"])
    assert acts() == ["post.hold", "review.disagree", "post.release"]


def test_what_was_approved_is_fine_until_it_is_edited(kenji, mira, reported):
    say(kenji, reported, "approve")
    report_post(actor=make_user("yun"), post_id=reported.post_id, category="spam")
    assert (item().state, outcomes()) == ("decided", ["disagreed"] * 3)
    edit_post(actor=mira, post_id=reported.post_id, message="Something else.", version=1)
    report_post(actor=make_user("xan"), post_id=reported.post_id, category="spam")
    assert (item().state, item().open_reports) == ("open", 1)


def test_ignoring_says_nothing_and_the_next_report_brings_all_of_them_back(kenji, reported):
    score = reported.score
    heard = []

    def hear(item_id, **_news):
        heard.append(item_id)

    with reports_decided.connected_to(hear):
        say(kenji, reported, "ignore")
    assert (item().state, item().open_reports, outcomes(), heard) == ("decided", 2, ["open", "open"], [])
    report_post(actor=make_user("yun"), post_id=reported.post_id, category="spam")
    assert (item().state, item().open_reports, item().score > score) == ("open", 3, True)


def test_who_reported_what_was_ignored_hears_of_its_removal(kenji, reported):
    say(kenji, reported, "ignore")
    remove_post(actor=kenji, post_id=reported.post_id, reason="On second thought")
    assert (outcomes(), item().open_reports) == (["agreed", "agreed"], 0)


def test_holding_and_releasing_leave_the_item_in_the_queue(kenji, reported):
    say(kenji, reported, "hold", "Wait for the admin")
    assert (state_of(reported.post_id), item().state, outcomes()) == ("held", "open", ["open", "open"])
    say(kenji, item(), "release")
    assert (state_of(reported.post_id), item().state) == ("live", "open")
    assert acts() == ["post.hold", "post.release"]


@pytest.mark.parametrize(("verdict", "told"), [("remove", "@kenji already removed this."), ("approve", "decided this")])
def test_whoever_is_slower_hears_who_was_faster(kenji, reported, verdict, told):
    root = make_user("root", role="admin")
    before = Decision(reported.id, reported.version, Verdict.REMOVE, "Spam")
    say(kenji, reported, verdict, "Spam")
    done, state = acts(), state_of(reported.post_id)
    with pytest.raises(Conflict) as refused:
        decide(actor=root, decision=before)
    assert told in str(refused.value)
    assert (acts(), state_of(reported.post_id)) == (done, state)


def test_whoever_removed_it_elsewhere_is_named_too(kenji, reported):
    remove_post(actor=make_user("root", role="admin"), post_id=reported.post_id, reason="Spam")
    with pytest.raises(Conflict) as refused:
        say(kenji, reported, "approve")
    assert "@root already removed this." in str(refused.value)


def test_an_item_that_was_opened_again_is_another_version(kenji, reported):
    version = reported.version
    say(kenji, reported, "agree")
    report_post(actor=make_user("yun"), post_id=reported.post_id, category="spam")
    with pytest.raises(Conflict):
        decide(actor=kenji, decision=Decision(reported.id, version, Verdict.APPROVE))
    assert outcomes() == ["agreed", "agreed", "open"]


def test_another_report_meanwhile_does_not_make_the_decision_stale(kenji, reported):
    version = reported.version
    report_post(actor=make_user("yun"), post_id=reported.post_id, category="spam")
    decide(actor=kenji, decision=Decision(reported.id, version, Verdict.AGREE))
    assert outcomes() == ["agreed"] * 3


def test_eight_moderators_decide_once(app, reported):
    item_id, version = reported.id, reported.version
    ids = [make_user(f"mod{number}", role="moderator").id for number in range(8)]

    def act(number):
        wanted = Decision(item_id, version, list(Verdict)[number % 4], "Spam")
        try:
            decide(actor=db.session.get(User, ids[number]), decision=wanted)
        except Conflict as refused:
            return str(refused)
        return None

    told = together(app, 8, act)
    assert told.count(None) == 1
    assert all("already" in sentence for sentence in told if sentence)
    assert sum(action.startswith("review.") for action in acts()) == 1


def test_a_person_is_decided_about_too(kenji, mira):
    report_person(actor=make_user("ada"), username="mira", category="harassment")
    for verdict in ("remove", "hold", "release"):
        with pytest.raises(Invalid):
            say(kenji, item(), verdict, "Spam")
    say(kenji, item(), "approve")
    act = db.session.scalars(select(AuditLog)).one()
    assert (act.target_type, act.target_id, item().fine_at) == ("user", mira.id, None)


def test_nobody_decides_about_an_equal_or_as_a_member(kenji, reported):
    with pytest.raises(NotAllowed):
        say(make_user("yun"), reported, "agree")
    report_person(actor=make_user("xan"), username="kenji", category="spam")
    about_kenji = db.session.scalars(select(ReviewItem).where(ReviewItem.person_id == kenji.id)).one()
    for actor in (kenji, make_user("other", role="moderator")):
        with pytest.raises(NotAllowed):
            say(actor, about_kenji, "approve")


def test_what_makes_no_sense_is_refused(kenji, reported):
    for verdict, reason in (("agree", "x" * (REASON_MAX + 1)), ("agree", "a\x00"), ("remove", " "), ("hold", "")):
        with pytest.raises(Invalid):
            say(kenji, reported, verdict, reason)
    for item_id in ("nothing", "a b"):
        with pytest.raises(NotFound):
            decide(actor=kenji, decision=Decision(item_id, 1, Verdict.AGREE))
    with pytest.raises(NotFound):
        get_item("nothing")
    assert outcomes() == [Outcome.OPEN, Outcome.OPEN]
