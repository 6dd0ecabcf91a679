"""One organisation under all its names: 乌市公安局 and 乌鲁木齐市公安局(本级) are filed as one, a sub-bureau as another.

The organ's identity is read off the name by :mod:`nlp.orgs.identity` with the seeds' knowledge. Names whose identity is not certain
(a bare 市公安局, a masked name) stay organisations of their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.copying import copy_rows, next_ids
from db.keys import organisation_key
from nlp.orgs import analyse, identify
from nlp.orgs.english import english
from nlp.orgs.knowledge import OrgKnowledge
from seeds.orgs import load_org_knowledge


@dataclass(frozen=True, slots=True)
class Filed:
    """Where a name is filed: ``key`` is the organisation's own, the same for all its names."""

    id: int
    key: str


@dataclass(frozen=True, slots=True)
class _Named:
    key: str
    name: str
    shown: str
    name_en: str | None
    division_code: str | None
    is_xpcc: bool
    chain: tuple[str, ...]


def is_xpcc(name: str, division: str | None) -> bool:
    """Whether an organisation belongs to the Corps: by its name, or because the Corps runs the city (codes 6590xx)."""
    return "兵团" in name or "生产建设" in name or (division or "").startswith(("6590", "66"))


def read_name(name: str, knowledge: OrgKnowledge, on: dt.date) -> _Named:
    """What a name says about who it is."""
    analysis = analyse(name, knowledge, on)
    identity = identify(analysis, knowledge)
    key = identity.key if identity.certain else f"name:{organisation_key(name)}"
    return _Named(
        key=key,
        name=name,
        shown=identity.name if identity.certain and analysis.is_public_security else name,
        name_en=english(analysis, knowledge),
        division_code=analysis.division_code,
        is_xpcc=analysis.corps or is_xpcc(name, analysis.division_code),
        chain=identity.chain,
    )


def file_names(session: Session, names: Iterable[str], now: dt.datetime, source: str = "notice") -> dict[str, Filed]:
    """Where each name is filed, by the comparison form of the name; names not met before are filed now."""
    wanted: dict[str, str] = {}
    for name in names:
        wanted.setdefault(organisation_key(name), name)
    found = lookup_names(session, wanted)
    missing = {key: name for key, name in wanted.items() if key not in found}
    if not missing:
        return found
    knowledge = load_org_knowledge()
    read = {key: read_name(name, knowledge, now.date()) for key, name in sorted(missing.items())}
    by_own: dict[str, _Named] = {}
    for named in read.values():
        by_own.setdefault(named.key, named)
    known = session.execute(text("SELECT key, id FROM organisation WHERE key = ANY(:keys)"), {"keys": list(by_own)})
    ids: dict[str, int] = {row[0]: row[1] for row in known}
    fresh = [named for key, named in by_own.items() if key not in ids]
    rows = []
    for named, id_ in zip(fresh, next_ids(session, "organisation", len(fresh)), strict=True):
        ids[named.key] = id_
        rows.append(
            (id_, named.key, named.shown, named.name_en, named.division_code, named.is_xpcc, list(named.chain), now)
        )
    copy_rows(
        session,
        "organisation",
        ("id", "key", "name", "name_en", "division_code", "is_xpcc", "chain", "recorded_at"),
        rows,
    )
    copy_rows(
        session,
        "organisation_name",
        ("organisation_id", "key", "name", "source", "recorded_at"),
        [(ids[named.key], key, named.name, source, now) for key, named in read.items()],
    )
    return {**found, **{key: Filed(ids[named.key], named.key) for key, named in read.items()}}


def lookup_names(session: Session, keys: Mapping[str, str] | Iterable[str]) -> dict[str, Filed]:
    """Where names met before are filed, by comparison form."""
    rows = session.execute(
        text("""
            SELECT n.key, o.id, o.key FROM organisation_name n JOIN organisation o ON o.id = n.organisation_id
             WHERE n.key = ANY(:keys) AND n.superseded_at IS NULL
        """),
        {"keys": list(keys)},
    )
    return {row[0]: Filed(row[1], row[2]) for row in rows}
