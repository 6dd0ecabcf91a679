"""The store beside what somebody would pick instead: SQLite FTS5 over the same words, DuckDB over the same rows. Side by side in one run.

    pip install duckdb
    python benchmarks/store_compare.py --home DIR [--scratch DIR] [--rounds 9]

The home is one filled by ``store_scale.py``; what stands in the scratch folder from an earlier run is asked again. Each question is asked in turn of the store and of the other, in one process; medians of wall time and
of processor time (for the store with its server process, for the others with all their threads). The others answer with less: no names that are looked
up, no coverage, no bounds kept apart by review, and what they hold is a copy of now. Prints one JSON object as its last line.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.store_scale import Processor  # noqa: E402
from db.bought import bought  # noqa: E402
from db.copying import raw  # noqa: E402
from db.count import count  # noqa: E402
from db.engine import open_database, session_scope  # noqa: E402
from db.filters import Filters  # noqa: E402
from db.search import search  # noqa: E402
from db.settings import Settings  # noqa: E402
from db.show import show  # noqa: E402
from db.tokens import fold  # noqa: E402

Ask = Callable[[], Any]
_TABLES = {
    "mention": "SELECT * FROM fact_mention",
    "line": "SELECT * FROM fact_line",
    "notice": """SELECT f.*, n.url, n.source_id, o.name AS buyer, f.portal_id || '/' || n.source_id AS shown
                   FROM fact_notice f JOIN notice n ON n.id = f.notice_id LEFT JOIN organisation o ON o.id = f.buyer_id""",
    "organisation": "SELECT id, name FROM organisation",
    "item": "SELECT id, name, quantity, unit, model_raw FROM item",
    "spot": 'SELECT id, start, "end" AS finish FROM mention',
    "body": "SELECT id, text FROM body",
}
_PS = "buyer_tier IN ('ministry', 'organ', 'specialised', 'academy', 'affiliated')"
_WINDOW = "published_on BETWEEN DATE '2022-01-01' AND DATE '2022-05-12'"
_LEVEL = """CASE WHEN decided AND role IN ('awarded', 'contracted') THEN 0 WHEN NOT decided AND best_role IN ('awarded', 'contracted') THEN 1
                 WHEN NOT decided THEN 2 WHEN role = 'alternative' AND in_award THEN 2 END"""


# ── DuckDB ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def duck_made(session: Session, scratch: Path) -> tuple[Any, dict[str, float]]:
    import duckdb

    begin = time.perf_counter()
    path = scratch / "rows.duckdb"
    if path.exists():
        return duckdb.connect(str(path)), {"megabytes": round(path.stat().st_size / 1e6)}
    connection = duckdb.connect(str(path))
    for name, sql in _TABLES.items():
        file = scratch / f"{name}.csv"
        with (
            file.open("wb") as out,
            raw(session).cursor() as cursor,
            cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv, HEADER)") as copy,
        ):
            for block in copy:
                out.write(block)
        connection.execute(
            f"CREATE TABLE {name} AS SELECT * FROM read_csv('{file}', header = true, sample_size = -1, max_line_size = 20000000)"
        )
        file.unlink()
    connection.execute("CREATE INDEX notice_shown ON notice (shown)")
    connection.execute("CHECKPOINT")
    return connection, {"seconds": round(time.perf_counter() - begin), "megabytes": round(path.stat().st_size / 1e6)}


def duck_count(connection: Any, brand: str, where: str = "true", by: str = "NULL") -> Ask:
    rungs = ", ".join(
        f"count(DISTINCT {column}) FILTER (lvl = 0), count(DISTINCT {column}) FILTER (lvl <= 1), count(DISTINCT {column})"
        for column in ("notice_id", "announcement_id", "process_id", "buyer_id", "supplier_id")
    )
    sql = f"""
        WITH sel AS (SELECT *, {_LEVEL} AS lvl, {by} AS g FROM mention WHERE brand_id = '{brand}' AND {where} AND {_LEVEL} IS NOT NULL),
        procs AS (SELECT process_id, min(lvl) AS lvl, min(g) AS g FROM sel GROUP BY process_id),
        lines AS (SELECT l.award_id, l.item_id, l.units, greatest({_LEVEL}, p.lvl) AS lvl, p.g FROM line l JOIN procs p USING (process_id)
                   WHERE l.brand_id = '{brand}' AND {_LEVEL} IS NOT NULL)
        SELECT g, {rungs}, NULL, NULL, NULL, NULL FROM sel GROUP BY g
        UNION ALL
        SELECT g, {", ".join(["NULL"] * 12)}, count(DISTINCT award_id) FILTER (lvl = 0), count(DISTINCT award_id), count(DISTINCT item_id), sum(units),
               bool_or(units IS NULL), median(units), NULL FROM lines GROUP BY g"""
    return lambda: connection.execute(sql).fetchall()


def duck_bought(connection: Any, brand: str, where: str = "true") -> Ask:
    sql = f"""
        WITH procs AS (SELECT process_id, min({_LEVEL}) AS lvl FROM mention WHERE brand_id = '{brand}' AND {where} AND {_LEVEL} <= 1 GROUP BY process_id),
        page AS (SELECT l.*, greatest({_LEVEL}, p.lvl) AS lvl FROM line l JOIN procs p USING (process_id)
                  WHERE l.brand_id = '{brand}' AND {_LEVEL} <= 1 ORDER BY published_on DESC, mention_id DESC LIMIT 50)
        SELECT n.shown, n.buyer, i.name, i.quantity, i.unit, i.model_raw, x.role, s.name, x.amount_cny, n.published_on, n.url,
               substring(b.text, greatest(m.start - 60, 0)::BIGINT + 1, 120)
          FROM page x JOIN notice n ON n.notice_id = x.notice_id JOIN body b ON b.id = n.body_id LEFT JOIN item i ON i.id = x.item_id
          LEFT JOIN spot m ON m.id = x.mention_id LEFT JOIN organisation s ON s.id = x.supplier_id
         ORDER BY x.published_on DESC, x.mention_id DESC"""
    return lambda: connection.execute(sql).fetchall()


def duck_letters(connection: Any, letters: str) -> Ask:
    sql = "SELECT shown, title, published_on, buyer FROM notice WHERE is_primary AND title ILIKE ? ORDER BY published_on DESC, notice_id DESC LIMIT 20"
    return lambda: connection.execute(sql, [f"%{letters}%"]).fetchall()


def duck_show(connection: Any, shown: str) -> Ask:
    def ask() -> Any:
        notice = connection.execute(
            "SELECT notice_id, body_id, title, buyer, url FROM notice WHERE shown = ?", [shown]
        ).fetchone()
        told = connection.execute(
            "SELECT brand_id, role, units, supplier_id FROM mention WHERE notice_id = ?", [notice[0]]
        ).fetchall()
        return notice, told, connection.execute("SELECT text FROM body WHERE id = ?", [notice[1]]).fetchall()

    return ask


# ── SQLite FTS5 ──────────────────────────────────────────────────────────────────────────────────────────────────────


def words_of(value: str) -> str:
    import rjieba

    return " ".join(word for word in rjieba.cut(fold(value), hmm=False) if word.strip())


def fts_made(session: Session, scratch: Path) -> tuple[sqlite3.Connection, dict[str, float]]:
    begin = time.perf_counter()
    path = scratch / "words.sqlite"
    if path.exists():
        return sqlite3.connect(path), {"megabytes": round(path.stat().st_size / 1e6)}
    connection = sqlite3.connect(path)
    connection.executescript(
        """PRAGMA journal_mode = off; PRAGMA synchronous = off;
           CREATE VIRTUAL TABLE words USING fts5 (text, content = '', tokenize = "unicode61 tokenchars '-_./'");
           CREATE TABLE notice (id INTEGER PRIMARY KEY, shown TEXT, title TEXT, day TEXT, buyer TEXT, text TEXT);
           CREATE INDEX newest ON notice (day DESC, id DESC);"""
    )
    sql = """SELECT f.notice_id, n.portal_id || '/' || n.source_id, f.title, f.published_on::text, o.name, b.text
               FROM fact_notice f JOIN notice n ON n.id = f.notice_id JOIN body b ON b.id = f.body_id
               LEFT JOIN organisation o ON o.id = f.buyer_id WHERE f.is_primary ORDER BY f.published_on, f.notice_id"""
    made = session.execute(text(sql), execution_options={"yield_per": 2000})
    for part in made.partitions(2000):
        rows = [tuple(row) for row in part]
        connection.executemany("INSERT INTO notice VALUES (?, ?, ?, ?, ?, ?)", rows)
        connection.executemany(
            "INSERT INTO words (rowid, text) VALUES (?, ?)", [(row[0], words_of(row[5])) for row in rows]
        )
    connection.commit()
    connection.execute("ANALYZE")
    return connection, {"seconds": round(time.perf_counter() - begin), "megabytes": round(path.stat().st_size / 1e6)}


def fts_search(connection: sqlite3.Connection, given: str, *, prefix: bool = False) -> Ask:
    """Top page by date with a piece of the text, and the exact total."""
    phrases = " AND ".join(f'"{words_of(word)}"{"*" if prefix else ""}' for word in given.split())

    def ask() -> Any:
        rows = connection.execute(
            "SELECT n.shown, n.title, n.day, n.buyer, n.text FROM words w JOIN notice n ON n.id = w.rowid WHERE words MATCH ? ORDER BY n.day DESC, n.id DESC LIMIT 20",
            (phrases,),
        ).fetchall()
        total = connection.execute("SELECT count(*) FROM words WHERE words MATCH ?", (phrases,)).fetchone()
        return rows, total

    return ask


# ── side by side ─────────────────────────────────────────────────────────────────────────────────────────────────────


def pairs(session: Session, duck: Any, fts: sqlite3.Connection) -> dict[str, tuple[str, Ask, Ask]]:
    """Question -> (who else, the store, the other)."""
    window: dict[str, Any] = {"since": dt.date(2022, 1, 1), "until": dt.date(2022, 5, 12)}
    xj: dict[str, Any] = {"region": ("65",), "unit_class": ("public_security",)}
    in_xj = f"left(buyer_division::VARCHAR, 2) IN ('65', '66') AND {_PS}"
    notice = session.execute(
        text("SELECT portal_id || '/' || source_id FROM notice ORDER BY id DESC LIMIT 1")
    ).scalar_one()
    buyer = session.execute(
        text(
            "SELECT o.name FROM fact_notice f JOIN organisation o ON o.id = f.buyer_id WHERE f.buyer_tier = 'organ' ORDER BY f.notice_id LIMIT 1"
        )
    ).scalar_one()

    def c(brand: str, by: str | None = None, **filters: Any) -> Ask:
        return lambda: count(session, Filters(brand=(brand,), **filters), by)

    def b(brand: str, **filters: Any) -> Ask:
        return lambda: bought(session, Filters(brand=(brand,), **filters), limit=50)

    def s(words: str) -> Ask:
        return lambda: search(session, words)

    return {
        "count seagate xinjiang public security window": ("DuckDB", c("Seagate", **xj, **window), duck_count(duck, "seagate", f"{in_xj} AND {_WINDOW}")),
        "count seagate": ("DuckDB", c("Seagate"), duck_count(duck, "seagate")),
        "count hikvision (frequent)": ("DuckDB", c("Hikvision"), duck_count(duck, "hikvision")),
        "count hikvision public security": ("DuckDB", c("Hikvision", unit_class=("public_security",)), duck_count(duck, "hikvision", _PS)),
        "count promega (rare)": ("DuckDB", c("Promega"), duck_count(duck, "promega")),
        "count promega by buyer": ("DuckDB", c("Promega", "buyer"), duck_count(duck, "promega", by="buyer_id")),
        "bought seagate xinjiang public security window": ("DuckDB", b("Seagate", **xj, **window), duck_bought(duck, "seagate", f"{in_xj} AND {_WINDOW}")),
        "bought seagate": ("DuckDB", b("Seagate"), duck_bought(duck, "seagate")),
        "bought hikvision (frequent)": ("DuckDB", b("Hikvision"), duck_bought(duck, "hikvision")),
        "search substring of titles": ("DuckDB", s("号监控硬"), duck_letters(duck, "号监控硬")),
        "show": ("DuckDB", lambda: show(session, notice), duck_show(duck, notice)),
        "search model number": ("FTS5", s("ST4000VX007"), fts_search(fts, "ST4000VX007", prefix=True)),
        "search frequent word": ("FTS5", s("硬盘"), fts_search(fts, "硬盘")),
        "search very frequent word": ("FTS5", s("供应商"), fts_search(fts, "供应商")),
        "search two words": ("FTS5", s("公安局 硬盘"), fts_search(fts, "公安局 硬盘")),
        "search phrase": ("FTS5", s("监控硬盘采购项目"), fts_search(fts, "监控硬盘采购项目")),
        "search buyer": ("FTS5", s(buyer), fts_search(fts, buyer)),
    }  # fmt: skip


def side_by_side(session: Session, asked: dict[str, tuple[str, Ask, Ask]], rounds: int) -> dict[str, dict[str, Any]]:
    processor = Processor(session)
    told: dict[str, dict[str, Any]] = {}
    for name, (other, ours, theirs) in asked.items():
        times: dict[str, list[tuple[float, float]]] = {"store": [], other: []}
        for round_ in range(rounds + 1):
            for who, ask in (("store", ours), (other, theirs)):
                begin, before = time.perf_counter(), processor.seconds()
                ask()
                if round_:
                    times[who].append((1000 * (time.perf_counter() - begin), 1000 * (processor.seconds() - before)))
        told[name] = {
            who: {
                "median_ms": round(statistics.median(w for w, _ in each), 1),
                "processor_median_ms": round(statistics.median(p for _, p in each), 1),
            }
            for who, each in times.items()
        }
        print(name, told[name], file=sys.stderr, flush=True)
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="a home filled by store_scale.py; without one there is nothing to do")
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    if given.home is None:
        print("no --home given: nothing to do", file=sys.stderr)
        return
    with open_database(Settings(home=given.home, database_url=None)) as engine, session_scope(engine) as session:
        told: dict[str, Any] = {"load": os.getloadavg()}
        told["notices"] = session.execute(text("SELECT count(*) FROM notice")).scalar_one()
        told["store_megabytes"] = round(
            session.execute(text("SELECT pg_database_size(current_database())")).scalar_one() / 1e6
        )
        duck, told["DuckDB"] = duck_made(session, given.scratch)
        fts, told["FTS5"] = fts_made(session, given.scratch)
        told["questions"] = side_by_side(session, pairs(session, duck, fts), given.rounds)
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
