"""The tables of notifications.

Purpose: people are told of replies, mentions, what staff decided and what happens to their account, here and by mail.
Ticket: #4
Reversible: Yes
Rollback: flask --app wsgi db downgrade 0010 (removes these tables and their data)

Revision ID: 0008
Revises: 0010
Create Date: 2026-11-20 13:12:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = ("notification", "mention", "digest")
KINDS = (
    "reply",
    "mention",
    "post-removed",
    "post-restored",
    "post-held",
    "post-released",
    "report-agreed",
    "report-disagreed",
    "report-gone",
    "security",
)


def upgrade() -> None:
    """Create every table."""
    create_notification()
    create_mention()
    create_digest()


def downgrade() -> None:
    """Drop every table."""
    for table in reversed(TABLES):
        op.drop_table(table)


def create_notification() -> None:
    """What somebody is told."""
    op.create_table(
        "notification",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("user_id", sa.Text(collation="C"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(collation="C"), nullable=True),
        sa.Column("post_id", sa.Text(collation="C"), nullable=True),
        sa.Column("letter", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(f"kind in ({', '.join(map(repr, KINDS))})", name=op.f("ck_notification_kind")),
        sa.CheckConstraint(
            "kind not in ('reply', 'mention') or (person_id is not null and post_id is not null)",
            name=op.f("ck_notification_social"),
        ),
        sa.CheckConstraint("(kind = 'security') = (letter is not null)", name=op.f("ck_notification_letter")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_notification_user_id_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["user.id"], name=op.f("fk_notification_person_id_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["pythoughts.id"], name=op.f("fk_notification_post_id_pythoughts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
    )
    op.create_index("ix_notification_order", "notification", ["user_id", sa.text("(read_at is null)"), "id"])
    op.create_index(
        "uq_notification_once",
        "notification",
        ["post_id", "user_id"],
        unique=True,
        postgresql_where="kind in ('reply', 'mention')",
    )
    op.create_index("ix_notification_post_id", "notification", ["post_id"])
    op.create_index("ix_notification_person_id", "notification", ["person_id"])
    op.create_index("ix_notification_read_at", "notification", ["read_at"], postgresql_where="read_at is not null")


def create_mention() -> None:
    """Whom a post names."""
    op.create_table(
        "mention",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("post_id", sa.Text(collation="C"), nullable=False),
        sa.Column("user_id", sa.Text(collation="C"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["pythoughts.id"], name=op.f("fk_mention_post_id_pythoughts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_mention_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mention")),
        sa.UniqueConstraint("post_id", "user_id", name=op.f("uq_mention_post_id_user_id")),
    )
    op.create_index("ix_mention_user_id", "mention", ["user_id"])


def create_digest() -> None:
    """Which mails about it were sent."""
    op.create_table(
        "digest",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("user_id", sa.Text(collation="C"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_digest_span")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_digest_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("user_id", "ends_at", name=op.f("uq_digest_user_id_ends_at")),
    )
    op.create_index("ix_digest_ends_at", "digest", ["ends_at"])
