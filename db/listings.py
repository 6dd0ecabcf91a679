"""Government lists at a date: the seeds' entries, and those of imported files. Status is computed when it is asked for, never stored.

Each list is a vocabulary of its own. A listing found by a name carries the reason and a score; whether it held on a day follows from its
dates. Where a file says only since when its publisher knows the entry, an earlier day is ``unknown``, not "not listed".
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.clock import tick
from db.copying import copy_rows
from db.filters import UnknownValue
from nlp.orgs import analyse, company_key, identify
from nlp.orgs.knowledge import OrgKnowledge
from nlp.text import normalise
from seeds.lists import ListIndex, Listing, load_lists, read_consolidated_screening_list, read_opensanctions
from seeds.lists.index import Vocabulary
from seeds.orgs import load_org_knowledge

CSL, OPENSANCTIONS = "consolidated_screening_list", "opensanctions"
NAME_SCORES = {"name": 1.0, "alias": 0.95, "former_name": 0.9, "english_name": 0.8, "brand_name": 0.7}
_COLUMNS = (
    "file_id", "entry_id", "vocabulary", "kind", "name_en", "aliases_en", "name_zh", "aliases_zh", "listed_on", "removed_on", "date_basis",
    "citation", "confidence",
)  # fmt: skip
_GENERIC = frozenset(
    [
        "technology",
        "technologies",
        "tech",
        "digital",
        "science",
        "information",
        "communication",
        "communications",
        "company",
        "co",
        "ltd",
        "limited",
        "inc",
        "corp",
        "corporation",
        "group",
        "holdings",
        "holding",
        "plc",
        "llc",
        "the",
        "and",
        "of",
    ]
)
_PLACES = frozenset(
    [
        "china",
        "beijing",
        "shanghai",
        "tianjin",
        "chongqing",
        "shenzhen",
        "hangzhou",
        "suzhou",
        "xiamen",
        "zhejiang",
        "jiangsu",
        "guangdong",
        "hefei",
        "nanjing",
        "chengdu",
        "wuhan",
        "xinjiang",
        "urumqi",
        "sz",
    ]
)
_LATIN = re.compile(r"[a-z0-9]+")
_NEAR = 0.6


@dataclass(frozen=True, slots=True)
class Found:
    """A listing found for some name. ``matched`` is the name it was found by."""

    listing: Listing
    reason: str
    score: float
    matched: str
    source: str

    def status(self, on: dt.date) -> str:
        """``listed``, ``not_yet``, ``removed``, or ``unknown`` where the file does not say when the listing began."""
        if on < self.listing.listed_on:
            return "unknown" if self.listing.date_basis == "first_seen" else "not_yet"
        return "listed" if self.listing.on_list(on) else "removed"

    def as_json(self) -> dict[str, Any]:
        listing = self.listing
        return {
            "list": listing.list.value,
            "entry": listing.id,
            "name_en": listing.name_en,
            "name_zh": listing.name_zh,
            "listed_on": listing.listed_on.isoformat(),
            "removed_on": listing.removed_on.isoformat() if listing.removed_on else None,
            "date_basis": listing.date_basis,
            "citation": listing.citation,
            "removal_citation": listing.removal_citation,
            "confidence": listing.confidence,
            "source": self.source,
            "reason": self.reason,
            "score": self.score,
            "matched": self.matched,
        }


@dataclass(frozen=True, slots=True)
class ListImport:
    """What an import did. ``absent``: entries of earlier files of the same format that this one lacks; they stay as they are."""

    format: str
    file: str
    entries: int
    new: int
    changed: int
    unchanged: int
    absent: int
    left_out: tuple[str, ...]


# ── import ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def import_file(session: Session, name: str, data: bytes) -> ListImport:
    """Take the entries of an official file in: Consolidated Screening List (JSON) or OpenSanctions (targets CSV, FtM JSON lines).

    The format is told by the content. Importing a file again changes nothing; a newer file supersedes the entries it states otherwise. Raises
    ``ValueError`` for a file that is neither.
    """
    form, (entries, left) = _read(data)
    entries = tuple({entry.id: entry for entry in entries}.values())
    standing = {
        row[0]: tuple(row[1:])
        for row in session.execute(
            text(f"SELECT {', '.join(_COLUMNS[1:])} FROM imported_listing WHERE superseded_at IS NULL")  # noqa: S608 -- names of ours
        )
    }
    prefix = {CSL: "csl-", OPENSANCTIONS: "os-"}[form]
    rows = {entry.id: _row(entry) for entry in entries}
    fresh = [id_ for id_ in rows if id_ not in standing]
    changed = [id_ for id_, row in rows.items() if id_ in standing and standing[id_] != row[1:]]
    absent = sum(id_.startswith(prefix) and id_ not in rows for id_ in standing)
    if fresh or changed:
        _store(session, form, name, data, [rows[id_] for id_ in (*fresh, *changed)], changed, len(entries), len(left))
    same = len(entries) - len(fresh) - len(changed)
    return ListImport(form, name, len(entries), len(fresh), len(changed), same, absent, left)


def _read(data: bytes) -> tuple[str, tuple[tuple[Listing, ...], tuple[str, ...]]]:
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("not UTF-8 text") from None
    start = content.lstrip()
    if not start:
        raise ValueError("an empty file")
    if start[0] not in "{[":
        return OPENSANCTIONS, read_opensanctions(content)
    try:
        whole = json.loads(content)
    except json.JSONDecodeError as error:
        try:
            return OPENSANCTIONS, read_opensanctions(content)
        except json.JSONDecodeError:
            raise ValueError(f"broken JSON at line {error.lineno}") from None
    if isinstance(whole, dict) and "properties" in whole:
        return OPENSANCTIONS, read_opensanctions(content)
    return CSL, read_consolidated_screening_list(content)


def _row(entry: Listing) -> tuple[Any, ...]:
    return (
        entry.id, entry.list.value, entry.kind, entry.name_en, list(entry.aliases_en), entry.name_zh, list(entry.aliases_zh),
        entry.listed_on, entry.removed_on, entry.date_basis, entry.citation, entry.confidence,
    )  # fmt: skip


def _store(
    session: Session,
    form: str,
    name: str,
    data: bytes,
    rows: Sequence[tuple[Any, ...]],
    changed: Sequence[str],
    entries: int,
    left: int,
) -> None:
    now = tick(session)
    session.execute(
        text("UPDATE imported_listing SET superseded_at = :now WHERE entry_id = ANY(:ids) AND superseded_at IS NULL"),
        {"now": now, "ids": list(changed)},
    )
    file_id = session.execute(
        text("""
            INSERT INTO list_file (format, name, sha256, entries, left_out, recorded_at) VALUES (:form, :name, :sha, :entries, :left, :now)
            ON CONFLICT (sha256) DO UPDATE SET name = excluded.name RETURNING id
        """),
        {
            "form": form, "name": name, "sha": hashlib.sha256(data).hexdigest(), "entries": entries, "left": left, "now": now,
        },
    ).scalar_one()  # fmt: skip
    copy_rows(session, "imported_listing", (*_COLUMNS, "recorded_at"), [(file_id, *row, now) for row in rows])


# ── the lists at a moment ────────────────────────────────────────────────────────────────────────────────────────────


class Lists:
    """Every listing known at a moment, by the keys of its names."""

    def __init__(self, knowledge: OrgKnowledge, imported: Mapping[str, tuple[Listing, str]]) -> None:
        self.knowledge = knowledge
        self.imported = imported
        self.index: ListIndex = load_lists(knowledge, [listing for listing, _ in imported.values()])
        self._english: dict[str, list[Listing]] = {}
        self._cores: dict[str, list[Listing]] = {}
        for listing in self.index.listings:
            for name in (listing.name_en, *listing.aliases_en):
                self._english.setdefault(company_key(name), []).append(listing)
                for core in _cores(name):
                    self._cores.setdefault(core, []).append(listing)

    def of_keys(self, keys: Iterable[str]) -> list[Found]:
        """Listings of an organisation with any of these keys."""
        found = [self._found(m.listing, m.reason, m.score, k) for k in keys for m in self.index.history(k)]
        return _best(found)

    def of_names(self, names: Iterable[str]) -> list[Found]:
        """Listings of an organisation with any of these names, Chinese or English."""
        found: list[Found] = []
        for name in names:
            for org_key in dict.fromkeys((company_key(name), *self._organ_keys(name))):
                found += [self._found(m.listing, m.reason, m.score, name) for m in self.index.history(org_key)]
            found += [
                self._found(listing, "english_name", NAME_SCORES["english_name"], name)
                for listing in self._english.get(company_key(name), ())
            ]
        return _best(found)

    def of_brand(self, names: Iterable[str]) -> list[Found]:
        """Listings of makers whose name, place and general words apart, is the brand's."""
        found = self.of_names(names)
        for name in names:
            for core in _cores(name):
                found += [
                    self._found(listing, "brand_name", NAME_SCORES["brand_name"], name)
                    for listing in self._cores.get(core, ())
                ]
        return _best(found)

    def above(self, chain: Iterable[str]) -> list[Found]:
        """Listings of the organs above: a subordinate organ is not listed by that."""
        return self.of_keys(chain)

    def near(self, name: str, most: int = 5) -> list[dict[str, Any]]:
        """Names on the lists that look alike: never a match, a person decides."""
        from rapidfuzz import fuzz, process  # noqa: PLC0415 -- seldom needed

        names: dict[str, tuple[Listing, str]] = {}
        for listing in self.index.listings:
            for each in (
                listing.name_en,
                *listing.aliases_en,
                listing.name_zh,
                *listing.aliases_zh,
                *listing.former_zh,
            ):
                if each:
                    names.setdefault(normalise(each, casefold=True).text, (listing, each))
        wanted = normalise(name, casefold=True).text
        # A short name inside a long one is as good as a near miss.
        inside = [each for each in names if len(wanted) >= 3 and wanted in each]
        hits = process.extract(wanted, list(names), scorer=fuzz.ratio, score_cutoff=100 * _NEAR, limit=most)
        known = {hit for hit, _, _ in hits}
        hits += [(each, 100 * _NEAR, 0) for each in inside if each not in known][: most - len(hits)]
        return [
            {
                "list": names[hit][0].list.value,
                "entry": names[hit][0].id,
                "name": names[hit][1],
                "score": round(score / 100 * NAME_SCORES["brand_name"], 3),
            }
            for hit, score, _ in hits
        ]

    def _organ_keys(self, name: str) -> tuple[str, ...]:
        # A name is read as of the listing; places that changed hands since read differently. 自治区公安厅 alone is nobody's key.
        days = {listing.listed_on for listing in self.index.listings}
        read = [identify(analyse(name, self.knowledge, day), self.knowledge) for day in sorted({min(days), max(days)})]
        return tuple(dict.fromkeys(identity.key for identity in read if identity.certain))

    def _found(self, listing: Listing, reason: str, score: float, matched: str) -> Found:
        imported = self.imported.get(listing.id)
        return Found(listing, reason, score, matched, imported[1] if imported is not None else "seeds")


def _best(found: Iterable[Found]) -> list[Found]:
    """One a listing, the best; in order of the dates."""
    best: dict[str, Found] = {}
    for one in found:
        if one.listing.id not in best or best[one.listing.id].score < one.score:
            best[one.listing.id] = one
    return sorted(best.values(), key=lambda f: (f.listing.listed_on, f.listing.list.value, f.listing.id))


def _cores(name: str) -> set[str]:
    """What of an English name is its own: Dahua Technology -> dahua; DJI (SZ DJI Technology) -> dji."""
    parts = [part for part in re.split(r"[()]", name.casefold()) if part.strip()]
    cores = {
        "".join(word for word in _LATIN.findall(part) if word not in _GENERIC and word not in _PLACES) for part in parts
    }
    return {core for core in cores if len(core) >= 3}


def load(session: Session, known_at: dt.datetime | None = None) -> Lists:
    """The lists as the store knew them at ``known_at``; the seeds' own entries are those of today."""
    standing = "l.superseded_at IS NULL"
    if known_at is not None:
        standing = "l.recorded_at <= :known_at AND (l.superseded_at IS NULL OR l.superseded_at > :known_at)"
    rows = session.execute(
        text(f"""
            SELECT {", ".join(f"l.{column}" for column in _COLUMNS[1:])}, f.name
              FROM imported_listing l JOIN list_file f ON f.id = l.file_id WHERE {standing} ORDER BY l.entry_id
        """),  # noqa: S608 -- names of ours
        {"known_at": known_at} if known_at is not None else {},
    )
    return Lists(load_org_knowledge(), {row[0]: (_listing(row), row[-1]) for row in rows})


def _listing(row: Any) -> Listing:
    id_, vocabulary, kind, name_en, aliases_en, name_zh, aliases_zh, listed, removed, basis, citation, confidence, _ = (
        row
    )
    return Listing(
        id=id_,
        list=Vocabulary(vocabulary),
        authority="imported",
        kind=kind,
        name_en=name_en,
        aliases_en=tuple(aliases_en),
        name_zh=name_zh,
        aliases_zh=tuple(aliases_zh),
        former_zh=(),
        listed_on=listed,
        removed_on=removed,
        citation=citation,
        document=None,
        removal_citation=None,
        removal_document=None,
        confidence=confidence,
        date_basis=basis,
    )


# ── questions ────────────────────────────────────────────────────────────────────────────────────────────────────────


def match(session: Session, name: str, on: dt.date, names: Iterable[str] = ()) -> dict[str, Any]:
    """Every listing of ``name`` (and of further ``names`` of the same organisation) with its status on a day, and those of the organs above."""
    lists = load(session)
    found = lists.of_names(dict.fromkeys((name, *names)))
    chain = identify(analyse(name, lists.knowledge, on), lists.knowledge).chain
    return {
        "name": name,
        "on": on.isoformat(),
        "lists": sorted({f.listing.list.value for f in found if f.status(on) == "listed"}),
        "matches": [{**f.as_json(), "status": f.status(on)} for f in found],
        "above": [{**f.as_json(), "status": f.status(on)} for f in lists.above(chain)],
        "near": [] if found else lists.near(name),
    }


def entries(session: Session, vocabularies: Sequence[str] = (), on: dt.date | None = None) -> list[dict[str, Any]]:
    """All listings of the lists named (none = all); with ``on``, those that held on that day. Raises :class:`db.filters.UnknownValue`."""
    known = {v.value for v in Vocabulary}
    for value in vocabularies:
        if value not in known:
            raise UnknownValue("list", value, sorted(known))
    lists = load(session)
    chosen = sorted(
        (
            listing
            for listing in lists.index.listings
            if (not vocabularies or listing.list.value in vocabularies) and (on is None or listing.on_list(on))
        ),
        key=lambda listing: (listing.list.value, listing.listed_on, listing.id),
    )
    return [
        {
            "list": listing.list.value,
            "entry": listing.id,
            "kind": listing.kind,
            "name_en": listing.name_en,
            "name_zh": listing.name_zh,
            "aliases": [*listing.aliases_en, *listing.aliases_zh, *listing.former_zh],
            "listed_on": listing.listed_on.isoformat(),
            "removed_on": listing.removed_on.isoformat() if listing.removed_on else None,
            "date_basis": listing.date_basis,
            "citation": listing.citation,
            "confidence": listing.confidence,
            "source": lists.imported[listing.id][1] if listing.id in lists.imported else "seeds",
        }
        for listing in chosen
    ]
