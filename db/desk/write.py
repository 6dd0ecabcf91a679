"""Laying processes out on the desk: old rows go, new rows come, in the transaction of the linking that asked for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.copying import copy_rows, next_ids
from db.desk.final import ResolveBrand
from db.desk.rows import AWARD_COLUMNS, LINE_COLUMNS, MENTION_COLUMNS, NOTICE_COLUMNS, Process, Rows, lay_out
from db.desk.sheet import supplier_keys
from db.keys import organisation_key
from db.merges import effective
from db.organisations import lookup_names
from db.seeds_then import relation
from nlp.text import key

TABLES = ("fact_notice", "fact_mention", "fact_line", "fact_award")


def brand_resolver(session: Session, known_at: dt.datetime | None = None) -> ResolveBrand:
    """Brand ids by name, alias or id, as the seeds in the store have them (had them at ``known_at``). Asked only where a correction names brands."""
    names: dict[str, str] = {}

    def resolve(name: str) -> str | None:
        if not names:
            names[""] = ""
            brand, alias = relation(session, "brand", known_at), relation(session, "brand_alias", known_at)
            aliases = session.execute(text(f"SELECT key, brand_id FROM {alias} a"))  # noqa: S608 -- names of ours
            names.update((row[0], row[1]) for row in aliases)
            for id_, shown in session.execute(text(f"SELECT id, name FROM {brand} b")):  # noqa: S608 -- names of ours
                names[key(shown)] = names[key(id_)] = id_
        return names.get(key(name)) or None

    return resolve


def clear(session: Session, processes: Iterable[int], notices: Iterable[int]) -> None:
    ids, gone = list(processes), list(notices)
    for table in TABLES:
        session.execute(text(f"DELETE FROM {table} WHERE process_id = ANY(:ids)"), {"ids": ids})  # noqa: S608 -- ours
    for table in ("fact_notice", "fact_mention", "fact_line"):
        session.execute(text(f"DELETE FROM {table} WHERE notice_id = ANY(:ids)"), {"ids": gone})  # noqa: S608 -- ours


def write(
    session: Session, processes: Sequence[Process], suffix: str = "", known_at: dt.datetime | None = None
) -> Rows:
    """Lay the processes out. ``suffix`` names the temporary twins of the tables that a question about the past uses.

    Organisations are those that people's decisions make of them, now or at ``known_at``.
    """
    rows = lay_out(processes, brand_resolver(session, known_at), _organisations(session, processes, known_at))
    ids = next_ids(session, "fact_award", len(rows.awards))
    of_number = dict(zip((row[0] for row in rows.awards), ids, strict=True))
    for award in rows.awards:
        award[0] = of_number[award[0]]
    at = LINE_COLUMNS.index("award_id")
    for line in rows.lines:
        line[at] = of_number.get(line[at])
    copy_rows(session, f"fact_notice{suffix}", NOTICE_COLUMNS, rows.notices)
    copy_rows(session, f"fact_mention{suffix}", MENTION_COLUMNS, rows.mentions)
    copy_rows(session, f"fact_award{suffix}", AWARD_COLUMNS, rows.awards)
    copy_rows(session, f"fact_line{suffix}", LINE_COLUMNS, rows.lines)
    return rows


def _organisations(session: Session, processes: Sequence[Process], known_at: dt.datetime | None) -> dict[str, int]:
    """Organisation ids of everybody who may have won something here, by key of the name."""
    keys: set[str] = set()
    for process in processes:
        for _, copies in process.announcements:
            for sheet in copies:
                keys.update(organisation_key(p.name) for p in sheet.parties if p.role == "supplier")
                for joined in (
                    *(x.supplier for x in sheet.lots),
                    *(x.supplier for x in sheet.items),
                    *(c.after for c in sheet.changes),
                ):
                    keys.update(member for member, _ in supplier_keys(joined))
    counted = effective(session, known_at)
    return {key: counted.of(filed.id, key) for key, filed in lookup_names(session, keys).items()}
