"""Find the few posts that are not live.

Purpose: the desk's lists of removed, held and deleted posts counted over the whole table (0.6 s at 900,000 posts).
Ticket: #2
Reversible: Yes
Rollback: flask --app wsgi db downgrade 0003

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-20 11:15:00+00:00
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build the index while posts go on being written."""
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_pythoughts_not_live",
            "pythoughts",
            ["state", "id"],
            postgresql_where="state <> 'live'",
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    """Drop the index without blocking anybody."""
    with op.get_context().autocommit_block():
        op.drop_index("ix_pythoughts_not_live", "pythoughts", postgresql_concurrently=True, if_exists=True)
