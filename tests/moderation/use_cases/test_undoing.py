"""What was decided is taken back exactly, unless something has changed since."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from pythoughts.audit.models import AuditLog
from pythoughts.clock import now
from pythoughts.db import db, new_id, transaction
from pythoughts.errors import Conflict, DomainError, NotAllowed, NotFound
from pythoughts.feed.models import Post
from pythoughts.feed.use_cases import delete_own_post, remove_post, restore_post
from pythoughts.moderation.models import Report, ReviewItem, Verdict
from pythoughts.moderation.use_cases import (
    Decision,
    claim,
    decide,
    decide_about_author,
    report_person,
    report_post,
    undo,
)
from tests.factories import make_post, make_user
from tests.races import together

COUNTED_UP = {"version", "updated_at", "search"}  # a row that is as it was is still a later version of itself


@pytest.fixture
def kenji(app):
    return make_user("kenji", role="moderator")


@pytest.fixture
def mira(app):
    return make_user("mira")


@pytest.fixture
def ada(app):
    return make_user("ada")


def everything():
    """Every post, item and report as it stands."""
    db.session.rollback()
    return {
        (model.__tablename__, row["id"]): {name: value for name, value in row.items() if name not in COUNTED_UP}
        for model in (Post, ReviewItem, Report)
        for row in db.session.execute(select(model.__table__)).mappings()
    }


def item_of(post):
    found = select(ReviewItem).where(ReviewItem.post_id == post.id).execution_options(populate_existing=True)
    return db.session.scalars(found).one()


def reported_by(reporter, post):
    report_post(actor=reporter, post_id=post.id, category="spam")
    return item_of(post)


def say(actor, item, verdict):
    return decide(actor=actor, decision=Decision(item.id, item.version, Verdict(verdict), "Because"))


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("state", ["live", "held"])
def test_each_verdict_is_taken_back(kenji, mira, ada, verdict, state):
    root = make_post(ada)
    made = make_post(mira, reply_to=root)
    item = reported_by(ada, made)
    with transaction():
        db.session.get(Post, made.id, populate_existing=True).state = state
    claim(actor=kenji, item_id=item.id)
    before = everything()
    if (verdict, state) in {("hold", "held"), ("release", "live")}:
        with pytest.raises(Conflict):
            say(kenji, item, verdict)
    else:
        undo(actor=make_user("root", role="admin"), op_id=say(kenji, item, verdict))
    assert everything() == before


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.lists(
        st.tuples(st.sampled_from(["live", "held"]), st.integers(0, 3), st.booleans()), min_size=1, max_size=3
    ),
    deeds=st.lists(st.tuples(st.integers(0, 3), st.sampled_from(list(Verdict))), min_size=1, max_size=8),
)
def test_whatever_was_done_is_undone_step_by_step(app, start, deeds):
    staff = make_user(f"mod{new_id()[-12:]}", role="moderator", password=None)
    author, *reporters = (make_user(f"{role}{new_id()[-12:]}", password=None) for role in ("author", "a", "b", "c"))
    items = []
    for state, count, was_fine in start:
        made = make_post(author, reply_to=make_post(reporters[0]))
        items.append([reported_by(reporter, made) for reporter in reporters[: max(1, count)]][-1])
        with transaction():
            db.session.get(Post, made.id).state = state
            items[-1].fine_at = now() - timedelta(days=1) if was_fine else None
    report_person(actor=reporters[0], username=author.username, category="other")
    items.append(db.session.scalars(select(ReviewItem).where(ReviewItem.person_id == author.id)).one())
    done = []
    for number, verdict in deeds:
        item = db.session.get(ReviewItem, items[number % len(items)].id, populate_existing=True)
        before = everything()
        try:
            done.append((say(staff, item, verdict), before))
        except DomainError:
            assert everything() == before
    for op_id, before in reversed(done):
        undo(actor=staff, op_id=op_id)
        assert everything() == before


def test_reports_that_came_since_wait_like_the_others(kenji, mira, ada):
    item = reported_by(ada, make_post(mira))
    score = item.score
    op_id = say(kenji, item, "approve")
    report_post(actor=make_user("zoe"), post_id=item.post_id, category="spam")
    undo(actor=kenji, op_id=op_id)
    db.session.refresh(item)
    assert (item.state, item.open_reports, item.score > score, item.fine_at) == ("open", 2, True, None)


def test_nothing_is_undone_twice(kenji, mira, ada):
    for verdict in set(Verdict) - {Verdict.RELEASE}:
        op_id = say(kenji, reported_by(ada, make_post(mira)), verdict)
        undo(actor=kenji, op_id=op_id)
        before = everything()
        with pytest.raises(Conflict):
            undo(actor=kenji, op_id=op_id)
        assert everything() == before


def test_eight_undo_once(app, kenji, mira, ada):
    item = reported_by(ada, make_post(mira))
    before = everything()
    op_id, who = say(kenji, item, "remove"), kenji.id

    def act(_number):
        try:
            undo(actor=db.session.get(type(kenji), who), op_id=op_id)
        except Conflict:
            return 0
        return 1

    assert sum(together(app, 8, act)) == 1
    assert everything() == before


def test_what_has_changed_since_stays(kenji, mira, ada):
    deleted, restored, opened = (reported_by(ada, make_post(mira)) for _number in range(3))
    ops = [say(kenji, deleted, "approve"), say(kenji, restored, "remove"), say(kenji, opened, "ignore")]
    delete_own_post(actor=mira, post_id=deleted.post_id)
    restore_post(actor=kenji, post_id=restored.post_id)
    remove_post(actor=kenji, post_id=restored.post_id, reason="Again")
    report_post(actor=make_user("zoe"), post_id=opened.post_id, category="spam")
    before = everything()
    for op_id in ops:
        with pytest.raises(Conflict):
            undo(actor=kenji, op_id=op_id)
    assert everything() == before


def test_an_undo_is_audited_and_leaves_no_right_behind(kenji, mira, ada):
    op_id = say(kenji, reported_by(ada, make_post(mira)), "remove")
    with pytest.raises(NotAllowed):
        undo(actor=ada, op_id=op_id)
    for wrong in ("nothing", "a b", new_id()):
        with pytest.raises(NotFound):
            undo(actor=kenji, op_id=wrong)
    undo(actor=kenji, op_id=op_id)
    acts = list(db.session.scalars(select(AuditLog.action).order_by(AuditLog.id)))
    assert acts == ["review.agree", "post.remove", "post.restore", "review.reopen"]


def test_nobody_takes_back_what_was_decided_about_their_equal(kenji, ada):
    item = reported_by(ada, make_post(kenji))
    op_id = say(make_user("root", role="admin"), item, "approve")
    with pytest.raises(NotAllowed):
        undo(actor=make_user("other", role="moderator"), op_id=op_id)


@pytest.mark.parametrize("verdict", ["approve", "ignore", "remove"])
def test_all_that_waits_because_of_somebody_is_decided_and_undone_at_once(kenji, mira, ada, verdict):
    for _number in range(3):
        reported_by(ada, make_post(mira))
    report_person(actor=ada, username="mira", category="spam")
    other = reported_by(ada, make_post(make_user("zoe")))
    before = everything()
    op_id, count = decide_about_author(actor=kenji, person_id=mira.id, verdict=Verdict(verdict), reason="Spam")
    assert count == (3 if verdict == "remove" else 4)
    db.session.refresh(other)
    assert other.state == "open"
    assert undo(actor=kenji, op_id=op_id).changed == 0
    assert everything() == before


def test_of_many_those_that_changed_since_stay_and_are_counted(kenji, mira, ada):
    first, second = (reported_by(ada, make_post(mira)) for _number in range(2))
    op_id, _count = decide_about_author(actor=kenji, person_id=mira.id, verdict=Verdict.REMOVE, reason="Spam")
    restore_post(actor=kenji, post_id=first.post_id)
    undone = undo(actor=kenji, op_id=op_id)
    assert (undone.item_id, undone.changed) == (second.id, 1)
    db.session.refresh(first)
    assert first.state == "decided"
