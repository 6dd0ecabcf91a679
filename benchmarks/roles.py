"""Time of role assignment per mention, in batch over the constructed labels and over one long page. Gate: 0.2 ms a mention.

``python -m benchmarks.roles``
"""

from __future__ import annotations

import json
import sys
import time

from jobs.train_roles import LabelledSpan, spans_of
from nlp.roles import RoleContext, assign_roles
from seeds.labels.generate import records
from seeds.models import load_role_model

GATE_MS = 0.2


def main() -> int:
    started = time.perf_counter()
    model = load_role_model()
    loaded = time.perf_counter() - started
    batch = [(record, spans_of(record)) for record in records()]
    mentions = sum(len(spans) for _, spans in batch)
    started = time.perf_counter()
    for record, spans in batch:
        assign_roles(record.text, spans, RoleContext(notice_type=record.notice_type), model)
    short = (time.perf_counter() - started) / mentions * 1000
    text = ""
    joined: list[LabelledSpan] = []
    for record, found in batch[:1500]:
        joined += [
            type(span)(span.start + len(text), span.end + len(text), span.surface, span.brand_id, span.field)
            for span in found
        ]
        text += record.text + "\n"
    started = time.perf_counter()
    assign_roles(text, joined, RoleContext(), model)
    long = (time.perf_counter() - started) / len(joined) * 1000
    result = {
        "load_ms": round(loaded * 1000, 1),
        "short_texts_ms_a_mention": round(short, 4),
        "one_page_ms_a_mention": round(long, 4),
        "mentions": mentions,
        "gate_ms": GATE_MS,
    }
    print(json.dumps(result))
    return 0 if max(short, long) <= GATE_MS else 1


if __name__ == "__main__":
    sys.exit(main())
