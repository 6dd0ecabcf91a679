"""Constructed pages, one folder a case: what the reader must make of each. A case without expected.json is written and fails once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nlp.read import read
from nlp.types import NoticeReading, PageInput
from nlp.wire import plain
from seeds import load_knowledge

PAGES = Path(__file__).parent.parent / "fixtures" / "pages"
CASES = sorted(path.parent for path in PAGES.glob("*/*/meta.json"))


def outcome(reading: NoticeReading) -> dict[str, Any]:
    """The part of a reading that these cases pin: state, fields, names, links, changes, labelled spans in the page's own words."""
    text = reading.text
    # Technology areas follow a trained model; they have tests of their own.
    notice = {
        name: value
        for name, value in plain(reading.notice).items()
        if value is not None and not name.startswith("area")
    }
    return {
        "state": reading.state.value,
        "notice": notice,
        "parties": [{"role": party.role.value, "name": party.name} for party in reading.parties],
        "lots": [
            {k: v for k, v in plain(lot).items() if k in {"lot", "status", "supplier", "amount_cny"} and v is not None}
            for lot in reading.lots
        ],
        "attachments": [plain(item) for item in reading.attachments],
        "related": [plain(item) for item in reading.related],
        "changes": [plain(item) for item in reading.changes],
        "spans": [[span.label, text[span.start : span.end]] for span in reading.spans],
        "issues": sorted({issue.code for issue in reading.issues}),
    }


def page_of(case: Path) -> PageInput:
    meta = json.loads((case / "meta.json").read_text("utf-8"))
    body = next(case.glob("input.*")).read_bytes()
    return PageInput(body, meta.get("url"), meta.get("portal"), meta.get("content_type"), name=str(case))


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_page(case: Path) -> None:
    got = outcome(read(page_of(case), load_knowledge()))
    expected = case / "expected.json"
    if not expected.exists():
        expected.write_text(json.dumps(got, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(f"{expected} was missing and has been written: review, then commit")
    assert got == json.loads(expected.read_text("utf-8"))


def test_there_are_cases() -> None:
    assert len(CASES) >= 30
    assert all("constructed" in (case / "meta.json").read_text("utf-8") for case in CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_offsets_point_at_the_words(case: Path) -> None:
    reading = read(page_of(case), load_knowledge())
    for party in reading.parties:
        if party.start is not None and party.end is not None:
            assert "".join(party.name.split()) in "".join(reading.text[party.start : party.end].split()), party
    for mention in reading.mentions:
        assert reading.text[mention.start : mention.end] == mention.surface
    for span in reading.spans:
        assert 0 <= span.start < span.end <= len(reading.text)
