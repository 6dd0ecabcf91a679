"""Train the classifiers of tiers, areas and notice types from our own labels. Same labels, same code: same bytes.

``python -m jobs.train_classifiers [NAME…]`` writes ``seeds/classifiers/``; ``--freeze`` writes the evaluation, too.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import struct
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any, Final

from jobs.calibration import skops_bytes, softmax
from jobs.calibration import temperature as temperature_of
from nlp.classify.features import (
    area_features,
    dictionary_fingerprint,
    fingerprint,
    type_features,
    unit_features,
)
from nlp.classify.model import SCALE, LinearModel
from seeds.classifiers import AREAS, HERE, NAMES, TYPES, UNITS, files, load_card, load_classifier
from seeds.labels_areas import generate as area_labels
from seeds.labels_types import generate as type_labels
from seeds.labels_units import generate as unit_labels

EVALUATION: Final = "evaluation.json"
FOLDS: Final = 5
HELD_OUT_SHARE: Final = 6
"""One family of so many, a label, is held out for the evaluation and never trained on."""
MIN_RECORDS: Final = 2
"""A feature must occur in so many records."""
BINS: Final = 10
MAX_WEIGHT: Final = 32767


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled record with its features. ``part`` is the slice it is reported under besides its label and origin."""

    label: str
    family: str
    origin: str
    part: str
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """One classifier: where its labels come from and how sure it must be.

    ``kinds`` is how many parts of a family's name make the kind the split is taken in; with
    ``fold_by_kind`` calibration and thresholds come from folds of whole kinds, because real cases are of kinds nobody thought of. ``wanted`` is the precision a threshold must reach on unseen families; ``floors`` and ``ceilings`` bound the threshold, ``*`` for labels not named.
    """

    name: str
    purpose: str
    samples: Callable[[], tuple[Sample, ...]]
    data: Callable[[], str]
    seed: int
    kinds: int
    fold_by_kind: bool
    regularisation: float
    wanted: float
    floors: Mapping[str, float]
    ceilings: Mapping[str, float]
    limits: str


def unit_samples() -> tuple[Sample, ...]:
    """Names; the part is ``other`` or ``named`` (any tier a rule could have found)."""
    return tuple(
        Sample(r.label, r.family, r.origin, "other" if r.label == "other" else "named", tuple(unit_features(r.name)))
        for r in unit_labels.records()
    )


def area_samples() -> tuple[Sample, ...]:
    """Goods; the part is the form: a cell, a title, a cell under a title."""
    return tuple(
        Sample(r.label, r.family, r.origin, r.form, tuple(area_features(r.name, None, r.title)))
        for r in area_labels.records()
    )


def type_samples() -> tuple[Sample, ...]:
    """Notices; the part says whether the rules of the title give a type already."""
    from nlp.notice.notice_type import notice_type  # noqa: PLC0415 only the slices need it

    return tuple(
        Sample(
            r.label,
            r.family,
            r.origin,
            "open" if notice_type(r.title, (), r.text) is None else "ruled",
            tuple(type_features(r.title, r.text)),
        )
        for r in type_labels.records()
    )


def _digest(records: Sequence[object]) -> str:
    return hashlib.sha256("\n".join(map(repr, records)).encode()).hexdigest()


TASKS: Final[Mapping[str, Task]] = {
    UNITS: Task(
        UNITS,
        "Tier of an organisation's name that no rule of nlp.orgs decides (DESIGN section 5).",
        unit_samples,
        lambda: _digest(unit_labels.records()),
        unit_labels.SEED,
        2,
        True,
        4.0,
        0.97,
        {"other": 0.5, "*": 0.85},
        {"other": 0.9, "*": 0.95},
        "Names that rules decide never reach it. Real open names are nearly all `other`, which the labels only lean towards.",
    ),
    AREAS: Task(
        AREAS,
        "Technology area of a line of goods or a title, where neither product class nor brand says it.",
        area_samples,
        lambda: _digest(area_labels.records()),
        area_labels.SEED,
        2,
        False,
        8.0,
        0.95,
        {"*": 0.6},
        {"*": 0.85},
        "Real goods outside the areas are far more varied than the labels; goods of no area may be taken for one.",
    ),
    TYPES: Task(
        TYPES,
        "Type of a notice whose portal, title and headings do not say it by rule.",
        type_samples,
        lambda: _digest(type_labels.records()),
        type_labels.SEED,
        1,
        False,
        4.0,
        0.95,
        {"*": 0.5},
        {"*": 0.9},
        "Texts are short and constructed; a real page has more around its first sentences.",
    ),
}


# ── split ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _hash(seed: int, text: str) -> str:
    return hashlib.sha256(f"{seed}:{text}".encode()).hexdigest()


def held_out_families(rows: Sequence[Sample], task: Task) -> frozenset[str]:
    """One family in :data:`HELD_OUT_SHARE` of each kind and origin, chosen by the hash of its name; never the only one."""
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        kind = "/".join(row.family.split("/")[: task.kinds]) if row.origin == "generated" else row.label
        groups[kind, row.origin].add(row.family)
    out: set[str] = set()
    for _, found in sorted(groups.items()):
        ordered = sorted(found, key=lambda family: _hash(task.seed, family))
        out.update(ordered[: max(1, round(len(ordered) / HELD_OUT_SHARE))] if len(ordered) > 1 else ())
    return frozenset(out)


def _fold(task: Task, family: str) -> int:
    unit = "/".join(family.split("/")[: task.kinds]) if task.fold_by_kind else family
    return int(_hash(task.seed, "fold:" + unit)[:8], 16) % FOLDS


# ── fit ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _weights(rows: Sequence[Sample]) -> list[float]:
    """Each family weighs the same in its label, and each label the same, softened by a square root."""
    family = Counter(row.family for row in rows)
    per_label: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        per_label[row.label].add(row.family)
    raw = [1 / family[row.family] / math.sqrt(len(per_label[row.label])) for row in rows]
    scale = len(rows) / sum(raw)
    return [value * scale for value in raw]


def fit(rows: Sequence[Sample], regularisation: float) -> Any:
    """A scikit-learn pipeline: one-hot features, multinomial logistic regression (lbfgs, no randomness), weights on the grid of 1/SCALE."""
    from sklearn.feature_extraction import DictVectorizer  # noqa: PLC0415 0.9 s import, needed for training only
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.pipeline import Pipeline  # noqa: PLC0415
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # noqa: PLC0415

    count = Counter(feature for row in rows for feature in dict.fromkeys(row.features))
    kept = {feature for feature, number in count.items() if number >= MIN_RECORDS}
    pipeline = Pipeline(
        [
            ("features", DictVectorizer(sparse=True, sort=True)),
            ("classifier", LogisticRegression(C=regularisation, max_iter=3000, tol=1e-5)),
        ]
    )
    with threadpool_limits(limits=1):  # sums in one order give one result
        pipeline.fit(
            [{feature: 1.0 for feature in row.features if feature in kept} for row in rows],
            [row.label for row in rows],
            classifier__sample_weight=_weights(rows),
        )
    classifier = pipeline.named_steps["classifier"]
    limit = MAX_WEIGHT / SCALE
    classifier.coef_ = ((classifier.coef_ * SCALE).round() / SCALE).clip(-limit, limit)
    classifier.intercept_ = (classifier.intercept_ * SCALE).round() / SCALE
    return pipeline


def decision_values(pipeline: Any, rows: Sequence[Sample]) -> list[list[float]]:
    """Raw values of each row and label, before calibration."""
    values: list[list[float]] = pipeline.decision_function([dict.fromkeys(row.features, 1.0) for row in rows]).tolist()
    return values


# ── measure ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Judged:
    """A sample with the model's best label and its score, before thresholds."""

    sample: Sample
    label: str
    score: float

    @property
    def right(self) -> bool:
        return self.label == self.sample.label


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def measure(judged: Sequence[Judged], thresholds: Mapping[str, float]) -> dict[str, Any]:
    """Figures over records: accuracy and macro-F1 of the best label, calibration error, what is decided above thresholds, slices."""
    hits: Counter[str] = Counter()
    truths: Counter[str] = Counter()
    answers: Counter[str] = Counter()
    parts: dict[str, list[Judged]] = defaultdict(list)
    bins: dict[int, list[Judged]] = defaultdict(list)
    for row in judged:
        truths[row.sample.label] += 1
        answers[row.label] += 1
        hits[row.label] += row.right
        parts[f"part:{row.sample.part}"].append(row)
        parts[f"origin:{row.sample.origin}"].append(row)
        bins[min(int(row.score * BINS), BINS - 1)].append(row)
    decided = [row for row in judged if row.score >= thresholds[row.label]]
    f1 = {label: 2 * hits[label] / (truths[label] + answers[label]) for label in truths}
    gap = sum(abs(sum(row.score for row in rows) - sum(row.right for row in rows)) for rows in bins.values())
    return {
        "records": len(judged),
        "families": len({row.sample.family for row in judged}),
        "accuracy": _share(sum(row.right for row in judged), len(judged)),
        "macro_f1": round(sum(f1.values()) / len(f1), 4) if f1 else None,
        "ece": round(gap / len(judged), 4) if judged else None,
        "decided": _share(len(decided), len(judged)),
        "decided_precision": _share(sum(row.right for row in decided), len(decided)),
        "by_label": {
            label: {
                "n": truths[label],
                "recall": _share(hits[label], truths[label]),
                "precision": _share(hits[label], answers[label]),
            }
            for label in sorted({*truths, *answers})
        },
        "by_part": {
            part: {"n": len(rows), "accuracy": _share(sum(row.right for row in rows), len(rows))}
            for part, rows in sorted(parts.items())
        },
    }


def judge(
    values: Sequence[Sequence[float]], labels: Sequence[str], rows: Sequence[Sample], temperature: float
) -> list[Judged]:
    """The best label of every row."""
    out = []
    for row, raw in zip(rows, values, strict=True):
        scores = softmax(raw, temperature)
        best = max(range(len(labels)), key=scores.__getitem__)
        out.append(Judged(row, labels[best], scores[best]))
    return out


def _threshold(judged: Sequence[Judged], label: str, task: Task) -> float:
    """Least score from which on the answers for ``label`` are right often enough on families the model had not seen."""
    floor = task.floors.get(label, task.floors["*"])
    ceiling = task.ceilings.get(label, task.ceilings["*"])
    rows = sorted((row for row in judged if row.label == label), key=lambda row: -row.score)
    best = ceiling
    right = 0
    for count, row in enumerate(rows, 1):
        right += row.right
        if right / count >= task.wanted:
            best = row.score
    return round(min(max(best, floor), ceiling), 3)


# ── train ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def train(name: str, folder: Path = HERE) -> dict[str, Any]:
    """Write card, vocabulary, weights and skops file of one classifier into ``folder``; the card is returned."""
    task = TASKS[name]
    rows = task.samples()
    held_out = held_out_families(rows, task)
    learn = [row for row in rows if row.family not in held_out]
    test = [row for row in rows if row.family in held_out]
    unseen: list[tuple[list[Sample], list[list[float]], list[str]]] = []
    weighted: list[tuple[Sequence[float], int, float]] = []
    for fold in range(FOLDS):
        inner = [row for row in learn if _fold(task, row.family) != fold]
        outer = [row for row in learn if _fold(task, row.family) == fold]
        pipeline = fit(inner, task.regularisation)
        labels = [str(label) for label in pipeline.classes_]
        values = decision_values(pipeline, outer)
        unseen.append((outer, values, labels))
        weighted.extend(
            (raw, labels.index(row.label), weight)
            for row, raw, weight in zip(outer, values, _weights(outer), strict=True)
            if row.label in labels
        )
    temperature = temperature_of(weighted)
    judged = [row for outer, values, labels in unseen for row in judge(values, labels, outer, temperature)]
    pipeline = fit(learn, task.regularisation)
    labels = [str(label) for label in pipeline.classes_]
    thresholds = {label: _threshold(judged, label, task) for label in labels}
    vocabulary, weights, intercept = _compiled(pipeline)
    data = task.data()
    identity = [task.name, data, fingerprint(), labels, intercept, temperature, thresholds]
    version = hashlib.sha256(json.dumps(identity, sort_keys=True).encode() + vocabulary + weights).hexdigest()[:12]
    card: dict[str, Any] = {
        "name": task.name,
        "version": version,
        "purpose": task.purpose,
        "features": fingerprint(),
        "dictionary": dictionary_fingerprint(),
        "segmenter": package_version("rjieba"),
        "libraries": {lib: package_version(lib) for lib in ("scikit-learn", "skops", "rjieba", "numpy")},
        "labels": labels,
        "intercept": intercept,
        "temperature": temperature,
        "thresholds": thresholds,
        "vocabulary": vocabulary.count(b"\n"),
        "vocabulary_sha256": hashlib.sha256(vocabulary).hexdigest(),
        "weights_sha256": hashlib.sha256(weights).hexdigest(),
        "data": {
            "sha256": data,
            "seed": task.seed,
            "records": len(rows),
            "families": len({row.family for row in rows}),
            "by_label": dict(sorted(Counter(row.label for row in rows).items())),
            "origins": dict(sorted(Counter(row.origin for row in rows).items())),
        },
        "split": {
            "rule": f"by family: one in {HELD_OUT_SHARE} of each kind held out by hash of its name; calibration and thresholds by {FOLDS} folds of the rest",
            "held_out_families": sorted(held_out),
        },
        "cross_validation": measure(judged, thresholds),
        "held_out": measure(judge(decision_values(pipeline, test), labels, test, temperature), thresholds),
        "limits": f"Labels are constructed, none is taken from a real notice. {task.limits}",
    }
    card_file, vocabulary_file, weights_file, skops_file = files(name)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / vocabulary_file).write_bytes(vocabulary)
    (folder / weights_file).write_bytes(weights)
    (folder / skops_file).write_bytes(skops_bytes(pipeline))
    text = json.dumps(card, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / card_file).write_text(text, encoding="utf-8")
    return card


def _compiled(pipeline: Any) -> tuple[bytes, bytes, list[int]]:
    """Vocabulary (one feature a line), weights (a row a feature) and intercept, in steps of 1/SCALE. Rows of zeros are left out."""
    vectorizer, classifier = pipeline.named_steps["features"], pipeline.named_steps["classifier"]
    names: list[str] = []
    rows: list[bytes] = []
    layout = f"<{len(pipeline.classes_)}h"
    for name, column in zip(vectorizer.feature_names_, classifier.coef_.T * SCALE, strict=True):
        numbers = [round(float(value)) for value in column]
        if any(numbers):
            names.append(f"{name}\n")
            rows.append(struct.pack(layout, *numbers))
    return "".join(names).encode(), b"".join(rows), [round(float(value) * SCALE) for value in classifier.intercept_]


# ── evaluate ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def evaluate(name: str, folder: Path = HERE) -> dict[str, Any]:
    """The stored classifier, through the reader's own class, on the held-out families of its card. Shape as :func:`measure`."""
    model = load_classifier(name, folder)
    split: Any = load_card(name, folder)["split"]
    held_out = set(split["held_out_families"])
    judged = [_judged(row, model) for row in TASKS[name].samples() if row.family in held_out]
    return measure(judged, model.thresholds)


def _judged(row: Sample, model: LinearModel) -> Judged:
    scores = model.probabilities(row.features)
    best = max(range(len(scores)), key=scores.__getitem__)
    return Judged(row, model.labels[best], scores[best])


def frozen(folder: Path = HERE) -> dict[str, Any]:
    """The committed result, against which a new one is compared."""
    result: dict[str, Any] = json.loads((folder / EVALUATION).read_text(encoding="utf-8"))
    return result


def freeze(folder: Path = HERE) -> dict[str, Any]:
    """Evaluate all and write the result beside the models; done by hand after looking at the differences."""
    result = {name: evaluate(name, folder) for name in NAMES}
    text = json.dumps(result, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / EVALUATION).write_text(text, encoding="utf-8")
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    """Train the named classifiers (default: all) and write one line of figures each to standard output."""
    parser = argparse.ArgumentParser(prog="python -m jobs.train_classifiers")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--freeze", action="store_true", help="write the evaluation beside the models")
    parser.add_argument("--folder", type=Path, default=HERE)
    given = parser.parse_args(arguments)
    if unknown := [name for name in given.names if name not in NAMES]:
        parser.error(f"no classifier {unknown[0]!r}; use {', '.join(NAMES)}")
    for name in given.names or NAMES:
        card = train(name, given.folder)
        shown = {key: card["held_out"][key] for key in ("accuracy", "macro_f1", "ece", "decided", "decided_precision")}
        sys.stdout.write(json.dumps({"name": name, "version": card["version"], **shown}) + "\n")
    if given.freeze:
        load_classifier.cache_clear()
        freeze(given.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
