"""The tables and functions of the job queue.

Purpose: jobs are kept in PostgreSQL, so that they commit with the change that asks for them.
Ticket: #2
Reversible: Yes
Rollback: flask --app wsgi db downgrade 0001 (removes every waiting job)

The SQL beside this file is procrastinate's own schema as of version 3.10, unchanged.

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-20 10:40:00+00:00
"""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COVERS = "03.04.00_50_post_add_retry_failed_job_procedure.sql"  # the newest of procrastinate's migrations in it

REMOVE = """
do $$
declare
    routine record;
begin
    drop table procrastinate_periodic_defers, procrastinate_events, procrastinate_jobs, procrastinate_workers cascade;
    for routine in
        select oid::regprocedure as signature from pg_proc
        where proname like 'procrastinate\\_%' and pronamespace = current_schema()::regnamespace
    loop
        execute 'drop function ' || routine.signature || ' cascade';
    end loop;
    drop type procrastinate_job_to_defer_v1, procrastinate_job_event_type, procrastinate_job_status;
end $$;
"""


def upgrade() -> None:
    """Create the queue as its library defines it."""
    schema = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    driver = op.get_bind().connection.driver_connection
    driver.execute(schema)  # many statements with percent signs: past SQLAlchemy, in its transaction


def downgrade() -> None:
    """Remove the queue and everything in it."""
    op.execute(REMOVE)
