# ruff: noqa: S608 -- SQL is put together from names and conditions of ours; every value is a parameter
"""What a person should look at next: first what can move a count most, then what the machine is least sure of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.filters import PURCHASED, Filters, Resolved, resolve
from db.masking import masked
from db.review import Opinion, disputed, opinions
from db.reviewed import Place, place_of
from db.selection import level, of_mentions
from db.world import World
from nlp.text import key

DOUBT = 0.8
"""Answers of the model below this score are asked about, too."""
_BEFORE = 2
"""Lines of the notice shown before and after the one in question."""
_LINE = 160


class Why(StrEnum):
    """Why a mention is in the queue."""

    UNDECIDED = "undecided"
    DISPUTED = "disputed"
    REOPENED = "reopened"
    DOUBTFUL = "doubtful"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Question:
    """One mention to decide on.

    ``proposal`` is the machine's best guess, or what a person said of these words before the page changed; null where there is none.
    ``units`` are the pieces the decision moves in or out of N5 (null = none, or not stated); ``moves`` names the other rungs it can
    move by one. ``saved`` names the saved counts it stands in. ``text`` is the passage, ``start`` and ``end`` point into the
    notice's text, ``at`` into the passage.
    """

    mention_id: int
    notice: str
    url: str | None
    digest: str
    type: str | None
    title: str | None
    buyer: str | None
    date: str | None
    brand_id: str
    brand: str
    surface: str
    start: int
    end: int
    role: str
    score: float
    rule: str
    proposal: str | None
    why: Why
    units: Decimal | None
    item: str | None
    moves: tuple[str, ...]
    saved: tuple[str, ...]
    text: str
    at: int
    said: tuple[Opinion, ...] = ()
    place: Place = field(default_factory=lambda: Place("", 0, 0))

    def as_json(self) -> dict[str, Any]:
        """One JSON-ready object; earlier decisions under ``said``."""
        return {
            "notice": self.notice,
            "url": self.url,
            "digest": self.digest,
            "type": self.type,
            "title": self.title,
            "buyer": self.buyer,
            "date": self.date,
            "brand": self.brand_id,
            "surface": self.surface,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "proposal": self.proposal,
            "role": self.role,
            "score": self.score,
            "rule": self.rule,
            "why": self.why.value,
            "units": None if self.units is None else f"{self.units:f}",
            "item": self.item,
            "moves": list(self.moves),
            "saved": list(self.saved),
            "said": [
                {"reviewer": one.reviewer, "role": one.role, "note": one.note, "at": one.recorded_at.isoformat()}
                for one in self.said
            ],
        }


_CANDIDATES = """
    WITH chosen AS MATERIALIZED (
        SELECT m.mention_id, m.notice_id, m.announcement_id, m.process_id, m.buyer_id, m.brand_id, m.decided, m.reviewed, m.in_award,
               m.is_primary, {level} AS lvl
          FROM fact_mention m
         WHERE m.mention_id IS NOT NULL AND {where}
    ), changed AS MATERIALIZED (
        SELECT DISTINCT f.notice_id, w.brand_id, w.quote
          FROM review w JOIN revision v ON v.id = w.revision_id
          JOIN fact_notice f ON f.notice_id = v.notice_id AND f.revision_id <> v.id
         WHERE w.kind = 'mention' AND w.superseded_at IS NULL
    ), sure_a AS (SELECT announcement_id, count(*) AS n, min(mention_id) AS one FROM chosen WHERE lvl = 0 GROUP BY 1
    ), sure_p AS (SELECT process_id, count(*) AS n, min(mention_id) AS one FROM chosen WHERE lvl = 0 GROUP BY 1
    ), sure_b AS (SELECT buyer_id, count(*) AS n, min(mention_id) AS one FROM chosen WHERE lvl = 0 GROUP BY 1
    )
    SELECT c.mention_id, x.units, x.in_line, c.in_award, c.lvl, c.decided, c.reviewed, f.revision_id,
           f.portal_id || '/' || coalesce(n.source_id, n.identity), n.url, v.content_digest, f.type, f.title, o.name, f.published_on,
           m.brand_id, m.brand, m.surface, m.start, m."end", m.role, m.best_role, m.score, m.rule, i.name, c.announcement_id, c.is_primary,
           {alone_a}, {alone_p}, c.buyer_id IS NOT NULL AND {alone_b}, g.notice_id IS NOT NULL AS reopened
      FROM chosen c
      JOIN mention m ON m.id = c.mention_id
      LEFT JOIN changed g ON g.notice_id = c.notice_id AND g.brand_id = c.brand_id AND g.quote = m.surface
      JOIN fact_notice f ON f.notice_id = c.notice_id
      JOIN notice n ON n.id = c.notice_id
      JOIN revision v ON v.id = f.revision_id
      LEFT JOIN LATERAL (
          SELECT max(l.units) AS units, count(*) > 0 AS in_line FROM fact_line l
           WHERE l.process_id = c.process_id AND l.mention_id = c.mention_id) x ON true
      LEFT JOIN sure_a ON sure_a.announcement_id = c.announcement_id
      LEFT JOIN sure_p ON sure_p.process_id = c.process_id
      LEFT JOIN sure_b ON sure_b.buyer_id = c.buyer_id
      LEFT JOIN organisation o ON o.id = c.buyer_id
      LEFT JOIN item i ON i.reading_id = m.reading_id AND i.position = m.item_position
     WHERE {wanted}
     ORDER BY (NOT c.decided AND x.in_line) DESC, c.decided, x.units DESC NULLS LAST, m.score, c.mention_id LIMIT :limit
"""
_ALONE = "({0}.n IS NULL OR ({0}.n = 1 AND {0}.one = c.mention_id))"
_WANTED = """
    (NOT c.decided AND NOT c.reviewed) OR c.mention_id = ANY(:always) OR (NOT c.reviewed AND g.notice_id IS NOT NULL)
    OR (NOT c.reviewed AND c.decided AND c.lvl = 0 AND m.rule LIKE 'model@%' AND m.score < :doubt)
"""


def queue(
    session: Session,
    filters: Filters | None = None,
    *,
    saved: Mapping[str, Filters] | None = None,
    limit: int = 100,
    below: float = DOUBT,
    second_for: str | None = None,
) -> list[Question]:
    """The questions that a count by ``filters`` leaves open, the weightiest first.

    Undecided, disputed and reopened mentions come before what the model decided with a score under ``below``. Among them: what stands
    in most of the ``saved`` counts (name to filters), then possible purchases with quantities by pieces, then without, then the
    rest; within equals the least certain first. The same words on several portals are asked once. With ``second_for``, in place
    of all that: mentions somebody else decided and this person has not judged. Times in the filters are put aside: the queue is
    about the store as it stands.
    """
    asked = resolve(session, replace(filters or Filters(), as_of=None, known_at=None, reviewed_only=False))
    said = opinions(session)
    always = _disputed_mentions(session, said) if second_for is None else _to_second(session, said, second_for)
    chosen = of_mentions(asked, World())
    rows = session.execute(
        text(
            _CANDIDATES.format(
                level=level(asked, "m"),
                where=chosen.sql,
                alone_a=_ALONE.format("sure_a"),
                alone_p=_ALONE.format("sure_p"),
                alone_b=_ALONE.format("sure_b"),
                wanted=_WANTED if second_for is None else "c.mention_id = ANY(:always)",
            )
        ),
        # Copies of an announcement fall together later: ask for more than will be shown.
        {**chosen.parameters, "always": list(always), "doubt": below, "limit": limit * 4 + 50},
    ).all()
    named = _in_saved(session, [row[0] for row in rows], saved or {})
    ranked = sorted(
        ((_rank(row, _why(row, always, second_for), named.get(row[0], ())), row) for row in rows),
        key=lambda pair: pair[0],
    )
    texts = _bodies(session, [row[0] for _, row in ranked])
    made: list[Question] = []
    seen: set[tuple[Any, ...]] = set()
    for _, row in ranked:
        body = texts[row[0]]
        place = place_of(body, row[18], row[19])
        mark = (row[25], row[15], key(place.words), place.nth, key(row[17]))
        if mark in seen:
            continue
        seen.add(mark)
        question = _question(session, row, body, place, said, _why(row, always, second_for), named.get(row[0], ()))
        made.append(question)
        if len(made) == limit:
            break
    return made


def _why(row: Any, always: set[int], second_for: str | None) -> Why:
    if second_for is not None:
        return Why.SECOND
    if row[0] in always:
        return Why.DISPUTED
    if row.reopened:
        return Why.REOPENED
    return Why.DOUBTFUL if row[5] else Why.UNDECIDED


def _rank(row: Any, why: Why, saved: tuple[str, ...]) -> tuple[Any, ...]:
    units, in_line, in_award, best, score = row[1], row[2], row[3], row[21], row[22]
    if in_line and units is not None:
        bucket = 0
    elif best in PURCHASED:
        bucket = 1
    else:
        bucket = 2 if in_line or in_award else 3
    moved = sum(bool(row[n]) for n in (27, 28, 29))
    return why is Why.DOUBTFUL, -len(saved), bucket, -(units or 0), -moved, score, not row[26], row[8], row[18], row[15]


def _question(
    session: Session,
    row: Any,
    body: str,
    place: Place,
    said: Mapping[tuple[int, str, int, int], list[Opinion]],
    why: Why,
    saved: tuple[str, ...],
) -> Question:
    opinions_here = tuple(said.get((row[7], row[15], row[18], row[19]), ()))
    if why is Why.REOPENED:
        opinions_here = _before_the_change(session, row[0], row[15], row[17])
    proposal: str | None = row[21] or row[20]
    if why is Why.REOPENED and len({one.role for one in opinions_here}) == 1:
        proposal = opinions_here[0].role
    elif why is Why.DISPUTED or proposal == "unresolved":
        proposal = None
    words, at = passage(body, row[18], row[19])
    rungs = ("N1", "N2", "buyers")
    return Question(
        mention_id=row[0],
        notice=row[8],
        url=row[9],
        digest=row[10],
        type=row[11],
        title=row[12],
        buyer=row[13],
        date=row[14].isoformat() if row[14] else None,
        brand_id=row[15],
        brand=row[16],
        surface=row[17],
        start=row[18],
        end=row[19],
        role=row[20],
        score=row[22],
        rule=row[23],
        proposal=proposal,
        why=why,
        units=row[1],
        item=row[24],
        moves=tuple(name for name, n in zip(rungs, (27, 28, 29), strict=True) if row[n]),
        saved=saved,
        text=words,
        at=at,
        said=() if why is Why.SECOND else opinions_here,
        place=place,
    )


def passage(body: str, start: int, end: int) -> tuple[str, int]:
    """The line of a span with its neighbours, no line longer than the eye takes in and nobody's number in it; and where the span begins in that."""
    # A name is known by the label before it, which may stand outside the passage.
    low = max(0, start - 6 * _LINE)
    body = masked(body[low : end + 4 * _LINE], (start - low, end - low))
    start, end = start - low, end - low
    first = max(body.rfind("\n", 0, start) + 1, start - _LINE)
    stop = body.find("\n", end)
    last = min(len(body) if stop < 0 else stop, end + _LINE)
    before = body[max(0, first - 2 * _LINE) : first].split("\n")[-_BEFORE - 1 :] if first else [""]
    after = body[last : last + 2 * _LINE].split("\n")[: _BEFORE + 1]
    head = "\n".join(line[-_LINE:] for line in before)
    tail = "\n".join(line[:_LINE] for line in after)
    return head + body[first:last] + tail, len(head) + start - first


def _disputed_mentions(session: Session, said: Mapping[tuple[int, str, int, int], list[Opinion]]) -> set[int]:
    return _mentions_at(session, [subject for subject, each in said.items() if disputed(each)])


def _to_second(session: Session, said: Mapping[tuple[int, str, int, int], list[Opinion]], reviewer: str) -> set[int]:
    """Mentions on which only others have spoken."""
    wanted = [
        subject
        for subject, each in said.items()
        if any(one.stands for one in each) and all(one.reviewer != reviewer for one in each)
    ]
    return _mentions_at(session, wanted)


def _mentions_at(session: Session, spots: Sequence[tuple[int, str, int, int]]) -> set[int]:
    """Mentions of the present readings at (revision, brand, start, end)."""
    if not spots:
        return set()
    rows = session.execute(
        text("""
            SELECT m.id
              FROM unnest(CAST(:revisions AS bigint[]), CAST(:brands AS text[]), CAST(:starts AS integer[]), CAST(:ends AS integer[]))
                   AS w (revision, brand, first, last)
              JOIN fact_notice f ON f.revision_id = w.revision
              JOIN mention m ON m.reading_id = f.reading_id AND m.brand_id = w.brand AND m.start = w.first AND m."end" = w.last
        """),
        dict(zip(("revisions", "brands", "starts", "ends"), map(list, zip(*spots, strict=True)), strict=True)),
    )
    return set(rows.scalars())


def _before_the_change(session: Session, mention_id: int, brand: str, quote: str) -> tuple[Opinion, ...]:
    """What people said of the same words in earlier contents of the notice."""
    revisions = (
        session.execute(
            text("""
                SELECT other.id FROM mention m JOIN reading r ON r.id = m.reading_id JOIN revision v ON v.id = r.revision_id
                  JOIN revision other ON other.notice_id = v.notice_id AND other.id <> v.id WHERE m.id = :id
            """),
            {"id": mention_id},
        )
        .scalars()
        .all()
    )
    found = opinions(session, list(revisions))
    return tuple(
        one for each in found.values() for one in each if one.stands and (one.brand_id, one.quote) == (brand, quote)
    )


def _in_saved(session: Session, mention_ids: Sequence[int], saved: Mapping[str, Filters]) -> dict[int, tuple[str, ...]]:
    """Which saved counts each mention stands in, or may stand in."""
    found: dict[int, tuple[str, ...]] = {}
    for name, filters in sorted(saved.items()):
        asked: Resolved = resolve(session, replace(filters, as_of=None, known_at=None, reviewed_only=False))
        chosen = of_mentions(asked, World())
        rows = session.execute(
            text(f"""
                SELECT DISTINCT m.mention_id FROM fact_mention m
                 WHERE m.mention_id = ANY(:ids) AND {level(asked, "m")} IS NOT NULL AND {chosen.sql}
            """),
            {**chosen.parameters, "ids": list(mention_ids)},
        )
        for id_ in rows.scalars():
            found[id_] = (*found.get(id_, ()), name)
    return found


def _bodies(session: Session, mention_ids: Sequence[int]) -> dict[int, str]:
    rows = session.execute(
        text("""
            SELECT m.id, b.text FROM mention m JOIN reading r ON r.id = m.reading_id JOIN body b ON b.id = r.body_id
             WHERE m.id = ANY(:ids)
        """),
        {"ids": list(mention_ids)},
    )
    return {row[0]: row[1] for row in rows}
