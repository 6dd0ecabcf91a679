"""People's decisions, the only other door for facts. A decision never overwrites: the one before it is superseded.

A second opinion is kept beside the decision that stands and never takes its place (it is superseded the moment it is recorded), so
that measuring agreement changes no count. Where opinions differ, the next ordinary decision settles it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.orm import Session

from db.clock import tick
from db.desk.sheet import states
from db.filters import UnknownValue
from db.keys import storable
from db.models.review import ReviewKind
from db.reviewed import Place, place_of
from db.show import find_notice
from nlp.text import key
from nlp.types import MentionRole


class ReviewError(ValueError):
    """Raised for a decision that cannot be recorded: says why, and what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy


@dataclass(frozen=True, slots=True)
class Subject:
    """One mention of a stored reading, with what the machine said of it."""

    mention_id: int
    notice_id: int
    revision_id: int
    brand_id: str
    start: int
    end: int
    surface: str
    role: str
    best_role: str | None
    score: float
    rule: str
    reader: str
    lexicon: str
    model: str
    place: Place


@dataclass(frozen=True, slots=True)
class Decided:
    """What one decision did. ``stands`` is false for a second opinion; ``copies`` counts the same words on other portals."""

    review_id: int
    notice_id: int
    stands: bool
    changed: bool
    copies: int = 0


def review_mention(
    session: Session,
    mention_id: int,
    role: MentionRole,
    reviewer: str,
    note: str | None = None,
    *,
    second: bool = False,
) -> int:
    """Decide the role of a mention (``incidental`` = not the brand at all, ``unresolved`` = the words do not tell). Returns the review's id.

    The decision is about the words: it holds for every reading of the same revision that finds the same words, and for the copies of
    the announcement on other portals that hold them. The notices are queued for linking, which brings the decision into answers.
    ``second`` records an opinion beside another person's standing decision. Raises :class:`db.filters.UnknownValue` for an unknown
    mention and :class:`ReviewError` for a decision by nobody.
    """
    return decide_mention(session, mention_id, role, reviewer, note, second=second).review_id


def decide_mention(
    session: Session,
    mention_id: int,
    role: MentionRole,
    reviewer: str,
    note: str | None = None,
    *,
    second: bool = False,
) -> Decided:
    """As :func:`review_mention`, with what it did. The same decision by the same person again changes nothing."""
    reviewer = storable(reviewer).strip()
    note = storable(note).strip() or None if note else None
    if not reviewer:
        raise ReviewError("a decision needs the name of who made it", "give --by NAME")
    found = subjects(session, [mention_id])
    if not found:
        raise UnknownValue("mention", str(mention_id))
    subject = found[0]
    now = tick(session)
    done = _record(session, subject, role, reviewer, note, now, second=second)
    if not done.stands or not done.changed:
        return done
    followed = [
        _record(session, copy, role, reviewer, note, now, copy_of=done.review_id) for copy in _copies(session, subject)
    ]
    moved = [copy.notice_id for copy in followed if copy.changed]
    _queue(session, subject.notice_id, *moved)
    return Decided(done.review_id, done.notice_id, done.stands, done.changed, len(moved))


def find_mention(session: Session, notice: str, start: int, end: int, brand: str | None = None) -> int:
    """The mention at a span of a notice's present text. Notices are named as in :func:`db.show.find_notice`.

    Raises :class:`db.filters.UnknownValue` for an unknown notice and :class:`ReviewError` where no mention, or more than one, is there.
    """
    notice_id = find_notice(session, notice)
    state = states(session, [notice_id]).get(notice_id)
    rows = session.execute(
        text(
            'SELECT id, brand_id, brand, start, "end" FROM mention WHERE reading_id = :reading ORDER BY start, position'
        ),
        {"reading": state.reading_id if state else 0},
    ).all()
    here = [row for row in rows if (row[3], row[4]) == (start, end) and (brand is None or brand in {row[1], row[2]})]
    if len(here) == 1:
        return int(here[0][0])
    if here:
        raise ReviewError(
            f"{notice}: several brands at {start}-{end}", "add --brand, one of " + ", ".join(row[1] for row in here)
        )
    shown = ", ".join(f"{row[3]}-{row[4]} {row[2]}" for row in rows[:8]) or "none"
    raise ReviewError(f"{notice}: no mention at {start}-{end}", f"mentions of this notice: {shown}")


def subjects(session: Session, mention_ids: Iterable[int]) -> list[Subject]:
    """The mentions with their words, in the order of their ids; unknown ids are left out."""
    rows = session.execute(
        text("""
            SELECT m.id, v.notice_id, r.revision_id, m.brand_id, m.start, m."end", m.surface, m.role, m.best_role, m.score, m.rule,
                   x.reader, x.lexicon, x.model, b.text
              FROM mention m JOIN reading r ON r.id = m.reading_id JOIN revision v ON v.id = r.revision_id
              JOIN versions x ON x.id = r.versions_id JOIN body b ON b.id = r.body_id
             WHERE m.id = ANY(:ids) ORDER BY m.id
        """),
        {"ids": list(mention_ids)},
    )
    values = [[*row[:14], place_of(row[14], row[4], row[5])] for row in rows]
    return [Subject(*value) for value in values]


def _record(
    session: Session,
    subject: Subject,
    role: MentionRole,
    reviewer: str,
    note: str | None,
    now: dt.datetime,
    *,
    second: bool = False,
    copy_of: int | None = None,
) -> Decided:
    """One row, unless the same person said the same. A copy takes no decision that stands away."""
    same = _on_the_same_words(session, subject)
    span = {"revision": subject.revision_id, "brand": subject.brand_id, "start": subject.start, "end": subject.end}
    earlier = session.execute(
        text("""
            SELECT id, reviewer, role, note, superseded_at IS NULL AS stands FROM review
             WHERE kind = 'mention' AND revision_id = :revision AND brand_id = :brand
               AND ((start = :start AND "end" = :end) OR id = ANY(:same)) ORDER BY id
        """),
        {**span, "same": same},
    ).all()
    standing = next((row for row in reversed(earlier) if row.stands), None)
    others = {row.reviewer for row in earlier} - {reviewer}
    opinion = second and standing is not None and standing.reviewer != reviewer
    if copy_of is not None and standing is not None:
        return Decided(standing.id, subject.notice_id, stands=True, changed=False)
    mine = [row for row in earlier if row.reviewer == reviewer]
    last = mine[-1] if mine else None
    if last is not None and (last.role, last.note) == (role.value, note) and (opinion or last.stands):
        return Decided(last.id, subject.notice_id, stands=last.stands, changed=False)
    if standing is not None and not opinion:
        session.execute(
            text("UPDATE review SET superseded_at = :now WHERE id = ANY(:ids)"),
            {"now": now, "ids": [row.id for row in earlier if row.stands]},
        )
    context: dict[str, Any] = {
        "role": subject.role, "best_role": subject.best_role, "score": subject.score, "rule": subject.rule, "reader": subject.reader,
        "lexicon": subject.lexicon, "model": subject.model, "words": subject.place.words, "at": subject.place.at,
        "nth": subject.place.nth, "independent": copy_of is None and (second or not others),
    }  # fmt: skip
    if copy_of is not None:
        context["copy_of"] = copy_of
    id_: int = session.execute(
        text("""
            INSERT INTO review (kind, revision_id, brand_id, start, "end", quote, role, reviewer, note, context, recorded_at, superseded_at)
            VALUES ('mention', :revision, :brand, :start, :end, :quote, :role, :reviewer, :note, :context, :now, :gone) RETURNING id
        """),
        {
            **span, "quote": subject.surface, "role": role.value, "reviewer": reviewer, "note": note, "context": Jsonb(context),
            "now": now, "gone": now if opinion else None,
        },
    ).scalar_one()  # fmt: skip
    return Decided(id_, subject.notice_id, stands=not opinion, changed=True)


def _on_the_same_words(session: Session, subject: Subject) -> list[int]:
    """Decisions made on these words in another reading of the page, where they stood at other offsets."""
    rows = session.execute(
        text("""
            SELECT id FROM review WHERE kind = 'mention' AND revision_id = :revision AND brand_id = :brand AND quote = :quote
               AND context->>'words' = :words AND (context->>'at')::integer = :at AND (context->>'nth')::integer = :nth
        """),
        {
            "revision": subject.revision_id, "brand": subject.brand_id, "quote": subject.surface, "words": subject.place.words,
            "at": subject.place.at, "nth": subject.place.nth,
        },
    )  # fmt: skip
    return list(rows.scalars())


def _copies(session: Session, subject: Subject) -> list[Subject]:
    """The same words about the same brand in the other copies of the announcement."""
    fellows = session.execute(
        text("""
            SELECT o.notice_id FROM announcement_member a
              JOIN announcement_member o ON o.announcement_id = a.announcement_id AND o.superseded_at IS NULL AND o.notice_id <> a.notice_id
             WHERE a.notice_id = :notice AND a.superseded_at IS NULL
        """),
        {"notice": subject.notice_id},
    ).scalars()
    found = states(session, list(fellows))
    ids = session.execute(
        text("SELECT id FROM mention WHERE reading_id = ANY(:readings) AND brand_id = :brand"),
        {"readings": [state.reading_id for state in found.values()], "brand": subject.brand_id},
    ).scalars()
    words = key(subject.place.words)
    return [
        one
        for one in subjects(session, list(ids))
        if key(one.place.words) == words
        and (one.place.nth, key(one.surface)) == (subject.place.nth, key(subject.surface))
    ]


def review_pair(
    session: Session, notice: str, other: str, *, same: bool, kind: ReviewKind, reviewer: str, note: str | None = None
) -> int:
    """Decide that two notices are, or are not, the same announcement or process. Returns the review's id.

    Notices are named as in :func:`db.show.find_notice`. Raises :class:`db.filters.UnknownValue`, and ``ValueError`` for one notice twice.
    """
    low, high = sorted((find_notice(session, notice), find_notice(session, other)))
    if low == high or kind is ReviewKind.MENTION:
        raise ValueError("a pair is two notices")
    now = tick(session)
    session.execute(
        text("""
            UPDATE review SET superseded_at = :now
             WHERE kind = :kind AND superseded_at IS NULL AND notice_id = :low AND other_notice_id = :high
        """),
        {"kind": kind.value, "low": low, "high": high, "now": now},
    )
    id_: int = session.execute(
        text("""
            INSERT INTO review (kind, notice_id, other_notice_id, verdict, reviewer, note, recorded_at)
            VALUES (:kind, :low, :high, :verdict, :reviewer, :note, :now) RETURNING id
        """),
        {
            "kind": kind.value, "low": low, "high": high, "verdict": "same" if same else "different", "reviewer": reviewer, "note": note,
            "now": now,
        },
    ).scalar_one()  # fmt: skip
    _queue(session, low, high)
    return id_


def _queue(session: Session, *notices: int) -> None:
    session.execute(
        text("INSERT INTO link_queue (notice_id) SELECT unnest(CAST(:ids AS bigint[])) ON CONFLICT DO NOTHING"),
        {"ids": list(notices)},
    )


# ── several people ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Opinion:
    """One person's decision about a mention, standing or not."""

    id: int
    revision_id: int
    brand_id: str
    start: int
    end: int
    quote: str
    reviewer: str
    role: str
    note: str | None
    recorded_at: dt.datetime
    stands: bool
    independent: bool

    @property
    def subject(self) -> tuple[int, str, int, int]:
        return self.revision_id, self.brand_id, self.start, self.end


def opinions(
    session: Session, revisions: Sequence[int] | None = None
) -> dict[tuple[int, str, int, int], list[Opinion]]:
    """Everything people said of mentions, by subject, in the order it was said. Decisions that merely followed a copy are left out."""
    narrow = "" if revisions is None else "AND revision_id = ANY(:revisions)"
    rows = session.execute(
        text(f"""
            SELECT id, revision_id, brand_id, start, "end", coalesce(quote, ''), reviewer, role, note, recorded_at, superseded_at IS NULL,
                   coalesce((context->>'independent')::boolean, true)
              FROM review WHERE kind = 'mention' AND (context IS NULL OR NOT context ? 'copy_of') {narrow} ORDER BY id
        """),  # noqa: S608 -- pieces of ours
        {} if revisions is None else {"revisions": list(revisions)},
    )
    found: dict[tuple[int, str, int, int], list[Opinion]] = {}
    for row in rows:
        opinion = Opinion(*row)
        found.setdefault(opinion.subject, []).append(opinion)
    return found


def disputed(said: Sequence[Opinion]) -> bool:
    """Whether the people who judged one mention differ, nobody having settled it since."""
    settled = max((n for n, one in enumerate(said) if not one.independent), default=0)
    latest = {one.reviewer: one.role for one in said[settled:]}
    return len(set(latest.values())) > 1
