"""Lists at a date, and the importers for official files."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from nlp.orgs import analyse, company_key, identify, key
from seeds.lists import ListIndex, load_lists, read_consolidated_screening_list, read_opensanctions
from seeds.orgs import load_org_knowledge

DAY = dt.date(2022, 1, 1)


@pytest.fixture(scope="module")
def lists() -> ListIndex:
    return load_lists(load_org_knowledge())


def org_key(name: str) -> str:
    return key(name, load_org_knowledge(), DAY)


def ids(lists: ListIndex, name: str, on: dt.date) -> set[str]:
    return {match.listing.id for match in lists.listed(org_key(name), on)}


def test_listed_on_the_day_and_not_before(lists: ListIndex) -> None:
    assert ids(lists, "乌市公安局", dt.date(2019, 10, 8)) == set()
    assert ids(lists, "乌市公安局", dt.date(2019, 10, 9)) == {"bis-el16"}
    assert ids(lists, "乌鲁木齐市公安局（本级）", DAY) == {"bis-el16"}


def test_removed(lists: ListIndex) -> None:
    name = "公安部物证鉴定中心"
    assert ids(lists, name, dt.date(2020, 6, 4)) == set()
    assert ids(lists, name, dt.date(2023, 11, 15)) == {"bis-el21"}
    assert ids(lists, name, dt.date(2023, 11, 16)) == set()
    assert len(lists.history(org_key(name))) == 1


def test_lists_are_kept_apart(lists: ListIndex) -> None:
    matches = lists.listed(org_key("新疆公安厅"), DAY)
    assert {match.listing.list.value for match in matches} == {"entity_list", "sdn"}


def test_a_subordinate_is_not_listed_by_that(lists: ListIndex) -> None:
    below = identify(analyse("乌鲁木齐市公安局天山区分局", load_org_knowledge(), DAY), load_org_knowledge())
    assert lists.listed(below.key, DAY) == ()
    assert "bis-el16" in {match.listing.id for match in lists.above(below.chain, DAY)}


def test_other_organs_of_the_same_place_are_not_listed(lists: ListIndex) -> None:
    assert ids(lists, "喀什市公安局", DAY) == set()
    assert ids(lists, "喀什地区公安局", DAY) == {"bis-el09"}
    assert ids(lists, "乌鲁木齐市财政局", DAY) == set()


def test_vendors(lists: ListIndex) -> None:
    matches = lists.listed(company_key("杭州海康威视数字技术股份有限公司"), DAY)
    assert [(match.listing.id, match.reason, match.score) for match in matches] == [("bis-ev02", "name", 1.0)]


def test_every_row_is_cited(lists: ListIndex) -> None:
    assert len(lists.listings) > 75
    for listing in lists.listings:
        assert listing.authority
        assert listing.citation or listing.confidence == "low", listing
        assert listing.removed_on is None or listing.removed_on > listing.listed_on


def test_consolidated_screening_list() -> None:
    text = json.dumps(
        {
            "results": [
                {"id": "1", "source": "Entity List (EL)", "name": "Mingchuan Optics", "alt_names": ["明川光学有限公司"], "start_date": "2021-03-01", "federal_register_notice": "86 FR 1"},
                {"id": "2", "source": "Some Other List", "name": "Left Out"},
            ]
        }
    )  # fmt: skip
    found, left = read_consolidated_screening_list(text)
    assert left == ("Left Out",)
    index = load_lists(load_org_knowledge(), found)
    assert [m.listing.id for m in index.listed(company_key("明川光学有限公司"), DAY)] == ["csl-1"]
    with pytest.raises(ValueError, match="results"):
        read_consolidated_screening_list("{}")


def test_sources_are_told_by_their_code() -> None:
    sources = {
        "Entity List (EL) - Bureau of Industry and Security": "entity_list",
        "Military End User (MEU) List - Bureau of Industry and Security": "meu",
        "Unverified List (UVL) - Bureau of Industry and Security": "uvl",
        "Specially Designated Nationals (SDN) - Treasury Department": "sdn",
        "Non-SDN Chinese Military-Industrial Complex Companies List (CMIC) - Treasury Department": "cmic",
        "ITAR Debarred (DTC) - State Department": None,
    }
    results = [
        {"id": str(n), "source": source, "name": f"Mingchuan {n}", "start_date": "2021-03-01"}
        for n, source in enumerate(sources)
    ]
    found, left = read_consolidated_screening_list(json.dumps({"results": results}))
    assert [item.list.value for item in found] == [v for v in sources.values() if v]
    assert left == ("Mingchuan 5",)


def test_opensanctions() -> None:
    table = "id,name,aliases,dataset,first_seen\nx1,Mingchuan Optics,明川光学有限公司,us_ofac_sdn,2021-03-01\nx2,No Date,,us_ofac_sdn,\n"
    found, left = read_opensanctions(table)
    assert [(item.id, item.name_zh, item.list.value, item.date_basis) for item in found] == [
        ("os-x1:sdn", "明川光学有限公司", "sdn", "first_seen")
    ]
    assert left == ("No Date",)
    lines = json.dumps(
        {"id": "y", "datasets": ["us_dhs_uflpa"], "first_seen": "2022-06-21", "properties": {"name": ["云岭棉业"]}}
    )
    found, _ = read_opensanctions(lines)
    assert [(item.id, item.list.value) for item in found] == [("os-y:uflpa", "uflpa")]
    with pytest.raises(ValueError, match="column"):
        read_opensanctions("a,b\n1,2\n")


def test_a_consolidated_data_set_tells_no_list_by_itself() -> None:
    table = (
        "id,name,aliases,sanctions,dataset,first_seen\n"
        "a,Mingchuan A,,,us_trade_csl,2021-06-18\n"
        "b,Mingchuan B,,Entity List (EL) - Bureau of Industry and Security - 2019-10-09;UFLPA Entity List,us_trade_csl;us_dhs_uflpa,2021-06-18\n"
    )
    found, left = read_opensanctions(table)
    assert left == ("Mingchuan A",)
    assert {(item.list.value, item.listed_on.isoformat(), item.date_basis) for item in found} == {
        ("entity_list", "2019-10-09", "effective"),
        ("uflpa", "2021-06-18", "first_seen"),
    }


def test_sanctions_on_lines_of_their_own_date_the_listing() -> None:
    entity = {"id": "z", "schema": "Company", "datasets": ["us_trade_csl"], "first_seen": "2021-06-18", "properties": {"name": ["Mingchuan Z"]}}  # fmt: skip
    sanction = {"id": "s", "schema": "Sanction", "properties": {"entity": ["z"], "program": ["Entity List"], "startDate": ["2020-06-05"], "endDate": ["2023-11-16"]}}  # fmt: skip
    for lines in ([entity, sanction], [sanction, entity]):
        (item,), left = read_opensanctions("\n".join(map(json.dumps, lines)))
        assert left == ()
        assert (item.listed_on.isoformat(), item.removed_on.isoformat(), item.date_basis) == ("2020-06-05", "2023-11-16", "effective")  # fmt: skip
    nested = entity | {"properties": {"name": ["Mingchuan Z"], "sanctions": [{"properties": sanction["properties"]}]}}
    assert read_opensanctions(json.dumps(nested))[0] == (item,)
