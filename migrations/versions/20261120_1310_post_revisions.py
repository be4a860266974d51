"""Keep what posts said before their authors changed them.

Purpose: authors edit for some hours, and readers of what they said before should be able to see it.
Ticket: #4
Reversible: Yes
Rollback: flask --app wsgi db downgrade 0007 (removes the table and the earlier texts)

Revision ID: 0009
Revises: 0007
Create Date: 2026-11-20 13:10:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; its unique constraint is also how a post's texts are found."""
    op.create_table(
        "post_revision",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("post_id", sa.Text(collation="C"), nullable=False),
        sa.Column("post_version", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["pythoughts.id"], name=op.f("fk_post_revision_post_id_pythoughts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_revision")),
        sa.UniqueConstraint("post_id", "post_version", name=op.f("uq_post_revision_post_id_post_version")),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("post_revision")
