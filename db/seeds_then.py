"""The seeds' tables as they were: a question about the past knows the brands, owners and places of the past."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import text
from sqlalchemy.orm import Session

SETS = {"brands": ("brand", "brand_alias", "brand_owner", "product_line"), "divisions": ("division",)}
"""Tables of each set of seeds that questions ask."""


def keep(session: Session, name: str, now: dt.datetime) -> None:
    """Keep what a set's tables hold before a newer one replaces it at ``now``. The first load of a set has nothing to keep."""
    since = session.execute(
        text("SELECT max(loaded_at) FROM seed_version WHERE name = :name"), {"name": name}
    ).scalar_one()
    if since is None:
        return
    for table in SETS.get(name, ()):
        session.execute(
            text(f"""
                INSERT INTO seed_past (name, row, recorded_at, superseded_at)
                SELECT :table, to_jsonb(t), :since, :now FROM {table} t
            """),  # noqa: S608 -- names of ours
            {"table": table, "since": since, "now": now},
        )


def relation(session: Session, table: str, known_at: dt.datetime | None) -> str:
    """What to write after FROM for a seeds' table as it was known at ``known_at``; null = now.

    Before the first load, and since the last, the table itself speaks.
    """
    if known_at is None:
        return table
    kept = session.execute(
        text(
            "SELECT EXISTS (SELECT FROM seed_past WHERE name = :table AND recorded_at <= :at AND superseded_at > :at)"
        ),
        {"table": table, "at": known_at},
    ).scalar_one()
    if not kept:
        return table
    moment = known_at.astimezone(dt.UTC).isoformat()
    return f"""(SELECT (jsonb_populate_record(NULL::{table}, p.row)).* FROM seed_past p
                 WHERE p.name = '{table}' AND p.recorded_at <= '{moment}' AND p.superseded_at > '{moment}')"""  # noqa: S608
