"""Load the supplier tables."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from nlp.orgs import company_key

HERE = Path(__file__).parent
FILES: tuple[Path, ...] = (HERE / "suppliers.csv", HERE / "edges.csv")


class EdgeType(StrEnum):
    SUBSIDIARY = "subsidiary"
    JOINT_VENTURE = "joint_venture"
    AGENT = "agent"
    RESELLER = "reseller"
    REBRAND = "rebrand"
    SAME_NETWORK = "same_network"
    CLAIMS_TO_REPRESENT = "claims_to_represent"
    AUTHORISED_BY_NOTICE = "authorised_by_notice"
    SAME_ADDRESS = "same_address"
    SAME_PHONE = "same_phone"
    SUB_SUPPLIER = "sub_supplier"


CLAIMS = frozenset({EdgeType.CLAIMS_TO_REPRESENT})


@dataclass(frozen=True, slots=True)
class Supplier:
    """``key`` is ``nlp.orgs.company_key`` of the Chinese name; ``keys`` those of every name."""

    key: str
    name: str
    name_en: str
    aliases: tuple[str, ...]
    source: str
    confidence: str

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.key, *(company_key(alias) for alias in self.aliases))


@dataclass(frozen=True, slots=True)
class Edge:
    """``source`` stands in relation ``type`` to ``target`` (a supplier, an institute or a brand owner), from ``since`` to ``until`` (years)."""

    source: str
    target: str
    type: EdgeType
    brand: str | None
    since: int | None
    until: int | None
    note: str | None
    evidence: str
    confidence: str

    def holds(self, year: int) -> bool | None:
        """Whether the edge held in ``year``; null where the source gives no year at all."""
        if self.since is None and self.until is None:
            return None
        return (self.since is None or self.since <= year) and (self.until is None or year <= self.until)


@dataclass(frozen=True)
class SupplierNetwork:
    suppliers: tuple[Supplier, ...]
    edges: tuple[Edge, ...]
    by_key: Mapping[str, Supplier]
    edges_from: Mapping[str, tuple[Edge, ...]]
    edges_to: Mapping[str, tuple[Edge, ...]]

    def find(self, name: str) -> Supplier | None:
        return self.by_key.get(company_key(name))

    def chain(self, name: str, year: int | None = None) -> tuple[tuple[Edge, ...], ...]:
        """Every path from a supplier up to a brand owner; edges known not to hold in ``year`` are left out. Claims end a path."""
        paths: list[tuple[Edge, ...]] = []

        def walk(node: str, path: tuple[Edge, ...], seen: frozenset[str]) -> None:
            onward = [
                edge
                for edge in self.edges_from.get(company_key(node), ())
                if company_key(edge.target) not in seen and (year is None or edge.holds(year) is not False)
            ]
            if not onward and path:
                paths.append(path)
            for edge in onward:
                if edge.type in CLAIMS:
                    paths.append((*path, edge))
                else:
                    walk(edge.target, (*path, edge), seen | {company_key(edge.target)})

        supplier = self.find(name)
        start = supplier.name if supplier else name
        walk(start, (), frozenset({company_key(start)}))
        return tuple(paths)


@lru_cache(maxsize=1)
def load_suppliers() -> SupplierNetwork:
    """Load once a process."""
    suppliers = tuple(
        Supplier(
            company_key(row["name"]),
            row["name"],
            row["name_en"],
            tuple(filter(None, row["aliases"].split("|"))),
            row["source"],
            row["confidence"],
        )
        for row in _read(FILES[0])
    )
    edges = tuple(
        Edge(
            row["source"],
            row["target"],
            EdgeType(row["edge"]),
            row["brand"] or None,
            int(row["since"]) if row["since"] else None,
            int(row["until"]) if row["until"] else None,
            row["note"] or None,
            row["evidence"],
            row["confidence"],
        )
        for row in _read(FILES[1])
    )
    leaving: dict[str, list[Edge]] = defaultdict(list)
    arriving: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        leaving[company_key(edge.source)].append(edge)
        arriving[company_key(edge.target)].append(edge)
    return SupplierNetwork(
        suppliers,
        edges,
        {k: supplier for supplier in suppliers for k in supplier.keys},
        {k: tuple(v) for k, v in leaving.items()},
        {k: tuple(v) for k, v in arriving.items()},
    )


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))
