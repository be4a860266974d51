"""The chain of seals over the audit log.

Purpose: whoever changes or removes an act behind the application's back is found out by `pythoughts audit verify`.
Ticket: #5
Reversible: Yes
Rollback: flask --app wsgi db downgrade 0008 (removes the seals; the next upgrade seals everything anew)

Revision ID: 0012
Revises: 0008
Create Date: 2026-11-20 13:20:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0008"
branch_labels = None
depends_on = None

REFUSE_CHANGES = """
create function audit_seal_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'audit_seal is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_seal_no_update before update or delete on audit_seal
    for each row execute function audit_seal_refuse();
create trigger audit_seal_no_truncate before truncate on audit_seal
    for each statement execute function audit_seal_refuse();
"""


def upgrade() -> None:
    """Create both tables."""
    create_audit_seal()
    create_audit_check()
    op.execute(REFUSE_CHANGES)


def downgrade() -> None:
    """Drop them, and what guards the seals."""
    op.drop_table("audit_check")
    op.drop_table("audit_seal")
    op.execute("drop function audit_seal_refuse()")


def create_audit_seal() -> None:
    """The links of the chain; two that follow the same one can't exist."""
    op.create_table(
        "audit_seal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("from_id", sa.BigInteger(), nullable=False),
        sa.Column("to_id", sa.BigInteger(), nullable=False),
        sa.Column("prev_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("from_id <= to_id", name=op.f("ck_audit_seal_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("from_id", name=op.f("uq_audit_seal_from_id")),
        sa.UniqueConstraint("to_id", name=op.f("uq_audit_seal_to_id")),
        sa.UniqueConstraint("prev_hash", name=op.f("uq_audit_seal_prev_hash")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_seal_hash")),
    )


def create_audit_check() -> None:
    """What walks along the chain have found."""
    op.create_table(
        "audit_check",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("up_to_id", sa.BigInteger(), nullable=False),
        sa.Column("acts", sa.BigInteger(), nullable=False),
        sa.Column("broken_seal_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_check")),
    )
