"""Staff decide about reports: once, about people of a lower rank, and the reporters hear of it."""

import pytest
from sqlalchemy import select

from pythoughts.audit.models import AuditLog, AuditPersonal
from pythoughts.auth.models import User
from pythoughts.auth.use_cases.records import REASON_MAX
from pythoughts.db import db
from pythoughts.errors import Conflict, Invalid, NotAllowed, NotFound
from pythoughts.moderation.models import Outcome, Report, ReviewItem
from pythoughts.moderation.queries import get_item
from pythoughts.moderation.use_cases import decide, report_person, report_post
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


@pytest.mark.parametrize("outcome", [Outcome.AGREED, Outcome.DISAGREED])
def test_a_decision_closes_every_report_and_is_audited_once(kenji, reported, outcome):
    heard = []

    def hear(item_id, **news):
        heard.append((item_id, news["outcome"], len(news["reporter_ids"])))

    with reports_decided.connected_to(hear):
        decide(actor=kenji, item_id=reported.id, version=reported.version, outcome=outcome, reason="Seen it")
    found = get_item(reported.id)
    assert (found.state, found.open_reports, found.score) == ("decided", 0, 0)
    assert (found.decided_by, found.decided_at is not None) == (kenji.id, True)
    assert (found.fine_at is not None) == (outcome == Outcome.DISAGREED)
    assert outcomes() == [outcome, outcome]
    assert heard == [(reported.id, outcome, 2)]
    act = db.session.scalars(select(AuditLog)).one()
    assert (act.action, act.target_type, act.target_id) == (f"review.{outcome[:-1]}", "post", found.post_id)
    assert act.after == {"reports": 2}
    personal = db.session.scalars(select(AuditPersonal)).one()
    assert (personal.target_label, personal.reason) == ("@mira", "Seen it")


def test_whoever_is_slower_hears_who_was_faster(kenji, reported):
    version = reported.version
    decide(actor=kenji, item_id=reported.id, version=version, outcome=Outcome.AGREED)
    with pytest.raises(Conflict) as refused:
        decide(actor=make_user("root", role="admin"), item_id=reported.id, version=version, outcome=Outcome.DISAGREED)
    assert str(refused.value) == "@kenji has decided this already."
    assert outcomes() == ["agreed", "agreed"]


def test_an_item_that_was_opened_again_is_another_version(kenji, reported):
    version = reported.version
    decide(actor=kenji, item_id=reported.id, version=version, outcome=Outcome.AGREED)
    report_post(actor=make_user("yun"), post_id=reported.post_id, category="spam")
    with pytest.raises(Conflict):
        decide(actor=kenji, item_id=reported.id, version=version, outcome=Outcome.DISAGREED)
    assert outcomes() == ["agreed", "agreed", "open"]


def test_another_report_meanwhile_does_not_make_the_decision_stale(kenji, reported):
    version = reported.version
    report_post(actor=make_user("yun"), post_id=reported.post_id, category="spam")
    decide(actor=kenji, item_id=reported.id, version=version, outcome=Outcome.AGREED)
    assert outcomes() == ["agreed"] * 3


def test_eight_moderators_decide_once(app, reported):
    item_id, version = reported.id, reported.version
    ids = [make_user(f"mod{number}", role="moderator").id for number in range(8)]

    def act(number):
        try:
            decide(actor=db.session.get(User, ids[number]), item_id=item_id, version=version, outcome=Outcome.AGREED)
        except Conflict:
            return 0
        return 1

    assert sum(together(app, 8, act)) == 1
    assert len(db.session.scalars(select(AuditLog.id)).all()) == 1


def test_a_person_is_decided_about_too(kenji, mira):
    report_person(actor=make_user("ada"), username="mira", category="harassment")
    decide(actor=kenji, item_id=item().id, version=item().version, outcome=Outcome.DISAGREED)
    act = db.session.scalars(select(AuditLog)).one()
    assert (act.target_type, act.target_id, item().fine_at) == ("user", mira.id, None)


def test_nobody_decides_about_an_equal_or_as_a_member(kenji, reported):
    with pytest.raises(NotAllowed):
        decide(actor=make_user("yun"), item_id=reported.id, version=reported.version, outcome=Outcome.AGREED)
    report_person(actor=make_user("xan"), username="kenji", category="spam")
    about_kenji = db.session.scalars(select(ReviewItem).where(ReviewItem.person_id == kenji.id)).one()
    for actor in (kenji, make_user("other", role="moderator")):
        with pytest.raises(NotAllowed):
            decide(actor=actor, item_id=about_kenji.id, version=about_kenji.version, outcome=Outcome.DISAGREED)


def test_what_makes_no_sense_is_refused(kenji, reported):
    wanted = {"actor": kenji, "item_id": reported.id, "version": reported.version, "outcome": Outcome.AGREED}
    for wrong in ({"outcome": Outcome.GONE}, {"reason": "x" * (REASON_MAX + 1)}, {"reason": "a\x00"}):
        with pytest.raises(Invalid):
            decide(**{**wanted, **wrong})
    for item_id in ("nothing", "a b"):
        with pytest.raises(NotFound):
            decide(**{**wanted, "item_id": item_id})
    with pytest.raises(NotFound):
        get_item("nothing")
