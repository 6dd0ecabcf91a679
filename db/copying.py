"""Bulk loading: rows by COPY over the session's own connection, with ids drawn from the table's sequence beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session


def raw(session: Session) -> psycopg.Connection[Any]:
    """The psycopg connection of the session's transaction."""
    return cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)


def next_ids(session: Session, table: str, count: int) -> list[int]:
    """``count`` fresh ids of ``table.id``. They are never given out again, also when the transaction fails."""
    if count == 0:
        return []
    rows = session.execute(
        text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)"),
        {"table": table, "count": count},
    )
    return [row[0] for row in rows]


def copy_rows(session: Session, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY ``rows`` into ``table``. Names come from this program, never from a user."""
    names = ", ".join(f'"{column}"' for column in columns)
    with raw(session).cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
