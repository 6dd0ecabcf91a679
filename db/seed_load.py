"""What is known beforehand, copied into tables for SQL: portals, brands, divisions, listings, organisations.

The files under ``seeds/`` stay the source. A set is loaded when its digest differs from the last one loaded; nothing that readings name is
deleted (a brand that left the seeds is marked retired).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.clock import tick
from db.copying import copy_rows
from db.keys import organisation_key
from db.organisations import file_names, is_xpcc
from db.seeds_then import keep
from nlp.brands.knowledge import STRENGTHS, BrandKnowledge
from nlp.orgs.knowledge import OrgKnowledge
from nlp.text import key
from seeds.brands import load_brand_knowledge
from seeds.lists import ListIndex, load_lists
from seeds.orgs import load_org_knowledge
from seeds.portals import load_portals

Rows = Sequence[tuple[Any, ...]]


def load_seeds(session: Session) -> dict[str, bool]:
    """Bring the tables in line with the seeds, in the caller's transaction. Returns which sets were loaded; false = nothing new."""
    brands, orgs = load_brand_knowledge(), load_org_knowledge()
    lists = load_lists(orgs)
    sets: tuple[tuple[str, Rows, Callable[[Session, dt.datetime], None]], ...] = (
        ("portals", _portal_rows(), lambda s, _: _load_portals(s)),
        ("brands", [*_brand_rows(brands), *_alias_rows(brands), *_owner_rows(brands), *_line_rows(brands)],
         lambda s, _: _load_brands(s, brands)),
        ("divisions", _division_rows(orgs), lambda s, _: _load_divisions(s, orgs)),
        ("lists", _listing_rows(lists), lambda s, now: _load_listings(s, lists, now)),
    )  # fmt: skip
    done = {name: _digest(rows) for name, rows, _ in sets}
    if _loaded(session) == done:
        return dict.fromkeys(done, False)
    now = tick(session)
    known = _loaded(session)  # another command may have loaded them while this one waited for its tick
    loaded: dict[str, bool] = {}
    for name, _, load in sets:
        loaded[name] = known.get(name) != done[name]
        if loaded[name]:
            keep(session, name, now)
            load(session, now)
            session.execute(
                text("""
                    INSERT INTO seed_version (name, digest, loaded_at) VALUES (:name, :digest, :now)
                    ON CONFLICT (name, digest) DO UPDATE SET loaded_at = excluded.loaded_at
                """),
                {"name": name, "digest": done[name], "now": now},
            )
    return loaded


def _loaded(session: Session) -> dict[str, str]:
    """The digest of each set last loaded."""
    rows = session.execute(
        text("SELECT DISTINCT ON (name) name, digest FROM seed_version ORDER BY name, loaded_at DESC, id DESC")
    )
    return {row[0]: row[1] for row in rows}


def _digest(rows: Rows) -> str:
    return hashlib.sha256("\n".join(repr(row) for row in rows).encode()).hexdigest()


# ── portals ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _portal_rows() -> Rows:
    return [(p.id, p.name, p.platform, p.region_code) for p in sorted(load_portals().values(), key=lambda p: p.id)]


def _load_portals(session: Session) -> None:
    session.execute(text("UPDATE portal SET known = false"))
    session.execute(
        text("""
            INSERT INTO portal (id, name, platform, region_code, known) VALUES (:id, :name, :platform, :region, true)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, platform = excluded.platform, region_code = excluded.region_code, known = true
        """),
        [{"id": i, "name": n, "platform": p, "region": r} for i, n, p, r in _portal_rows()],
    )


# ── brands ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _brand_rows(brands: BrandKnowledge) -> Rows:
    return [
        (b.brand_id, b.name, b.name_zh, b.origin, b.domestic, list(b.areas))
        for b in sorted(brands.brands.values(), key=lambda b: b.brand_id)
    ]


def _alias_rows(brands: BrandKnowledge) -> Rows:
    """One row a brand and name; the strongest where one name is given twice."""
    strengths = {value: name for name, value in STRENGTHS.items()}
    found: dict[tuple[str, str], tuple[Any, ...]] = {}
    for alias in sorted(brands.aliases, key=lambda a: (-a.strength, a.brand_id, a.text)):
        if alias.kind != "line":
            found.setdefault(
                (alias.brand_id, key(alias.text)),
                (alias.brand_id, key(alias.text), alias.text, strengths[alias.strength]),
            )
    for brand in brands.brands.values():
        if brand.name_zh:
            found.setdefault(
                (brand.brand_id, key(brand.name_zh)), (brand.brand_id, key(brand.name_zh), brand.name_zh, "sure")
            )
    return sorted(found.values())


def _owner_rows(brands: BrandKnowledge) -> Rows:
    return sorted(
        ((o.brand_id, key(o.owner), o.owner, o.country, o.share, o.since, o.until) for o in brands.owners), key=repr
    )


def _line_rows(brands: BrandKnowledge) -> Rows:
    """Product families by brand: from model patterns, and from names that are families' own."""
    found: dict[tuple[str, str], tuple[Any, ...]] = {}
    for line in brands.lines:
        if line.product_line:
            found.setdefault(
                (line.brand_id, line.product_line),
                (line.brand_id, line.product_line, None, line.parent_line, line.product_class, line.product_kind),
            )
    for alias in brands.aliases:
        if alias.line:
            old = found.get(
                (alias.brand_id, alias.line), (alias.brand_id, alias.line, None, None, alias.product_class, None)
            )
            chinese = alias.text if re.search(r"[\u4e00-\u9fff]", alias.text) else None
            found[alias.brand_id, alias.line] = (*old[:2], old[2] or chinese, *old[3:])
    return [found[name] for name in sorted(found)]


def _load_brands(session: Session, brands: BrandKnowledge) -> None:
    session.execute(text("UPDATE brand SET retired = true"))
    session.execute(
        text("""
            INSERT INTO brand (id, name, name_zh, origin, domestic, areas) VALUES (:id, :name, :zh, :origin, :domestic, :areas)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_zh = excluded.name_zh, origin = excluded.origin,
               domestic = excluded.domestic, areas = excluded.areas, retired = false
        """),
        [
            {"id": i, "name": n, "zh": z, "origin": o, "domestic": d, "areas": a}
            for i, n, z, o, d, a in _brand_rows(brands)
        ],
    )
    for table, columns, rows in (
        ("brand_alias", ("brand_id", "key", "alias", "kind"), _alias_rows(brands)),
        (
            "brand_owner",
            ("brand_id", "owner_key", "owner", "country", "share", "valid_from", "valid_to"),
            _owner_rows(brands),
        ),
        (
            "product_line",
            ("brand_id", "name", "name_zh", "parent", "product_class", "product_kind"),
            _line_rows(brands),
        ),
    ):
        _replace(session, table, columns, rows)


def _replace(session: Session, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 -- a copy of the seeds, nothing points at it
    copy_rows(session, table, columns, rows)


# ── divisions ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _division_rows(orgs: OrgKnowledge) -> Rows:
    divisions = {d for found in orgs.full.values() for d in found} | set(orgs.divisions.values())
    corps = {d.city_code for d in orgs.xpcc if d.city_code}
    rows: list[tuple[Any, ...]] = [
        (
            d.code, d.name, d.name_en, d.level.value, _above(d.code), d.since, d.until, d.current if d.current != d.code else None,
            d.code in corps or is_xpcc("", d.code),
        )
        for d in divisions
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row[0], row[5], row[1]))


def _above(code: str) -> str | None:
    if code.endswith("0000"):
        return None
    return f"{code[:2]}0000" if code.endswith("00") else f"{code[:4]}00"


def _load_divisions(session: Session, orgs: OrgKnowledge) -> None:
    _replace(
        session,
        "division",
        ("code", "name", "name_en", "level", "parent_code", "valid_from", "valid_to", "successor_code", "is_xpcc"),
        _division_rows(orgs),
    )


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _listing_rows(lists: ListIndex) -> Rows:
    return sorted(
        (
            entry.list.value, entry.id, entry.name_en, entry.name_zh, entry.aliases_zh, entry.former_zh, entry.listed_on,
            entry.removed_on, entry.citation, entry.confidence,
        )
        for entry in lists.listings
    )  # fmt: skip


def _load_listings(session: Session, lists: ListIndex, now: dt.datetime) -> None:
    """Listings, each with the organisation its Chinese names are filed under; further names of it become names of that organisation."""
    entries = sorted(lists.listings, key=lambda entry: entry.id)
    filed = file_names(session, [entry.name_zh for entry in entries if entry.name_zh], now, "seed")
    _replace(
        session,
        "listing",
        ("list", "seed_id", "name_en", "name_zh", "organisation_id", "listed_on", "removed_on", "citation", "confidence"),
        [
            (
                entry.list.value, entry.id, entry.name_en, entry.name_zh,
                filed[organisation_key(entry.name_zh)].id if entry.name_zh else None, entry.listed_on, entry.removed_on, entry.citation,
                entry.confidence,
            )
            for entry in entries
        ],
    )  # fmt: skip
