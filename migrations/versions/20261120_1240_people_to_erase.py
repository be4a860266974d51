"""Find the few people who wait to be erased.

Purpose: every minute a job looks for grace that has ended; it read the whole table of people for that.
Ticket: #3
Reversible: Yes
Rollback: flask --app wsgi db downgrade 0005

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-20 12:40:00+00:00
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build the index while people go on joining."""
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_user_delete_after",
            "user",
            ["delete_after"],
            postgresql_where="delete_after is not null",
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    """Drop the index without blocking anybody."""
    with op.get_context().autocommit_block():
        op.drop_index("ix_user_delete_after", "user", postgresql_concurrently=True, if_exists=True)
