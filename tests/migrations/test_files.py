"""What migration files say and do; beside each rule the proof that it bites."""

import ast
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from pythoughts.paths import MIGRATIONS_DIR
from tests.guards import migrations, source

VERSIONS = sorted(MIGRATIONS_DIR.glob("versions/*.py"))
FILES = sorted([*VERSIONS, *MIGRATIONS_DIR.glob("versions/*.sql")])
DIGESTS = Path(__file__).with_name("digests.txt")
GOOD_HEADER = (
    '"""Add strikes.\n\nPurpose: a ladder of warnings.\nTicket: #12\nReversible: Yes\nRollback: downgrade by one."""'
)


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.name)
def test_a_migration_says_why_and_how_to_go_back(path):
    assert migrations.missing_headers(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("line", "header"),
    [
        ("Purpose: a ladder of warnings.", "Purpose"),
        ("Ticket: #12", "Ticket"),
        ("Reversible: Yes", "Reversible"),
        ("Rollback: downgrade by one.", "Rollback"),
    ],
)
def test_a_missing_header_is_seen(line, header):
    assert migrations.missing_headers(GOOD_HEADER) == []
    assert migrations.missing_headers(GOOD_HEADER.replace(line, f"{header}:")) == [header]
    assert migrations.missing_headers("\n" * migrations.HEADER_LINES + GOOD_HEADER) == list(migrations.HEADERS)


def test_there_is_one_head():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_DIR))
    chain = {script.revision: script.down_revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    assert len(migrations.heads(chain)) == 1


def test_two_heads_are_seen():
    assert migrations.heads({"0001": None, "0002": "0001", "0003": "0001"}) == {"0002", "0003"}


def test_committed_migrations_never_change():
    """A new migration is recorded by adding its line, as `sha256sum` writes it."""
    lines = DIGESTS.read_text(encoding="utf-8").splitlines()
    recorded = {name: value for value, name in (line.split("  ") for line in lines)}
    assert migrations.changed(recorded, {path.name: migrations.digest(path) for path in FILES}) == {}


def test_a_changed_a_removed_and_a_new_migration_are_seen():
    recorded = {"a.py": "1", "b.py": "2", "c.py": "3"}
    assert set(migrations.changed(recorded, {"a.py": "1", "b.py": "9", "d.py": "4"})) == {"b.py", "c.py", "d.py"}


def test_migrations_never_import_the_application():
    imported = source.violations(VERSIONS, source.imported, MIGRATIONS_DIR)
    assert [line for line in imported if line.rpartition(" ")[2].startswith("pythoughts")] == []


def test_an_import_of_the_application_is_seen():
    tree = ast.parse("from pythoughts.feed.models import Post\nimport pythoughts.db")
    assert list(source.imported(tree)) == [(1, "pythoughts.feed.models"), (2, "pythoughts.db")]


def test_migrations_never_block_a_live_table():
    assert source.violations(VERSIONS, migrations.blocking, MIGRATIONS_DIR) == []


@pytest.mark.parametrize(
    "operation",
    [
        "op.create_index('ix', 'user', ['a'])",
        "op.drop_index('ix', 'user')",
        "op.create_unique_constraint('uq', 'user', ['a'])",
        "op.create_foreign_key('fk', 'session', 'user', ['a'], ['id'])",
        "op.create_check_constraint('ck', 'user', 'a > 0')",
        "op.add_column('user', sa.Column('a', sa.Text(), nullable=False))",
        "op.add_column('user', sa.Column('a', sa.Text(), nullable=False, server_default=sa.text('random()')))",
        "op.alter_column('user', 'a', nullable=False)",
        "op.alter_column('user', 'a', type_=sa.BigInteger())",
        "op.execute('create unique index ix on \"user\" (a)')",
        "op.execute('alter table session add constraint fk foreign key (a) references x (b)')",
        "op.execute('alter table session alter column a set not null')",
    ],
)
def test_an_operation_that_blocks_is_seen(operation):
    assert len(list(migrations.blocking(ast.parse(f"def upgrade():\n    {operation}")))) == 1


@pytest.mark.parametrize(
    "operation",
    [
        "op.create_index('ix', 'user', ['a'], postgresql_concurrently=True)",
        "op.create_table('t'); op.create_index('ix', 't', ['a'])",
        "op.create_foreign_key('fk', 'session', 'user', ['a'], ['id'], postgresql_not_valid=True)",
        "op.add_column('user', sa.Column('a', sa.Text()))",
        "op.add_column('user', sa.Column('a', sa.Integer(), nullable=False, server_default='0'))",
        "op.execute('create index concurrently ix on \"user\" (a)')",
        "op.execute('alter table session validate constraint fk')",
    ],
)
def test_an_operation_that_does_not_block_passes(operation):
    assert list(migrations.blocking(ast.parse(f"def upgrade():\n    {operation}"))) == []
