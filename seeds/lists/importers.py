"""Official lists from their own files: the Consolidated Screening List (JSON) and OpenSanctions (targets CSV or FtM JSON lines).

A row is taken where it is known which list it is on and since when. ``listed_on`` is the date the file gives for the listing; where an
OpenSanctions file gives none, it is the day OpenSanctions first saw the entry, and ``date_basis`` says so: the listing may be older. All other rows
are returned apart.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from seeds.lists.index import Listing, Vocabulary

_HAN = re.compile(r"[一-鿿]")
_POLICE = re.compile(r"公安|警察|Public Security (?:Bureau|Department)|Police College", re.IGNORECASE)
_CSL_SOURCE = re.compile(r"\(([A-Z-]+)\)")
_CSL_LISTS = {
    "EL": Vocabulary.ENTITY_LIST,
    "MEU": Vocabulary.MEU,
    "SDN": Vocabulary.SDN,
    "CMIC": Vocabulary.CMIC,
    "NS-CMIC": Vocabulary.CMIC,
    "UVL": Vocabulary.UVL,
}
_WORDS: tuple[tuple[Vocabulary, re.Pattern[str]], ...] = (
    (Vocabulary.UFLPA, re.compile(r"UFLPA|Uyghur Forced Labor", re.IGNORECASE)),
    (Vocabulary.MEU, re.compile(r"Military End[- ]User|\bMEU\b|BIS-MEU", re.IGNORECASE)),
    (Vocabulary.CMIC, re.compile(r"CMIC\b|Chinese Military-Industrial", re.IGNORECASE)),
    (Vocabulary.SECTION_1260H, re.compile(r"1260H|Chinese Military Compan", re.IGNORECASE)),
    (Vocabulary.UVL, re.compile(r"Unverified List|\bUVL\b", re.IGNORECASE)),
    (Vocabulary.ENTITY_LIST, re.compile(r"Entity List|BIS-EL\b", re.IGNORECASE)),
    (Vocabulary.SDN, re.compile(r"(?<!Non-)\bSDN\b|Specially Designated", re.IGNORECASE)),
)
"""What the text of one sanction says about its list; the first that fits (the UFLPA has an "Entity List" of its own)."""
_DATASETS = {
    "us_ofac_sdn": Vocabulary.SDN,
    "us_dod_chinese_milcorps": Vocabulary.SECTION_1260H,
    "us_dhs_uflpa": Vocabulary.UFLPA,
}
"""Datasets that hold one list each. The consolidated ones hold several and tell nothing by themselves."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(slots=True)
class _Sanction:
    """One listing of an entity as the file words it."""

    words: str
    since: dt.date | None
    until: dt.date | None = None

    @property
    def vocabulary(self) -> Vocabulary | None:
        return next((vocabulary for vocabulary, pattern in _WORDS if pattern.search(self.words)), None)


@dataclass(slots=True)
class _Entity:
    id: str
    names: list[str]
    datasets: list[str]
    first_seen: dt.date | None
    sanctions: list[_Sanction] = field(default_factory=list)


def read_consolidated_screening_list(text: str) -> tuple[tuple[Listing, ...], tuple[str, ...]]:
    """Listings, and the names of entries left out for want of a known list or a date.

    ``text`` is the JSON of the Consolidated Screening List: an object with ``results``, each with ``source`` (as in ``Entity List (EL) - Bureau of
    Industry and Security``), ``name``, ``alt_names``, ``start_date``, ``end_date``, ``federal_register_notice`` and ``id``.
    """
    data = json.loads(text)
    results = data.get("results") if isinstance(data, dict) else None
    if not isinstance(results, list):
        raise ValueError(  # noqa: TRY004 - the file is wrong, not the program
            "not a Consolidated Screening List: no list under 'results'"
        )
    found: list[Listing] = []
    left: list[str] = []
    for entry in results:
        code = _CSL_SOURCE.search(str(entry.get("source", "")))
        vocabulary = _CSL_LISTS.get(code[1]) if code is not None else None
        since, until = _date(entry.get("start_date")), _date(entry.get("end_date"))
        name = str(entry.get("name") or "").strip()
        if vocabulary is None or since is None or not name or (until is not None and until < since):
            left.append(name)
            continue
        names = [name, *(str(alias).strip() for alias in entry.get("alt_names") or ())]
        citation = entry.get("federal_register_notice")
        found.append(_make(f"csl-{entry.get('id')}", vocabulary, names, since, until, citation, "effective"))
    return tuple(found), tuple(left)


def read_opensanctions(text: str) -> tuple[tuple[Listing, ...], tuple[str, ...]]:
    """Listings from an OpenSanctions export: ``targets.simple.csv``, FtM entities or nested targets as JSON lines.

    An entity on several lists is several listings. Sanctions of lists that are none of ours are passed over; an entity left with none is named
    in the second value.
    """
    entities = _ftm_entities(text) if text.lstrip()[:1] == "{" else _csv_entities(text)
    found: list[Listing] = []
    left: list[str] = []
    for entity in entities:
        listed: dict[Vocabulary, _Sanction] = {}
        for sanction in entity.sanctions:
            vocabulary = sanction.vocabulary
            if vocabulary is not None:
                known = listed.get(vocabulary)
                if known is None or (sanction.since or dt.date.max) < (known.since or dt.date.max):
                    listed[vocabulary] = sanction
        for dataset in entity.datasets:
            if dataset in _DATASETS:
                listed.setdefault(_DATASETS[dataset], _Sanction(dataset, None))
        made = [
            _make(
                f"os-{entity.id}:{vocabulary.value}",
                vocabulary,
                entity.names,
                since,
                sanction.until if sanction.until is None or sanction.until >= since else None,
                None,
                "effective" if sanction.since is not None else "first_seen",
            )
            for vocabulary, sanction in listed.items()
            if entity.names and (since := sanction.since or entity.first_seen) is not None
        ]
        found.extend(made)
        if not made:
            left.append(entity.names[0] if entity.names else entity.id)
    return tuple(found), tuple(left)


def _csv_entities(text: str) -> Iterator[_Entity]:
    reader = csv.DictReader(io.StringIO(text))
    missing = {"id", "name", "aliases", "dataset", "first_seen"} - set(reader.fieldnames or ())
    if missing:
        raise ValueError(f"not an OpenSanctions targets table: no column {', '.join(sorted(missing))}")
    for row in reader:
        programs = [_Sanction(part, None) for part in (row.get("program_ids") or "").split(";") if part.strip()]
        texts = [_Sanction(part, _date(part)) for part in (row.get("sanctions") or "").split(";") if part.strip()]
        yield _Entity(
            row["id"],
            [n.strip() for n in (row["name"], *(row["aliases"] or "").split(";")) if n and n.strip()],
            [d.strip() for d in (row["dataset"] or "").split(";")],
            _date(row["first_seen"]),
            [*texts, *programs],
        )


def _ftm_entities(text: str) -> Iterator[_Entity]:
    """Entities in the order of the file, each with its sanctions: lines of their own that name it, or nested in it."""
    entities: dict[str, _Entity] = {}
    apart: list[tuple[str, _Sanction]] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        whole: Mapping[str, Any] = json.loads(line)
        properties: Mapping[str, list[Any]] = whole.get("properties", {})
        if whole.get("schema") == "Sanction":
            apart.extend((str(id_), _sanction(properties)) for id_ in properties.get("entity", ()))
            continue
        id_ = str(whole.get("id"))
        entities[id_] = _Entity(
            id_,
            [str(n).strip() for n in (*properties.get("name", ()), *properties.get("alias", ())) if str(n).strip()],
            list(whole.get("datasets", ())),
            _date(whole.get("first_seen")),
            [_sanction(s.get("properties", {})) for s in properties.get("sanctions", ()) if isinstance(s, dict)],
        )
    for id_, sanction in apart:
        if id_ in entities:
            entities[id_].sanctions.append(sanction)
    yield from entities.values()


def _sanction(properties: Mapping[str, Iterable[Any]]) -> _Sanction:
    words = [str(v) for name in ("programId", "program", "provisions", "authority") for v in properties.get(name, ())]
    since = [d for name in ("startDate", "listingDate") for v in properties.get(name, ()) if (d := _date(v))]
    until = [d for v in properties.get("endDate", ()) if (d := _date(v))]
    return _Sanction(" ".join(words), min(since, default=None), max(until, default=None))


def _make(
    entry_id: str,
    vocabulary: Vocabulary,
    names: list[str],
    listed_on: dt.date,
    removed_on: dt.date | None,
    citation: object,
    date_basis: str,
) -> Listing:
    chinese = [name for name in names if _HAN.search(name)]
    latin = [name for name in names if name and not _HAN.search(name)]
    return Listing(
        id=entry_id,
        list=vocabulary,
        authority="imported",
        kind="public_security" if any(_POLICE.search(name) for name in names) else "vendor",
        name_en=latin[0] if latin else names[0],
        aliases_en=tuple(latin[1:]),
        name_zh=chinese[0] if chinese else None,
        aliases_zh=tuple(chinese[1:]),
        former_zh=(),
        listed_on=listed_on,
        removed_on=removed_on,
        citation=str(citation) if citation else None,
        document=None,
        removal_citation=None,
        removal_document=None,
        confidence="high" if date_basis == "effective" else "low",
        date_basis=date_basis,
    )


def _date(value: object) -> dt.date | None:
    match = _DATE.search(str(value or ""))
    try:
        return dt.date.fromisoformat(match[0]) if match else None
    except ValueError:
        return None
