# ruff: noqa: S608 -- SQL is put together from names and conditions of ours; every value is a parameter
"""Who stands between a brand's owner and a bureau: the seeds' edges, and those that notices state.

An edge from a notice names it. A claim (``claims_to_represent``) stays a claim: it joins no chain that ends in a purchase, and counts nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.world import World
from nlp.orgs import company_key
from nlp.text import key
from seeds.suppliers import Edge, SupplierNetwork, load_suppliers
from seeds.suppliers.load import CLAIMS

SUB_SUPPLIER, AUTHORISED, CONSORTIUM = "sub_supplier", "authorised_by_notice", "consortium"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owned a brand on a day; ``share`` in per cent where it is not all."""

    owner: str
    country: str | None
    share: str | None
    since: dt.date | None
    until: dt.date | None

    def held(self, on: dt.date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)

    def as_json(self) -> dict[str, Any]:
        return {
            "owner": self.owner,
            "country": self.country,
            "share": self.share,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
        }


class Brands:
    """Names and dated owners of the brands in the store."""

    def __init__(self, session: Session) -> None:
        self.names: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        for alias, brand in session.execute(text("SELECT key, brand_id FROM brand_alias")):
            self.ids[alias] = brand
        self.origins: dict[str, str | None] = {}
        for id_, name, origin in session.execute(text("SELECT id, name, origin FROM brand")):
            self.names[id_] = name
            self.origins[id_] = origin
            self.ids[key(name)] = self.ids[key(id_)] = id_
        self._owners: dict[str, list[Owner]] = {}
        for brand, owner, country, share, since, until in session.execute(
            text("""
                SELECT brand_id, owner, country, share, valid_from, valid_to FROM brand_owner
                 ORDER BY brand_id, valid_from NULLS FIRST, share DESC NULLS FIRST, owner
            """)
        ):
            shown = f"{share:f}" if share is not None else None
            self._owners.setdefault(brand, []).append(Owner(owner, country, shown, since, until))

    def owners(self, brand: str) -> Sequence[Owner]:
        return self._owners.get(brand, ())

    def owners_at(self, brand: str, on: dt.date | None) -> list[str]:
        """Names of the owners on a day; none where the day or the owner is not known."""
        if on is None:
            return []
        return [owner.owner for owner in self.owners(brand) if owner.held(on)]

    def id_of(self, name: str) -> str | None:
        return self.ids.get(key(name))


def network() -> SupplierNetwork:
    return load_suppliers()


def seed_edges(names: Iterable[str]) -> list[dict[str, Any]]:
    """Edges of the seeds that begin or end at any of the names, as JSON values."""
    known = network()
    keys = {company_key(name) for name in names}
    for org_key in tuple(keys):
        found = known.by_key.get(org_key)
        if found is not None:
            keys.update(found.keys)
    leaving = [edge for k in sorted(keys) for edge in known.edges_from.get(k, ())]
    arriving = [edge for k in sorted(keys) for edge in known.edges_to.get(k, ()) if edge not in leaving]
    return [_edge(edge, "out") for edge in leaving] + [_edge(edge, "in") for edge in arriving]


def brand_edges(names: Iterable[str]) -> list[dict[str, Any]]:
    """Edges of the seeds that are about a brand, or end at its name or owner."""
    keys = {key(name) for name in names}
    return [
        _edge(edge, "in")
        for edge in network().edges
        if (edge.brand is not None and key(edge.brand) in keys) or key(edge.target) in keys
    ]


def _edge(edge: Edge, direction: str) -> dict[str, Any]:
    return {
        "type": edge.type.value,
        "source": edge.source,
        "target": edge.target,
        "direction": direction,
        "brand": edge.brand,
        "claim": edge.type in CLAIMS,
        "since": edge.since,
        "until": edge.until,
        "note": edge.note,
        "evidence": edge.evidence,
        "confidence": edge.confidence,
        "notice": None,
    }


_NOTICE = "n.portal_id || '/' || coalesce(n.source_id, n.identity)"


def notice_edges(
    session: Session, there: World, organisations: Sequence[int], joint: Sequence[int]
) -> list[dict[str, Any]]:
    """What notices state about an organisation: its sub-suppliers and those it supplies, consortia, authorisations by a brand.

    ``joint`` are the awards it won with others.
    """
    made: list[dict[str, Any]] = []
    parties = session.execute(
        text(f"""
            SELECT DISTINCT mine.role, mine.name, other.role, other.name, {_NOTICE}, coalesce(f.award_on, f.published_on)
              FROM party mine
              JOIN {there.notice} f ON f.reading_id = mine.reading_id
              JOIN notice n ON n.id = f.notice_id
              JOIN party other ON other.reading_id = mine.reading_id AND other.organisation_id <> ALL(:ids)
             WHERE mine.organisation_id = ANY(:ids) AND f.is_primary
               AND ((mine.role = 'sub_supplier' AND other.role = 'supplier') OR (mine.role = 'supplier' AND other.role = 'sub_supplier'))
        """),
        {"ids": list(organisations)},
    )
    for role, name, _, other, notice, day in parties:
        if role == SUB_SUPPLIER:
            made.append(_stated(SUB_SUPPLIER, name, other, "out", None, notice, day))
        else:
            made.append(_stated(SUB_SUPPLIER, other, name, "in", None, notice, day))
    consortia = session.execute(
        text(f"""
            SELECT DISTINCT a.supplier, {_NOTICE}, coalesce(f.award_on, f.published_on)
              FROM {there.award} a JOIN {there.notice} f ON f.notice_id = a.notice_id JOIN notice n ON n.id = f.notice_id
             WHERE a.id = ANY(:awards)
        """),
        {"awards": list(joint)},
    )
    for joined, notice, day in consortia:
        lead, _, rest = (joined or "").partition("、")
        made.append(_stated(CONSORTIUM, lead, rest, "out", None, notice, day))
    authorised = session.execute(
        text(f"""
            SELECT DISTINCT p.name, b.name, {_NOTICE}, coalesce(f.award_on, f.published_on)
              FROM party p
              JOIN {there.notice} f ON f.reading_id = p.reading_id
              JOIN notice n ON n.id = f.notice_id
              JOIN {there.mention} m ON m.reading_id = p.reading_id AND m.role = 'authorised' AND m.decided
              JOIN brand b ON b.id = m.brand_id
             WHERE p.organisation_id = ANY(:ids) AND p.role IN ('supplier', 'candidate', 'proposed_supplier') AND f.is_primary
        """),
        {"ids": list(organisations)},
    )
    made.extend(_stated(AUTHORISED, name, brand, "out", brand, notice, day) for name, brand, notice, day in authorised)
    return sorted(made, key=lambda e: (e["since"] or 0, e["notice"], e["type"], e["source"], e["target"]))


def authorisations(session: Session, there: World, brand: str) -> list[dict[str, Any]]:
    """Notices that say a brand's maker authorised a supplier."""
    rows = session.execute(
        text(f"""
            SELECT DISTINCT p.name, b.name, {_NOTICE}, coalesce(f.award_on, f.published_on)
              FROM {there.mention} m
              JOIN {there.notice} f ON f.notice_id = m.notice_id
              JOIN notice n ON n.id = f.notice_id
              JOIN party p ON p.reading_id = m.reading_id AND p.role IN ('supplier', 'candidate', 'proposed_supplier')
              JOIN brand b ON b.id = m.brand_id
             WHERE m.brand_id = :brand AND m.role = 'authorised' AND m.decided AND f.is_primary ORDER BY 4, 3, 1
        """),
        {"brand": brand},
    )
    return [_stated(AUTHORISED, name, shown, "in", shown, notice, day) for name, shown, notice, day in rows]


def _stated(
    kind: str, source: str, target: str, direction: str, brand: str | None, notice: str, day: dt.date | None
) -> dict[str, Any]:
    return {
        "type": kind,
        "source": source,
        "target": target,
        "direction": direction,
        "brand": brand,
        "claim": False,
        "since": day.year if day else None,
        "until": day.year if day else None,
        "note": None,
        "evidence": "notice",
        "confidence": "high",
        "notice": notice,
    }


def chain(brands: Brands, brand: str, supplier: str | None, buyer: str | None, on: dt.date | None) -> dict[str, Any]:
    """How goods of ``brand`` came to ``buyer``: owner on the day → … → supplier → bureau.

    ``links`` are the seeds' edges between owner and supplier that held on the day, the owner's side first; empty where nothing is known between
    them. ``claims`` are what the supplier claims about the brand: no link.
    """
    owners = brands.owners_at(brand, on)
    name = brands.names.get(brand, brand)
    links: list[dict[str, Any]] = []
    claims: list[dict[str, Any]] = []
    if supplier is not None:
        for path in network().chain(supplier, on.year if on is not None else None):
            if not _reaches(brands, brand, name, path, owners):
                continue
            if any(edge.type in CLAIMS for edge in path):
                claims.extend(_edge(edge, "out") for edge in path if edge.type in CLAIMS)
            elif len(path) > len(links) or not links:
                links = [_edge(edge, "out") for edge in reversed(path)]
    steps = [*owners[:1], *(link["source"] for link in links)]
    if supplier is not None and supplier not in steps:
        steps.append(supplier)
    if buyer is not None:
        steps.append(buyer)
    return {"brand": name, "owners": owners, "steps": steps, "links": links, "claims": claims}


def _reaches(brands: Brands, brand: str, name: str, path: Sequence[Edge], owners: Sequence[str]) -> bool:
    """Whether a path of edges ends at the brand: its name, its owner on the day (whose subsidiary sells all its brands), or an edge about it."""
    last = path[-1]
    ends = {key(name), *(key(owner) for owner in owners)}
    if key(last.target) in ends or brands.id_of(last.target) == brand:
        return True
    return last.brand is not None and brands.id_of(last.brand) == brand


def suppliers_known_as(names: Iterable[str]) -> list[Mapping[str, Any]]:
    """What the seeds say about a supplier under any of the names: English name, further names, source."""
    known = network()
    found = {id(s): s for name in names if (s := known.find(name)) is not None}
    return [
        {
            "name": s.name,
            "name_en": s.name_en,
            "aliases": list(s.aliases),
            "source": s.source,
            "confidence": s.confidence,
        }
        for s in found.values()
    ]
