"""Make a filled home several times as large inside the database: every notice with all its rows again, under new ids, numbers and addresses.

    python benchmarks/store_multiply.py --home DIR --times 4

For scale only: the copies have the words, parties and dates of their originals and are linked among themselves as those are. Indexes of words
and letters are built anew at the end.
"""

from __future__ import annotations

import argparse
import queue
import sys
import threading
import time
from pathlib import Path

from sqlalchemy import Connection, Engine, text

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from db.engine import open_database  # noqa: E402
from db.settings import Settings  # noqa: E402

TABLES = (
    "capture", "notice", "revision", "body", "reading", "capture_reading", "attachment", "related_notice", "field_change", "issue", "span",
    "party", "lot", "item", "mention", "link_key", "announcement", "announcement_member", "process", "process_member", "pair",
    "fact_notice", "fact_mention", "fact_award", "fact_line",
)  # fmt: skip
SHIFTED = frozenset({
    "id", "capture_id", "notice_id", "revision_id", "reading_id", "body_id", "announcement_id", "process_id", "predecessor_id", "mention_id",
    "item_id", "award_id", "class_from", "left_revision_id", "right_revision_id", "capture_reading_id",
})  # fmt: skip
NAMED = {
    "capture": {"identity", "url", "url_key", "source_id"}, "notice": {"identity", "source_id", "url"}, "announcement": {"key"},
    "process": {"ocid", "project_no"}, "link_key": {"key"}, "reading": {"project_no", "contract_no"},
}  # fmt: skip
GIN = {
    "ix_body_tokens": "body USING gin (tokens)", "ix_fact_notice_title_pairs": "fact_notice USING gin (letter_pairs(title))",
    }  # fmt: skip
STEP = 100_000_000


def copy_out(connection: Connection, table: str, copy: int) -> bool:
    """False where this copy is there already."""
    columns = connection.execute(
        text(
            "SELECT column_name FROM information_schema.columns WHERE table_name = :t AND table_schema = 'public' AND is_generated = 'NEVER'"
        ),
        {"t": table},
    ).scalars()
    values = {}
    for column in columns:
        name = f'"{column}"'
        if column in SHIFTED:
            values[name] = f"{name} + {copy * STEP}"
        elif column in NAMED.get(table, ()):
            values[name] = f"{name} || 'x{copy}'"
        else:
            values[name] = name
    first = {"link_key": "reading_id", "fact_notice": "notice_id"}.get(table, "id")
    there = connection.execute(
        text(f"SELECT EXISTS (SELECT FROM {table} WHERE {first} BETWEEN {copy * STEP} AND {copy * STEP + STEP - 1})")
    ).scalar_one()
    if not there:
        connection.execute(
            text(
                f"INSERT INTO {table} ({', '.join(values)}) OVERRIDING SYSTEM VALUE SELECT {', '.join(values.values())} FROM {table}"
                f" WHERE {first} < {STEP}"
            )
        )
    return not there


def work(engine: Engine, tasks: queue.SimpleQueue[tuple[str, int]]) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for setting in ("session_replication_role = replica", "synchronous_commit = off"):
            connection.execute(text(f"SET {setting}"))
        while not tasks.empty():
            table, copy = tasks.get()
            begin = time.perf_counter()
            copy_out(connection, table, copy)
            print(f"{time.perf_counter() - begin:8.1f} s  {table} {copy}", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="a home filled by store_scale.py; without one there is nothing to do")
    parser.add_argument("--times", type=int, default=4)
    parser.add_argument("--connections", type=int, default=2)
    given = parser.parse_args()
    if given.home is None:
        print("no --home given: nothing to do", file=sys.stderr)
        return
    with (
        open_database(Settings(home=given.home, database_url=None)) as engine,
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        slow = dict(GIN)
        for name in slow:
            connection.execute(text(f"DROP INDEX IF EXISTS {name}"))
        tasks: queue.SimpleQueue[tuple[str, int]] = queue.SimpleQueue()
        for table in TABLES:
            for copy in range(1, given.times):
                tasks.put((table, copy))
        threads = [threading.Thread(target=work, args=(engine, tasks)) for _ in range(given.connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for table in TABLES:
            if table not in {"link_key", "fact_notice"}:
                connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), greatest(max(id), 1)) FROM {table}")
                )
        for setting in ("maintenance_work_mem = '2GB'", f"max_parallel_maintenance_workers = {given.connections}"):
            connection.execute(text(f"SET {setting}"))
        for name, definition in slow.items():
            begin = time.perf_counter()
            connection.execute(text(f"CREATE INDEX {name} ON {definition}"))
            print(f"{time.perf_counter() - begin:8.1f} s  {name}", file=sys.stderr, flush=True)
        connection.execute(text("VACUUM ANALYZE"))


if __name__ == "__main__":
    main()
