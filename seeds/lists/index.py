"""The rows of ``entries.csv`` by canonical key."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from nlp.orgs import company_key, key
from nlp.orgs.knowledge import OrgKnowledge

FILES: tuple[Path, ...] = (Path(__file__).parent / "entries.csv",)


class Vocabulary(StrEnum):
    """The lists, kept apart: being on one says nothing about another."""

    ENTITY_LIST = "entity_list"
    MEU = "meu"
    SDN = "sdn"
    CMIC = "cmic"
    SECTION_1260H = "1260h"
    UFLPA = "uflpa"
    UVL = "uvl"


@dataclass(frozen=True, slots=True)
class Listing:
    """One entry of one list. ``listed_on`` and ``removed_on`` are effective dates; on ``removed_on`` it is no longer listed.

    ``citation`` and ``document`` are the publication that listed it (Federal Register page, document number); ``confidence`` is about the
    Chinese name and the row as a whole: ``high``, ``medium``, ``low``.
    """

    id: str
    list: Vocabulary
    authority: str
    kind: str
    name_en: str
    aliases_en: tuple[str, ...]
    name_zh: str | None
    aliases_zh: tuple[str, ...]
    former_zh: tuple[str, ...]
    listed_on: dt.date
    removed_on: dt.date | None
    citation: str | None
    document: str | None
    removal_citation: str | None
    removal_document: str | None
    confidence: str
    date_basis: str = "effective"
    """``effective``, or ``first_seen`` where ``listed_on`` is only the day a publisher first saw the entry: it may be older."""

    def on_list(self, on: dt.date) -> bool:
        return self.listed_on <= on and (self.removed_on is None or on < self.removed_on)


@dataclass(frozen=True, slots=True)
class Match:
    """A listing matched by ``reason``: ``name``, ``alias``, ``former_name`` or, by English name only, ``english_name``."""

    listing: Listing
    reason: str
    score: float


_SCORES = {"name": 1.0, "alias": 0.95, "former_name": 0.9, "english_name": 0.8}


@dataclass(frozen=True)
class ListIndex:
    """Listings by the canonical key of an organisation (``nlp.orgs.key`` or ``company_key``)."""

    listings: tuple[Listing, ...]
    by_key: Mapping[str, tuple[Match, ...]]

    def history(self, org_key: str) -> tuple[Match, ...]:
        """Every match, whatever the date, oldest listing first."""
        return self.by_key.get(org_key, ())

    def listed(self, org_key: str, on: dt.date) -> tuple[Match, ...]:
        """The matches on a list on that day."""
        return tuple(match for match in self.by_key.get(org_key, ()) if match.listing.on_list(on))

    def above(self, chain: Iterable[str], on: dt.date) -> tuple[Match, ...]:
        """Listed organs in the chain above an organisation. Not a listing of the organisation itself."""
        return tuple(match for org_key in chain for match in self.listed(org_key, on))


def load_lists(knowledge: OrgKnowledge, extra: Iterable[Listing] = ()) -> ListIndex:
    """The index over the seed rows and ``extra`` (imported from an official file; an entry with the id of a seed row replaces it)."""
    merged = {listing.id: listing for listing in _rows()}
    merged.update((listing.id, listing) for listing in extra)
    found: dict[str, dict[str, Match]] = defaultdict(dict)
    for listing in merged.values():
        for name, reason in _names(listing):
            org_key = company_key(name) if listing.kind == "vendor" else key(name, knowledge, listing.listed_on)
            old = found[org_key].get(listing.id)
            if old is None or old.score < _SCORES[reason]:
                found[org_key][listing.id] = Match(listing, reason, _SCORES[reason])
    return ListIndex(
        tuple(merged.values()),
        {k: tuple(sorted(v.values(), key=lambda m: (m.listing.listed_on, m.listing.id))) for k, v in found.items()},
    )


def _names(listing: Listing) -> Iterable[tuple[str, str]]:
    if listing.name_zh:
        yield listing.name_zh, "name"
    for name in listing.aliases_zh:
        yield name, "alias"
    for name in listing.former_zh:
        yield name, "former_name"
    if not listing.name_zh:
        yield listing.name_en, "english_name"


@lru_cache(maxsize=1)
def _rows() -> tuple[Listing, ...]:
    with FILES[0].open(encoding="utf-8", newline="") as handle:
        return tuple(_listing(row) for row in csv.DictReader(handle))


def _listing(row: Mapping[str, str]) -> Listing:
    return Listing(
        id=row["id"],
        list=Vocabulary(row["list"]),
        authority=row["authority"],
        kind=row["kind"],
        name_en=row["name_en"],
        aliases_en=_split(row["aliases_en"]),
        name_zh=row["name_zh"] or None,
        aliases_zh=_split(row["aliases_zh"]),
        former_zh=_split(row["former_zh"]),
        listed_on=dt.date.fromisoformat(row["listed_on"]),
        removed_on=dt.date.fromisoformat(row["removed_on"]) if row["removed_on"] else None,
        citation=row["citation"] or None,
        document=row["document"] or None,
        removal_citation=row["removal_citation"] or None,
        removal_document=row["removal_document"] or None,
        confidence=row["confidence"],
    )


def _split(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split("|") if part.strip())
