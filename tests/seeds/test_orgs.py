"""The tables behind the organisation reader hold together."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from nlp.orgs.knowledge import Sign
from nlp.types import PUBLIC_SECURITY_TIERS, Level, Tier
from seeds.orgs import FILES, load_org_knowledge

HERE = Path(__file__).parents[2] / "seeds" / "orgs"
HAN = re.compile(r"[一-鿿]")


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((HERE / name).read_text(encoding="utf-8").splitlines()))


def test_every_division_has_a_code_today_and_a_romanised_name() -> None:
    orgs = load_org_knowledge()
    assert len(orgs.divisions) > 5000
    for division in orgs.divisions.values():
        assert re.fullmatch(r"\d{6}", division.code)
        assert division.current in orgs.divisions
        assert division.roman
        assert not HAN.search(division.name_en), division
        assert division.until is None or division.since <= division.until


def test_codes_in_force_are_their_own_successor() -> None:
    orgs = load_org_knowledge()
    for division in orgs.divisions.values():
        if division.until is None:
            assert division.current == division.code, division


def test_counties_of_today_have_a_parent() -> None:
    orgs = load_org_knowledge()
    for division in orgs.divisions.values():
        if division.until is None and division.level is not Level.PROVINCE:
            assert division.code[:2] + "0000" in orgs.divisions, division


def test_successors() -> None:
    orgs = load_org_knowledge()
    today = {
        name: orgs.full[name][0].current for name in ("库车县", "哈密地区", "吐鲁番地区", "华亭县", "长乐市", "米泉市")
    }
    assert today == {"库车县": "652902", "哈密地区": "650500", "吐鲁番地区": "650400", "华亭县": "620881", "长乐市": "350112", "米泉市": "650109"}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("乐清市", "Yueqing City"),
        ("六安市", "Lu'an City"),
        ("厦门市", "Xiamen City"),
        ("陕西省", "Shaanxi Province"),
        ("山西省", "Shanxi Province"),
        ("内蒙古自治区", "Inner Mongolia Autonomous Region"),
        ("新疆维吾尔自治区", "Xinjiang Uyghur Autonomous Region"),
        ("乌鲁木齐市", "Urumqi City"),
        ("伊犁哈萨克自治州", "Ili Kazakh Autonomous Prefecture"),
        ("科尔沁左翼中旗", "Horqin Left Middle Banner"),
        ("重庆市", "Chongqing City"),
        ("都匀市", "Duyun City"),
        ("万柏林区", "Wanbailin District"),
        ("浦东新区", "Pudong New Area"),
    ],
)
def test_romanised(name: str, english: str) -> None:
    assert load_org_knowledge().full[name][0].name_en == english


def test_terms_are_unique_and_speak_english() -> None:
    terms = rows("terms.csv")
    assert [text for text, count in Counter(row["term"] for row in terms).items() if count > 1] == []
    for term in load_org_knowledge().terms:
        assert term.english, term
        assert not HAN.search(term.english), term
        if term.sign in {Sign.ORGAN, Sign.UNIT, Sign.SPECIAL}:
            assert term.tier in PUBLIC_SECURITY_TIERS, term
        if term.sign in {Sign.AGAINST, Sign.GOVERNMENT}:
            assert term.tier is not None, term
            assert term.tier not in PUBLIC_SECURITY_TIERS, term


def test_facts_carry_source_and_confidence() -> None:
    for name in ("known.csv", "place_aliases.csv", "romanisation.csv", "xpcc.csv", "reforms.csv"):
        for row in rows(name):
            assert row["source"], (name, row)
            assert row["confidence"] in {"high", "medium", "low"}, (name, row)


def test_aliases_point_at_divisions_of_today() -> None:
    orgs = load_org_knowledge()
    for row in rows("place_aliases.csv"):
        assert orgs.divisions[row["code"]].until is None, row


def test_the_corps() -> None:
    orgs = load_org_knowledge()
    assert {division.number for division in orgs.xpcc} == set(range(1, 15))
    for division in orgs.xpcc:
        if division.city_code:
            assert orgs.divisions[division.city_code].name == division.city


def test_fire_reform() -> None:
    reform = load_org_knowledge().reforms["fire_police"]
    assert reform.day.isoformat() == "2018-10-09"
    assert (reform.before, reform.after) == (Tier.SPECIALISED, Tier.FIRE)


def test_files_exist_and_set_the_version() -> None:
    assert all(path.is_file() for path in FILES)
    assert len(load_org_knowledge().version) == 16
