"""What changed from one revision of a notice to the next, line by line."""

from __future__ import annotations

import difflib
import itertools
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.show import find_notice

CONTEXT = 1
"""Unchanged lines shown around a change."""

_REVISIONS = text("""
    SELECT r.id, r.content_digest, seen.first, seen.last, b.text
      FROM revision r
      JOIN LATERAL (SELECT min(c.captured_at) AS first, max(c.captured_at) AS last
                      FROM capture_reading x JOIN capture c ON c.id = x.capture_id
                     WHERE x.revision_id = r.id AND x.superseded_at IS NULL) seen ON seen.first IS NOT NULL
      JOIN LATERAL (SELECT g.body_id FROM reading g
                     WHERE g.revision_id = r.id AND g.superseded_at IS NULL ORDER BY g.id DESC LIMIT 1) g ON true
      JOIN body b ON b.id = g.body_id
     WHERE r.notice_id = :notice
     ORDER BY seen.first, r.id
""")


def differences(session: Session, notice: str) -> list[dict[str, Any]]:
    """One entry a change, oldest first: ``from`` and ``to`` (digest, first and last capture) and the ``lines`` of a unified diff.

    Empty for a notice that never changed. Raises :class:`db.filters.UnknownValue` and :class:`db.tombstones.PurgedError`.
    """
    rows = session.execute(_REVISIONS, {"notice": find_notice(session, notice)}).all()
    found = []
    for before, after in itertools.pairwise(rows):
        lines = difflib.unified_diff(
            before.text.split("\n"),
            after.text.split("\n"),
            before.first.isoformat(),
            after.first.isoformat(),
            lineterm="",
            n=CONTEXT,
        )
        found.append({"from": _revision(before), "to": _revision(after), "lines": list(lines)})
    return found


def _revision(row: Any) -> dict[str, Any]:
    return {
        "digest": row.content_digest,
        "first_captured": row.first.isoformat(),
        "last_captured": row.last.isoformat(),
    }
