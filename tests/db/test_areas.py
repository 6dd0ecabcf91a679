"""The technology area is the item's: one brand's reagent and freezer are two areas, and what is not known is said, not guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from db.bought import bought
from db.clock import last_tick
from db.count import count
from db.filters import Filters, UnknownValue
from db.link import link
from db.search import search
from nlp.types import MentionRole, NoticeReading, NoticeType
from tests.db import world
from tests.db.making import V2, awarded, buyer, line, reading, store, supplier

SHOP = "云岭恒信科技有限公司"
CITY = buyer("清河第一县公安局", "654001")
LINES = (
    ("thermofisher", "试剂", "30", "dna_biotech", "model@1"),
    ("thermofisher", "超低温冰箱", "2", "laboratory", "model@1"),
    ("thermofisher", "配件", "5", None, "below_threshold"),
    ("thermofisher", "会议桌", "1", None, "outside"),
    (None, "恒温混匀仪", "4", "laboratory", "model@1"),
)


def award(id_: str = "1", lines: tuple[tuple[str | None, str, str, str | None, str], ...] = LINES) -> NoticeReading:
    made = reading(
        NoticeType.AWARD, id_=id_, title=f"清河第一县公安局实验室设备采购项目{id_}中标公告", day="2022-01-05", buyers=[CITY],
        suppliers=[supplier(SHOP)], lots=[awarded("1", SHOP, "12000.00")], number=f"QHZC-2022-{id_}", name=f"实验室设备采购项目{id_}",
        items=[line(brand, quantity, "台", name=name, lot="1") for brand, name, quantity, _, _ in lines],
    )  # fmt: skip
    areas = [(area, rule) for *_, area, rule in lines]
    items = tuple(replace(i, area=a, area_rule=r, area_score=0.9) for i, (a, r) in zip(made.items, areas, strict=True))
    mentions = tuple(
        replace(m, area=areas[m.item][0], area_rule=areas[m.item][1]) if m.item is not None else m
        for m in made.mentions
    )
    return replace(made, items=items, mentions=mentions)


@pytest.fixture
def seeded(session: Session) -> Session:
    world.seeds(session)
    return session


def units(session: Session, *areas: str, **more: object) -> object:
    return count(session, Filters(area=areas, **more)).ladder["N5"].lower  # type: ignore[arg-type]


def test_the_items_of_one_brand_and_notice_are_told_apart(seeded: Session) -> None:
    store(seeded, [("ccgp", award())])
    link(seeded)
    assert units(seeded, "dna_biotech") == 30
    assert units(seeded, "laboratory") == 2 + 4
    assert units(seeded, "laboratory", brand=("thermofisher",)) == 2
    assert units(seeded, "laboratory", "dna_biotech") == 36
    assert units(seeded, "outside") == 1
    assert units(seeded, "automobiles") == 0
    assert [(r.item, r.area) for r in bought(seeded, Filters(area=("laboratory",), brand=("thermofisher",)))] == [
        ("超低温冰箱", "laboratory")
    ]


def test_an_unknown_area_is_in_no_area_and_is_counted(seeded: Session) -> None:
    store(seeded, [("ccgp", award("1")), ("ccgp", award("2", LINES[:1]))])
    link(seeded)
    asked = count(seeded, Filters(area=("dna_biotech",)))
    assert asked.ladder["N1"].lower == 2
    assert asked.coverage["area_unknown"] == 1
    assert "area_unknown" not in count(seeded, Filters(brand=("thermofisher",))).coverage
    shown = {row.item: row.area for row in bought(seeded, Filters(brand=("thermofisher",)))}
    assert shown == {"试剂": "dna_biotech", "超低温冰箱": "laboratory", "配件": None, "会议桌": "outside"}


def test_by_area_adds_up_and_shows_what_is_not_known(seeded: Session) -> None:
    store(seeded, [("ccgp", award())])
    link(seeded)
    whole = count(seeded, Filters(brand=("thermofisher",)), "area")
    assert {(g["key"], g["name"], g["ladder"]["N5"]["lower"]) for g in whole.groups} == {
        ("dna_biotech", "DNA and biotechnology", 30),
        ("laboratory", "laboratory equipment", 2),
        ("outside", "outside", 1),
        (None, None, 5),
    }
    assert sum(g["ladder"]["N5"]["lower"] for g in whole.groups) == whole.ladder["N5"].lower


def test_a_mention_outside_any_line_has_its_own_area(seeded: Session) -> None:
    told = reading(
        NoticeType.TENDER, id_="5", title="清河第一县公安局仪器采购项目招标公告", day="2022-01-05", buyers=[CITY],
        others=[("seagate", MentionRole.REQUIRED), ("dahua", MentionRole.REQUIRED)],
    )  # fmt: skip
    disk, camera = told.mentions
    told = replace(told, mentions=(replace(disk, area="servers_storage", area_rule="brand"), camera))
    store(seeded, [("ccgp", told)])
    link(seeded)
    asked = count(seeded, Filters(area=("servers_storage",), roles=("sought",)))
    assert asked.ladder["N1"].lower == 1
    assert asked.coverage["area_unknown"] == 1
    assert {r.brand: r.area for r in bought(seeded, Filters(roles=("sought",)))} == {
        "Seagate": "servers_storage",
        "Dahua": None,
    }


def test_search_takes_areas_too(seeded: Session) -> None:
    store(seeded, [("ccgp", award())])
    link(seeded)
    assert search(seeded, "实验室", Filters(area=("laboratory",))).total == 1
    assert search(seeded, "实验室", Filters(area=("automobiles",))).total == 0


def test_an_area_of_yesterday_stays_yesterdays(seeded: Session) -> None:
    """Re-reading with another lexicon moves the line; a question about the time before does not see it."""
    store(seeded, [("ccgp", award("1", LINES[2:3]))])
    link(seeded)
    before = last_tick(seeded)
    newer = replace(award("1", (("thermofisher", "配件", "5", "laboratory", "brand"),)), versions=V2)
    store(seeded, [("ccgp", newer)])
    link(seeded)
    assert units(seeded, "laboratory") == 5
    assert units(seeded, "laboratory", known_at=before) == 0


@pytest.mark.parametrize(
    ("given", "id_"),
    [("DNA and biotechnology", "dna_biotech"), ("DNA_BIOTECH", "dna_biotech"), ("dna biotech", "dna_biotech"), ("outside", "outside")],
)  # fmt: skip
def test_an_area_goes_by_id_or_name(seeded: Session, given: str, id_: str) -> None:
    store(seeded, [("ccgp", award())])
    link(seeded)
    assert units(seeded, given) == units(seeded, id_) != 0


def test_what_is_no_area_is_refused_with_the_nearest(seeded: Session) -> None:
    with pytest.raises(UnknownValue, match="laboratory"):
        count(seeded, Filters(area=("laboratori",)))
