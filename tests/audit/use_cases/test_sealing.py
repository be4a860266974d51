"""The chain of seals: complete, unbroken, and broken by whoever rewrites history."""

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError, ProgrammingError

from pythoughts.audit.models import AuditCheck, AuditLog, AuditPersonal, AuditSeal
from pythoughts.audit.use_cases import Act, check_seals, record, seal, sealing
from pythoughts.clock import now
from pythoughts.db import db, transaction
from tests.races import in_context, together

ACT = Act(None, "post.remove", "post", "p1", reason="spam", before={"state": "live"}, after={"state": "removed"})


def act(count=1):
    """Do something; the ids of the acts."""
    for _number in range(count):
        record(ACT)
    return list(db.session.scalars(select(AuditLog.id).order_by(AuditLog.id.desc()).limit(count)))[::-1]


def tamper(statement):
    """Change what the triggers guard, as a superuser can."""
    with transaction() as session:
        session.execute(text("set local session_replication_role = replica"))
        session.execute(statement)


def seals():
    db.session.rollback()
    columns = select(AuditSeal.from_id, AuditSeal.to_id, AuditSeal.prev_hash, AuditSeal.hash)
    return list(db.session.execute(columns.order_by(AuditSeal.id)))


def broken_place():
    """Which seal does not fit, counted from 0; None when all do."""
    number = check_seals().broken_seal_id
    ids = list(db.session.scalars(select(AuditSeal.id).order_by(AuditSeal.id)))
    return None if number is None else ids.index(number)


@pytest.fixture
def three(app):
    """Three seals over two acts each; the ids of the acts."""
    ids = []
    for _number in range(3):
        ids.append(act(2))
        assert seal() == 2
    return ids


def test_seals_hang_together_without_a_gap(three):
    first, second, third = seals()
    assert (first.from_id, first.prev_hash) == (1, "0" * 64)
    assert (second.from_id, second.prev_hash) == (first.to_id + 1, first.hash)
    assert (third.from_id, third.prev_hash, third.to_id) == (second.to_id + 1, second.hash, three[2][1])


def test_nothing_new_needs_no_seal(three):
    assert seal() == 0
    assert len(seals()) == 3


def test_an_untouched_chain_holds_to_its_end(three):
    seen = check_seals()
    assert (seen.acts, seen.up_to_id, seen.broken_seal_id) == (6, three[2][1], None)
    assert seen.hash == seals()[2].hash


@pytest.mark.parametrize(
    "values",
    [
        {"action": "post.restore"}, {"actor_id": "somebody"}, {"on_behalf_of": "somebody"}, {"target_type": "user"},
        {"target_id": "p2"}, {"op_id": "o1"}, {"before": {}}, {"after": {"state": "live"}}, {"request_id": "r1"},
        {"at": now()},
    ],
    ids=lambda values: next(iter(values)),
)  # fmt: skip
def test_a_changed_act_breaks_its_seal(three, values):
    tamper(update(AuditLog).where(AuditLog.id == three[1][0]).values(values))
    assert broken_place() == 1
    assert check_seals().up_to_id == three[0][1]


@pytest.mark.parametrize("place", [(0, 0), (1, 1), (2, 1)])
def test_a_deleted_act_breaks_its_seal(three, place):
    seal_number, number = place
    tamper(delete(AuditLog).where(AuditLog.id == three[seal_number][number]))
    assert broken_place() == seal_number


def test_an_act_slipped_into_a_gap_breaks_the_seal_around_it(app):
    with pytest.raises(RuntimeError):
        fail_after_recording()
    act()
    seal()
    gap = db.session.scalar(select(func.max(AuditLog.id))) - 1
    tamper(text(f"insert into audit_log (id, action, target_type, target_id) overriding system value "
                f"values ({gap}, 'post.remove', 'post', 'p9')"))  # fmt: skip
    assert broken_place() == 0


def fail_after_recording():
    with transaction():
        record(ACT)
        raise RuntimeError


def test_a_gap_of_a_failed_transaction_is_fine(app):
    act()
    with pytest.raises(RuntimeError):
        fail_after_recording()
    act()
    assert seal() == 2
    assert broken_place() is None


@pytest.mark.parametrize("number", [0, 1])
def test_a_seal_that_was_taken_out_is_missed(three, number):
    tamper(delete(AuditSeal).where(AuditSeal.hash == seals()[number].hash))
    assert broken_place() == number


def test_a_seal_made_to_fit_a_changed_act_breaks_the_next(three):
    tamper(update(AuditLog).where(AuditLog.id == three[0][0]).values(action="post.restore"))
    with transaction() as session:
        covered = sealing.Range(1, three[0][1])
        acts = session.scalars(select(sealing.ROW).where(AuditLog.id <= covered.to_id).order_by(AuditLog.id))
        forged = sealing.hash_of(covered, sealing.BEGINNING, acts)
    tamper(update(AuditSeal).where(AuditSeal.from_id == 1).values(hash=forged))
    assert broken_place() == 1


def test_the_border_of_a_seal_can_not_be_moved(three):
    last = seals()[2]
    tamper(update(AuditSeal).where(AuditSeal.hash == last.hash).values(to_id=last.to_id + 5))
    assert broken_place() == 2


def test_personal_values_go_without_breaking_the_chain(three):
    with transaction() as session:
        session.execute(update(AuditPersonal).values(actor_label=None, reason=None, ip_address=None, erased_at=now()))
    assert broken_place() is None
    assert db.session.scalar(select(AuditPersonal.reason).limit(1)) is None


@pytest.mark.parametrize("change", [delete(AuditSeal), update(AuditSeal).values(hash="0"), text("truncate audit_seal")])
def test_the_database_refuses_to_change_a_seal(three, change):
    with pytest.raises(ProgrammingError, match="append-only"):
        db.session.execute(change)
    db.session.rollback()


def test_two_links_on_the_same_one_are_impossible(three):
    first = seals()[0]
    forked = insert(AuditSeal).values(from_id=90, to_id=99, prev_hash=first.prev_hash, hash="another")
    with pytest.raises(IntegrityError, match="prev_hash"):
        db.session.execute(forked)
    db.session.rollback()


def test_an_act_that_commits_late_is_not_passed_by(app):
    with db.engine.connect() as slow:
        early = slow.scalar(insert(AuditLog).values(action="a", target_type="b", target_id="c").returning(AuditLog.id))
        (late,) = act()
        assert early < late
        assert seal(patience=0.1) == 0
        assert seals() == []
        slow.commit()
    assert seal() == 2
    assert broken_place() is None


def test_acts_go_on_while_others_write_and_end(app):
    with db.engine.connect() as slow:
        slow.execute(insert(AuditLog).values(action="a", target_type="b", target_id="c"))
        act()

        def one(number):
            return seal() if number else slow.commit()

        assert together(app, 2, one)[1] == 2


def test_whoever_only_reads_or_writes_elsewhere_holds_nothing_up(app):
    act()
    with db.engine.connect() as reader:
        reader.execute(select(AuditLog.id))
        reader.execute(text("create temporary table elsewhere (id int)"))
        assert seal(patience=0) == 1


def test_of_many_sealers_at_once_one_seals(app):
    act(20)
    assert sorted(together(app, 4, lambda _number: seal())) == [0, 0, 0, 20]
    assert broken_place() is None


def test_a_sealer_leaves_the_work_to_the_one_who_is_at_it(app):
    act()
    with db.engine.begin() as other:
        other.execute(select(func.pg_advisory_xact_lock(sealing.ONLY_SEALER)))
        assert in_context(app, seal) == 0
    assert seal() == 1


def test_a_hundred_thousand_acts_are_sealed_in_pieces_and_checked(app):
    with transaction() as session:
        session.execute(text("""
            insert into audit_log (action, target_type, target_id, "after")
            select 'post.remove', 'post', 'p' || n, jsonb_build_object('n', n) from generate_series(1, 100000) n
        """))  # fmt: skip
        session.execute(text("analyze audit_log"))  # as the server does by itself in a minute
    assert seal() == 100_000
    assert len(seals()) == 10
    seen = check_seals()
    assert (seen.acts, seen.broken_seal_id) == (100_000, None)
    in_seventh = seals()[6].from_id + 17
    tamper(update(AuditLog).where(AuditLog.id == in_seventh).values(target_id="p0"))
    assert broken_place() == 6


def test_the_last_walks_are_remembered_for_a_month(three):
    check_seals()
    with transaction() as session:
        session.execute(update(AuditCheck).values(created_at=now() - sealing.CHECKS_KEPT * 2))
    check_seals()
    assert [(check.acts, check.broken_seal_id) for check in db.session.scalars(select(AuditCheck))] == [(6, None)]
