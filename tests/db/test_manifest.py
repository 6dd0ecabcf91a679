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
from db.models.review import ReviewKind
from db.review import review_pair
from nlp.types import PageState
from tests.db import world
from tests.db.making import START, V1, V2, line, store
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
    with pytest.raises(manifest.ManifestEditedError, match=r"does not fit\): ladder") as edited:
        manifest.read(path)
    assert manifest.edits(seeded, edited.value) == [
        "ladder.N5.lower: 21 in the file, 20 in the store",
    ]
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


@pytest.mark.parametrize("part", ["model", "reader"])
def test_a_model_and_a_reader_are_told_apart(seeded: Session, part: str) -> None:
    store(seeded, [("ccgp", award())])
    link(seeded)
    first = manifest.make(seeded, ASKED)
    other = replace(award(items=[line("seagate", "19", lot="1")]), versions=replace(V1, **{part: "newer"}))
    # The same page read by another program: the content's digest is the page's, not the reading's.
    store(seeded, [("ccgp", replace(other, content_digest=award().content_digest))])
    link(seeded)
    assert causes(seeded, first).keys() == {part}


def test_another_grouping_is_told_as_link(seeded: Session) -> None:
    """Two awards that a person puts into one procurement: nothing was captured, read or judged anew but the grouping."""
    store(seeded, [("ccgp", award("1")), ("ccgp", award("5", number="B-2022-005", name="五"))])
    link(seeded)
    first = manifest.make(seeded, ASKED)
    review_pair(seeded, "ccgp/1", "ccgp/5", same=True, kind=ReviewKind.SAME_PROCESS, reviewer="anna")
    link(seeded)
    assert causes(seeded, first).keys() == {"link"}


def test_what_nothing_stored_explains_is_the_program_s(seeded: Session) -> None:
    store(seeded, [("ccgp", award())])
    link(seeded)
    first = manifest.make(seeded, ASKED)
    (line_of,) = first["rungs"]["N4"].values()
    line_of["units"] = "19"  # an older program counted otherwise
    assert causes(seeded, first) == {"code": {"N4 changed"}}


def test_two_files_are_compared_without_asking_again(seeded: Session) -> None:
    store(seeded, [("ccgp", award())])
    link(seeded)
    first = manifest.make(seeded, ASKED)
    store(seeded, [("ccgp", correction(), START + dt.timedelta(days=30))])
    link(seeded)
    second = manifest.make(seeded, ASKED)
    store(seeded, [("ccgp", award("8", number="QHZC-2022-0800", name="又一批硬盘采购"), START + dt.timedelta(days=60))])
    link(seeded)
    assert {d.cause for d in manifest.explain(seeded, first, second)} == {"correction"}
    assert {d.cause for d in manifest.explain(seeded, second)} == {"new evidence"}
    assert manifest.explain(seeded, second, second) == []


@pytest.mark.parametrize(
    ("change", "parts", "told"),
    [
        (lambda m: m["ladder"]["N1"].update(upper=9), "ladder", ["ladder.N1.upper: 9 in the file, 1 in the store"]),
        (lambda m: m["rungs"]["N2"].clear(), "rungs", None),
        (lambda m: m["query"].update(brand=["wd"]), "query", []),
        (lambda m: m.update(as_of="2020-01-01T00:00:00+00:00"), "as_of", []),
        (lambda m: m.update(extra=1), "extra", ["extra: 1 in the file, nothing in the store"]),
        (lambda m: m.pop("coverage"), "coverage", None),
    ],
)
def test_an_edit_is_named_by_its_place(seeded: Session, tmp_path: Path, change, parts: str, told) -> None:
    store(seeded, [("ccgp", award())])
    link(seeded)
    path = tmp_path / "a.json"
    made = manifest.write(seeded, ASKED, path)
    change(made)
    path.write_text(manifest.dump(made), encoding="utf-8")
    with pytest.raises(manifest.ManifestEditedError) as edited:
        manifest.read(path)
    assert edited.value.parts == (parts,)
    found = manifest.edits(seeded, edited.value)
    assert found == told if told is not None else all(line.startswith(parts) for line in found) and found


def test_an_edit_that_takes_its_digest_along_is_found_by_asking_again(seeded: Session, tmp_path: Path) -> None:
    store(seeded, [("ccgp", award())])
    link(seeded)
    made = manifest.make(seeded, ASKED)
    made["ladder"]["N5"]["lower"] = 4000
    made["parts"] = manifest._parts(made)
    made["digest"] = manifest.digest(made)
    path = tmp_path / "a.json"
    path.write_text(manifest.dump(made), encoding="utf-8")
    verified = manifest.verify(seeded, manifest.read(path))
    assert not verified.ok


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
