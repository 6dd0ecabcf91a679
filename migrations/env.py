"""Alembic's environment: how a migration runs, whoever starts it.

From code: `db.migrate` passes a connection. From the command line (`alembic revision --autogenerate -m "..."`): the
database of the settings is opened. `-x lock_timeout=` and `-x statement_timeout=` replace the limits below.
"""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, text

import db.models  # noqa: F401 - fills the metadata
from db.base import Base
from db.engine import open_database
from db.settings import load_settings

# A migration that cannot get its lock fails at once, instead of queueing in front of everybody else.
LOCK_TIMEOUT = "10s"
STATEMENT_TIMEOUT = "30min"
# Two processes that start on a new version at the same time: one migrates, the other waits here.
ADVISORY_LOCK = 0x6361_6967_6F75  # "caigou"
ADVISORY_LOCK_TIMEOUT = "35min"


def run(connection: Connection) -> None:
    options = context.get_x_argument(as_dictionary=True) if context.config.cmd_opts else {}
    lock_timeout = options.get("lock_timeout", LOCK_TIMEOUT)
    statement_timeout = options.get("statement_timeout", STATEMENT_TIMEOUT)
    _set(connection, lock_timeout=ADVISORY_LOCK_TIMEOUT, statement_timeout="0")
    connection.execute(text("select pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
    connection.commit()
    try:
        _set(connection, lock_timeout=lock_timeout, statement_timeout=statement_timeout)
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transaction_per_migration=True,
            compare_type=True,
            compare_server_default=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    finally:
        connection.rollback()
        connection.execute(text("select pg_advisory_unlock(:key)"), {"key": ADVISORY_LOCK})
        _set(connection, lock_timeout="0", statement_timeout="0")


def _set(connection: Connection, **timeouts: str) -> None:
    for name, value in timeouts.items():
        connection.execute(text("select set_config(:name, :value, false)"), {"name": name, "value": value})
    connection.commit()


if context.is_offline_mode():
    raise SystemExit("migrations run on a database: they take a lock and set timeouts there. Leave --sql out")

passed: Connection | None = context.config.attributes.get("connection")
if passed is not None:
    run(passed)
else:
    with open_database(load_settings(), migrate=False) as engine, engine.connect() as connection:
        run(connection)
