"""Whether a database has the tables this code works with.

The newest revision is read from the migration files themselves, without Alembic: importing it takes longer than most
questions. `tests/db/test_migrations.py` holds the two readings against each other.
"""

from __future__ import annotations

import ast
import enum
import functools
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text

from db.errors import SchemaAhead, SchemaBehind

# Beside this package in a checkout and in an installation alike.
MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


class SchemaStatus(enum.StrEnum):
    EMPTY = "empty"  # no migration has run
    BEHIND = "behind"
    CURRENT = "current"
    AHEAD = "ahead"  # migrated by newer code: the revision is not one of ours


@dataclass(frozen=True, slots=True)
class SchemaState:
    """`current`: the revision of the database, `head`: the one this code needs; None where there is none."""

    current: str | None
    head: str | None
    status: SchemaStatus


@functools.cache
def known_revisions(versions: Path = MIGRATIONS / "versions") -> tuple[frozenset[str], str | None]:
    """All revisions of the migration files, and the one nothing follows. Raises `ValueError` on two heads."""
    follows: dict[str, str | None] = {}
    for path in sorted(versions.glob("[!_]*.py")):
        names = _assigned(ast.parse(path.read_text(encoding="utf-8")))
        follows[str(names["revision"])] = names["down_revision"]
    heads = set(follows) - set(follows.values())
    if len(heads) > 1:
        raise ValueError(f"several newest migrations: {', '.join(sorted(heads))}")
    return frozenset(follows), heads.pop() if heads else None


def schema_state(connection: Connection) -> SchemaState:
    known, head = known_revisions()
    if connection.scalar(text("select to_regclass('alembic_version')")) is None:
        current = None
    else:
        current = connection.scalar(text("select version_num from alembic_version"))
    if current == head:
        status = SchemaStatus.CURRENT
    elif current is None:
        status = SchemaStatus.EMPTY
    elif current in known:
        status = SchemaStatus.BEHIND
    else:
        status = SchemaStatus.AHEAD
    return SchemaState(current, head, status)


def require_current(state: SchemaState, where: str) -> None:
    """Raises `SchemaBehind` or `SchemaAhead`. `where` names the database without its password."""
    if state.status is SchemaStatus.AHEAD:
        raise SchemaAhead(
            f"the schema of {where} is at revision {state.current}, which this version of Caigou does not know",
            "install the version of Caigou that migrated it",
        )
    if state.status is not SchemaStatus.CURRENT:
        raise SchemaBehind(
            f"the schema of {where} is at revision {state.current or 'none'}, and this version needs {state.head}",
            "run: caigou db upgrade",
        )


def _assigned(module: ast.Module) -> dict[str, str | None]:
    values: dict[str, str | None] = {}
    for node in module.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name, value = node.target.id, node.value
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name, value = node.targets[0].id, node.value
        else:
            continue
        if name in {"revision", "down_revision"} and isinstance(value, ast.Constant):
            values[name] = value.value if value.value is None else str(value.value)
    return values
