"""People's decisions, the only other door for facts. A decision never overwrites: the one before it is superseded."""

from __future__ import annotations

from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.orm import Session

from db.clock import tick
from db.filters import UnknownValue
from db.models.review import ReviewKind
from db.show import find_notice
from nlp.types import MentionRole


def review_mention(session: Session, mention_id: int, role: MentionRole, reviewer: str, note: str | None = None) -> int:
    """Decide the role of a mention (``incidental`` = not the brand at all). Returns the review's id.

    The decision is about the words: it holds for every reading of the same revision that finds the same span. The notice is queued
    for linking, which brings the decision into answers. Raises :class:`db.filters.UnknownValue` for an unknown mention.
    """
    found = session.execute(
        text("""
            SELECT r.revision_id, v.notice_id, m.brand_id, m.start, m."end", m.surface, m.role, m.score, m.rule, x.reader, x.lexicon, x.model
              FROM mention m JOIN reading r ON r.id = m.reading_id JOIN revision v ON v.id = r.revision_id
              JOIN versions x ON x.id = r.versions_id WHERE m.id = :id
        """),
        {"id": mention_id},
    ).one_or_none()
    if found is None:
        raise UnknownValue("mention", str(mention_id))
    revision, notice, brand, start, end, surface, machine, score, rule, reader, lexicon, model = found
    now = tick(session)
    subject = {"revision": revision, "brand": brand, "start": start, "end": end}
    session.execute(
        text("""
            UPDATE review SET superseded_at = :now WHERE kind = 'mention' AND superseded_at IS NULL
               AND revision_id = :revision AND brand_id = :brand AND start = :start AND "end" = :end
        """),
        {**subject, "now": now},
    )
    context: dict[str, Any] = {
        "role": machine, "score": score, "rule": rule, "reader": reader, "lexicon": lexicon, "model": model,
    }  # fmt: skip
    id_: int = session.execute(
        text("""
            INSERT INTO review (kind, revision_id, brand_id, start, "end", quote, role, reviewer, note, context, recorded_at)
            VALUES ('mention', :revision, :brand, :start, :end, :quote, :role, :reviewer, :note, :context, :now) RETURNING id
        """),
        {
            **subject, "quote": surface, "role": role.value, "reviewer": reviewer, "note": note, "context": Jsonb(context), "now": now,
        },
    ).scalar_one()  # fmt: skip
    _queue(session, notice)
    return id_


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
