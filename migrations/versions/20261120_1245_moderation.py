"""The tables of moderation, and a short list of watched words to begin with.

Purpose: members report posts and people, staff watch for words, people keep each other away.
Ticket: #4
Reversible: Yes
Rollback: flask --app wsgi db downgrade 0006 (removes these tables and their data)

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-20 12:45:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("user_block", "watched_word", "review_item", "report")
STARTERS = (  # lower case and plain, so each is its own folded form
    ("asshole", "block"),
    ("bastard", "censor"),
    ("bitch", "block"),
    ("bullshit", "censor"),
    ("crap", "flag"),
    ("damn", "flag"),
    ("darn", "block"),
    ("fuck", "block"),
    ("fucking", "block"),
    ("motherfucker", "block"),
    ("shit", "censor"),
    ("slut", "block"),
    ("buy followers", "hold"),
    ("casino bonus", "hold"),
    ("double your bitcoin", "hold"),
)


def upgrade() -> None:
    """Create every table, and put the list in."""
    create_user_block()
    create_watched_word()
    create_review_item()
    create_report()
    op.bulk_insert(
        sa.table("watched_word", *map(sa.column, ("id", "word", "folded", "action"))),
        [
            {"id": f"019a9c00-0000-7000-8000-{number:012}", "word": word, "folded": word, "action": action}
            for number, (word, action) in enumerate(STARTERS)
        ],
    )


def downgrade() -> None:
    """Drop every table."""
    for table in reversed(TABLES):
        op.drop_table(table)


def create_user_block() -> None:
    """Who keeps whom away."""
    op.create_table(
        "user_block",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("user_id", sa.Text(collation="C"), nullable=False),
        sa.Column("blocked_id", sa.Text(collation="C"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("user_id <> blocked_id", name=op.f("ck_user_block_others_only")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_user_block_user_id_user"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["blocked_id"], ["user.id"], name=op.f("fk_user_block_blocked_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_block")),
        sa.UniqueConstraint("user_id", "blocked_id", name=op.f("uq_user_block_user_id_blocked_id")),
    )
    op.create_index("ix_user_block_blocked_id", "user_block", ["blocked_id"], unique=False)


def create_watched_word() -> None:
    """What is watched for."""
    op.create_table(
        "watched_word",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_by", sa.Text(collation="C"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("action in ('block', 'hold', 'flag', 'censor')", name=op.f("ck_watched_word_action")),
        sa.CheckConstraint("char_length(word) between 1 and 100", name=op.f("ck_watched_word_word_length")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user.id"], name=op.f("fk_watched_word_created_by_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watched_word")),
        sa.UniqueConstraint("folded", name=op.f("uq_watched_word_folded")),
    )
    op.create_index("ix_watched_word_created_by", "watched_word", ["created_by"], unique=False)


def create_review_item() -> None:
    """What staff have to look at."""
    op.create_table(
        "review_item",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("post_id", sa.Text(collation="C"), nullable=True),
        sa.Column("person_id", sa.Text(collation="C"), nullable=True),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("score", sa.Integer(), server_default="0", nullable=False),
        sa.Column("open_reports", sa.Integer(), server_default="0", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("word_id", sa.Text(collation="C"), nullable=True),
        sa.Column("fine_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.Text(collation="C"), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(collation="C"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("(post_id is null) <> (person_id is null)", name=op.f("ck_review_item_one_target")),
        sa.CheckConstraint("state in ('open', 'decided')", name=op.f("ck_review_item_state")),
        sa.CheckConstraint("open_reports >= 0", name=op.f("ck_review_item_open_reports")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["pythoughts.id"], name=op.f("fk_review_item_post_id_pythoughts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["user.id"], name=op.f("fk_review_item_person_id_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["word_id"], ["watched_word.id"], name=op.f("fk_review_item_word_id_watched_word"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["claimed_by"], ["user.id"], name=op.f("fk_review_item_claimed_by_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user.id"], name=op.f("fk_review_item_decided_by_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_item")),
        sa.UniqueConstraint("post_id", name=op.f("uq_review_item_post_id")),
        sa.UniqueConstraint("person_id", name=op.f("uq_review_item_person_id")),
    )
    op.create_index(
        "ix_review_item_queue",
        "review_item",
        [sa.text("score desc"), "opened_at", "id"],
        unique=False,
        postgresql_where="state = 'open'",
    )
    for column in ("word_id", "claimed_by", "decided_by"):
        op.create_index(f"ix_review_item_{column}", "review_item", [column], unique=False)


def create_report() -> None:
    """What members said about it."""
    op.create_table(
        "report",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("item_id", sa.Text(collation="C"), nullable=False),
        sa.Column("reporter_id", sa.Text(collation="C"), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=True),
        sa.Column("weight", sa.Integer(), server_default="0", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="open", nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "category in ('spam', 'harassment', 'violence', 'sexual', 'private', 'other')",
            name=op.f("ck_report_category"),
        ),
        sa.CheckConstraint("outcome in ('open', 'agreed', 'disagreed', 'gone')", name=op.f("ck_report_outcome")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["review_item.id"], name=op.f("fk_report_item_id_review_item"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["user.id"], name=op.f("fk_report_reporter_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("item_id", "reporter_id", name=op.f("uq_report_item_id_reporter_id")),
    )
    op.create_index("ix_report_reporter_id_id", "report", ["reporter_id", "id"], unique=False)
