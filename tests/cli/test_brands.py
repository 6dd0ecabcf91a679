"""``caigou brands``: the seeds as a person asks for them, and the strings they do not know."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.candidates import candidates
from db.link import link
from nlp.types import Tier
from seeds.brands import load_brand_knowledge
from tests.cli.conftest import Caigou
from tests.cli.inside import inside
from tests.db import world
from tests.db.making import buyer, line, store
from tests.db.test_questions import award


@pytest.fixture
def caigou(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Caigou:
    return inside(tmp_path / "home", database_url, monkeypatch, capsys)


@pytest.fixture
def caigou_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Caigou:
    return inside(tmp_path / "home", "postgresql://nobody@127.0.0.1:1/nothing", monkeypatch, capsys)


def test_list_by_origin_and_area(caigou_alone: Caigou) -> None:
    every = caigou_alone("brands", "list", "--json").lines
    american = caigou_alone("brands", "list", "--json", "--origin", "us").lines
    assert {"seagate", "hikvision"} <= {b["id"] for b in every}
    assert 0 < len(american) < len(every)
    assert {b["origin"] for b in american} == {"US"}
    area = american[0]["areas"][0]
    assert any(area in b["areas"] for b in caigou_alone("brands", "list", "--json", "--area", area).lines)
    assert caigou_alone("brands", "list", "--origin", "XX").code == 2
    assert caigou_alone("brands", "list", "--area", "astrology").code == 2


def test_show_by_any_name_and_date(caigou_alone: Caigou) -> None:
    told = caigou_alone("brands", "show", "希捷", "--json").json
    assert (told["id"], told["name"]) == ("seagate", "Seagate")
    assert {"SkyHawk"} <= {x["line"] for x in told["lines"]}
    assert {a["strength"] for a in told["aliases"]} <= {"sure", "likely", "context", "beside"}
    assert caigou_alone("brands", "show", "SEAGATE").out.count("Seagate") >= 1
    unknown = caigou_alone("brands", "show", "Seagat")
    assert unknown.code == 2
    assert "nearest: Seagate" in unknown.err
    assert caigou_alone("brands", "show", "希捷", "--on", "yesterday").code == 2


def test_lint_tells_and_fails_on_errors_only(caigou_alone: Caigou) -> None:
    done = caigou_alone("brands", "lint", "--json")
    errors = [finding for finding in done.lines if finding["level"] == "error"]
    assert done.code == (1 if errors else 0)
    assert f"{len(errors)} errors" in done.err


@pytest.fixture
def columns(engine: Engine) -> Engine:
    """Brand columns of three notices, one of them on two portals."""
    with Session(engine) as session, session.begin():
        world.seeds(session)

        def cell(raw: str, name: str = "硬盘", model: str | None = None):
            return replace(line(None, "2", lot="1", name=name, model=model), brand_raw=raw)

        first = award("1", number="A-2022-001", name="一", items=[cell("云鸮", "夜视仪", "YX-9"), cell("希捷")])
        second = award("2", number="A-2022-002", name="二", items=[cell("希捷/云 鸮"), cell("国产"), cell("/")])
        school = award(
            "3",
            number="A-2022-003",
            name="三",
            items=[cell("ＢＯＧＵＳ"), cell("bogus")],
            buyers=[buyer("清河县第九中学", tier=Tier.OTHER)],
        )
        store(session, [("ccgp", first), ("ggzy", first), ("ccgp", second), ("ccgp", school)])
        link(session)
    return engine


def test_candidates_with_counts_and_examples(columns: Engine, caigou: Caigou) -> None:
    owl, bogus = caigou("brands", "candidates", "--json").lines
    assert (owl["notices"], owl["lines"], owl["public_security"], owl["origin"]) == (2, 2, 2, None)
    assert set(owl["spellings"]) == {"云鸮", "云 鸮"}
    assert {"notice": "ccgp/1", "item": "夜视仪", "model": "YX-9"} in owl["examples"]
    assert (bogus["notices"], bogus["lines"], bogus["public_security"]) == (1, 2, 0)
    assert len(caigou("brands", "candidates", "--json", "--limit", "1").lines) == 1
    assert caigou("brands", "candidates", "--json", "--least", "3").out == ""
    assert "origin unknown" in caigou("brands", "candidates").err


def test_what_is_known_is_no_candidate(columns: Engine) -> None:
    with Session(columns) as session:
        texts = {one.text for one in candidates(session, load_brand_knowledge())}
    assert not texts & {"希捷", "国产", "/"}


def test_an_empty_store_names_nothing(caigou: Caigou) -> None:
    assert caigou("brands", "candidates", "--json").out == ""
    assert "every brand cell" in caigou("brands", "candidates").err
