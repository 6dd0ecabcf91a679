"""Official lists from their own files: the Consolidated Screening List (JSON) and OpenSanctions (targets CSV or FtM JSON lines).

Only entries that carry a Chinese name, or a Chinese address, are of use here; the caller filters further. Rows that lack a
date of listing are returned apart, because "listed on" cannot be computed for them.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from seeds.lists.index import Listing, Vocabulary

_HAN = re.compile(r"[一-鿿]")
_CSL_LISTS = {
    "Entity List (EL)": Vocabulary.ENTITY_LIST,
    "Military End User (MEU) List": Vocabulary.MEU,
    "Specially Designated Nationals (SDN)": Vocabulary.SDN,
    "Non-SDN Chinese Military-Industrial Complex Companies List (CMIC)": Vocabulary.CMIC,
}
_OPENSANCTIONS = {
    "us_bis_denied": None,
    "us_trade_csl": Vocabulary.ENTITY_LIST,
    "us_ofac_sdn": Vocabulary.SDN,
    "us_ofac_cons": Vocabulary.CMIC,
    "us_dod_chinese_milcorps": Vocabulary.SECTION_1260H,
    "us_dhs_uflpa": Vocabulary.UFLPA,
}


def read_consolidated_screening_list(text: str) -> tuple[tuple[Listing, ...], tuple[str, ...]]:
    """Listings, and the names of entries left out for want of a known list or a date.

    ``text`` is the JSON of the Consolidated Screening List API: an object with ``results``, each with ``source``, ``name``, ``alt_names``,
    ``start_date``, ``end_date``, ``federal_register_notice`` and ``id``.
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
        vocabulary = _CSL_LISTS.get(str(entry.get("source", "")))
        listed_on = _date(entry.get("start_date"))
        name = str(entry.get("name", "")).strip()
        if vocabulary is None or listed_on is None or not name:
            left.append(name)
            continue
        names = [name, *(str(alias).strip() for alias in entry.get("alt_names") or ())]
        found.append(
            _make(
                f"csl-{entry.get('id')}",
                vocabulary,
                names,
                listed_on,
                _date(entry.get("end_date")),
                entry.get("federal_register_notice"),
            )
        )
    return tuple(found), tuple(left)


def read_opensanctions(text: str) -> tuple[tuple[Listing, ...], tuple[str, ...]]:
    """Listings from an OpenSanctions export: ``targets.simple.csv`` or FtM entities as JSON lines."""
    head = text.lstrip()[:1]
    rows = _ftm_rows(text) if head == "{" else _csv_rows(text)
    found: list[Listing] = []
    left: list[str] = []
    for row in rows:
        vocabulary = next((v for d in row["datasets"] if (v := _OPENSANCTIONS.get(d)) is not None), None)
        listed_on = _date(row["first_seen"])
        if vocabulary is None or listed_on is None or not row["names"]:
            left.append(row["names"][0] if row["names"] else row["id"])
            continue
        found.append(_make(f"os-{row['id']}", vocabulary, row["names"], listed_on, None, None))
    return tuple(found), tuple(left)


def _csv_rows(text: str) -> Iterable[dict[str, Any]]:
    reader = csv.DictReader(io.StringIO(text))
    missing = {"id", "name", "aliases", "dataset", "first_seen"} - set(reader.fieldnames or ())
    if missing:
        raise ValueError(f"not an OpenSanctions targets table: no column {', '.join(sorted(missing))}")
    for row in reader:
        yield {
            "id": row["id"],
            "names": [n for n in (row["name"], *row["aliases"].split(";")) if n.strip()],
            "datasets": [d.strip() for d in row["dataset"].split(";")],
            "first_seen": row["first_seen"],
        }


def _ftm_rows(text: str) -> Iterable[dict[str, Any]]:
    for line in text.splitlines():
        if not line.strip():
            continue
        entity: Mapping[str, Any] = json.loads(line)
        properties: Mapping[str, list[str]] = entity.get("properties", {})
        yield {
            "id": str(entity.get("id")),
            "names": [*properties.get("name", []), *properties.get("alias", [])],
            "datasets": list(entity.get("datasets", [])),
            "first_seen": entity.get("first_seen"),
        }


def _make(
    entry_id: str,
    vocabulary: Vocabulary,
    names: list[str],
    listed_on: dt.date,
    removed_on: dt.date | None,
    citation: object,
) -> Listing:
    chinese = [name for name in names if _HAN.search(name)]
    latin = [name for name in names if not _HAN.search(name)]
    return Listing(
        id=entry_id,
        list=vocabulary,
        authority="imported",
        kind="public_security" if any("公安" in name or "警察" in name for name in chinese) else "vendor",
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
        confidence="high",
    )


def _date(value: object) -> dt.date | None:
    match = re.match(r"\d{4}-\d{2}-\d{2}", str(value or ""))
    return dt.date.fromisoformat(match[0]) if match else None
