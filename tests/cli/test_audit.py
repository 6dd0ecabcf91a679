"""``caigou audit``: keys from standard input, a table of answers, and the number that comes out."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db import manifest
from db.filters import Filters
from db.link import link
from nlp.types import MentionRole
from tests.cli.conftest import Caigou
from tests.cli.inside import inside
from tests.db import world
from tests.db.making import store
from tests.db.test_questions import award


@pytest.fixture
def caigou(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Caigou:
    return inside(tmp_path / "home", database_url, monkeypatch, capsys)


@pytest.fixture
def three(engine: Engine, tmp_path: Path) -> Path:
    """Two awards and one that only compares; the saved count of them."""
    path = tmp_path / "m.json"
    with Session(engine) as session, session.begin():
        world.seeds(session)
        pages = [award(str(n), number=f"A-2022-00{n}", name="一二三"[n - 1]) for n in (1, 2)]
        pages.append(award("3", number="A-2022-003", name="三", role=MentionRole.COMPARED))
        store(session, [("ccgp", page) for page in pages])
        link(session)
        manifest.write(session, Filters(brand=("seagate",)), path)
    return path


def test_answers_by_keys(three: Path, caigou: Caigou, tmp_path: Path) -> None:
    kept = tmp_path / "answers.csv"
    done = caigou("audit", "--manifest", three, "--rung", "N1", "--answers", kept, stdin="maybe\ny\ns\nn b\n")
    assert done.code == 0, done.err
    assert "not understood: 'maybe'" in done.out
    assert "1 of 3 drawn have no answer" in done.err
    with kept.open(encoding="utf-8-sig", newline="") as handle:
        assert sorted(row["belongs"] for row in csv.DictReader(handle)) == ["", "n", "y"]
    # Those answered are not asked again; the end of input ends it.
    again = caigou("audit", "--manifest", three, "--rung", "N1", "--answers", kept, stdin="")
    assert again.out.count("does this belong") == 1


def test_a_table_of_answers_gives_the_number(three: Path, caigou: Caigou, tmp_path: Path) -> None:
    table = tmp_path / "sample.csv"
    assert caigou("audit", "--manifest", three, "--rung", "N1", "--export", table).code == 0
    with table.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [set(row) & {"stratum", "role", "level"} for row in rows] == [set()] * 3
    for row in rows:
        row["belongs"], row["reason"] = ("n", "buyer") if row["notice"] == "ccgp/1" else ("y", "")
    with table.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    told = caigou("audit", "--manifest", three, "--rung", "N1", "--answers", table, "--json").json
    assert told["stated"] == {"lower": 2, "upper": 2}
    assert told["estimate"] == {"low": 2, "point": 2.0, "high": 2}  # one wrong, one missed
    assert told["reasons"] == {"buyer": 1}
    assert {(w["notice"], w["what"]) for w in told["wrong"]} == {("ccgp/1", "counted wrongly"), ("ccgp/3", "missed")}
    shown = caigou("audit", "--manifest", three, "--rung", "N1", "--answers", table, stdin="").out
    assert "by this sample: 2, between 2 and 2" in shown
    other = caigou("audit", "--manifest", three, "--rung", "N4", "--answers", table, "--json")
    assert other.code == 2
    assert "was not drawn" in other.err


def test_a_live_count_and_an_empty_one(three: Path, caigou: Caigou) -> None:
    told = caigou("audit", "--brand", "seagate", "--json").json
    assert (told["rung"], told["stated"]["lower"], told["estimate"]["point"]) == ("N4", 2, None)
    told = caigou("audit", "--brand", "dahua", "--json").json
    assert told["estimate"] == {"low": 0, "point": 0, "high": 0}


def test_usage(three: Path, caigou: Caigou, tmp_path: Path) -> None:
    assert caigou("audit", "--manifest", tmp_path / "no.json").code == 2
    assert caigou("audit", "--manifest", three, "--brand", "seagate").code == 2
    assert caigou("audit", "--brand", "nobody").code == 2
    assert caigou("audit", "--brand", "seagate", "--rung", "N7").code == 2
    three.write_text(three.read_text(encoding="utf-8").replace('"lower": 2', '"lower": 3'), encoding="utf-8")
    changed = caigou("audit", "--manifest", three)
    assert changed.code == 1
    assert "changed since" in changed.err
