"""How fast organisation names are read, and how long loading takes.

Gates: 20,000 names a second a core; loading 0.15 s. Run: ``python -m benchmarks.orgs``. Names are made from the places and kinds of the tests' grid.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import time

from nlp.orgs import analyse, identify, read_org


def main() -> int:
    started = time.process_time()
    from seeds.orgs import load_org_knowledge

    imported = time.process_time() - started
    started = time.process_time()
    knowledge = load_org_knowledge()
    loaded = time.process_time() - started
    places = [d.name for d in knowledge.divisions.values() if d.until is None][::37]
    kinds = (
        "公安局",
        "公安局交通警察支队",
        "公安局（警务保障处）",
        "第一看守所",
        "人民法院",
        "财政局",
        "明远科技有限公司",
        "公安局城东分局",
        "人民医院",
    )
    names = [place + kind for place in places for kind in kinds]
    on = dt.date(2026, 1, 1)
    for name in names[:500]:
        read_org(name, knowledge, on)
    started = time.process_time()
    for name in names:
        read_org(name, knowledge, on)
    reading = time.process_time() - started
    started = time.process_time()
    for name in names:
        identify(analyse(name, knowledge, on), knowledge)
    identifying = time.process_time() - started
    result = {
        "names": len(names),
        "read_per_second": round(len(names) / reading),
        "identify_per_second": round(len(names) / identifying),
        "import_s": round(imported, 3),
        "load_s": round(loaded, 3),
        "gates_met": len(names) / reading >= 20_000 and loaded <= 0.15,
    }
    print(json.dumps(result))
    return 0 if result["gates_met"] else 1


if __name__ == "__main__":
    sys.exit(main())
