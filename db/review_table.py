"""Decisions as rows of a table: out to a person's spreadsheet, and back in.

A row names its words by notice, digest of the notice's content, brand and offsets. A row whose notice has changed since is refused:
the question is open again. Importing a file twice changes nothing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.desk.sheet import states
from db.filters import UnknownValue
from db.masking import masked
from db.review import ReviewError, decide_mention, find_mention
from db.review_queue import Question
from db.show import find_notice
from nlp.types import MentionRole

COLUMNS = (
    "notice", "digest", "brand", "start", "end", "surface", "text", "type", "title", "buyer", "proposal", "score", "units", "why", "role",
    "reviewer", "note",
)  # fmt: skip
REQUIRED = ("notice", "brand", "start", "end", "role")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not recorded: its line in the file, and why."""

    line: int
    reason: str

    def as_json(self) -> dict[str, Any]:
        return {"line": self.line, "reason": self.reason}


@dataclass(slots=True)
class Imported:
    """``decided`` now stand, ``opinions`` were kept beside another person's decision, ``same`` were known, ``empty`` had no role."""

    decided: int = 0
    opinions: int = 0
    copies: int = 0
    same: int = 0
    empty: int = 0
    refused: list[Refused] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "decided": self.decided,
            "opinions": self.opinions,
            "copies": self.copies,
            "same": self.same,
            "empty": self.empty,
            "refused": [one.as_json() for one in self.refused],
        }


def dump(rows: Iterable[dict[str, Any]]) -> str:
    """CSV text with a header. A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        cells = ["" if row.get(name) is None else str(row[name]) for name in COLUMNS]
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return out.getvalue()


def question_rows(questions: Sequence[Question]) -> Iterator[dict[str, Any]]:
    """The queue as rows, ``role`` left for the person. The machine's proposal stands beside it."""
    for question in questions:
        yield {**question.as_json(), "role": None, "reviewer": None, "note": None}


def decision_rows(session: Session) -> Iterator[dict[str, Any]]:
    """Every standing decision about a mention."""
    rows = session.execute(
        text("""
            SELECT n.portal_id || '/' || coalesce(n.source_id, n.identity) AS notice, v.content_digest AS digest, w.brand_id AS brand, w.start,
                   w."end", w.quote AS surface, w.context->>'words' AS text, f.type, f.title, o.name AS buyer,
                   coalesce(w.context->>'best_role', w.context->>'role') AS proposal, w.context->>'score' AS score, w.role, w.reviewer, w.note
              FROM review w JOIN revision v ON v.id = w.revision_id JOIN notice n ON n.id = v.notice_id
              LEFT JOIN fact_notice f ON f.notice_id = n.id LEFT JOIN organisation o ON o.id = f.buyer_id
             WHERE w.kind = 'mention' AND w.superseded_at IS NULL ORDER BY 1, w.start, w.brand_id
        """)
    )
    names = list(rows.keys())
    for row in rows:
        cells = dict(zip(names, row, strict=True))
        yield {**cells, "text": masked(cells["text"]) if cells["text"] else None}


def parse(content: str) -> list[tuple[int, dict[str, str]]]:
    """Rows with their line numbers. Raises :class:`db.review.ReviewError` for a table without the columns needed."""
    reader = csv.DictReader(io.StringIO(content.removeprefix("\ufeff")))
    missing = [name for name in REQUIRED if name not in (reader.fieldnames or ())]
    if missing:
        raise ReviewError(
            f"the table lacks the columns {', '.join(missing)}", "start from the file that review --export writes"
        )
    made = []
    try:
        for row in reader:
            cells = {name: _cell(value) for name, value in row.items() if isinstance(name, str)}
            made.append((reader.line_num, cells))
    except csv.Error as error:
        raise ReviewError(f"line {reader.line_num}: {error}", "save the table as CSV in UTF-8") from None
    return made


def _cell(value: Any) -> str:
    cell = value if isinstance(value, str) else ""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def import_rows(
    session: Session, rows: Iterable[tuple[int, dict[str, str]]], reviewer: str | None, *, settle: bool = False
) -> Imported:
    """Record the rows that hold a role. ``reviewer`` is who decided where a row does not say.

    Where another person's decision stands the row is a second opinion, unless ``settle``. Rows that cannot be recorded are told, and
    keep no other row back.
    """
    done = Imported()
    for line, row in rows:
        role = row["role"].strip()
        if not role:
            done.empty += 1
            continue
        try:
            who = row.get("reviewer", "").strip() or reviewer or ""
            mention = _mention(session, row)
            decided = decide_mention(session, mention, _role(role), who, row.get("note"), second=not settle)
        except (ReviewError, UnknownValue) as error:
            done.refused.append(Refused(line, str(error)))
            continue
        if not decided.changed:
            done.same += 1
        elif decided.stands:
            done.decided += 1
            done.copies += decided.copies
        else:
            done.opinions += 1
    return done


def _role(value: str) -> MentionRole:
    try:
        return MentionRole(value.casefold())
    except ValueError:
        raise ReviewError(f"unknown role {value!r}", "one of " + ", ".join(MentionRole)) from None


def _mention(session: Session, row: dict[str, str]) -> int:
    """The mention a row is about, in the words it was about."""
    try:
        start, end = int(row["start"]), int(row["end"])
    except ValueError:
        raise ReviewError(
            f"start {row['start']!r}, end {row['end']!r} are not offsets", "leave these columns as exported"
        ) from None
    if row.get("digest"):
        notice = find_notice(session, row["notice"])
        state = states(session, [notice]).get(notice)
        now = session.execute(
            text("SELECT content_digest FROM revision WHERE id = :id"), {"id": state.revision_id if state else 0}
        ).scalar_one_or_none()
        if now != row["digest"]:
            raise ReviewError(
                f"{row['notice']} has changed since the table was written", "export again: the question is open anew"
            )
    return find_mention(session, row["notice"], start, end, row["brand"] or None)
