"""``caigou review`` as a person uses it: a session with keys from standard input, a table, one command, and what a count says after it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from db.link import link
from nlp.types import MentionRole
from tests.cli.conftest import Caigou, run
from tests.cli.inside import inside
from tests.db import world
from tests.db.making import line, store
from tests.db.test_questions import award


@pytest.fixture
def caigou(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Caigou:
    return inside(tmp_path / "home", database_url, monkeypatch, capsys)


GUESS = {"role": MentionRole.UNRESOLVED, "best": MentionRole.AWARDED, "score": 0.4}
SEAGATE = ("--brand", "seagate", "--json")


@pytest.fixture
def two_open(engine: Engine) -> Engine:
    """Two awards left open, of 500 and of 20 drives."""
    with Session(engine) as session, session.begin():
        world.seeds(session)
        large = award("1", number="A-2022-001", name="一", **{**GUESS, "items": [line("seagate", "500", lot="1")]})
        store(session, [("ccgp", large), ("ccgp", award("2", number="A-2022-002", name="二", **GUESS))])
        link(session)
    return engine


def bounds(caigou: Caigou, *more: str) -> tuple[int, int, int]:
    told = caigou("count", *SEAGATE, *more).json["ladder"]["N5"]
    return told["lower"], told["point"], told["upper"]


def test_a_session_by_keys(two_open: Engine, caigou: Caigou) -> None:
    assert bounds(caigou) == (0, 520, 520)
    done = caigou("review", "--by", "anna", stdin="?\nwhat\ny\nn only a plan\n4\n")
    assert done.code == 0, done.err
    assert "Seagate" in done.out
    assert "[1/2]" in done.out
    assert "500 units" in done.out
    assert "4 required" in done.out
    assert "not understood: 'what'" in done.out
    assert "2 decided by anna (1 confirmed, 1 corrected)" in done.err
    assert bounds(caigou) == (500, 500, 500)
    assert bounds(caigou, "--reviewed-only") == (500, 500, 500)
    with Session(two_open) as session:
        notes = session.execute(text("select role, note, reviewer from review order by id")).all()
    assert [tuple(row) for row in notes] == [("awarded", None, "anna"), ("required", "only a plan", "anna")]
    assert caigou("review", "--by", "anna", stdin="").err.endswith("nothing to decide\n")


def test_back_skip_quit_and_the_end_of_input(two_open: Engine, caigou: Caigou) -> None:
    done = caigou("review", "--by", "anna", stdin="s\nb\ninstalled\nq\ny\n")
    assert "1 decided by anna (0 confirmed, 1 corrected), 1 skipped" in done.err
    assert bounds(caigou) == (0, 20, 20)
    done = caigou("review", "--by", "anna", stdin="b\nsup")
    assert done.code == 0
    assert "1 decided" in done.err
    assert bounds(caigou) == (0, 0, 0)


def test_nobody_cannot_decide(two_open: Engine, caigou: Caigou) -> None:
    for arguments in (("review",), ("review", "decide", "ccgp/1", "0", "1", "awarded")):
        refused = caigou(*arguments, stdin="y\n")
        assert refused.code == 2
        assert "--by NAME" in refused.err
    assert bounds(caigou) == (0, 520, 520)


def test_the_queue_as_json(two_open: Engine, caigou: Caigou) -> None:
    asked = caigou("review", "--json").lines
    assert [(q["notice"], q["units"], q["proposal"]) for q in asked] == [
        ("ccgp/1", "500", "awarded"),
        ("ccgp/2", "20", "awarded"),
    ]
    assert caigou("review", "--json", "--brand", "dahua").out == ""
    assert caigou("review", "--json", "--brand", "nobody").code == 2


def test_one_decision_by_command_and_a_second_opinion(two_open: Engine, caigou: Caigou) -> None:
    spot = caigou("review", "--json").lines[0]
    at = ("review", "decide", spot["notice"], spot["start"], spot["end"])
    done = caigou(*map(str, at), "awarded", "--by", "anna", "--json")
    assert done.json["stands"]
    assert bounds(caigou) == (500, 520, 520)
    done = caigou(*map(str, at), "installed", "--by", "bert", "--second")
    assert "second opinion" in done.err
    assert bounds(caigou) == (500, 520, 520)
    told = caigou("review", "agreement", "--json").json
    assert told["pairs"][0] == {
        "reviewers": ["anna", "bert"], "mentions": 1, "alike": 0, "share": 0.0, "kappa": 0.0, "purchased": 0.0,
    }  # fmt: skip
    assert told["disputes"][0]["roles"] == {"anna": "awarded", "bert": "installed"}
    shown = caigou("review", "agreement").out
    assert "anna: awarded; bert: installed" in " ".join(shown.split())
    assert caigou(*map(str, at), "bougth", "--by", "anna").code == 2
    wrong = caigou("review", "decide", "ccgp/1", "0", "3", "awarded", "--by", "anna")
    assert wrong.code == 2
    assert f"{spot['start']}-{spot['end']} Seagate" in wrong.err


def test_a_table_out_and_in(two_open: Engine, caigou: Caigou, tmp_path: Path) -> None:
    table = tmp_path / "queue.csv"
    assert caigou("review", "--export", table).code == 0
    with table.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["notice"] for row in rows] == ["ccgp/1", "ccgp/2"]
    rows[0]["role"] = "awarded"
    with table.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    done = caigou("review", "--import", table, "--by", "anna", "--json")
    assert done.code == 0, done.err
    assert done.json == {"decided": 1, "opinions": 0, "copies": 0, "same": 0, "empty": 1, "refused": []}
    assert bounds(caigou) == (500, 520, 520)
    assert caigou("review", "--export", tmp_path / "kept.csv", "--decided").code == 0
    again = caigou("review", "--import", tmp_path / "kept.csv", "--json")
    assert again.json["same"] == 1
    (tmp_path / "broken.csv").write_text("notice,role\nx,awarded\n", encoding="utf-8")
    assert caigou("review", "--import", tmp_path / "broken.csv").code == 2
    assert caigou("review", "--import", tmp_path / "nothing.csv").code == 2


def test_rows_refused_end_with_one(two_open: Engine, caigou: Caigou, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("notice,brand,start,end,role\nccgp/1,seagate,0,2,awarded\n", encoding="utf-8")
    done = caigou("review", "--import", table, "--by", "anna")
    assert done.code == 1
    assert "line 2" in done.err


def test_nothing_stored_nothing_asked(caigou: Caigou) -> None:
    assert caigou("review", "--by", "anna", stdin="y\n").err.endswith("nothing to decide\n")
    assert caigou("review", "--json").out == ""
    assert "nobody has judged" in caigou("review", "agreement").err
    assert json.loads(caigou("review", "agreement", "--json").out)["pairs"] == []


def test_a_session_in_a_process_of_its_own(two_open: Engine, tmp_path: Path, database_url: str) -> None:
    done = run("review", "--by", "anna", "--limit", "1", stdin="y\n", home=tmp_path / "home", database_url=database_url)
    assert (done.code, "1 decided by anna" in done.err) == (0, True)
