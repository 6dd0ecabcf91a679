"""Alembic, driven from code. The only way tables come to be."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from db.schema_state import MIGRATIONS


def alembic_config(connection: Connection | None = None) -> Config:
    """A configuration that needs no alembic.ini, so that an installed package migrates as a checkout does."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade_to(connection: Connection, revision: str = "head") -> None:
    """Migrate. Safe to run at the same time from several processes: one migrates, the others find it done."""
    command.upgrade(alembic_config(connection), revision)
