"""Brands, their names, owners and product lines: the data files here and the loader that checks them.

Every row carries where the fact comes from (``source``) and how far to trust it (``confidence``: verified, report, knowledge, low).
Aliases with confidence low never fire alone.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
from collections.abc import Iterator
from pathlib import Path

from nlp.brands.knowledge import (
    STRENGTHS,
    Alias,
    Brand,
    BrandKnowledge,
    ClassNoun,
    ContextRule,
    KnowledgeError,
    ModelLine,
    Owner,
)

HERE = Path(__file__).parent
FILES = tuple(
    HERE / name
    for name in (
        "aliases.csv", "brands.csv", "class_nouns.csv", "contexts.csv", "models.csv", "nouns.csv", "owners.csv", "phrases.csv", "words.csv",
    )
)  # fmt: skip
READ = tuple(path for path in FILES if path.name != "owners.csv")
"""What a reading depends on. Owners are looked up when a question is asked: a new owner makes no reading outdated."""


def _rows(folder: Path, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows with their line numbers; a row with a missing or extra cell is an error that names the line."""
    path = folder / name
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        for row in reader:
            if None in row or None in row.values():
                raise KnowledgeError(f"{path.name}, line {reader.line_num}: wrong number of cells")
            yield reader.line_num, row


def _date(text: str, where: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise KnowledgeError(f"{where}: {text!r} is not a date (YYYY-MM-DD)") from None


def _list(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)


def _strength(text: str, where: str) -> int:
    if text not in STRENGTHS:
        raise KnowledgeError(f"{where}: strength {text!r}; use one of {', '.join(STRENGTHS)}")
    return STRENGTHS[text]


def read_brand_knowledge(folder: Path = HERE) -> BrandKnowledge:
    """The knowledge built from the files in ``folder``.

    Raises :class:`nlp.brands.KnowledgeError` naming the file and line of a row that breaks the schema, or the alias that is given twice.
    """
    brands = {}
    for line, row in _rows(folder, "brands.csv"):
        brand_id = row["brand_id"]
        if brand_id in brands:
            raise KnowledgeError(f"brands.csv, line {line}: brand {brand_id!r} is given twice")
        brands[brand_id] = Brand(
            brand_id=brand_id,
            name=row["name"],
            name_zh=row["name_zh"] or None,
            origin=row["origin"],
            hq=row["hq"],
            family=row["family"],
            domains=frozenset(_list(row["domains"])),
            areas=_list(row["areas"]),
            note=row["note"] or None,
        )
    return BrandKnowledge(
        brands=brands,
        aliases=tuple(
            Alias(
                text=row["alias"],
                brand_id=row["brand_id"],
                kind=row["kind"],
                strength=_strength(row["strength"], f"aliases.csv, line {line}"),
                exact=row["exact"] == "y",
                line=row["line"] or None,
                product_class=row["product_class"] or None,
            )
            for line, row in _rows(folder, "aliases.csv")
        ),
        owners=tuple(
            Owner(
                brand_id=row["brand_id"],
                owner=row["owner"],
                country=row["country"],
                since=_date(row["since"], f"owners.csv, line {line}"),
                until=_date(row["until"], f"owners.csv, line {line}"),
                share=row["share"] or None,
            )
            for line, row in _rows(folder, "owners.csv")
        ),
        lines=tuple(
            ModelLine(
                model_id=row["model_id"],
                brand_id=row["brand_id"],
                pattern=row["pattern"],
                starts=row["starts"],
                strong=row["strength"] == "strong",
                product_line=row["product_line"] or None,
                parent_line=row["parent_line"] or None,
                product_class=row["product_class"] or None,
                product_kind=row["product_kind"] or None,
                needs=row["needs"] or None,
                samples=_list(row["samples"]),
                near_misses=_list(row["near_misses"]),
            )
            for _, row in _rows(folder, "models.csv")
        ),
        contexts=tuple(
            ContextRule(row["target"], row["side"], row["speaks"] == "for", _list(row["words"]))
            for _, row in _rows(folder, "contexts.csv")
        ),
        nouns={row["domain"]: _list(row["words"]) for _, row in _rows(folder, "nouns.csv")},
        class_nouns=tuple(
            ClassNoun(
                row["noun"], row["product_class"], row["product_kind"] or None, {"yes": True, "no": False}[row["alone"]]
            )
            for _, row in _rows(folder, "class_nouns.csv")
        ),
        phrases=tuple(row["phrase"] for _, row in _rows(folder, "phrases.csv")),
        words={row["name"]: _list(row["words"]) for _, row in _rows(folder, "words.csv")},
    )


@functools.cache
def load_brand_knowledge() -> BrandKnowledge:
    """The shipped knowledge, built once a process."""
    return read_brand_knowledge()
