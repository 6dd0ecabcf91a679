"""Order of arrival, repetition and batch size never change a count; what comes later never changes the past."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from db import world as world_then
from db.count import count, ladder
from db.count.ladder import ladder_json
from db.desk.sheet import Moment
from db.filters import Filters
from db.link import link, link_some, relink
from nlp.types import NoticeType
from tests.db import world
from tests.db.making import START, V2, buyer, line, reading, store, supplier
from tests.db.test_world import QUESTIONS, SEAGATE

SOME = (
    "seagate in xinjiang public security",
    "both together",
    "corrected away",
    "award and contract are two announcements",
)
EARLY = START + dt.timedelta(days=40)


def small_world() -> list[world.Page]:
    """The world without the noise, each page captured on its own day; some pages captured twice, some changed in between."""
    pages = []
    for index, (portal, page, at) in enumerate(
        p for p in world.pages() if not (p[1].notice.source_id or "").startswith("n")
    ):
        when = at + dt.timedelta(days=index % 60)
        pages.append((portal, page, when))
        if index % 7 == 0:
            pages.append((portal, page, when + dt.timedelta(days=20)))
        if index % 11 == 0:
            changed = replace(page, content_digest=f"changed-{index}", items=(), mentions=())
            pages.append((portal, changed, when + dt.timedelta(days=25)))
    return pages


def answers(session: Session, **moment: dt.datetime) -> dict[str, object]:
    return {name: ladder_json(count(session, replace(QUESTIONS[name][0], **moment)).ladder) for name in SOME} | {
        "groups": count(session, replace(SEAGATE, **moment), "buyer").groups
    }


def without_ids(told: dict[str, object]) -> dict[str, object]:
    groups = [{**group, "key": None} for group in told["groups"]]  # type: ignore[attr-defined]
    return {**told, "groups": sorted(groups, key=repr)}


@pytest.fixture
def seeded(session: Session) -> Session:
    world.seeds(session)
    return session


@pytest.fixture(scope="module")
def expected() -> dict[str, object]:
    return {}


@pytest.mark.parametrize("seed", range(4))
def test_order_repetition_and_batches(seeded: Session, expected: dict[str, object], seed: int) -> None:
    chance = random.Random(seed)
    pages = small_world()
    if seed:
        chance.shuffle(pages)
        pages += chance.sample(pages, 10)
    for first in range(0, len(pages), 23 if seed else 1000):
        store(seeded, pages[first : first + 23 if seed else 1000], batch=chance.choice([1, 5, 1000]) if seed else 1000)
        if seed and chance.random() < 0.6:
            while link_some(seeded, chance.choice([3, 50])).notices:
                pass
    link(seeded)
    told = without_ids(answers(seeded))
    assert expected.setdefault("now", told) == told
    past = without_ids(answers(seeded, as_of=EARLY))
    assert expected.setdefault("past", past) == past
    assert past != told


@pytest.mark.parametrize("seed", range(3))
def test_later_data_never_changes_the_past(seeded: Session, seed: int) -> None:
    pages = small_world()
    random.Random(seed).shuffle(pages)
    early = [p for p in pages if p[2] <= EARLY]
    late = [p for p in pages if p[2] > EARLY]
    store(seeded, early)
    link(seeded)
    before = without_ids(answers(seeded))
    then = seeded.execute(text("select tick from ledger")).scalar_one()
    for first in range(0, len(late), 9):
        store(seeded, late[first : first + 9])
        link(seeded)
    assert without_ids(answers(seeded, as_of=EARLY)) == before
    store(seeded, [(portal, replace(page, versions=V2, mentions=()), at) for portal, page, at in early[:20]])
    link(seeded)
    assert without_ids(answers(seeded, known_at=then, as_of=EARLY)) == before
    assert without_ids(answers(seeded, known_at=then)) == before


def test_a_past_laid_out_for_the_places_asked_is_the_whole_past(
    seeded: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(seeded, small_world())
    link(seeded)
    asked = [
        (replace(filters, since=None, until=None), replace(filters, region=region, since=None, until=None, as_of=EARLY))
        for filters in (SEAGATE, replace(SEAGATE, brand=("wd",), party="end_user"), Filters())
        for region in (("65",), ("654000",), ("659002",), ("53",), ("65", "53"))
    ]
    narrowed = [ladder_json(count(seeded, then).ladder) for _, then in asked]
    laid_out: list[object] = []

    def whole(session: Session, moment: Moment, brands: object = None, divisions: object = None) -> object:
        laid_out.append(divisions)
        return world_then.world(session, moment)

    monkeypatch.setattr(ladder, "world", whole)
    assert [ladder_json(count(seeded, then).ladder) for _, then in asked] == narrowed
    assert all(laid_out)
    assert len({repr(told) for told in narrowed}) > 4
    assert [ladder_json(count(seeded, now).ladder) for now, _ in asked] != narrowed


def test_a_copy_that_names_no_buyer_is_where_the_other_copy_says(seeded: Session) -> None:
    said = {
        "title": "明川市公安局监控硬盘采购项目中标公告",
        "name": "明川市公安局监控硬盘采购项目",
        "number": "YLZC-2021-0099",
        "suppliers": [supplier("云岭恒信科技有限公司")],
    }
    with_lines = reading(NoticeType.AWARD, id_="x1", day="2021-03-01", items=[line("seagate", "7")], **said)
    with_buyer = reading(NoticeType.AWARD, id_="x2", day="2021-03-01", buyers=[buyer("明川市公安局", "530100")], **said)
    contract = reading(
        NoticeType.CONTRACT, id_="x3", day="2021-04-20", buyers=[buyer("明川市公安局", "530100")], items=[line("seagate", "7")],
        **{**said, "title": "明川市公安局监控硬盘采购项目合同公告"},
    )  # fmt: skip
    store(
        seeded,
        [("ccgp", with_lines, START), ("ccgp-x", with_buyer, START), ("ccgp", contract, EARLY + dt.timedelta(9))],
    )
    link(seeded)
    asked = Filters(brand=("seagate",), region=("53",), as_of=EARLY)
    told = count(seeded, asked).ladder
    assert (told["N0"].lower, told["N1"].lower, told["N5"].lower) == (1, 1, 7)
    assert count(seeded, replace(asked, region=("65",))).ladder["N1"].upper == 0


def test_copies_that_were_one_then_and_are_apart_now(seeded: Session) -> None:
    """The copy that spoke for the announcement then, and said where its buyer is, has become another notice since."""
    said = {
        "title": "明川市公安局设备采购项目中标公告",
        "name": "明川市公安局设备采购项目",
        "number": "YLZC-2021-0098",
        "day": "2021-03-01",
        "suppliers": [supplier("云岭恒信科技有限公司")],
    }
    named = reading(
        NoticeType.AWARD, id_="y1", buyers=[buyer("明川市公安局", "530100")], items=[line("seagate", "7")], **said
    )
    spoke = reading(
        NoticeType.AWARD,
        id_="y2",
        buyers=[buyer("明川市公安局", "650100")],
        items=[line("wd", "3"), line("wd", "4")],
        **said,
    )
    other = {
        **said,
        "title": "清河区公安局车辆采购项目中标公告",
        "name": "清河区公安局车辆采购项目",
        "number": "QHZC-2021-7000",
    }
    became = reading(NoticeType.AWARD, id_="y2", buyers=[buyer("清河区公安局", "650200")], **other)
    asked = Filters(brand=("seagate",), region=("65",))
    store(seeded, [("ccgp", named, START), ("ccgp-x", spoke, START)])
    link(seeded)
    before = ladder_json(count(seeded, asked).ladder)
    assert before["N1"]["lower"] == 1
    store(seeded, [("ccgp-x", became, EARLY + dt.timedelta(9)), ("ccgp", named, EARLY + dt.timedelta(9))])
    link(seeded)
    assert ladder_json(count(seeded, asked).ladder)["N1"]["upper"] == 0
    assert ladder_json(count(seeded, replace(asked, as_of=EARLY)).ladder) == before


def test_linking_everything_again_changes_nothing(seeded: Session) -> None:
    store(seeded, small_world())
    link(seeded)
    before = answers(seeded)
    relink(seeded)
    link(seeded, batch=17)
    assert answers(seeded) == before


def test_an_empty_store_answers(seeded: Session) -> None:
    told = count(seeded, Filters(brand=("seagate",)))
    assert told.as_of is None
    assert {b.upper for b in told.ladder.values()} == {0}
    assert told.groups == []
