"""``caigou count`` with manifests: an edited file is told by its place, two files are compared by cause."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import Engine

from db.engine import session_scope
from db.link import link
from tests.cli.conftest import Caigou
from tests.cli.inside import inside
from tests.db import world
from tests.db.making import START, store
from tests.db.test_questions import award, correction


@pytest.fixture
def caigou(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Caigou:
    return inside(tmp_path / "home", database_url, monkeypatch, capsys)


def bring(engine: Engine, *pages: world.Page) -> None:
    with session_scope(engine) as session:
        store(session, pages)
        link(session)


def test_two_files_an_edited_one_and_one_of_another_question(caigou: Caigou, engine: Engine, tmp_path: Path) -> None:
    with session_scope(engine) as session:
        world.seeds(session)
    bring(engine, ("ccgp", award("1"), START))
    old, new, other = (tmp_path / f"{name}.json" for name in ("old", "new", "other"))
    assert caigou("count", "--brand", "seagate", "--manifest", old).code == 0
    bring(engine, ("ccgp", correction(), START + dt.timedelta(30)))
    assert caigou("count", "--brand", "seagate", "--manifest", new).code == 0
    assert caigou("count", "--brand", "wd", "--manifest", other).code == 0

    bring(engine, ("ccgp", award("8", number="B-2022-008", name="八"), START + dt.timedelta(60)))
    told = caigou("count", "--diff", old, new, "--json")
    assert (told.code, {line["cause"] for line in told.lines}) == (0, {"correction"})
    assert {line["cause"] for line in caigou("count", "--diff", new, "--json").lines} == {"new evidence"}
    assert caigou("count", "--diff", old, other).code == 2
    assert caigou("count", old).code == 2
    assert caigou("count", "--verify", old).code == 0

    old.write_text(old.read_text(encoding="utf-8").replace('"lower": 20', '"lower": 21'), encoding="utf-8")
    edited = caigou("count", "--verify", old)
    assert edited.code == 1
    assert "ladder.N5.lower: 21 in the file, 20 in the store" in edited.err
    assert "changed since it was written (its digest does not fit): ladder" in edited.err
    assert "Traceback" not in edited.err
    assert caigou("count", "--verify", old, "--json").json["edited"] == ["ladder"]
    assert caigou("count", "--diff", old, new).code == 1
