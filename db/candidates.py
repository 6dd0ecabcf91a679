"""Strings of brand columns that the brand seeds do not know: counted, with examples, and never taken to be foreign or domestic."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from nlp.brands.reading import read_brand_cell
from nlp.text import key
from nlp.types import PUBLIC_SECURITY_TIERS

if TYPE_CHECKING:
    from nlp.brands.knowledge import BrandKnowledge


@dataclass(frozen=True, slots=True)
class Example:
    """One line that names the string: ``notice`` as portal/id, the goods, the model."""

    notice: str
    item: str | None
    model: str | None


@dataclass(slots=True)
class Candidate:
    """``text`` is its most frequent spelling; ``lines`` counts lines of goods, ``notices`` notices, ``public_security`` those of its units."""

    text: str
    lines: int
    notices: int
    public_security: int
    examples: tuple[Example, ...]
    spellings: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "lines": self.lines,
            "notices": self.notices,
            "public_security": self.public_security,
            "origin": None,
            "spellings": list(self.spellings),
            "examples": [{"notice": e.notice, "item": e.item, "model": e.model} for e in self.examples],
        }


@dataclass(slots=True)
class _Seen:
    lines: int = 0
    notices: set[int] = field(default_factory=set)
    public_security: set[int] = field(default_factory=set)
    spellings: Counter[str] = field(default_factory=Counter)
    items: list[int] = field(default_factory=list)


_CELLS = """
    SELECT DISTINCT i.brand_raw FROM fact_notice f JOIN item i ON i.reading_id = f.reading_id
     WHERE i.brand_raw IS NOT NULL AND f.is_primary
"""
_NOTICES = """
    SELECT i.brand_raw, f.notice_id, coalesce(f.buyer_tier = ANY(:tiers), false), count(*), min(i.id)
      FROM fact_notice f JOIN item i ON i.reading_id = f.reading_id
     WHERE i.brand_raw = ANY(:cells) AND f.is_primary GROUP BY 1, 2, 3 ORDER BY 3 DESC, 2, 1
"""
_EXAMPLES = """
    SELECT i.id, n.portal_id || '/' || coalesce(n.source_id, n.identity), i.name, i.model_raw
      FROM item i JOIN reading r ON r.id = i.reading_id JOIN revision v ON v.id = r.revision_id JOIN notice n ON n.id = v.notice_id
     WHERE i.id = ANY(:ids)
"""


def candidates(
    session: Session, knowledge: BrandKnowledge, *, limit: int = 50, least: int = 1, examples: int = 3
) -> list[Candidate]:
    """What brand cells of the store say that ``knowledge`` cannot read, most notices first.

    Cells are read anew with the knowledge given, so what has been added to the seeds is gone from the answer. Copies of an
    announcement count once. ``least`` leaves out strings of fewer notices.
    """
    unknown: dict[str, tuple[str, ...]] = {}
    for cell in session.execute(text(_CELLS)).scalars():
        names = read_brand_cell(cell, knowledge).candidates
        if names:
            unknown[cell] = names
    tiers = sorted(tier.value for tier in PUBLIC_SECURITY_TIERS)
    seen: dict[str, _Seen] = {}
    for cell, notice, police, lines, item in session.execute(text(_NOTICES), {"cells": list(unknown), "tiers": tiers}):
        for name in unknown[cell]:
            one = seen.setdefault(key(name), _Seen())
            one.lines += lines
            one.spellings[name] += lines
            if notice not in one.notices:
                one.items.append(item)
            one.notices.add(notice)
            if police:
                one.public_security.add(notice)
    ranked = sorted(
        (pair for pair in seen.items() if len(pair[1].notices) >= least),
        key=lambda pair: (-len(pair[1].notices), -pair[1].lines, pair[0]),
    )[:limit]
    ids = [id_ for _, one in ranked for id_ in one.items[:examples]]
    shown = {row[0]: Example(*row[1:]) for row in session.execute(text(_EXAMPLES), {"ids": ids})}
    return [
        Candidate(
            text=one.spellings.most_common(1)[0][0],
            lines=one.lines,
            notices=len(one.notices),
            public_security=len(one.public_security),
            examples=tuple(shown[id_] for id_ in one.items[:examples]),
            spellings=tuple(sorted(one.spellings)),
        )
        for _, one in ranked
    ]
