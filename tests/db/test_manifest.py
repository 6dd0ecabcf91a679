from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from db import manifest
from db.filters import Filters
from db.link import link
from nlp.types import PageState
from tests.db import world
from tests.db.making import START, V2, line, store
from tests.db.test_questions import award, correction, review
from tests.db.test_world import QUESTIONS, SEAGATE

ASKED = Filters(brand=("seagate",))


@pytest.fixture
def seeded(session: Session) -> Session:
    world.seeds(session)
    return session


def causes(session: Session, old: manifest.Manifest) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for difference in manifest.explain(session, old):
        found.setdefault(difference.cause, set()).add(f"{difference.rung} {difference.change}")
    return found


def test_every_named_question_verifies_byte_for_byte_after_more_came_in(seeded: Session) -> None:
    store(seeded, world.pages())
    link(seeded)
    kept = {name: manifest.dump(manifest.make(seeded, filters)) for name, (filters, _) in list(QUESTIONS.items())[::2]}
    store(seeded, [("ccgp", award("90")), ("ccgp", correction(), START + dt.timedelta(days=400))])
    store(seeded, [(portal, page, at + dt.timedelta(days=300)) for portal, page, at in world.pages()[:60]])
    link(seeded)
    for name, before in kept.items():
        pinned = json.loads(before)
        assert manifest.verify(seeded, pinned).ok, name
        assert manifest.dump(manifest._make(seeded, Filters.from_json(pinned["query"]))) == before, name


def test_the_file_is_whole_and_edits_are_noticed(seeded: Session, tmp_path: Path) -> None:
    store(seeded, [("ccgp", award())])
    link(seeded)
    path = tmp_path / "a.json"
    made = manifest.write(seeded, ASKED, path)
    assert manifest.read(path) == made
    assert list(tmp_path.iterdir()) == [path]
    path.write_text(path.read_text(encoding="utf-8").replace('"lower": 20', '"lower": 21'), encoding="utf-8")
    with pytest.raises(manifest.ManifestError, match="changed since"):
        manifest.read(path)
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(manifest.ManifestError, match="not a manifest"):
        manifest.read(path)


def test_verify_tells_what_differs(seeded: Session) -> None:
    store(seeded, [("ccgp", award())])
    link(seeded)
    made = manifest.make(seeded, ASKED)
    made["rungs"]["N2"]["ocds-caigou-invented"] = {"level": 0, "processes": []}
    told = manifest.verify(seeded, made)
    assert not told.ok
    assert [(d.rung, d.change) for d in told.differences] == [("N2", "removed")]


def test_causes(seeded: Session) -> None:
    store(seeded, [("ccgp", award())])
    link(seeded)
    first = manifest.make(seeded, ASKED)
    assert causes(seeded, first) == {}

    store(seeded, [("ccgp", correction(), START + dt.timedelta(days=30))])
    link(seeded)
    assert causes(seeded, first).keys() == {"correction"}

    second = manifest.make(seeded, ASKED)
    store(seeded, [("ccgp", award("7", number="QHZC-2022-0700", name="另一批硬盘采购"), START - dt.timedelta(days=1))])
    link(seeded)
    assert causes(seeded, second).keys() == {"late capture"}

    third = manifest.make(seeded, ASKED)
    store(seeded, [("ccgp", award("8", number="QHZC-2022-0800", name="又一批硬盘采购"), START + dt.timedelta(days=60))])
    link(seeded)
    assert causes(seeded, third).keys() == {"new evidence"}


def test_a_lexicon_a_review_a_page_and_a_takedown_are_told_apart(seeded: Session) -> None:
    read_again = {"extra": "\n"}
    store(seeded, [("ccgp", award(**read_again))])
    link(seeded)
    first = manifest.make(seeded, ASKED)
    other = replace(award(**read_again), mentions=(), versions=V2)
    store(seeded, [("ccgp", other)])
    link(seeded)
    assert causes(seeded, first).keys() == {"lexicon"}
    second = manifest.make(seeded, ASKED)
    store(seeded, [("ccgp", award(**read_again))])
    link(seeded)
    assert causes(seeded, second).keys() == {"lexicon"}

    third = manifest.make(seeded, ASKED)
    review(seeded, "incidental")
    assert causes(seeded, third).keys() == {"review"}

    review_gone(seeded)
    fourth = manifest.make(seeded, ASKED)
    store(seeded, [("ccgp", award(items=[line("wd", "20", lot="1")]), START + dt.timedelta(days=1))])
    link(seeded)
    assert causes(seeded, fourth).keys() == {"changed page"}


def test_a_page_found_to_be_no_notice_is_a_takedown(seeded: Session) -> None:
    store(seeded, [("ccgp", award())])
    link(seeded)
    first = manifest.make(seeded, ASKED)
    store(seeded, [("ccgp", replace(award(), state=PageState.ERROR_PAGE, versions=V2))])
    link(seeded)
    assert causes(seeded, first).keys() == {"takedown"}
    assert manifest.verify(seeded, first).ok


def review_gone(session: Session) -> None:
    session.execute(text("update review set superseded_at = clock_timestamp()"))
    link(session, session.execute(text("select id from notice")).scalars())


def test_the_manifest_of_a_ladder_holds_what_was_counted(seeded: Session) -> None:
    store(seeded, world.pages())
    link(seeded)
    made = manifest.make(seeded, SEAGATE)
    for rung in ("N1", "N2", "N3", "N4", "buyers", "suppliers"):
        levels = [entry["level"] for entry in made["rungs"][rung].values()]
        bounds = made["ladder"][rung]
        assert (levels.count(0), levels.count(0) + levels.count(1), len(levels)) == tuple(bounds.values()), rung
    assert (
        sum(int(e["units"] or 0) for e in made["rungs"]["N4"].values() if e["level"] == 0)
        == made["ladder"]["N5"]["lower"]
    )
