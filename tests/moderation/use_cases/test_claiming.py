"""Who looks at an item keeps it for ten minutes; notes are for all of the staff."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pythoughts.audit.models import AuditLog, AuditPersonal
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.errors import Conflict, Invalid, NotAllowed, NotFound
from pythoughts.feed.models import Post
from pythoughts.moderation.models import ReviewItem, Verdict
from pythoughts.moderation.use_cases import (
    Decision,
    add_note,
    claim,
    decide,
    decide_about_author,
    let_go,
    report_post,
)
from tests.factories import make_post, make_user


@pytest.fixture
def kenji(app):
    return make_user("kenji", role="moderator")


@pytest.fixture
def root(app):
    return make_user("root", role="admin")


@pytest.fixture
def waiting(app):
    """An item about a post by Mira."""
    made = make_post(make_user("mira"))
    report_post(actor=make_user("ada"), post_id=made.id, category="spam")
    return db.session.scalars(select(ReviewItem)).one()


def fresh(item):
    db.session.refresh(item)
    return item


def test_a_claim_keeps_others_from_deciding_until_it_is_over(kenji, root, waiting):
    claim(actor=kenji, item_id=waiting.id)
    assert timedelta(minutes=9) < fresh(waiting).claimed_until - now() <= timedelta(minutes=10)
    wanted = Decision(waiting.id, waiting.version, Verdict.APPROVE)
    for act in (lambda: decide(actor=root, decision=wanted), lambda: claim(actor=root, item_id=waiting.id)):
        with pytest.raises(Conflict) as refused:
            act()
        assert str(refused.value) == "@kenji is looking at this right now."
    with transaction():
        fresh(waiting).claimed_until = now()
    decide(actor=root, decision=wanted)
    assert (fresh(waiting).decided_by, waiting.claimed_by, waiting.claimed_until) == (root.id, None, None)


def test_whoever_claims_decides_and_may_claim_again(kenji, waiting):
    claim(actor=kenji, item_id=waiting.id)
    first = fresh(waiting).claimed_until
    claim(actor=kenji, item_id=waiting.id)
    assert fresh(waiting).claimed_until > first
    decide(actor=kenji, decision=Decision(waiting.id, waiting.version, Verdict.APPROVE))
    assert fresh(waiting).state == "decided"


def test_a_claim_is_given_up_by_whoever_has_it(kenji, root, waiting):
    claim(actor=kenji, item_id=waiting.id)
    let_go(actor=root, item_id=waiting.id)
    assert fresh(waiting).claimed_by == kenji.id
    let_go(actor=kenji, item_id=waiting.id)
    let_go(actor=kenji, item_id=waiting.id)
    assert fresh(waiting).claimed_by is None
    assert list(db.session.scalars(select(AuditLog.action))) == ["review.claim", "review.let_go"]


def test_what_is_decided_is_not_claimed(kenji, waiting):
    decide(actor=kenji, decision=Decision(waiting.id, waiting.version, Verdict.APPROVE))
    with pytest.raises(Conflict):
        claim(actor=kenji, item_id=waiting.id)


def test_what_somebody_looks_at_is_not_swept_away_with_the_rest(kenji, root, waiting):
    claim(actor=root, item_id=waiting.id)
    person_id = db.session.get(Post, waiting.post_id).user_id
    with pytest.raises(Conflict):
        decide_about_author(actor=kenji, person_id=person_id, verdict=Verdict.IGNORE)
    with pytest.raises(Invalid):
        decide_about_author(actor=kenji, person_id=person_id, verdict=Verdict.HOLD, reason="x")
    assert fresh(waiting).state == "open"


def test_a_note_is_kept_with_what_was_done_to_the_post(kenji, waiting):
    add_note(actor=kenji, item_id=waiting.id, text=" Seen before. ")
    act = db.session.scalars(select(AuditLog)).one()
    assert (act.action, act.target_type, act.target_id) == ("review.note", "post", waiting.post_id)
    assert db.session.scalar(select(AuditPersonal.reason)) == "Seen before."
    for text in ("", "  ", "a\x00", "x" * 1_001):
        with pytest.raises(Invalid):
            add_note(actor=kenji, item_id=waiting.id, text=text)


@pytest.mark.parametrize("act", [claim, let_go, lambda **who: add_note(text="x", **who)])
def test_members_neither_claim_nor_note(waiting, act, kenji):
    with pytest.raises(NotAllowed):
        act(actor=make_user("yun"), item_id=waiting.id)
    with pytest.raises(NotFound):
        act(actor=kenji, item_id="nothing")
