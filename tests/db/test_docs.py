"""The cookbook's queries run and answer; the page of tables is the models'."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from db.link import link
from tests.db import world
from tests.db.making import store

ROOT = Path(__file__).parents[2]
QUERIES = re.findall(
    r"## ([^\n]+)\n(?:(?!\n## ).)*?```sql\n(.*?)```",
    (ROOT / "docs" / "queries.md").read_text(encoding="utf-8"),
    re.DOTALL,
)
WITHOUT_ROWS = {"Buyers on a government list on the day of the notice", "What is missing from the archive"}
"""The constructed world has no listed buyer and was not crawled."""


@pytest.fixture(scope="module")
def titles() -> list[str]:
    return [title for title, _ in QUERIES]


def test_every_section_with_sql_is_found(titles: list[str]) -> None:
    page = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8")
    assert len(titles) == page.count("```sql") >= 12


def test_the_cookbook_runs(session: Session) -> None:
    world.seeds(session)
    store(session, world.pages())
    link(session)
    empty = []
    for title, sql in QUERIES:
        rows = session.execute(text(sql.replace(":", r"\:"))).all()
        if not rows:
            empty.append(title)
    assert set(empty) == WITHOUT_ROWS


def test_the_page_of_tables_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "_tables.py"), "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_every_column_of_a_view_is_described(session: Session) -> None:
    rows = session.execute(
        text("""
            select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
             where c.relkind = 'v' and c.relname like 'v\\_%' and c.relnamespace = 'public'::regnamespace
               and col_description(c.oid, a.attnum) is null
        """)
    ).all()
    assert rows == []
