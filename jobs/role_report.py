"""The evaluation of the role reader as people read it: slices, confusion, the cases that may never go wrong, people's own decisions."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

from jobs.evaluate_roles import PURCHASED, differences, frozen, judge_held_out, measure
from nlp.roles.assign import assign_roles
from nlp.roles.types import ItemSpan, RoleContext
from nlp.types import LotStatus, MentionRole, NoticeType
from seeds.labels.generate import HERE as LABELS
from seeds.labels.generate import LabelledRecord
from seeds.models import HERE, load_role_model

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from nlp.roles.model import RoleModel

BENCH: Final = LABELS / "bench.jsonl"
_MARK: Final = re.compile(r"⟦([^⟧]+)⟧")


@dataclass(frozen=True, slots=True)
class Judgement:
    """One mention with its true role, the machine's answer and the slices it belongs to."""

    truth: str
    answer: str
    slices: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    surface: str
    brand_id: str = "brand"
    field: str = "text"


@dataclass(frozen=True, slots=True)
class Report:
    """``strong`` lists the cases of quality STRONG that are answered wrongly: one is a regression."""

    value: dict[str, Any]

    @property
    def regressed(self) -> bool:
        return bool(self.value["strong"]["wrong"])


def report(folder: Path = HERE, extra: Sequence[LabelledRecord] = (), session: Session | None = None) -> Report:
    """Figures on the held-out labels with their slices, the bench, the difference to the frozen result; with a session, the store's decisions."""
    judged = judge_held_out(folder, extra)
    figures = measure([row for _, row in judged], dict.fromkeys((role.value for role in MentionRole), 0.0))
    held_out = [
        Judgement(
            row.sample.truth.value,
            row.role.value,
            {
                "brand": mention.brand,
                "role": row.sample.truth.value,
                "type": row.sample.kind,
                "origin": row.sample.origin,
            },
        )
        for mention, row in judged
    ]
    # The frozen result is of the committed labels: a person's own ones do not belong in the comparison.
    committed = [row for _, row in judged if row.sample.origin in {"generated", "handwritten"}]
    then = measure(committed, dict.fromkeys((role.value for role in MentionRole), 0.0))
    value: dict[str, Any] = {
        "model": load_role_model(folder).version,
        "figures": {name: figures[name] for name in figures if not name.startswith("by_")},
        "slices": slices(held_out, ("brand", "role", "type", "origin")),
        "confusion": confusion(held_out),
        "strong": bench(load_role_model(folder)),
        "differences": differences(frozen(), then),
        "reviewed": None,
    }
    if session is not None:
        decided = reviewed(session)
        value["reviewed"] = {
            "figures": accuracy(decided),
            "slices": slices(decided, ("brand", "role", "type", "platform", "portal")),
            "confusion": confusion(decided),
        }
    return Report(value)


def accuracy(rows: Iterable[Judgement]) -> dict[str, Any]:
    """Mentions, share right, and precision and recall of *purchased*; null where there is nothing to divide by."""
    counted = Counter[str]()
    bought = frozenset(role.value for role in PURCHASED)
    for row in rows:
        counted["n"] += 1
        counted["right"] += row.truth == row.answer
        true, said = row.truth in bought, row.answer in bought
        counted["hit"] += true and said
        counted["true"] += true
        counted["said"] += said

    def share(part: str, whole: str) -> float | None:
        return round(counted[part] / counted[whole], 4) if counted[whole] else None

    return {
        "n": counted["n"],
        "accuracy": share("right", "n"),
        "purchased_precision": share("hit", "said"),
        "purchased_recall": share("hit", "true"),
    }


def slices(rows: Sequence[Judgement], names: Iterable[str]) -> dict[str, dict[str, dict[str, Any]]]:
    """:func:`accuracy` of each value of each slice, the largest first."""
    out = {}
    for name in names:
        groups: dict[str, list[Judgement]] = defaultdict(list)
        for row in rows:
            groups[row.slices[name]].append(row)
        out[name] = {
            key: accuracy(group) for key, group in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        }
    return out


def confusion(rows: Iterable[Judgement]) -> list[dict[str, Any]]:
    """What was taken for what, the most frequent first; right answers are left out."""
    counts = Counter((row.truth, row.answer) for row in rows if row.truth != row.answer)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"truth": truth, "answer": answer, "n": n} for (truth, answer), n in ranked]


def bench(model: RoleModel, path: Path = BENCH) -> dict[str, Any]:
    """The bench: how many STRONG cases there are, which are answered wrongly, and the share of the others answered well."""
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    strong = [case for case in cases if case["quality"] == "STRONG"]
    others = [case for case in cases if case["quality"] != "STRONG"]
    wrong = [
        {"text": case["text"], "label": case["label"], "answer": answer}
        for case in strong
        if (answer := _answer(case["text"], model)) != case["label"]
    ]
    right = sum(_answer(case["text"], model) == case["label"] for case in others)
    return {"cases": len(strong), "wrong": wrong, "others": len(others), "others_right": right}


def _answer(marked: str, model: RoleModel) -> str:
    """The role of the first span of a bench text: ``@type``, ``#status`` and ``^`` (a title) may stand before it."""
    notice_type = status = None
    title = False
    while marked[:1] in set("@#^"):
        head, _, marked = marked.partition(" ")
        if head[0] == "@":
            notice_type = NoticeType(head[1:])
        elif head[0] == "#":
            status = LotStatus(head[1:])
        else:
            title = True
    plain, spans, last = "", [], 0
    for match in _MARK.finditer(marked):
        plain += marked[last : match.start()]
        spans.append(_Span(len(plain), len(plain) + len(match[1]), match[1]))
        plain += match[1]
        last = match.end()
    plain += marked[last:]
    context = RoleContext(
        notice_type=notice_type,
        title_span=(0, len(plain.partition("\n")[0])) if title else None,
        item_spans=(ItemSpan(0, len(plain), status, 0),) if status else (),
    )
    return assign_roles(plain, spans, context, model)[0].role.value


_REVIEWED = """
    SELECT w.role, m.role, m.brand, coalesce(r.type, 'none'), coalesce(p.platform, 'none'), n.portal_id
      FROM review w JOIN revision v ON v.id = w.revision_id JOIN notice n ON n.id = v.notice_id JOIN portal p ON p.id = n.portal_id
      JOIN reading r ON r.revision_id = v.id AND r.superseded_at IS NULL
      JOIN mention m ON m.reading_id = r.id AND m.brand_id = w.brand_id AND m.start = w.start AND m."end" = w."end"
     WHERE w.kind = 'mention' AND w.superseded_at IS NULL AND w.role <> 'unresolved' AND NOT coalesce(w.context ? 'copy_of', false)
     ORDER BY w.id
"""


def reviewed(session: Session) -> list[Judgement]:
    """People's standing decisions beside what the present reading says of the same words. Words a person could not decide are left out."""
    return [
        Judgement(
            row[0], row[1], {"role": row[0], "brand": row[2], "type": row[3], "platform": row[4], "portal": row[5]}
        )
        for row in session.execute(text(_REVIEWED))
    ]
