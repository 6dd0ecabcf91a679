"""The store at scale: ingest, search tokens, linking, and the questions people ask, on generated notices.

    python benchmarks/store_scale.py --notices 100000 [--url postgresql://…] [--home DIR] [--keep]

Prints one JSON object as its last line: rates, sizes, and for each question the median and p95 over repeated asking in a warm process.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import itertools
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.store_data import BRANDS, Generator, capture_row  # noqa: E402
from db.bought import bought  # noqa: E402
from db.count import count  # noqa: E402
from db.engine import open_database, session_scope  # noqa: E402
from db.filters import Filters  # noqa: E402
from db.ingest import CaptureRef, index_bodies, record_captures, store_readings  # noqa: E402
from db.link import link_some  # noqa: E402
from db.search import search  # noqa: E402
from db.seed_load import load_seeds  # noqa: E402
from db.settings import Settings  # noqa: E402
from db.show import show  # noqa: E402

BATCH = 1000
ROUNDS = 15


def ingest(engine: Engine, pages: Any, count_: int, *, with_tokens: bool) -> dict[str, float]:
    stored, spent, processor = 0, 0.0, 0.0
    while stored < count_:
        batch = list(itertools.islice(pages, min(BATCH, count_ - stored)))
        if not batch:
            break
        begin = time.perf_counter()
        with session_scope(engine) as session:
            clock = Processor(session)
            before = clock.seconds()
            rows = [capture_row(portal, page, at, stored + n) for n, (portal, page, at) in enumerate(batch)]
            ids = record_captures(session, rows)
            refs = [
                CaptureRef(
                    i, r.portal, r.url, r.captured_at, r.sha256, r.media_type, r.warc_file, r.warc_offset, r.warc_length
                )
                for i, r in zip(ids, rows, strict=True)
            ]
            store_readings(
                session, [(ref, page) for ref, (_, page, _) in zip(refs, batch, strict=True)], with_tokens=with_tokens
            )
            session.flush()
            processor += clock.seconds() - before
        spent += time.perf_counter() - begin
        stored += len(batch)
    return rate(stored, spent, processor)


def rate(done: int, seconds: float, processor: float) -> dict[str, float]:
    """A second of wall time, and a second of one processor (this process and its server process together)."""
    return {
        "notices": done,
        "seconds": round(seconds, 1),
        "per_second": round(done / seconds) if seconds else 0,
        "per_processor_second": round(done / processor) if processor else 0,
    }


def link_all(engine: Engine) -> dict[str, float]:
    begin, total, processor = time.perf_counter(), 0, 0.0
    while True:
        with session_scope(engine) as session:
            clock = Processor(session)
            before = clock.seconds()
            done = link_some(session)
            processor += clock.seconds() - before
        total += done.notices
        if done.notices == 0:
            break
    return rate(total, time.perf_counter() - begin, processor)


def questions(session: Session) -> dict[str, Callable[[], Any]]:
    """The committed list: what the three users ask, frequent and rare."""
    ps, xj = ("public_security",), ("65",)
    window = {"since": dt.date(2022, 1, 1), "until": dt.date(2022, 5, 12)}
    buyer, supplier = session.execute(
        text("""
            SELECT (SELECT o.name FROM fact_notice f JOIN organisation o ON o.id = f.buyer_id WHERE f.buyer_tier = 'organ' ORDER BY f.notice_id LIMIT 1),
                   (SELECT o.name FROM fact_award a JOIN organisation o ON o.id = a.supplier_id ORDER BY a.id LIMIT 1)
        """)
    ).one()
    notice = session.execute(text("SELECT portal_id || '/' || source_id FROM notice ORDER BY id LIMIT 1")).scalar_one()
    number = session.execute(text("SELECT project_no FROM reading ORDER BY id LIMIT 1")).scalar_one()
    before = session.execute(text("SELECT max(recorded_at) FROM reading")).scalar_one() - dt.timedelta(microseconds=1)

    def c(by: str | None = None, **filters: Any) -> Callable[[], Any]:
        return lambda: count(session, Filters(**filters), by)

    def b(**filters: Any) -> Callable[[], Any]:
        return lambda: bought(session, Filters(**filters), limit=50)

    def s(words: str, **filters: Any) -> Callable[[], Any]:
        return lambda: search(session, words, Filters(**filters))

    return {
        "count seagate xinjiang public security window": c(brand=("Seagate",), region=xj, unit_class=ps, types=("award", "contract"), **window),
        "count wd xinjiang public security window": c(brand=("Western Digital",), region=xj, unit_class=ps, types=("award", "contract"), **window),
        "count seagate": c(brand=("Seagate",)),
        "count hikvision (frequent)": c(brand=("Hikvision",)),
        "count hikvision public security": c(brand=("Hikvision",), unit_class=ps),
        "count promega (rare)": c(brand=("Promega",)),
        "count promega by buyer": c("buyer", brand=("Promega",)),
        "count seagate by month, window": c("month", brand=("Seagate",), **window),
        "count seagate by region": c("region", brand=("Seagate",), unit_class=ps),
        "count seagate wd toshiba window": c(brand=("Seagate", "Western Digital", "Toshiba"), **window),
        "count surveillance drives xinjiang": c(brand=("Seagate",), product_class=("surveillance",), region=xj),
        "count foreign brands window xinjiang": c(origin=("US",), region=xj, unit_class=ps, **window),
        "count one buyer": c(buyer=(buyer,)),
        "count one supplier": c(supplier=(supplier,)),
        "count seagate beside hikvision": c(brand=("Seagate",), with_brand=("Hikvision",), within="lot", region=xj),
        "count seagate sought": c(brand=("Seagate",), roles=("sought",), region=xj),
        "count seagate prisons": c(brand=("Seagate",), unit_class=("prison",)),
        "count seagate as of yesterday": c(brand=("Seagate",), region=xj, as_of=dt.datetime.now(dt.UTC), **window),
        "count seagate as of the window's last day": c(brand=("Seagate",), region=xj, as_of=dt.datetime(2022, 5, 12, 16, tzinfo=dt.UTC), **window),
        "count promega as of 2018": c(brand=("Promega",), as_of=dt.datetime(2018, 6, 30, tzinfo=dt.UTC)),
        "count seagate known before the last batch": c(brand=("Seagate",), region=xj, unit_class=ps, known_at=before, **window),
        "bought promega known before the last batch": b(brand=("Promega",), known_at=before),
        "bought seagate": b(brand=("Seagate",)),
        "bought hikvision (frequent)": b(brand=("Hikvision",)),
        "bought seagate xinjiang public security window": b(brand=("Seagate",), region=xj, unit_class=ps, **window),
        "bought promega (rare)": b(brand=("Promega",)),
        "bought one buyer": b(buyer=(buyer,)),
        "bought one supplier": b(supplier=(supplier,)),
        "bought us brands window": b(origin=("US",), unit_class=ps, **window),
        "bought seagate sought": b(brand=("Seagate",), roles=("sought",)),
        "search model number": s("ST4000VX007"),
        "search model beginning": s("DS-2CD2T01*"),
        "search frequent word": s("硬盘"),
        "search very frequent word": s("供应商"),
        "search two words": s("公安局 硬盘"),
        "search phrase": s("监控硬盘采购项目"),
        "search buyer": s(buyer),
        "search project number": s(number),
        "search word with brand": s("硬盘", brand=("Seagate",), region=xj),
        "search nothing": s("从未出现的词语"),
        "search substring": s("号监控硬"),
        "show": lambda: show(session, notice),
    }  # fmt: skip


class Processor:
    """Processor seconds of this process and of the session's server process, where that runs here: what a loaded machine does not change."""

    def __init__(self, session: Session) -> None:
        # One process answers: what parallel workers spend would not be seen.
        session.execute(text("SET max_parallel_workers_per_gather = 0"))
        self.server = Path(f"/proc/{session.execute(text('SELECT pg_backend_pid()')).scalar_one()}/schedstat")

    def seconds(self) -> float:
        spent = time.process_time()
        if self.server.exists():
            spent += int(self.server.read_text().split()[0]) / 1e9
        return spent


def ask(engine: Engine, rounds: int, only: str = "") -> dict[str, dict[str, float]]:
    told: dict[str, dict[str, float]] = {}
    with session_scope(engine) as session:
        processor = Processor(session)
        asked = {name: question for name, question in questions(session).items() if only in name}
        for question in asked.values():
            question()
        # A process that stays keeps what it has loaded out of the collector's sight, which else walks over it every twentieth question.
        gc.collect()
        gc.freeze()
        for name, question in asked.items():
            times, spent = [], []
            for _ in range(rounds):
                begin, before = time.perf_counter(), processor.seconds()
                question()
                spent.append(1000 * (processor.seconds() - before))
                times.append(1000 * (time.perf_counter() - begin))
                if sum(times) > 20_000:
                    break
            told[name] = {
                "median_ms": round(statistics.median(times), 1),
                "p95_ms": round(p95(times), 1),
                "processor_median_ms": round(statistics.median(spent), 1),
                "processor_p95_ms": round(p95(spent), 1),
            }
            print(
                f"{told[name]['p95_ms']:9.1f} ms {told[name]['processor_p95_ms']:9.1f} ms of processor  {name}",
                file=sys.stderr,
            )
    return told


def p95(values: list[float]) -> float:
    ordered = sorted(values)
    return ordered[min(int(0.95 * len(ordered)), len(ordered) - 1)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notices", type=int, default=100_000)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--url")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--bulk", type=int, default=0, help="notices loaded before the index of words is built")
    parser.add_argument("--first", type=int, default=0, help="number of the first project: fill a home further")
    parser.add_argument("--only", default="", help="ask only questions whose name holds this")
    parser.add_argument("--ask-only", action="store_true", help="the home is already filled")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(home=given.home or Path(scratch) / "home", database_url=given.url)
        with open_database(settings) as engine:
            told: dict[str, Any] = {"notices": given.notices}
            if not given.ask_only:
                with session_scope(engine) as session:
                    load_seeds(session)
                    for id_, name, zh, _ in BRANDS:
                        session.execute(
                            text(
                                "INSERT INTO brand (id, name, name_zh, origin) VALUES (:i, :n, :z, 'US') ON CONFLICT DO NOTHING"
                            ),
                            {"i": id_, "n": name, "z": zh},
                        )
                fill(engine, given.notices, told, given.bulk, given.first)
            told["load"] = os.getloadavg()
            told["questions"] = ask(engine, given.rounds, given.only)
            for clock in ("p95_ms", "processor_p95_ms"):
                told[f"over_150_{clock}"] = sorted(n for n, t in told["questions"].items() if t[clock] > 150)
    print(json.dumps(told, ensure_ascii=False))


def fill(engine: Engine, notices: int, told: dict[str, Any], bulk: int, first: int) -> None:
    """``bulk`` notices first, loaded without the index of words, which is built after them; then all rates on what is left."""
    pages = Generator(seed=1 + first, first=first, again=True).notices(notices)
    if bulk:
        with engine.begin() as connection:
            definition = connection.execute(
                text("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_body_tokens'")
            ).scalar_one()
            connection.execute(text("DROP INDEX ix_body_tokens"))
        told["bulk"] = ingest(engine, pages, bulk, with_tokens=True)
        print(told["bulk"], file=sys.stderr)
        begin = time.perf_counter()
        with engine.begin() as connection:
            connection.execute(text("SET maintenance_work_mem = '1GB'"))
            connection.execute(text(definition))
        told["index_of_words_seconds"] = round(time.perf_counter() - begin)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        told["link_bulk"] = link_all(engine)
        print(told["link_bulk"], file=sys.stderr)
    left = notices - bulk
    bare = left // 5
    told["ingest_without_tokens"] = ingest(engine, pages, bare, with_tokens=False)
    print(told["ingest_without_tokens"], file=sys.stderr)
    begin = time.perf_counter()
    while True:
        with session_scope(engine) as session:
            if not index_bodies(session, 2000):
                break
    told["tokens_afterwards_per_second"] = round(bare / (time.perf_counter() - begin))
    night = min(20_000, left // 5)
    told["ingest_with_tokens"] = ingest(engine, pages, left - bare - night, with_tokens=True)
    print(told["ingest_with_tokens"], file=sys.stderr)
    told["link_all"] = link_all(engine)
    print(told["link_all"], file=sys.stderr)
    told["ingest_night"] = ingest(engine, pages, night, with_tokens=True)
    told["link_night"] = link_all(engine)
    print(told["link_night"], file=sys.stderr)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
        size, stored = connection.execute(
            text("SELECT pg_database_size(current_database()), (SELECT count(*) FROM notice)")
        ).one()
    told["notices_stored"] = stored
    told["bytes_per_notice"] = round(size / stored)


if __name__ == "__main__":
    main()
