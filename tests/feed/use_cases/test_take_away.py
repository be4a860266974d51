"""Deleting, removing and restoring a post."""

import pytest
from sqlalchemy import select

from pythoughts.audit.models import AuditLog, AuditPersonal
from pythoughts.auth.models import User
from pythoughts.db import db, transaction
from pythoughts.errors import Conflict, Invalid, NotAllowed, NotFound
from pythoughts.feed.models import Post
from pythoughts.feed.use_cases import create_post, delete_own_post, remove_post, restore_post
from tests.factories import make_post, make_user
from tests.races import PATIENCE, meanwhile, together


def fetch(post_id: str) -> Post:
    return db.session.scalars(select(Post).where(Post.id == post_id).execution_options(populate_existing=True)).one()


def snapshot(post_id: str) -> dict:
    """Every column that a restore must bring back."""
    changing = {"updated_at", "version", "search"}
    row = db.session.execute(select(Post.__table__).where(Post.id == post_id)).mappings().one()
    return {name: value for name, value in row.items() if name not in changing}


def acts() -> list[str]:
    return list(db.session.scalars(select(AuditLog.action).order_by(AuditLog.id)))


@pytest.fixture
def moderator(app):
    return make_user("kenji", role="moderator")


def test_an_author_deletes_their_post(ada):
    post = make_post(ada)
    delete_own_post(actor=ada, post_id=post.id)
    gone = fetch(post.id)
    assert (gone.state, gone.deleted_by, gone.version) == ("deleted", ada.id, 2)
    assert gone.deleted_at is not None


def test_a_stranger_may_not_delete_a_post(ada):
    post = make_post(make_user("mira"))
    with pytest.raises(NotAllowed):
        delete_own_post(actor=ada, post_id=post.id)
    assert fetch(post.id).state == "live"


def test_a_stranger_does_not_learn_of_a_held_post(ada):
    post = make_post(make_user("mira"), state="held")
    with pytest.raises(NotFound):
        delete_own_post(actor=ada, post_id=post.id)


def test_staff_may_not_delete_as_if_they_were_the_author(ada, moderator):
    with pytest.raises(NotAllowed):
        delete_own_post(actor=moderator, post_id=make_post(ada).id)


def test_deleting_is_the_authors_own_affair_and_not_audited(ada):
    delete_own_post(actor=ada, post_id=make_post(ada).id)
    assert acts() == []


def test_deleting_twice_counts_once(ada):
    root = make_post(ada)
    reply = make_post(ada, reply_to=root)
    delete_own_post(actor=ada, post_id=reply.id)
    delete_own_post(actor=ada, post_id=reply.id)
    assert fetch(root.id).reply_count == 0


def test_what_a_moderator_removed_stays_theirs(ada, moderator):
    post = make_post(ada)
    remove_post(actor=moderator, post_id=post.id, reason="spam")
    with pytest.raises(Conflict):
        delete_own_post(actor=ada, post_id=post.id)


def test_a_moderator_removes_a_post_and_says_why(ada, moderator):
    post = make_post(ada)
    remove_post(actor=moderator, post_id=post.id, reason="  spam\r\n", op_id="op-1")
    gone = fetch(post.id)
    assert (gone.state, gone.deleted_by, gone.delete_reason, gone.removed_op) == (
        "removed",
        moderator.id,
        "spam",
        "op-1",
    )


def test_a_removal_is_audited_once(ada, moderator):
    post = make_post(ada)
    for _turn in range(2):
        remove_post(actor=moderator, post_id=post.id, reason="spam", op_id="op-1")
    row = db.session.scalars(select(AuditLog)).one()
    assert (row.action, row.actor_id, row.target_type, row.target_id) == ("post.remove", moderator.id, "post", post.id)
    assert (row.before, row.after, row.op_id) == ({"state": "live"}, {"state": "removed"}, "op-1")
    personal = db.session.scalars(select(AuditPersonal)).one()
    assert (personal.reason, personal.target_label) == ("spam", "@ada")


@pytest.mark.parametrize("state", ["live", "held"])
def test_restoring_brings_back_the_exact_state(ada, moderator, state):
    root = make_post(ada)
    post = make_post(ada, reply_to=root, state=state)
    make_post(ada, reply_to=post)
    before, counted = snapshot(post.id), fetch(root.id).reply_count
    remove_post(actor=moderator, post_id=post.id, reason="spam", op_id="op-1")
    restore_post(actor=moderator, post_id=post.id)
    assert snapshot(post.id) == before
    assert fetch(root.id).reply_count == counted
    assert acts() == ["post.remove", "post.restore"]


def test_the_last_removal_decides_what_is_restored(ada, moderator):
    post = make_post(ada, state="held")
    remove_post(actor=moderator, post_id=post.id, reason="spam")
    restore_post(actor=moderator, post_id=post.id)
    with transaction():
        fetch(post.id).state = "live"
    remove_post(actor=moderator, post_id=post.id, reason="spam")
    restore_post(actor=moderator, post_id=post.id)
    assert fetch(post.id).state == "live"


def test_restoring_what_is_there_changes_nothing(ada, moderator):
    post = make_post(ada)
    restore_post(actor=moderator, post_id=post.id)
    assert (fetch(post.id).version, acts()) == (1, [])


@pytest.mark.parametrize("act", [lambda **who: remove_post(reason="spam", **who), restore_post])
def test_what_its_author_deleted_cannot_come_back(ada, moderator, act):
    post = make_post(ada)
    delete_own_post(actor=ada, post_id=post.id)
    with pytest.raises(Conflict):
        act(actor=moderator, post_id=post.id)
    assert fetch(post.id).state == "deleted"


@pytest.mark.parametrize("state", ["live", "removed"])
@pytest.mark.parametrize(
    ("actor", "author"),
    [("member", "member"), ("moderator", "moderator"), ("moderator", "admin"), ("admin", "admin")],
)
def test_nobody_acts_on_an_equal_or_higher_rank(app, actor, author, state):
    actor, author = make_user("ada", role=actor), make_user("mira", role=author)
    post = make_post(author, state=state)
    with pytest.raises(NotAllowed):
        remove_post(actor=actor, post_id=post.id, reason="spam")
    with pytest.raises(NotAllowed):
        restore_post(actor=actor, post_id=post.id)
    assert (fetch(post.id).state, acts()) == (state, [])


def test_moderators_do_not_remove_their_own_posts(moderator):
    with pytest.raises(NotAllowed):
        remove_post(actor=moderator, post_id=make_post(moderator).id, reason="spam")


@pytest.mark.parametrize("reason", ["", "  \n", "a" * 1001, "spam\x00"])
def test_a_removal_needs_a_reason(ada, moderator, reason):
    post = make_post(ada)
    with pytest.raises(Invalid) as refused:
        remove_post(actor=moderator, post_id=post.id, reason=reason)
    assert (refused.value.field, fetch(post.id).state) == ("reason", "live")


@pytest.mark.parametrize("unknown", ["nowhere", "a\x00b", "x,y", ""])
def test_what_is_not_there_cannot_be_taken_away(ada, moderator, unknown):
    for act in (delete_own_post, restore_post):
        with pytest.raises(NotFound):
            act(actor=moderator, post_id=unknown)
    with pytest.raises(NotFound):
        remove_post(actor=moderator, post_id=unknown, reason="spam")


def test_only_live_replies_are_counted(ada, moderator):
    root = make_post(ada)
    replies = [create_post(author=moderator, message=f"{number}", reply_to_id=root.id) for number in range(3)]
    delete_own_post(actor=moderator, post_id=replies[0])
    assert fetch(root.id).reply_count == 2


def test_replies_and_removals_at_once_are_counted_exactly(app, ada, moderator):
    root = make_post(ada)
    doomed = [make_post(ada, reply_to=root).id for _number in range(6)]
    root_id, moderator_id = root.id, moderator.id

    def act(number):
        actor = db.session.get(User, moderator_id)
        if number % 2:
            return create_post(author=actor, message=f"{number}", reply_to_id=root_id)
        return remove_post(actor=actor, post_id=doomed[number // 2], reason="spam")

    together(app, 12, act)
    live = db.session.scalars(select(Post.id).where(Post.reply_to_id == root_id, Post.state == "live")).all()
    assert fetch(root_id).reply_count == len(live) == 6


def test_removing_a_reply_and_its_parent_at_once_never_waits_in_a_circle(app, ada, moderator):
    moderator_id = moderator.id
    chain = [make_post(ada)]
    for _level in range(5):
        chain.append(make_post(ada, reply_to=chain[-1]))
    ids = [post.id for post in chain]

    def act(number):
        remove_post(actor=db.session.get(User, moderator_id), post_id=ids[number], reason="spam")

    together(app, len(ids), act)
    assert {fetch(each).reply_count for each in ids} == {0}


def test_two_moderators_at_once_remove_and_audit_once(app, ada, moderator):
    post_id, moderator_id = make_post(ada).id, moderator.id
    with transaction():
        remove_post(actor=moderator, post_id=post_id, reason="first")
        second = meanwhile(app, remove_as, moderator_id, post_id)
    second.result(timeout=PATIENCE)
    assert (fetch(post_id).delete_reason, acts()) == ("first", ["post.remove"])


def remove_as(moderator_id, post_id):
    remove_post(actor=db.session.get(User, moderator_id), post_id=post_id, reason="second")
