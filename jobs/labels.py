"""A person's own labelled sentences: one JSON object a line in the home, read by training.

``origin`` is ``person`` or ``machine``. What a machine labelled is marked, never evaluated on, and trained on only when asked for.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from db.masking import masked
from db.reviewed import Place, find_place
from nlp.types import CELL_BORDER, MentionRole, NoticeType
from seeds.labels.generate import LabelledMention, LabelledRecord

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from nlp.knowledge import Knowledge

PERSON, MACHINE = "person", "machine"
_MARKS = re.compile(r"(?:⟦|\[\[)([^:⟦⟧\[\]]+):([a-z_]+)(?:⟧|\]\])")
_BORDER = re.compile(r" *¦ *")


class LabelError(ValueError):
    """Raised for a sentence or file of labels that cannot be read: says where, and what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy


@dataclass(frozen=True, slots=True)
class Label:
    """A labelled text with where it came from. ``source`` says how: typed, review, or the model's version."""

    record: LabelledRecord
    by: str
    at: str
    source: str

    def as_json(self) -> dict[str, Any]:
        record = self.record
        return {
            "text": record.text,
            "type": record.notice_type.value if record.notice_type else None,
            "mentions": [
                {"start": m.span[0], "end": m.span[1], "surface": m.surface, "brand": m.brand, "role": m.role.value}
                for m in record.mentions
            ],
            "origin": record.origin,
            "by": self.by,
            "at": self.at,
            "source": self.source,
        }


def labels_file(home: Path) -> Path:
    return home / "labels" / "labels.jsonl"


def family_of(words: str) -> str:
    """The family of an own text: its words without figures, so that a copy with another quantity is split like the first."""
    return "own-" + hashlib.sha256(re.sub(r"[\d.,]+|\s+", "", words).encode()).hexdigest()[:12]


def load(path: Path) -> list[Label]:
    """All labels of a file in order; of one text the last. No file, no labels. Raises :class:`LabelError` naming the line."""
    if not path.exists():
        return []
    found: dict[tuple[str, str | None], Label] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            label = _from_json(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            raise LabelError(f"{path}, line {number}: no label ({error})", "correct the line or delete it") from None
        mark = (label.record.text, label.record.notice_type)
        if label.record.origin == MACHINE and mark in found and found[mark].record.origin == PERSON:
            continue  # a machine never takes a person's word away
        found.pop(mark, None)
        found[mark] = label
    return list(found.values())


def _from_json(value: dict[str, Any]) -> Label:
    words = value["text"]
    mentions = tuple(
        LabelledMention((m["start"], m["end"]), m["brand"], m["surface"], MentionRole(m["role"]))
        for m in value["mentions"]
    )
    for mention in mentions:
        if words[slice(*mention.span)] != mention.surface:
            raise ValueError(f"{mention.surface!r} does not stand at {mention.span[0]}-{mention.span[1]}")
    if not mentions or value["origin"] not in {PERSON, MACHINE}:
        raise ValueError("no mentions" if not mentions else f"origin {value['origin']!r}")
    kind = NoticeType(value["type"]) if value["type"] else None
    record = LabelledRecord(words, family_of(words), value["origin"], kind, mentions)
    return Label(record, value["by"], value["at"], value["source"])


def add(path: Path, labels: Iterable[Label]) -> int:
    """Append what the file does not hold yet. Returns how many."""
    known = {(label.record, label.by) for label in load(path)}
    fresh = [label for label in labels if (label.record, label.by) not in known]
    if fresh:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as handle:
            handle.writelines(json.dumps(label.as_json(), ensure_ascii=False, sort_keys=True) + "\n" for label in fresh)
            handle.flush()
            os.fsync(handle.fileno())
    return len(fresh)


def records_for_training(labels: Sequence[Label], *, with_machine: bool = False) -> tuple[LabelledRecord, ...]:
    """In the order of their texts, so that the order of typing changes no model."""
    chosen = {label.record for label in labels if with_machine or label.record.origin == PERSON}
    return tuple(sorted(chosen, key=lambda r: (r.text, r.notice_type or "", r.origin)))


def marked(sentence: str, notice_type: NoticeType | None, by: str, knowledge: Knowledge, now: dt.datetime) -> Label:
    """A label from a sentence with ``⟦surface:role⟧`` or ``[[surface:role]]``. Raises :class:`LabelError`."""
    sentence = _BORDER.sub(CELL_BORDER, sentence.replace("⏎", "\n").replace("\\n", "\n"))
    words, last, mentions = "", 0, []
    for match in _MARKS.finditer(sentence):
        words += sentence[last : match.start()]
        surface, role = match[1], match[2]
        if role not in {r.value for r in MentionRole}:
            raise LabelError(f"unknown role {role!r}", "one of " + ", ".join(MentionRole))
        brand = knowledge.brands.resolve(surface)
        mentions.append(
            LabelledMention(
                (len(words), len(words) + len(surface)), brand.name if brand else surface, surface, MentionRole(role)
            )
        )
        words += surface
        last = match.end()
    words += sentence[last:]
    if not mentions:
        raise LabelError("no marked mention in the sentence", "mark each brand as [[希捷:awarded]]")
    record = LabelledRecord(words, family_of(words), PERSON, notice_type, tuple(mentions))
    return Label(record, by, now.isoformat(timespec="seconds"), "typed")


def by_machine(sentence: str, notice_type: NoticeType | None, knowledge: Knowledge, now: dt.datetime) -> Label | None:
    """What the present reader makes of a text, marked as a machine's; null where it finds no brand."""
    from nlp.tag import tag_text  # noqa: PLC0415

    found = tag_text(sentence, knowledge, notice_type=notice_type)
    if not found:
        return None
    mentions = tuple(LabelledMention((m.start, m.end), m.brand, sentence[m.start : m.end], m.role) for m in found)
    record = LabelledRecord(sentence, family_of(sentence), MACHINE, notice_type, mentions)
    return Label(record, "machine", now.isoformat(timespec="seconds"), f"model@{knowledge.roles.version}")


_BEFORE, _AFTER = 1500, 500
_REVIEWS = """
    SELECT b.text, w.context, w."end" - w.start, w.role, w.reviewer, w.recorded_at, w.brand_id, r.type
      FROM review w JOIN reading r ON r.revision_id = w.revision_id AND r.superseded_at IS NULL JOIN body b ON b.id = r.body_id
     WHERE w.kind = 'mention' AND w.superseded_at IS NULL AND w.context ? 'words' AND NOT w.context ? 'copy_of'
       AND w.role <> 'unresolved' ORDER BY w.id
"""


def from_reviews(session: Session, knowledge: Knowledge) -> list[Label]:
    """The store's standing decisions as labels: whole lines around each mention, with what a person said.

    Words that the present reading no longer holds are left out.
    """
    found: dict[tuple[str, str | None], tuple[list[LabelledMention], str, dt.datetime]] = {}
    for body, context, length, role, reviewer, when, brand_id, kind in session.execute(text(_REVIEWS)):
        start = find_place(body, Place(context["words"], context["at"], context["nth"]))
        if start is None:
            continue
        # Whole lines, unless one is longer than a reader would take in.
        first = max(body.rfind("\n", 0, max(0, start - _BEFORE)) + 1, start - 2 * _BEFORE)
        last = body.find("\n", start + length + _AFTER)
        words = body[first : min(last if last >= 0 else len(body), start + length + 2 * _AFTER)]
        at = start - first
        words = masked(words, (at, at + length))
        surface = words[at : at + length]
        brand = knowledge.brands.brands.get(brand_id)
        mention = LabelledMention((at, at + length), brand.name if brand else brand_id, surface, MentionRole(role))
        earlier = found[words, kind][0] if (words, kind) in found else []
        found[words, kind] = ([*(m for m in earlier if m.span != mention.span), mention], reviewer, when)
    return [
        Label(
            LabelledRecord(
                words,
                family_of(words),
                PERSON,
                NoticeType(kind) if kind else None,
                tuple(sorted(mentions, key=lambda m: m.span)),
            ),
            reviewer,
            when.isoformat(timespec="seconds"),
            "review",
        )
        for (words, kind), (mentions, reviewer, when) in found.items()
    ]
