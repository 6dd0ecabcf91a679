"""How many rows the planner expects of a query: no scan is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session


def expected_rows(session: Session, sql: str, parameters: Mapping[str, Any]) -> int:
    """``sql`` is a SELECT of ours, its values parameters."""
    plan = session.execute(text(f"EXPLAIN (FORMAT JSON) {sql}"), dict(parameters)).scalar_one()
    return int(plan[0]["Plan"]["Plan Rows"])
