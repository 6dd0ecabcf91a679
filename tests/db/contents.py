"""Everything a database holds, in a form that two databases filled in different ways can be compared by.

Row numbers and moments of system time differ from run to run; each row is named by what it is, and only whether it is superseded is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, text

import db.models  # noqa: F401 -- fills the metadata
from db.base import Base

LEFT_OUT = {"ledger", "seed_version", "run", "portal_lease", "versions"}
"""Clock, seeds, program and the log of commands: they say when and by what, not what."""
MOMENTS = {
    "recorded_at",
    "first_used_at",
    "loaded_at",
    "changed_at",
    "erased_at",
    "lifted_at",
    "started_at",
    "ended_at",
}
PLACES = {"warc_file", "warc_offset", "warc_length", "run_id"}
NAMES = {
    "versions": "'version ' || (SELECT count(*) FROM versions o WHERE o.id <= x.id)",
    "notice": "portal_id || '/' || identity",
    "revision": "(SELECT portal_id || '/' || identity FROM notice n WHERE n.id = x.notice_id) || ' ' || content_digest",
    "organisation": "key",
    "announcement": "key",
    "process": "ocid",
    "capture": "identity",
}
REFERS = {
    "versions_id": "versions", "notice_id": "notice", "other_notice_id": "notice", "revision_id": "revision", "left_revision_id": "revision",
    "right_revision_id": "revision", "organisation_id": "organisation", "buyer_id": "organisation", "end_user_id": "organisation",
    "supplier_id": "organisation", "member_ids": "organisation", "announcement_id": "announcement", "process_id": "process",
    "predecessor_id": "process", "capture_id": "capture", "reading_id": "reading", "body_id": "body", "item_id": "item",
    "class_from": "notice", "mention_id": "mention", "award_id": "fact_award", "capture_reading_id": "capture_reading", "file_id": "list_file",
}  # fmt: skip
NAMED_BY_ROW = ("body", "reading", "capture_reading", "list_file", "item", "mention", "fact_award")
"""In the order they refer to each other. Equal rows of these are told apart by their order."""


def contents(engine: Engine | Connection) -> dict[str, list[str]]:
    """The rows of every table as sorted lines of JSON."""
    if isinstance(engine, Engine):
        with engine.connect() as connection:
            return contents(connection)
    names: dict[str, dict[int, str]] = {}
    for table, sql in NAMES.items():
        names[table] = {row[0]: row[1] for row in engine.execute(text(f"SELECT id, {sql} FROM {table} x"))}
    found: dict[str, list[str]] = {}
    wanted = [name for name in Base.metadata.tables if name not in LEFT_OUT]
    for table in (*NAMED_BY_ROW, *(name for name in wanted if name not in NAMED_BY_ROW)):
        rows = engine.execute(text(f"SELECT * FROM {table}")).mappings().all()
        if "id" in Base.metadata.tables[table].columns:
            rows = sorted(rows, key=lambda row: row["id"])
        lines: list[str] = []
        seen: dict[str, int] = {}
        for row in rows:
            line = _line(table, row, names)
            if table in NAMED_BY_ROW:
                seen[line] = seen.get(line, 0) + 1
                digest = hashlib.sha256(line.encode()).hexdigest()[:16]
                names.setdefault(table, {})[row["id"]] = f"{digest} {seen[line]}"
            lines.append(line)
        found[table] = sorted(lines)
    return {table: found[table] for table in sorted(found)}


def _line(table: str, row: Mapping[str, Any], names: Mapping[str, Mapping[int, str]]) -> str:
    shown: dict[str, Any] = {}
    for column, value in row.items():
        if (column == "id" and table != "portal") or column in MOMENTS | PLACES:
            continue
        if column == "superseded_at":
            shown[column] = value is not None
        elif column in REFERS and value is not None:
            of = names[REFERS[column]]
            shown[column] = sorted(map(of.__getitem__, value)) if isinstance(value, list) else of[value]
        elif column == "details" and isinstance(value, dict) and "records" in value:
            shown[column] = sorted(record["captured_at"] for record in value["records"])
        else:
            shown[column] = value
    if table == "pair":
        _unordered(shown)
    return json.dumps(shown, ensure_ascii=False, sort_keys=True, default=str)


def digest(engine: Engine | Connection) -> str:
    return hashlib.sha256(json.dumps(contents(engine), ensure_ascii=False).encode()).hexdigest()


def _unordered(pair: dict[str, Any]) -> None:
    """Which side of a pair is the left one depends on who came first; its evidence is told in the same order."""
    sides = (pair["left_revision_id"], pair["right_revision_id"])
    if sides[0] > sides[1]:
        pair["left_revision_id"], pair["right_revision_id"] = sides[1], sides[0]
        against = []
        for line in pair["evidence"].get("against", ()):
            what, colon, both = line.partition(": ")
            one, slash, other = both.partition(" / ")
            against.append(f"{what}: {other} / {one}" if colon and slash else line)
        pair["evidence"] = {**pair["evidence"], "against": against}


def fingerprint(engine: Engine) -> int:
    """Changes whenever any row of any table does: one question, for asking often. Row numbers and moments count, too."""
    parts = [
        f"SELECT coalesce(sum(hashtextextended(t::text, 0)), 0) AS n FROM {table} t" for table in Base.metadata.tables
    ]
    with engine.connect() as connection:
        found = connection.execute(
            text(f"SELECT hashtextextended(string_agg(n::text, ' '), 0) FROM ({' UNION ALL '.join(parts)}) x")
        )
        return int(found.scalar_one())


def differences(one: Mapping[str, list[str]], other: Mapping[str, list[str]]) -> dict[str, tuple[list[str], list[str]]]:
    """By table, what only one of them holds: for the message of a failed comparison."""
    return {
        table: (sorted(set(one[table]) - set(other[table])), sorted(set(other[table]) - set(one[table])))
        for table in one
        if one[table] != other[table]
    }
