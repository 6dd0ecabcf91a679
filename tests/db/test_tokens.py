"""What the server makes of our vectors."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from db import tokens


def places(session: Session, body: str) -> dict[str, list[int]]:
    rows = session.execute(
        text("SELECT lexeme, positions FROM unnest(CAST(:vector AS tsvector))"), {"vector": tokens.vector(body)}
    )
    return {row.lexeme: row.positions for row in rows}


def test_places_of_a_token_come_together(session: Session) -> None:
    assert places(session, "采购硬盘，硬盘") == {"采购": [1], "硬盘": [3, 6]}
    assert places(session, "刘阿乙it's") == {
        "刘": [1],
        "阿": [2],
        "乙": [3],
        "刘阿": [1],
        "阿乙": [2],
        "it": [4],
        "s": [7],
    }
    assert places(session, "") == {}


@pytest.mark.parametrize(
    ("body", "holds"),
    [
        ("한" * 3000 + " 硬盘", "硬盘"),
        ("硬盘 " + "x" * 3000, "硬盘"),
        ("硬盘 " + " ".join(f"{n:x}{n * 7919:x}" for n in range(200_000)), "硬盘"),
        ("监控硬盘，" * 80_000, "监控"),
    ],
    ids=["long word of several bytes", "long word", "two megabytes of different words", "the same words for ever"],
)
def test_a_text_of_any_size_has_a_vector(session: Session, body: str, holds: str) -> None:
    found = places(session, body)
    assert holds in found
    assert max(map(max, found.values())) <= tokens.MAX_POSITION


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=300))
def test_any_text_has_a_vector(session: Session, body: str) -> None:
    for lexeme, starts in places(session, body).items():
        folded = tokens.fold(body)
        assert all(folded.startswith(lexeme, start - 1) for start in starts)
