"""The tables of the foundation.

Purpose: the six tables of Pythoughts v2 with our columns, the audit log, the outbox, the limits.
Ticket: #2
Reversible: Yes
Rollback: flask --app wsgi db downgrade base (removes every table and all data)

Revision ID: 0001
Revises:
Create Date: 2026-11-20 09:15:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "user",
    "session",
    "account",
    "verification",
    "user_preferences",
    "pythoughts",
    "audit_log",
    "audit_personal",
    "outbox_mail",
    "rate_limit",
)

REFUSE_CHANGES = """
create function audit_log_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'audit_log is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_log_no_update before update or delete on audit_log
    for each row execute function audit_log_refuse();
create trigger audit_log_no_truncate before truncate on audit_log
    for each statement execute function audit_log_refuse();
"""


def upgrade() -> None:
    """Create every table, parents first."""
    create_user()
    create_session()
    create_account()
    create_verification()
    create_user_preferences()
    create_pythoughts()
    create_audit_log()
    create_audit_personal()
    create_outbox_mail()
    create_rate_limit()
    op.execute(REFUSE_CHANGES)


def downgrade() -> None:
    """Drop every table, children first."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("drop function audit_log_refuse()")


def create_user() -> None:
    """People."""
    op.create_table(
        "user",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_verified", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("image", sa.Text(), nullable=True),
        sa.Column("username", sa.Text(), nullable=True),
        sa.Column("display_username", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), server_default="member", nullable=False),
        sa.Column("banned", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("ban_reason", sa.Text(), nullable=True),
        sa.Column("ban_expires", sa.DateTime(timezone=True), nullable=True),
        sa.Column("banned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("banned_by", sa.Text(collation="C"), nullable=True),
        sa.Column("silenced_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("two_factor_enabled", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bio", sa.Text(), nullable=True),
        sa.Column("avatar_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("delete_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("anonymised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("role in ('member', 'moderator', 'admin')", name=op.f("ck_user_role")),
        sa.CheckConstraint(
            "username ~ '^(?!\\.)(?!.*\\.\\.)(?!.*\\.$)[a-z0-9_.]{3,30}$'", name=op.f("ck_user_username_shape")
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_user_email_lower")),
        sa.ForeignKeyConstraint(["banned_by"], ["user.id"], name=op.f("fk_user_banned_by_user"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
        sa.UniqueConstraint("username", name=op.f("uq_user_username")),
    )
    op.create_index("ix_user_banned_by", "user", ["banned_by"], unique=False)
    op.create_index("ix_user_created_at_id", "user", ["created_at", "id"], unique=False)


def create_session() -> None:
    """Signed-in browsers."""
    op.create_table(
        "session",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ip_address", sa.Text(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=True),
        sa.Column("user_id", sa.Text(collation="C"), nullable=False),
        sa.Column("auth_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remember", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("impersonating_user_id", sa.Text(collation="C"), nullable=True),
        sa.Column("impersonation_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("token ~ '^[0-9a-f]{64}$'", name=op.f("ck_session_token_is_digest")),
        sa.ForeignKeyConstraint(
            ["impersonating_user_id"],
            ["user.id"],
            name=op.f("fk_session_impersonating_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_session_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token", name=op.f("uq_session_token")),
    )
    op.create_index("ix_session_expires_at", "session", ["expires_at"], unique=False)
    op.create_index("ix_session_impersonating_user_id", "session", ["impersonating_user_id"], unique=False)
    op.create_index("ix_session_user_id", "session", ["user_id"], unique=False)


def create_account() -> None:
    """Ways to sign in."""
    op.create_table(
        "account",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(collation="C"), nullable=False),
        sa.Column("access_token", sa.Text(), nullable=True),
        sa.Column("refresh_token", sa.Text(), nullable=True),
        sa.Column("id_token", sa.Text(), nullable=True),
        sa.Column("access_token_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refresh_token_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_account_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("provider_id", "account_id", name=op.f("uq_account_provider_id_account_id")),
    )
    op.create_index("ix_account_user_id", "account", ["user_id"], unique=False)


def create_verification() -> None:
    """Pending codes and links."""
    op.create_table(
        "verification",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Text(collation="C"), nullable=True),
        sa.Column("purpose", sa.Text(), server_default="", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_verification_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
        sa.UniqueConstraint("identifier", name=op.f("uq_verification_identifier")),
    )
    op.create_index("ix_verification_expires_at", "verification", ["expires_at"], unique=False)
    op.create_index("ix_verification_user_id", "verification", ["user_id"], unique=False)


def create_user_preferences() -> None:
    """Choices of members."""
    op.create_table(
        "user_preferences",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("user_id", sa.Text(collation="C"), nullable=False),
        sa.Column("ignored_users", sa.Text(), server_default="[]", nullable=False),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "jsonb_typeof(ignored_users::jsonb) = 'array'", name=op.f("ck_user_preferences_ignored_is_array")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_user_preferences_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_preferences")),
        sa.UniqueConstraint("user_id", name=op.f("uq_user_preferences_user_id")),
    )


def create_pythoughts() -> None:
    """Posts and replies."""
    op.create_table(
        "pythoughts",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(collation="C"), nullable=False),
        sa.Column("reply_to_id", sa.Text(collation="C"), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("root_id", sa.Text(collation="C"), nullable=True),
        sa.Column("depth", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reply_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.Text(), server_default="live", nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.Text(collation="C"), nullable=True),
        sa.Column("delete_reason", sa.Text(), nullable=True),
        sa.Column("removed_op", sa.Text(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('simple', message)", persisted=True),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("state in ('live', 'held', 'removed', 'deleted')", name=op.f("ck_pythoughts_state")),
        sa.CheckConstraint("depth >= 0 and reply_count >= 0", name=op.f("ck_pythoughts_counts")),
        sa.CheckConstraint("octet_length(message) between 1 and 16384", name=op.f("ck_pythoughts_message_size")),
        sa.ForeignKeyConstraint(
            ["deleted_by"], ["user.id"], name=op.f("fk_pythoughts_deleted_by_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["reply_to_id"], ["pythoughts.id"], name=op.f("fk_pythoughts_reply_to_id_pythoughts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["root_id"], ["pythoughts.id"], name=op.f("fk_pythoughts_root_id_pythoughts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_pythoughts_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pythoughts")),
        sa.UniqueConstraint("user_id", "idempotency_key", name=op.f("uq_pythoughts_user_id_idempotency_key")),
    )
    op.create_index("ix_pythoughts_deleted_by", "pythoughts", ["deleted_by"], unique=False)
    op.create_index(
        "ix_pythoughts_feed",
        "pythoughts",
        ["id"],
        unique=False,
        postgresql_where="state = 'live' and reply_to_id is null",
    )
    op.create_index("ix_pythoughts_reply_to_id", "pythoughts", ["reply_to_id"], unique=False)
    op.create_index("ix_pythoughts_root_id_id", "pythoughts", ["root_id", "id"], unique=False)
    op.create_index("ix_pythoughts_search", "pythoughts", ["search"], unique=False, postgresql_using="gin")
    op.create_index("ix_pythoughts_user_id_id", "pythoughts", ["user_id", "id"], unique=False)


def create_audit_log() -> None:
    """The append-only record."""
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=True),
        sa.Column("on_behalf_of", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("target_type", sa.Text(), nullable=False),
        sa.Column("target_id", sa.Text(), nullable=False),
        sa.Column("op_id", sa.Text(), nullable=True),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index("ix_audit_log_actor_id_id", "audit_log", ["actor_id", "id"], unique=False)
    op.create_index("ix_audit_log_at", "audit_log", ["at"], unique=False)
    op.create_index("ix_audit_log_op_id", "audit_log", ["op_id"], unique=False)
    op.create_index("ix_audit_log_target", "audit_log", ["target_type", "target_id", "id"], unique=False)


def create_audit_personal() -> None:
    """What the record tells of people."""
    op.create_table(
        "audit_personal",
        sa.Column("audit_id", sa.BigInteger(), nullable=False),
        sa.Column("actor_label", sa.Text(), nullable=True),
        sa.Column("target_label", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ip_address", sa.Text(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit_log.id"], name=op.f("fk_audit_personal_audit_id_audit_log"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_audit_personal")),
    )


def create_outbox_mail() -> None:
    """Letters on their way."""
    op.create_table(
        "outbox_mail",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(collation="C"), nullable=True),
        sa.Column("ref_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "state in ('queued', 'sent', 'failed', 'expired', 'suppressed')", name=op.f("ck_outbox_mail_state")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_outbox_mail_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mail")),
    )
    op.create_index("ix_outbox_mail_state_id", "outbox_mail", ["state", "id"], unique=False)
    op.create_index("ix_outbox_mail_user_id", "outbox_mail", ["user_id"], unique=False)


def create_rate_limit() -> None:
    """Counters of the limits."""
    op.create_table(
        "rate_limit",
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("reset_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_limit")),
        prefixes=["UNLOGGED"],
    )
    op.create_index("ix_rate_limit_reset_at", "rate_limit", ["reset_at"], unique=False)
