"""Measure the role reader on families it was not trained on."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nlp.roles.assign import assign_roles
from nlp.roles.types import RoleContext
from nlp.types import MentionRole
from seeds.labels.generate import LabelledMention, LabelledRecord, records
from seeds.models import HERE, load_role_model

if TYPE_CHECKING:
    from jobs.train_roles import Judged

PURCHASED: Final = frozenset({MentionRole.AWARDED, MentionRole.CONTRACTED})
BINS: Final = 10
ROLE_EVALUATION: Final = "roles.evaluation.json"


def measure(judged: Sequence[Judged], thresholds: Mapping[str, float]) -> dict[str, Any]:
    """Figures over mentions: macro-F1 over the roles present, purchased, calibration error, slices by role, type and origin.

    An answer below its threshold counts as ``unresolved``. A mention whose truth is ``unresolved`` is right when it stays so.
    """
    pairs = [(row, _resolved(row, thresholds)) for row in judged]
    per_role: dict[MentionRole, Counter[str]] = defaultdict(Counter)
    purchased: Counter[str] = Counter()
    for row, answer in pairs:
        truth = row.sample.truth
        if truth == answer:
            per_role[truth]["right"] += 1
        else:
            per_role[truth]["missed"] += 1
            per_role[answer]["wrong"] += 1
        bought, said = truth in PURCHASED, answer in PURCHASED
        purchased["right" if bought and said else "missed" if bought else "wrong" if said else "other"] += 1
    slices = {
        role.value: {**_prf(counts), "n": counts["right"] + counts["missed"]}
        for role, counts in sorted(per_role.items())
    }
    scored = [
        float(slices[role.value]["f1"] or 0)
        for role in per_role
        if role is not MentionRole.UNRESOLVED and slices[role.value]["n"]
    ]
    return {
        "mentions": len(pairs),
        "accuracy": _share(sum(row.sample.truth == answer for row, answer in pairs), len(pairs)),
        "macro_f1": round(sum(scored) / len(scored), 4) if scored else None,
        "purchased": _prf(purchased),
        "ece": _ece([row for row in judged if row.role is not MentionRole.UNRESOLVED]),
        "decided_by_rule": _share(sum(row.by_rule for row in judged), len(judged)),
        "rule_precision": _share(
            sum(row.by_rule and row.role == row.sample.truth for row in judged), sum(row.by_rule for row in judged)
        ),
        "unresolved": _share(sum(answer is MentionRole.UNRESOLVED for _, answer in pairs), len(pairs)),
        "by_role": slices,
        "by_type": _accuracy_by(pairs, lambda row: row.sample.kind),
        "by_origin": _accuracy_by(pairs, lambda row: row.sample.origin),
    }


def _resolved(row: Judged, thresholds: Mapping[str, float]) -> MentionRole:
    if row.by_rule or row.role is MentionRole.UNRESOLVED or row.score >= thresholds[row.role.value]:
        return row.role
    return MentionRole.UNRESOLVED


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _prf(counts: Counter[str]) -> dict[str, float | None]:
    precision = _share(counts["right"], counts["right"] + counts["wrong"])
    recall = _share(counts["right"], counts["right"] + counts["missed"])
    f1 = round(2 * precision * recall / (precision + recall), 4) if precision and recall else 0.0
    return {"precision": precision, "recall": recall, "f1": f1}


def _ece(judged: Sequence[Judged]) -> float | None:
    """Expected calibration error over ten equal bins of the score."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for row in judged:
        bins[min(int(row.score * BINS), BINS - 1)].append((row.score, row.role == row.sample.truth))
    if not judged:
        return None
    gap = sum(abs(sum(score for score, _ in rows) - sum(hit for _, hit in rows)) for rows in bins.values())
    return round(gap / len(judged), 4)


def _accuracy_by(pairs: Sequence[tuple[Judged, MentionRole]], name: Any) -> dict[str, dict[str, float | int | None]]:
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for row, answer in pairs:
        total[name(row)] += 1
        right[name(row)] += row.sample.truth == answer
    return {key: {"accuracy": _share(right[key], total[key]), "n": total[key]} for key in sorted(total)}


def evaluate(folder: Path = HERE, extra: Sequence[LabelledRecord] = ()) -> dict[str, Any]:
    """The stored model, through the public reader, on the held-out families of its card. Shape as :func:`measure`."""
    thresholds = dict.fromkeys((role.value for role in MentionRole), 0.0)
    return measure([row for _, row in judge_held_out(folder, extra)], thresholds)


def judge_held_out(folder: Path = HERE, extra: Sequence[LabelledRecord] = ()) -> list[tuple[LabelledMention, Judged]]:
    """Each held-out mention with what the stored model makes of it. What a machine labelled is never among them."""
    from jobs.train_roles import Judged, Sample, spans_of  # noqa: PLC0415 training imports this module

    model = load_role_model(folder)
    split: Any = model.card["split"]
    held_out = set(split["held_out_families"])
    judged = []
    for record in (*records(), *extra):
        if record.family not in held_out or record.origin == "machine":
            continue
        decisions = assign_roles(record.text, spans_of(record), RoleContext(notice_type=record.notice_type), model)
        kind = record.notice_type.value if record.notice_type else "none"
        for mention, decision in zip(record.mentions, decisions, strict=True):
            sample = Sample(record.family, record.origin, kind, mention.role, (), None, record.text, mention.span)
            by_rule = not decision.rule.startswith("model@")
            judged.append((mention, Judged(sample, decision.role, decision.score, by_rule)))
    return judged


def frozen(folder: Path = HERE) -> dict[str, Any]:
    """The committed result, against which a new one is compared."""
    result: dict[str, Any] = json.loads((folder / ROLE_EVALUATION).read_text(encoding="utf-8"))
    return result


def freeze(folder: Path = HERE) -> dict[str, Any]:
    """Evaluate and write the result beside the model; done by hand after looking at :func:`differences`."""
    result = evaluate(folder)
    (folder / ROLE_EVALUATION).write_text(
        json.dumps(result, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    return result


def differences(old: Mapping[str, Any], new: Mapping[str, Any], path: str = "") -> list[str]:
    """One line for each figure that differs: ``by_role.awarded.f1: 0.94 -> 0.95``."""
    out: list[str] = []
    for key in sorted({*old, *new}):
        where = f"{path}{key}"
        before, after = old.get(key), new.get(key)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            out += differences(before, after, f"{where}.")
        elif before != after:
            out.append(f"{where}: {before} -> {after}")
    return out
