"""Train the role model from our own labels. Same labels, same code: same bytes."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any, Final

from jobs.calibration import skops_bytes, softmax
from jobs.calibration import temperature as temperature_of
from nlp.roles.assign import decide_by_rule, views
from nlp.roles.features import dictionary_fingerprint, extract, fingerprint
from nlp.roles.rules import RULES
from nlp.roles.types import RoleContext
from nlp.types import MentionRole
from seeds.labels.generate import SEED, LabelledRecord, records, to_json
from seeds.models import HERE, ROLE_CARD, ROLE_WEIGHTS

ROLE_SKOPS: Final = "roles.skops"
FOLDS: Final = 5
HELD_OUT_SHARE: Final = 6
"""One family of so many, a role, is held out for the evaluation and never trained on."""
REGULARISATION: Final = 1.0
MIN_FAMILIES: Final = 2
"""A feature must occur in so many families: what only one template says is not language."""
_PURCHASED: Final = frozenset({MentionRole.AWARDED, MentionRole.CONTRACTED})
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled mention with its features. ``rule`` is the certain rule that fired, with the role it gave."""

    family: str
    origin: str
    kind: str
    truth: MentionRole
    features: tuple[str, ...]
    rule: tuple[str, MentionRole] | None
    text: str
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class LabelledSpan:
    start: int
    end: int
    surface: str
    brand_id: str
    field: str


def spans_of(record: LabelledRecord) -> tuple[LabelledSpan, ...]:
    """The record's mentions as the brand finder would hand them over."""
    out = []
    for mention in record.mentions:
        start, end = mention.span
        low = record.text.rfind("\n", 0, start) + 1
        high = record.text.find("\n", end)
        line = record.text[low : high if high >= 0 else len(record.text)]
        out.append(LabelledSpan(start, end, mention.surface, mention.brand, "table" if "¦" in line else "text"))
    return tuple(out)


def samples(labelled: Sequence[LabelledRecord]) -> tuple[Sample, ...]:
    """Every labelled mention, in order."""
    out = []
    for record in labelled:
        context = RoleContext(notice_type=record.notice_type)
        found = spans_of(record)
        for mention, view in zip(record.mentions, views(record.text, found, context), strict=True):
            certain = decide_by_rule(view)
            out.append(
                Sample(
                    family=record.family,
                    origin=record.origin,
                    kind=record.notice_type.value if record.notice_type else "none",
                    truth=mention.role,
                    features=tuple(extract(view)),
                    rule=None if certain is None else (certain[0], certain[2].role),
                    text=record.text,
                    span=mention.span,
                )
            )
    return tuple(out)


def held_out_families(labelled: Sequence[LabelledRecord]) -> frozenset[str]:
    """One family in :data:`HELD_OUT_SHARE` of each role, chosen by the hash of its name."""
    roles: dict[str, Counter[MentionRole]] = defaultdict(Counter)
    for record in labelled:
        roles[record.family].update(mention.role for mention in record.mentions)
    by_role: dict[tuple[MentionRole, bool], list[str]] = defaultdict(list)
    for family, counts in roles.items():
        main = min(counts, key=lambda role: (-counts[role], role.value))
        by_role[main, family.startswith("hand-")].append(family)
    out: set[str] = set()
    for group in by_role.values():
        ordered = sorted(group, key=_hash)
        out.update(ordered[: max(1, round(len(ordered) / HELD_OUT_SHARE))] if len(ordered) > 1 else [])
    return frozenset(out)


def _hash(text: str) -> str:
    return hashlib.sha256(f"{SEED}:{text}".encode()).hexdigest()


def _kept(rows: Sequence[Sample]) -> frozenset[str]:
    families: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for feature in row.features:
            families[feature].add(row.family)
    return frozenset(feature for feature, names in families.items() if len(names) >= MIN_FAMILIES)


def _weights(rows: Sequence[Sample]) -> list[float]:
    """Each family weighs the same for its role, and each role the same, softened by a square root."""
    family = Counter((row.family, row.truth) for row in rows)
    per_role: dict[MentionRole, set[str]] = defaultdict(set)
    for row in rows:
        per_role[row.truth].add(row.family)
    raw = [1 / family[row.family, row.truth] / math.sqrt(len(per_role[row.truth])) for row in rows]
    scale = len(per_role) * 100 / sum(raw)
    return [value * scale for value in raw]


def fit(rows: Sequence[Sample]) -> Any:
    """A scikit-learn pipeline: one-hot features, multinomial logistic regression. No randomness (lbfgs)."""
    from sklearn.feature_extraction import DictVectorizer  # noqa: PLC0415 0.9 s import, needed for training only
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.pipeline import Pipeline  # noqa: PLC0415

    kept = _kept(rows)
    pipeline = Pipeline(
        [
            ("features", DictVectorizer(sparse=True, sort=True)),
            ("classifier", LogisticRegression(C=REGULARISATION, max_iter=2000, tol=1e-6)),
        ]
    )
    pipeline.fit(
        [{feature: 1.0 for feature in row.features if feature in kept} for row in rows],
        [row.truth.value for row in rows],
        classifier__sample_weight=_weights(rows),
    )
    # Its columns are sorted; the order of the dictionary itself would be the order in which features were met.
    vectorizer = pipeline.named_steps["features"]
    vectorizer.vocabulary_ = dict(sorted(vectorizer.vocabulary_.items()))
    # The last bits depend on threads and memory layout; without them equal labels give equal bytes.
    classifier = pipeline.named_steps["classifier"]
    classifier.coef_ = classifier.coef_.round(_DIGITS)
    classifier.intercept_ = classifier.intercept_.round(_DIGITS)
    return pipeline


def decision_values(pipeline: Any, rows: Sequence[Sample]) -> list[list[float]]:
    """Raw values of each row and role, before calibration."""
    values: list[list[float]] = pipeline.decision_function([dict.fromkeys(row.features, 1.0) for row in rows]).tolist()
    return values


def _fold(family: str) -> int:
    return int(_hash("fold:" + family)[:8], 16) % FOLDS


@dataclass(frozen=True, slots=True)
class Judged:
    """One mention as the trained reader sees it. ``role`` is the answer before thresholds."""

    sample: Sample
    role: MentionRole
    score: float
    by_rule: bool


def judge(pipeline: Any, rows: Sequence[Sample], temperature: float, rule_scores: dict[str, float]) -> list[Judged]:
    """Rules, then calibrated model, for every row."""
    roles = [MentionRole(name) for name in pipeline.classes_]
    out = []
    for row, values in zip(rows, decision_values(pipeline, rows), strict=True):
        if row.rule is not None:
            out.append(Judged(row, row.rule[1], rule_scores[row.rule[0]], by_rule=True))
            continue
        scores = softmax(values, temperature)
        best = max(range(len(roles)), key=scores.__getitem__)
        out.append(Judged(row, roles[best], scores[best], by_rule=False))
    return out


def _rule_scores(rows: Sequence[Sample]) -> dict[str, float]:
    """Precision of each rule over families, with one half of a wrong family added."""
    right: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row.rule is not None:
            right[row.rule[0]][row.family].append(row.rule[1] == row.truth)
    out = {}
    for rule in RULES:
        shares = [sum(hits) / len(hits) for hits in right[rule.rule_id].values()]
        out[rule.rule_id] = round((sum(shares) + 4) / (len(shares) + 4.5), 3)
    return out


def _threshold(judged: Sequence[Judged], role: MentionRole) -> float:
    """Least score from which on the answers for ``role`` are right often enough on families the model had not seen."""
    wanted = 0.97 if role in _PURCHASED else 0.8
    floor, ceiling = (0.4, 0.62) if role in _PURCHASED else (0.25, 0.4)
    rows = sorted((row for row in judged if row.role == role and not row.by_rule), key=lambda row: -row.score)
    best = 0.9
    hits = 0
    for count, row in enumerate(rows, 1):
        hits += row.sample.truth == role
        if hits / count >= wanted:
            best = row.score
    return round(min(max(best, floor), ceiling), 3)


def own_held_out(extra: Sequence[LabelledRecord]) -> frozenset[str]:
    """Of a person's own sentences, those kept for the evaluation: one in :data:`HELD_OUT_SHARE` by hash. What a machine labelled is never among them."""
    return frozenset(
        record.family
        for record in extra
        if record.origin != "machine" and int(_hash("own:" + record.family)[:8], 16) % HELD_OUT_SHARE == 0
    )


def train(folder: Path = HERE, extra: Sequence[LabelledRecord] = ()) -> dict[str, Any]:
    """Write ``roles.skops``, ``roles.weights.json`` and ``roles.card.json`` into ``folder``; the card is returned.

    ``extra`` are labels besides the committed ones; they change nothing in how those are split.
    """
    from jobs.evaluate_roles import measure  # noqa: PLC0415 the evaluation uses this module's types

    labelled = (*records(), *extra)
    held_out = held_out_families(records()) | own_held_out(extra)
    rows = samples(labelled)
    learn = [row for row in rows if row.family not in held_out]
    test = [row for row in rows if row.family in held_out]

    fold_values: list[tuple[Sequence[float], int, float]] = []
    unseen: list[tuple[Sample, Sequence[float], tuple[str, ...]]] = []
    for fold in range(FOLDS):
        inner = [row for row in learn if _fold(row.family) != fold]
        outer = [row for row in learn if _fold(row.family) == fold]
        pipeline = fit(inner)
        names = list(pipeline.classes_)
        for row, values, weight in zip(outer, decision_values(pipeline, outer), _weights(outer), strict=True):
            if row.rule is None and row.truth.value in names:
                fold_values.append((values, names.index(row.truth.value), weight))
            unseen.append((row, values, tuple(names)))
    temperature = temperature_of(fold_values)
    rule_scores = _rule_scores(learn)
    judged = []
    for row, raw, order in unseen:
        if row.rule is not None:
            judged.append(Judged(row, row.rule[1], rule_scores[row.rule[0]], by_rule=True))
        else:
            scores = softmax(raw, temperature)
            best = max(range(len(order)), key=scores.__getitem__)
            judged.append(Judged(row, MentionRole(order[best]), scores[best], by_rule=False))
    pipeline = fit(learn)
    roles = [MentionRole(name) for name in pipeline.classes_]
    thresholds = {role.value: _threshold(judged, role) for role in MentionRole if role is not MentionRole.UNRESOLVED}
    data = hashlib.sha256("\n".join(map(to_json, labelled)).encode()).hexdigest()
    stored = _compiled(pipeline, roles, temperature)
    version = hashlib.sha256(
        json.dumps([data, fingerprint(), stored], ensure_ascii=False, sort_keys=True).encode()
    ).hexdigest()[:12]
    stored = {"version": version, **stored}
    card: dict[str, Any] = {
        "name": "roles",
        "version": version,
        "purpose": "Role of a brand mention in a procurement notice (DESIGN section 4).",
        "features": fingerprint(),
        "dictionary": dictionary_fingerprint(),
        "rules": {rule.rule_id: rule.version for rule in RULES},
        "libraries": {name: package_version(name) for name in ("scikit-learn", "skops", "rjieba", "numpy")},
        "data": {
            "sha256": data,
            "records": len(labelled),
            "mentions": len(rows),
            "families": len({row.family for row in rows}),
            "origins": dict(sorted(Counter(row.origin for row in rows).items())),
            "seed": SEED,
        },
        "split": {
            "rule": f"by family: one in {HELD_OUT_SHARE} of each role held out by hash of its name; calibration and thresholds by {FOLDS} folds of the rest",
            "held_out_families": sorted(held_out),
        },
        "temperature": temperature,
        "thresholds": thresholds,
        "rule_scores": rule_scores,
        "cross_validation": measure(judged, thresholds),
        "held_out": measure(judge(pipeline, test, temperature, rule_scores), thresholds),
        "limits": "Labels are constructed, none is taken from a real notice. Figures on real notices come from the evaluation corpus.",
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ROLE_WEIGHTS).write_text(_dump_weights(stored), encoding="utf-8")
    (folder / ROLE_CARD).write_text(
        json.dumps(card, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    (folder / ROLE_SKOPS).write_bytes(skops_bytes(pipeline))
    return card


def _compiled(pipeline: Any, roles: Sequence[MentionRole], temperature: float) -> dict[str, Any]:
    vectorizer, classifier = pipeline.named_steps["features"], pipeline.named_steps["classifier"]
    columns = classifier.coef_.T / temperature
    return {
        "roles": [role.value for role in roles],
        "intercept": [round(float(value), _DIGITS) for value in classifier.intercept_ / temperature],
        "weights": {
            str(name): [round(float(value), _DIGITS) for value in row]
            for name, row in zip(vectorizer.feature_names_, columns, strict=True)
        },
    }


def _dump_weights(stored: dict[str, Any]) -> str:
    """JSON with one feature a line, so that a new model gives a readable difference."""
    lines = [
        f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(row)}"
        for name, row in sorted(stored["weights"].items())
    ]
    head = {key: stored[key] for key in ("version", "roles", "intercept")}
    return json.dumps(head, ensure_ascii=False)[:-1] + ',\n "weights": {\n' + ",\n".join(lines) + "\n}}\n"
