"""The migrations make the schema, all of it, and nothing else does."""

import re
import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import CheckConstraint, Connection

import db.models  # noqa: F401
from db.base import Base
from db.engine import make_engine
from db.migrate import alembic_config, upgrade_to
from db.schema_state import MIGRATIONS, SchemaStatus, known_revisions, schema_state


@pytest.fixture
def empty(empty_database_url: sa.URL) -> Iterator[Connection]:
    with make_engine(empty_database_url, poolclass=sa.NullPool).connect() as connection:
        yield connection


@pytest.fixture
def migrated(database_url: str) -> Iterator[Connection]:
    with make_engine(sa.make_url(database_url), poolclass=sa.NullPool).connect() as connection:
        yield connection


def test_there_is_one_head_and_the_quick_reading_finds_it():
    scripts = ScriptDirectory.from_config(alembic_config())
    known, head = known_revisions()
    assert scripts.get_heads() == [head]
    assert {script.revision for script in scripts.walk_revisions()} == known


def test_file_names_sort_in_the_order_of_the_revisions():
    scripts = ScriptDirectory.from_config(alembic_config())
    in_order = [script.path.rsplit("/", 1)[-1] for script in reversed(list(scripts.walk_revisions()))]
    assert in_order == sorted(in_order)
    for name in in_order:
        assert re.fullmatch(r"\d{8}_\d{4}_\w+\.py", name)


def test_an_empty_database_is_migrated_to_the_head(empty: Connection):
    assert schema_state(empty).status is SchemaStatus.EMPTY
    upgrade_to(empty)
    state = schema_state(empty)
    assert state.status is SchemaStatus.CURRENT
    assert state.current == state.head is not None
    tables = set(sa.inspect(empty).get_table_names())
    assert tables - {"alembic_version"} == {table.name for table in Base.metadata.sorted_tables}


def test_migrating_twice_changes_nothing(migrated: Connection):
    before = schema_state(migrated)
    upgrade_to(migrated)
    assert schema_state(migrated) == before


def test_models_and_migrations_agree(migrated: Connection):
    command.check(alembic_config(migrated))


def test_drift_is_noticed(migrated: Connection):
    table = Base.metadata.sorted_tables[0]
    migrated.exec_driver_sql(f'alter table "{table.name}" add column stray integer')
    migrated.commit()
    with pytest.raises(CommandError, match="stray"):
        command.check(alembic_config(migrated))


def test_check_constraints_agree(migrated: Connection):
    """Alembic does not compare these; a word added to an enum without a migration would pass unseen."""
    inspector = sa.inspect(migrated)
    for table in Base.metadata.sorted_tables:
        wanted = {
            str(constraint.name): _words(
                str(constraint.sqltext.compile(migrated, compile_kwargs={"literal_binds": True}))
            )
            for constraint in table.constraints
            if isinstance(constraint, CheckConstraint)
        }
        found = {str(check["name"]): _words(check["sqltext"]) for check in inspector.get_check_constraints(table.name)}
        assert found == wanted, table.name


def _words(sql: str) -> set[str]:
    """The literals of a condition: Postgres rewrites the rest in its own words."""
    return set(re.findall(r"'([^']*)'", sql))


def test_the_newest_migration_goes_down_and_up_again(migrated: Connection):
    head = schema_state(migrated).current
    command.downgrade(alembic_config(migrated), "-1")
    assert schema_state(migrated).current != head
    upgrade_to(migrated)
    assert schema_state(migrated).current == head
    command.check(alembic_config(migrated))


def test_every_table_and_column_has_a_comment(migrated: Connection):
    inspector = sa.inspect(migrated)
    tables = [name for name in inspector.get_table_names() if name != "alembic_version"]
    assert tables
    silent = [name for name in tables if not inspector.get_table_comment(name)["text"]]
    for name in tables:
        columns = inspector.get_columns(name)
        assert columns
        silent += [f"{name}.{column['name']}" for column in columns if not column["comment"]]
    assert silent == []


def test_every_time_has_a_zone(migrated: Connection):
    inspector = sa.inspect(migrated)
    naive = [
        f"{name}.{column['name']}"
        for name in inspector.get_table_names()
        for column in inspector.get_columns(name)
        if isinstance(column["type"], sa.DateTime) and not column["type"].timezone
    ]
    assert naive == []


def test_data_migrations_do_not_import_the_models():
    for path in (MIGRATIONS / "versions").glob("*.py"):
        assert "db.models" not in path.read_text(encoding="utf-8"), path.name


def test_a_revision_of_the_future_is_ahead(migrated: Connection):
    migrated.exec_driver_sql("update alembic_version set version_num = 'from_the_future'")
    assert schema_state(migrated).status is SchemaStatus.AHEAD


def test_migrations_set_timeouts_and_take_them_back(empty: Connection):
    upgrade_to(empty)
    assert empty.exec_driver_sql("show lock_timeout").scalar() == "0"
    assert empty.exec_driver_sql("show statement_timeout").scalar() == "0"
    assert empty.exec_driver_sql("select count(*) from pg_locks where locktype = 'advisory'").scalar() == 0


def test_a_migration_waits_for_the_one_that_runs(empty: Connection, empty_database_url: sa.URL):
    """Two processes meet a new version at the same time."""
    other = make_engine(empty_database_url, poolclass=sa.NullPool).connect()
    done: list[str] = []

    def migrate() -> None:
        with make_engine(empty_database_url, poolclass=sa.NullPool).connect() as connection:
            upgrade_to(connection)
            done.append("migrated")

    with other:
        other.execute(sa.text("select pg_advisory_lock(:key)"), {"key": 0x636169676F75})
        other.commit()
        thread = threading.Thread(target=migrate)
        thread.start()
        waiting = sa.text("select count(*) from pg_locks where locktype = 'advisory' and not granted")
        while not other.scalar(waiting):
            other.rollback()
        assert schema_state(other).status is SchemaStatus.EMPTY
        other.rollback()
        other.execute(sa.text("select pg_advisory_unlock(:key)"), {"key": 0x636169676F75})
        other.commit()
        thread.join()
    assert done == ["migrated"]
    assert schema_state(empty).status is SchemaStatus.CURRENT
