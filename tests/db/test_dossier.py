"""Dossiers over a constructed world: one answer to each question, and the cases in which there is nothing to say."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from sqlalchemy.orm import Session

from db.desk.sheet import Moment
from db.dossier import dossier
from db.filters import UnknownValue
from db.link import link
from nlp.types import MentionRole, NoticeType
from tests.db import dossier_world as made
from tests.db import world
from tests.db.making import SHANGHAI, START, awarded, line, reading, store, supplier


@pytest.fixture
def filled(session: Session, monkeypatch: pytest.MonkeyPatch) -> Session:
    made.constructed_places(monkeypatch)
    made.fill(session)
    return session


def ask(session: Session, kind: str, name: str, **moment: dt.datetime) -> dict[str, Any]:
    value = dossier(session, kind, name, Moment(**moment))
    assert json.loads(json.dumps(value)) == value
    return value


def of(rows: list[dict[str, Any]], **wanted: Any) -> dict[str, Any]:
    (found,) = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    return found


# ── suppliers ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_project_seen_at_three_stages_is_three_records_and_one_win(filled: Session) -> None:
    value = ask(filled, "supplier", made.SHOP)
    records = value["records"]
    assert records["by_role"] == {"winner": 4, "candidate": 1, "mentioned": 1}
    assert records["total"] == sum(records["by_role"].values()) == sum(y["records"] for y in records["by_year"])
    city = of(value["clients"]["rows"], name=made.CITY)
    assert (city["records"], city["wins"], city["amount_cny"]) == (3, 1, "40000")
    assert value["wins"]["awards"] == 3
    assert value["wins"]["awards"] <= records["in_role"]["winner"]


def test_clients_are_told_apart_by_class(filled: Session) -> None:
    classes = ask(filled, "supplier", made.SHOP)["client_classes"]
    assert classes["public_security"] == 5
    assert [(c["tier"], c["records"], c["wins"]) for c in classes["classes"]] == [("organ", 5, 2), ("court", 1, 1)]


def test_a_consortium_is_one_award_of_each_member(filled: Session) -> None:
    for name in (made.LEAD, made.SHOP):
        value = ask(filled, "supplier", name)
        assert value["wins"]["in_consortium"] == 1
        toshiba = of(value["brands"], brand="Toshiba")
        assert toshiba["roles"] == {"awarded": 1}
        assert toshiba["purchased"]["units"] == "9"
        assert {e["type"] for e in value["network"]["edges"]} >= {"consortium", "sub_supplier"}


def test_the_other_lot_is_another_suppliers(filled: Session) -> None:
    brands = {row["brand"] for row in ask(filled, "supplier", made.SHOP)["brands"]}
    assert "Dahua" not in brands
    assert {"Western Digital", "Hikvision", "Seagate", "Toshiba"} == brands


def test_a_name_in_the_text_only_is_a_mention_and_moves_no_brand(filled: Session) -> None:
    value = ask(filled, "supplier", made.SHOP)
    row = of(value["records"]["rows"], notice="ccgp/302")
    assert row["role"] == "mentioned"
    assert row["brands"] == []
    assert value["seen"]["by_role"]["mentioned"] == {"first": "2023-02-01", "last": "2023-02-01"}


def test_maintenance_won_is_no_purchase(filled: Session) -> None:
    value = ask(filled, "supplier", made.OTHER)
    enstrom = of(value["brands"], brand="Enstrom")
    assert enstrom["roles"] == {"maintained": 1}
    assert enstrom["purchased"]["lines"] == 0
    assert [row["brand"] for row in value["used_without_observed_purchase"]] == ["Enstrom"]


def test_the_network_names_the_notice(filled: Session) -> None:
    edges = ask(filled, "supplier", made.OTHER)["network"]["edges"]
    sub = [e for e in edges if e["type"] == "sub_supplier"]
    assert {(e["source"], e["target"], e["notice"]) for e in sub} == {
        (made.OTHER, made.LEAD, "ccgp/301"),
        (made.OTHER, made.SHOP, "ccgp/301"),
    }
    edge = of(ask(filled, "supplier", made.LEAD)["network"]["edges"], type="authorised_by_notice")
    assert (edge["target"], edge["notice"], edge["claim"]) == ("IntegenX", "ccgp/402020", False)


# ── buyers ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_buyer_and_its_sub_bureau_are_two(filled: Session) -> None:
    value = ask(filled, "buyer", "明川市公安局（本级）")
    assert value["name"] == made.CITY
    assert value["records"]["by_role"] == {"buyer": 5}
    assert value["subject"]["below"] == [made.DISTRICT]
    assert value["awards"] == {
        "awards": 3, "processes": 3, "in_consortium": 0, "amount_cny": "1840000", "stating_amount": 3,
        "by_year": [{"year": "2015", "awards": 1}, {"year": "2020", "awards": 1}, {"year": "2021", "awards": 1}],
    }  # fmt: skip
    assert value["ladder"]["N3"] == {"lower": 3, "point": 3, "upper": 3}
    assert ask(filled, "buyer", made.DISTRICT)["subject"]["above"][0]["name"] == made.CITY


def test_listed_on_the_day_of_each_record(filled: Session) -> None:
    value = ask(filled, "buyer", made.CITY)
    assert value["lists"]["records"] == {"entity_list": {"listed": 4, "not_yet": 1}}
    assert {row["date"]: row["own_lists"] for row in value["records"]["rows"]} == {
        "2021-04-01": {"entity_list": "listed"},
        "2021-03-10": {"entity_list": "listed"},
        "2021-03-01": {"entity_list": "listed"},
        "2020-04-10": {"entity_list": "listed"},
        "2015-04-10": {"entity_list": "not_yet"},
    }
    below = ask(filled, "buyer", made.DISTRICT)["lists"]
    assert below["entries"] == []
    assert below["records"] == {}
    assert [entry["entry"] for entry in below["above"]] == ["csl-city"]


def test_a_supplier_knows_which_clients_were_listed(filled: Session) -> None:
    value = ask(filled, "supplier", made.LEAD)
    assert value["lists"]["buyers"] == {"entity_list": {"listed": 1, "not_yet": 1}}
    assert value["lists"]["entries"] == []


def test_a_bureau_uses_what_no_notice_shows_it_buying(filled: Session) -> None:
    value = ask(filled, "buyer", made.COUNTY)
    used = value["used_without_observed_purchase"]
    assert [(row["brand"], row["roles"]) for row in used] == [
        ("Enstrom", {"maintained": 1}),
        ("Western Digital", {"installed": 1}),
    ]
    assert value["ladder"]["N1"]["lower"] == 0


# ── brands ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_owner_is_the_one_of_the_day(filled: Session) -> None:
    value = ask(filled, "brand", "integenx")
    assert [(o["owner"], o["records"], o["purchase_records"], o["first"]) for o in value["by_owner"]] == [
        ("IntegenX", 1, 1, "2015-04-10"),
        ("Thermo Fisher Scientific", 1, 1, "2020-04-10"),
    ]
    rows = {row["date"]: row["brands"][0]["owners"] for row in value["records"]["rows"]}
    assert rows == {"2015-04-10": ["IntegenX"], "2020-04-10": ["Thermo Fisher Scientific"]}


def test_four_strengths_of_bought_beside(filled: Session) -> None:
    pairs = ask(filled, "brand", "Western Digital")["co_procurement"]
    strengths = {row["with"]: [row[s] for s in ("lot", "award", "process", "document")] for row in pairs}
    assert strengths == {"Hikvision": [1, 1, 1, 1], "Dahua": [0, 0, 1, 1]}
    assert ask(filled, "brand", "Seagate")["co_procurement"] == []


def test_a_brand_in_use_that_nobody_is_seen_buying(filled: Session) -> None:
    value = ask(filled, "brand", "Enstrom")
    assert value["purchased"] == {"awards": 0, "lines": 0, "units": "0", "lines_without_quantity": 0}
    assert value["records"]["by_role"] == {"maintained": 1}
    assert [row["buyer"] for row in value["used_without_observed_purchase"]] == [made.COUNTY]
    claims = value["network"]["claims"]
    assert all(edge["type"] == "claims_to_represent" for edge in claims)


def test_a_batch_is_a_line_without_a_quantity(filled: Session) -> None:
    store(
        filled,
        [("ccgp", reading(
            NoticeType.AWARD, id_="601", title="雁回县公安局硬盘采购中标公告", day="2023-05-01", number="YL-2023-0009", name="雁回县公安局硬盘采购",
            buyers=[made.police(made.COUNTY, "990221")], suppliers=[supplier(made.SHOP)], lots=[awarded("1", made.SHOP)],
            items=[line("toshiba", "1", "批", lot="1")],
        ))],
    )  # fmt: skip
    link(filled)
    value = ask(filled, "brand", "Toshiba")
    assert value["purchased"] == {"awards": 2, "lines": 2, "units": "9", "lines_without_quantity": 1}
    assert value["ladder"]["N5"]["upper"] is None


# ── the way from the owner to the bureau ─────────────────────────────────────────────────────────────────────────────


def test_the_chain_runs_from_the_owner_to_the_bureau(filled: Session) -> None:
    """The seeds' own network: a subsidiary of the owner, its reseller in 2020, and a claim that links nothing."""
    for year, id_, seller in ((2020, "701", "新疆科华和昶生物科技有限公司"), (2012, "702", "新疆科华和昶生物科技有限公司"), (2020, "703", "北京瑞源文德科技有限公司")):  # fmt: skip
        brand = "thermofisher" if id_ != "703" else "integenx"
        store(
            filled,
            [("ccgp", reading(
                NoticeType.AWARD, id_=id_, title=f"雁回县公安局{id_}试剂采购中标公告", day=f"{year}-09-01", number=f"YL-{year}-0{id_}", name=f"雁回县公安局{id_}试剂采购",
                buyers=[made.police(made.COUNTY, "990221")], suppliers=[supplier(seller)], lots=[awarded("1", seller, "100")],
                items=[line(brand, "5", "盒", name="试剂", lot="1", product_class="reagent")],
            ))],
        )  # fmt: skip
    link(filled)
    value = ask(filled, "supplier", "新疆科华和昶生物科技有限公司")
    (way,) = value["network"]["chains"]
    assert way["steps"] == [
        "Thermo Fisher Scientific", "英潍捷基（上海）贸易有限公司", "新疆科华和昶生物科技有限公司", made.COUNTY
    ]  # fmt: skip
    assert [link_["type"] for link_ in way["links"]] == ["subsidiary", "reseller"]
    assert (way["awards"], way["first"]) == (1, "2020-09-01")
    agent = ask(filled, "supplier", "北京瑞源文德科技有限公司")
    assert agent["network"]["claims"]
    assert all(edge["claim"] for edge in agent["network"]["claims"])
    assert not any(edge["claim"] for way in agent["network"]["chains"] for edge in way["links"])
    assert [b["brand"] for b in agent["brands"]] == ["IntegenX"]


# ── nothing, the past, the unknown ───────────────────────────────────────────────────────────────────────────────────


def test_a_buyer_that_only_sells_has_an_empty_dossier(filled: Session) -> None:
    value = ask(filled, "buyer", made.OTHER)
    assert value["awards"]["awards"] == 0
    assert value["brands"] == value["co_procurement"] == []
    assert value["suppliers"] == {"total": 0, "rows": []}


def test_a_brand_that_nobody_names(filled: Session) -> None:
    value = ask(filled, "brand", "thermofisher")
    assert value["records"]["total"] == 0
    assert value["seen"] == {"first": None, "last": None, "first_captured_at": None, "by_role": {}}
    assert value["network"]["chains"] == []


def test_before_the_first_capture_there_is_nothing(filled: Session) -> None:
    before = START - dt.timedelta(days=1)
    for kind, name in (("supplier", made.SHOP), ("buyer", made.CITY), ("brand", "Seagate")):
        value = ask(filled, kind, name, as_of=before)
        assert value["records"]["total"] == 0
        assert value["as_of"] == before.isoformat()


def test_what_was_known_then(filled: Session) -> None:
    now = ask(filled, "buyer", made.CITY)
    early = ask(filled, "buyer", made.CITY, known_at=dt.datetime(2000, 1, 1, tzinfo=SHANGHAI))
    assert early["records"]["total"] == 0
    assert early["lists"]["entries"] == []
    same = ask(filled, "buyer", made.CITY, known_at=dt.datetime.fromisoformat(now["known_at"]))
    assert same == now


@pytest.mark.parametrize(
    ("kind", "name"), [("supplier", "云岭恒信科"), ("buyer", "明川公安"), ("brand", "Seegate"), ("seller", "x")]
)
def test_unknown_names_are_refused_with_the_nearest(filled: Session, kind: str, name: str) -> None:
    with pytest.raises(UnknownValue) as refused:
        dossier(filled, kind, name)
    assert refused.value.suggestions


def test_an_empty_store_knows_nobody(session: Session) -> None:
    for kind, name in (("supplier", made.SHOP), ("buyer", ""), ("brand", "Seagate")):
        with pytest.raises(UnknownValue):
            dossier(session, kind, name)


def test_every_notice_of_a_mention_role_is_counted_once(filled: Session) -> None:
    value = ask(filled, "brand", "Seagate")
    assert value["records"]["in_role"] == {"contracted": 1, "awarded": 1, "candidate": 1, "compared": 1}
    assert value["purchased"]["units"] == "40"
    assert [row["name"] for row in value["suppliers"]["rows"]] == [made.SHOP]


def test_undecided_mentions_are_called_so(session: Session) -> None:
    world.seeds(session)
    store(session, world.pages())
    link(session)
    value = ask(session, "brand", "seagate")
    assert value["records"]["in_role"]["unresolved"] == 2
    assert value["ladder"]["N5"]["lower"] == int(value["purchased"]["units"])
    assert value["purchased"]["awards"] == value["ladder"]["N3"]["lower"]


def test_roles_have_a_place_in_the_order() -> None:
    from db.dossier.records import MENTION_ROLES

    assert set(MENTION_ROLES) == {role.value for role in MentionRole} - {"incidental"}
