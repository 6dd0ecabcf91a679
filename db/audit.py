# ruff: noqa: S608 -- SQL is put together from names and conditions of ours; every value is a parameter
"""What an audit of a saved count draws from: what was counted, what was left open, and what may have been missed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.filters import Filters, Resolved, resolve
from db.manifest import Manifest
from db.review_queue import passage
from db.selection import level, of_mentions
from db.world import World, world

RUNGS = ("N1", "N4")
COUNTED, OPEN, MISSED = "counted", "undecided", "missed"
STRATA = (COUNTED, OPEN, MISSED)
_SHARES: Mapping[str, int] = {COUNTED: 2, OPEN: 1, MISSED: 1}
_ANNOUNCEMENT = "a.key"
_LINE = "n.portal_id || '/' || n.identity || '#' || i.position"


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything that may be drawn: ids of a rung (as the manifest names them) by stratum, sorted.

    ``counted`` makes the lower bound. ``undecided`` stands between the lower and the upper bound. ``missed`` answers all filters but has
    been given another role, in an awarded line or by the model's word: likely misses. ``beyond`` counts the rest of those, decided
    otherwise by a certain rule outside any award; they are not drawn.
    """

    rung: str
    strata: Mapping[str, tuple[str, ...]]
    units: Mapping[str, str | None]
    beyond: int

    @property
    def sizes(self) -> dict[str, int]:
        return {name: len(self.strata[name]) for name in STRATA}


@dataclass(frozen=True, slots=True)
class Case:
    """One thing drawn, with its words. ``start`` to ``end`` of ``text`` is the span; null where the store holds no words for it."""

    id: str
    stratum: str
    notice: str
    url: str | None = None
    type: str | None = None
    date: str | None = None
    title: str | None = None
    buyer: str | None = None
    brand: str | None = None
    role: str | None = None
    units: str | None = None
    text: str = ""
    start: int | None = None
    end: int | None = None


def rung_of(manifest: Manifest) -> str:
    """Lines of goods where the count has any; else announcements."""
    return "N4" if manifest["rungs"].get("N4") else "N1"


def frame(session: Session, manifest: Manifest, rung: str) -> Frame:
    """The frame of a saved count, at the times the count was pinned to. ``rung`` is one of :data:`RUNGS`."""
    if rung not in RUNGS:
        raise ValueError(f"an audit draws {' or '.join(RUNGS)}, not {rung}")
    entries: Mapping[str, Any] = manifest["rungs"][rung]
    filters = Filters.from_json(manifest["query"])
    asked = resolve(session, filters)
    with world(session, filters.moment, asked.brands, asked.regions) as there:
        chosen = of_mentions(asked, there)
        rows = session.execute(
            text(f"""
                SELECT {_id(rung)} AS id, bool_or(m.in_award OR q.rule LIKE 'model@%')
                  FROM {there.mention} m JOIN mention q ON q.id = m.mention_id {_joins(rung, there)}
                 WHERE {level(asked, "m")} IS NULL AND NOT m.reviewed AND {chosen.sql} GROUP BY 1
            """),
            chosen.parameters,
        ).all()
    outside = {row[0]: row[1] for row in rows if row[0] not in entries}
    return Frame(
        rung=rung,
        strata={
            COUNTED: tuple(sorted(id_ for id_, entry in entries.items() if entry["level"] == 0)),
            OPEN: tuple(sorted(id_ for id_, entry in entries.items() if entry["level"] > 0)),
            MISSED: tuple(sorted(id_ for id_, likely in outside.items() if likely)),
        },
        units={id_: entry.get("units") for id_, entry in entries.items()},
        beyond=sum(not likely for likely in outside.values()),
    )


def draw(frame: Frame, sample: int, seed: str) -> list[tuple[str, str]]:
    """``sample`` pairs of (stratum, id) in random order, the same for the same frame and seed.

    Half of them from what was counted, a quarter each from what is open and what may be missed; what a small stratum cannot fill goes
    to the others.
    """
    wanted = dict.fromkeys(STRATA, 0)
    for _ in range(min(sample, sum(frame.sizes.values()))):
        room = [name for name in STRATA if wanted[name] < frame.sizes[name]]
        wanted[min(room, key=lambda name: wanted[name] / _SHARES[name])] += 1
    drawn = [
        (name, id_)
        for name in STRATA
        for id_ in random.Random(f"{seed}:{name}").sample(frame.strata[name], wanted[name])  # noqa: S311 -- drawn to be drawn again
    ]
    random.Random(f"{seed}:order").shuffle(drawn)  # noqa: S311
    return drawn


def cases(session: Session, manifest: Manifest, frame: Frame, drawn: Iterable[tuple[str, str]]) -> list[Case]:
    """The words behind what was drawn, in that order, as they stood at the times of the count."""
    pairs = list(drawn)
    filters = Filters.from_json(manifest["query"])
    asked = resolve(session, filters)
    with world(session, filters.moment, asked.brands, asked.regions) as there:
        found = _evidence(session, asked, there, frame.rung, [id_ for _, id_ in pairs])
    made = []
    for stratum, id_ in pairs:
        row = found.get(id_)
        if row is None:
            made.append(Case(id_, stratum, id_))
            continue
        shown, at = ("", None) if row.start is None else passage(row.body, row.start, row.end)
        units = frame.units.get(id_) or (None if row.units is None else f"{row.units:f}")
        made.append(
            Case(
                id=id_,
                stratum=stratum,
                notice=row.notice,
                url=row.url,
                type=row.type,
                date=row.published_on.isoformat() if row.published_on else None,
                title=row.title,
                buyer=row.buyer,
                brand=row.brand,
                role=row.role,
                units=units if frame.rung == "N4" else None,
                text=shown,
                start=at,
                end=None if at is None else at + row.end - row.start,
            )
        )
    return made


def _id(rung: str) -> str:
    return _ANNOUNCEMENT if rung == "N1" else _LINE


def _joins(rung: str, there: World) -> str:
    if rung == "N1":
        return f"JOIN {there.announcement} a ON a.id = m.announcement_id"
    return "JOIN item i ON i.id = m.item_id JOIN notice n ON n.id = m.notice_id"


def _evidence(session: Session, asked: Resolved, there: World, rung: str, ids: list[str]) -> dict[str, Any]:
    """The mention (or line) that speaks for each id: the most certain one first, of the copy that says most."""
    brands = "" if asked.brands is None else "AND m.brand_id = ANY(:brands)"
    line = "" if rung == "N4" else "LEFT JOIN item i ON i.id = m.item_id JOIN notice n ON n.id = m.notice_id"
    rows = session.execute(
        text(f"""
            SELECT DISTINCT ON (1) {_id(rung)} AS id, n.portal_id || '/' || coalesce(n.source_id, n.identity) AS notice, n.url, f.type,
                   f.published_on, f.title, o.name AS buyer, coalesce(q.brand, i.brand_raw) AS brand, m.role, i.units,
                   coalesce(q.start, i.start) AS start, coalesce(q."end", i."end") AS "end", b.text AS body
              FROM {there.mention} m {_joins(rung, there)} {line}
              JOIN {there.notice} f ON f.notice_id = m.notice_id
              LEFT JOIN mention q ON q.id = m.mention_id
              LEFT JOIN body b ON b.id = f.body_id
              LEFT JOIN organisation o ON o.id = f.{asked.filters.party}_id
             WHERE {_id(rung)} = ANY(:ids) {brands}
             ORDER BY 1, {level(asked, "m")} NULLS LAST, m.is_primary DESC, m.mention_id NULLS LAST
        """),
        {"ids": ids, "brands": asked.brands, "roles": sorted(asked.roles)},
    )
    return {row.id: row for row in rows}
