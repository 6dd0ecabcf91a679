"""One database server for the run (one a worker under pytest-xdist), and databases made by the migrations.

- `session`: a transaction that is rolled back; for code that takes a session. Commits inside it are savepoints.
- `engine`, `database_url`, `settings`: a fresh, migrated, empty database of the test's own, dropped afterwards; for code
  that commits, opens its own connections or runs in another process.

The server is the embedded one, or the one `CAIGOU_TEST_DATABASE_URL` names (a role that may create databases).
Nothing else of the environment reaches the tests' databases.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.embedded import EmbeddedServer
from db.engine import address_url, make_engine
from db.settings import Settings


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Bytes are named by their argument, never by their content.

    Packed bytes may hold the time they were made at, and then two workers collect two different tests.
    """
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.URL]:
    """A running server, by a role that may create databases."""
    given = os.environ.get("CAIGOU_TEST_DATABASE_URL")
    if given:
        yield sa.make_url(given).set(drivername="postgresql+psycopg")
        return
    home = tmp_path_factory.mktemp("postgres-home")
    with EmbeddedServer(home, durable=False).join() as address:
        yield address_url(address)
    shutil.rmtree(home)


@pytest.fixture(scope="session")
def template_database(server_url: sa.URL) -> Iterator[str]:
    """A database at the newest revision. Nobody connects to it: others are copied from it."""
    from db.migrate import upgrade_to

    with database(server_url) as url:
        engine = make_engine(url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            upgrade_to(connection)
        assert url.database is not None
        yield url.database


@pytest.fixture(scope="session")
def shared_engine(server_url: sa.URL, template_database: str) -> Iterator[Engine]:
    """The database behind `session`. Nothing is ever committed in it."""
    with database(server_url, template_database) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def session(shared_engine: Engine) -> Iterator[Session]:
    with shared_engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        transaction.rollback()


@pytest.fixture
def empty_database_url(server_url: sa.URL) -> Iterator[sa.URL]:
    """A database without any table."""
    with database(server_url) as url:
        yield url


@pytest.fixture
def database_url(server_url: sa.URL, template_database: str) -> Iterator[str]:
    """The address of a migrated, empty database, as CAIGOU_DATABASE_URL takes it."""
    with database(server_url, template_database) as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(sa.make_url(database_url))
    yield engine
    engine.dispose()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """An empty home and a fresh database."""
    return Settings(home=tmp_path / "home", database_url=database_url)


@contextlib.contextmanager
def database(server: sa.URL, template: str = "template0") -> Iterator[sa.URL]:
    """Create a database, copied from `template`, and drop it at the end."""
    admin = make_engine(server, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    name = f"test_{secrets.token_hex(6)}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f'create database "{name}" template "{template}"')
    try:
        yield server.set(database=name)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f'drop database "{name}" with (force)')
