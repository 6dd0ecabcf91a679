"""How fast the small classifiers load and answer. Gates: 20 ms to load one, 0.25 ms an answer of a unit or area, 2 ms a type.

``python -m benchmarks.classify``
"""

from __future__ import annotations

import json
import sys
import time

from jobs.train_classifiers import TASKS
from nlp.classify.areas import area_of_text, under
from nlp.classify.features import dictionary_fingerprint
from nlp.classify.notice_types import classify_type
from nlp.classify.units import tier_of
from seeds.classifiers import AREAS, NAMES, TYPES, UNITS, load_card, load_classifier
from seeds.labels_areas.generate import records as goods
from seeds.labels_types.generate import records as notices
from seeds.labels_units.generate import records as names

GATES_MS = {UNITS: 0.25, AREAS: 0.25, TYPES: 2.0}
LOAD_GATE_MS = 20.0


def main() -> int:
    started = time.process_time()
    dictionary_fingerprint()
    segmenter = time.process_time() - started
    result: dict[str, dict[str, float]] = {}
    for name in NAMES:
        started = time.process_time()
        model = load_classifier(name)
        loaded = time.process_time() - started
        started = time.process_time()
        if name == UNITS:
            count = sum(1 for row in names() if tier_of(row.name, model))
        elif name == AREAS:
            count = sum(1 for row in goods() if area_of_text(row.name, None, under(row.title), model))
        else:
            count = len([classify_type(row.title, row.text, model) for row in notices()])
        result[name] = {
            "load_ms": round(loaded * 1000, 2),
            "answers": count,
            "ms_an_answer": round((time.process_time() - started) / count * 1000, 4),
            "features": load_card(name)["vocabulary"],
        }
    met = all(
        result[name]["load_ms"] <= LOAD_GATE_MS and result[name]["ms_an_answer"] <= GATES_MS[name] for name in TASKS
    )
    print(json.dumps({"segmenter_load_ms": round(segmenter * 1000, 1), **result, "gates_met": met}))
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
