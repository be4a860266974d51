"""The pictures that people upload.

Purpose: whoever wants another picture than the drawn one sends it, and every process on every machine can show it.
Ticket: #4
Reversible: Partial
Rollback: flask --app wsgi db downgrade 0009 (uploaded pictures are lost; everybody is drawn again)

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-20 13:15:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "avatar",
        sa.Column("user_id", sa.Text(collation="C"), nullable=False),
        sa.Column("upload_id", sa.Text(collation="C"), nullable=True),
        sa.Column("failed", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("original", sa.LargeBinary(), nullable=True),
        sa.Column("small", sa.LargeBinary(), nullable=True),
        sa.Column("large", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(original is null) = (upload_id is null)", name=op.f("ck_avatar_upload_named")),
        sa.CheckConstraint("(small is null) = (large is null)", name=op.f("ck_avatar_both_sizes")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_avatar_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_avatar")),
    )


def downgrade() -> None:
    """Drop the table; whoever was shown with an upload is drawn, at an address that nobody has cached."""
    op.drop_table("avatar")
    op.execute('update "user" set avatar_version = 1 - avatar_version where avatar_version < 0')
