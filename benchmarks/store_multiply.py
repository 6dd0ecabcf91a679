"""Make a filled home several times as large inside the database: every notice with all its rows again, under new ids, numbers and addresses.

    python benchmarks/store_multiply.py --home DIR --times 4

For scale only: the copies have the words, parties and dates of their originals and are linked among themselves as those are. Indexes of words
and letters are built anew at the end.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from sqlalchemy import Connection, text

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
    "item_id", "award_id", "left_revision_id", "right_revision_id", "capture_reading_id",
})  # fmt: skip
NAMED = {
    "capture": {"identity", "url", "url_key", "source_id"}, "notice": {"identity", "source_id", "url"}, "announcement": {"key"},
    "process": {"ocid", "project_no"}, "link_key": {"key"}, "reading": {"project_no", "contract_no"},
}  # fmt: skip
STEP = 100_000_000


def copy_out(connection: Connection, table: str, copy: int) -> None:
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
    first = "key" if table == "link_key" else "notice_id" if table == "fact_notice" else "id"
    where = "position('x' in right(key, 2)) = 0" if first == "key" else f"{first} < {STEP}"
    order = "" if first == "key" else f"ORDER BY {first}"
    connection.execute(
        text(
            f"INSERT INTO {table} ({', '.join(values)}) OVERRIDING SYSTEM VALUE SELECT {', '.join(values.values())} FROM {table} WHERE {where} {order}"
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--times", type=int, default=4)
    given = parser.parse_args()
    with (
        open_database(Settings(home=given.home, database_url=None)) as engine,
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        for setting in (
            "session_replication_role = replica",
            "maintenance_work_mem = '1GB'",
            "synchronous_commit = off",
        ):
            connection.execute(text(f"SET {setting}"))
        slow = connection.execute(
            text(
                "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE '%USING gin%'"
            )
        ).all()
        for name, _ in slow:
            connection.execute(text(f"DROP INDEX {name}"))
        for table in TABLES:
            begin = time.perf_counter()
            for copy in range(1, given.times):
                copy_out(connection, table, copy)
            print(f"{time.perf_counter() - begin:8.1f} s  {table}", file=sys.stderr)
        for table in TABLES:
            if table not in {"link_key", "fact_notice"}:
                connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
                )
        for name, definition in slow:
            begin = time.perf_counter()
            connection.execute(text(definition))
            print(f"{time.perf_counter() - begin:8.1f} s  {name}", file=sys.stderr)
        connection.execute(text("VACUUM ANALYZE"))


if __name__ == "__main__":
    main()
