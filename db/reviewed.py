"""Which mention of a reading a person's decision is about.

A decision is about words. Another reader may give the same page another text: lines more or fewer, offsets elsewhere, a span wider or
narrower. So a decision is found again by the words it was made on, and by bare offsets only where the same surface still stands there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

AROUND = 60
"""Characters of its own line kept on each side of a span: the words a decision was made on."""


@dataclass(frozen=True, slots=True)
class Place:
    """The words of a span: its line as far as :data:`AROUND` reaches, where the span begins in it, and which of equal places it is."""

    words: str
    at: int
    nth: int


@dataclass(frozen=True, slots=True)
class Spot:
    """A mention of a reading: its brand and span."""

    mention_id: int
    reading_id: int
    brand_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Said:
    """A decision that stands."""

    review_id: int
    role: str
    reviewer: str
    note: str | None


def place_of(body: str, start: int, end: int) -> Place:
    """Where a span stands, in words that another reading of the same page holds too."""
    first = max(body.rfind("\n", 0, start) + 1, start - AROUND)
    stop = body.find("\n", end)
    last = min(len(body) if stop < 0 else stop, end + AROUND)
    words = body[first:last]
    nth, at = 0, body.find(words)
    while 0 <= at < first:
        nth, at = nth + 1, body.find(words, at + 1)
    return Place(words, start - first, nth)


def find_place(body: str, place: Place) -> int | None:
    """The offset of the place's span in another text; null where its words are not there as often as they were."""
    at = -1
    for _ in range(place.nth + 1):
        at = body.find(place.words, at + 1)
        if at < 0:
            return None
    return at + place.at


def decisions(
    session: Session, revisions: Mapping[int, int], spots: Iterable[Spot], known_at: dt.datetime | None = None
) -> dict[int, Said]:
    """The decision that holds for each mention, by mention id. ``revisions`` gives the revision of each reading asked about.

    ``known_at`` asks for the decisions that stood at that system time. Of two decisions on one mention the later speaks.
    """
    known = (
        "w.superseded_at IS NULL"
        if known_at is None
        else "w.recorded_at <= :known_at AND (w.superseded_at IS NULL OR w.superseded_at > :known_at)"
    )
    rows = session.execute(
        text(f"""
            SELECT w.id, w.revision_id, w.brand_id, w.start, w."end", w.role, w.reviewer, w.note, w.quote, w.context
              FROM review w WHERE w.kind = 'mention' AND w.revision_id = ANY(:revisions) AND {known} ORDER BY w.id
        """),  # noqa: S608 -- pieces of ours
        {"revisions": sorted(set(revisions.values())), **({} if known_at is None else {"known_at": known_at})},
    ).all()
    if not rows:
        return {}
    reviewed = {row[1] for row in rows}
    bodies = {
        row[0]: row[1]
        for row in session.execute(
            text("SELECT r.id, b.text FROM reading r JOIN body b ON b.id = r.body_id WHERE r.id = ANY(:ids)"),
            {"ids": [reading for reading, revision in revisions.items() if revision in reviewed]},
        )
    }
    here: dict[tuple[int, str], list[Spot]] = {}
    for spot in spots:
        if spot.reading_id in bodies:
            here.setdefault((revisions[spot.reading_id], spot.brand_id), []).append(spot)
    found: dict[int, Said] = {}
    for row in rows:
        for spot in _meant(row, here.get((row[1], row[2]), ()), bodies):
            found[spot.mention_id] = Said(row[0], row[5], row[6], row[7])
    return found


def _meant(row: Any, spots: Iterable[Spot], bodies: Mapping[int, str]) -> list[Spot]:
    """The mentions (one a reading) that stand where the decision's words are now."""
    start, end, quote, context = row[3], row[4], row[8], row[9] or {}
    place = Place(context["words"], context["at"], context["nth"]) if "words" in context else None
    by_reading: dict[int, list[Spot]] = {}
    for spot in spots:
        by_reading.setdefault(spot.reading_id, []).append(spot)
    meant = []
    for reading, each in by_reading.items():
        body = bodies[reading]
        now = start
        if place is not None:
            moved = find_place(body, place)
            if moved is None and body[start:end] != quote:
                continue
            now = start if moved is None else moved
        last = now + end - start
        over = [spot for spot in each if spot.start < last and now < spot.end]
        if over:
            meant.append(min(over, key=lambda spot: (abs(spot.start - now) + abs(spot.end - last), spot.mention_id)))
    return meant
