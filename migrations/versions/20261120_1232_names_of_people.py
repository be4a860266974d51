"""Find people by the beginnings of their names.

Purpose: the search page looks names up by their first letters among hundreds of thousands.
Ticket: #4
Reversible: Yes
Rollback: flask --app wsgi db downgrade 0004

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-20 12:32:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAMES = (
    """to_tsvector('simple'::regconfig, translate((coalesce(username, '') || ' ') || coalesce(name, ''), """
    """'._-@', '    '))"""
)


def upgrade() -> None:
    """Build the index while people go on joining."""
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_user_names",
            "user",
            [sa.text(NAMES)],
            postgresql_using="gin",
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    """Drop the index without blocking anybody."""
    with op.get_context().autocommit_block():
        op.drop_index("ix_user_names", "user", postgresql_concurrently=True, if_exists=True)
