"""The daily numbers of the back office's first page.

Purpose: what happened on each day is counted once by a job, not by everybody who looks; open reports are found fast.
Ticket: #5
Reversible: Yes
Rollback: flask --app wsgi db downgrade 0012 (removes the numbers; the job counts the last half year anew)

Revision ID: 0013
Revises: 0012
Create Date: 2026-11-20 13:35:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBERS = (
    "sign_ups",
    "posts",
    "replies",
    "removals",
    "reports_opened",
    "reports_resolved",
    "active",
    "active_30",
    "active_90",
)


def upgrade() -> None:
    """Create the table, and the indexes while people go on reporting."""
    create_daily_stat()
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_report_open",
            "report",
            ["id"],
            postgresql_where="outcome = 'open'",
            postgresql_concurrently=True,
            if_not_exists=True,
        )
        op.create_index(
            "ix_report_decided_at", "report", ["decided_at", "id"], postgresql_concurrently=True, if_not_exists=True
        )


def downgrade() -> None:
    """Drop them without blocking anybody."""
    with op.get_context().autocommit_block():
        op.drop_index("ix_report_decided_at", "report", postgresql_concurrently=True, if_exists=True)
        op.drop_index("ix_report_open", "report", postgresql_concurrently=True, if_exists=True)
    op.drop_table("daily_stat")


def create_daily_stat() -> None:
    """One number of one day."""
    op.create_table(
        "daily_stat",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(f"name in ({', '.join(map(repr, NUMBERS))})", name=op.f("ck_daily_stat_name")),
        sa.CheckConstraint("count >= 0", name=op.f("ck_daily_stat_count")),
        sa.PrimaryKeyConstraint("name", "day", name=op.f("pk_daily_stat")),
    )
