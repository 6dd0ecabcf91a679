"""One key for all spellings of one organ, other keys for other organs, and the chain above."""

from __future__ import annotations

import datetime as dt
from itertools import combinations

import pytest

from nlp.orgs import analyse, company_key, identify, key
from nlp.orgs.knowledge import OrgKnowledge
from seeds.orgs import load_org_knowledge

SAME = (
    ("乌市公安局", "乌鲁木齐市公安局", "乌鲁木齐市公安局（本级）", "乌鲁木齐市公安局(本级)", "新疆乌鲁木齐市公安局", "乌鲁木齐市公安局机关"),
    ("天山区公安分局", "乌鲁木齐市公安局天山区分局", "乌鲁木齐市公安局天山分局", "乌市公安局天山区分局"),
    ("乌鲁木齐市公安局天山区分局团结路派出所", "天山区公安分局团结路派出所"),
    ("乌鲁木齐市交警支队", "乌鲁木齐市公安局交通警察支队", "乌鲁木齐市公安局交警支队", "乌鲁木齐市公安局（交警支队）"),
    ("石河子市公安局", "第八师石河子市公安局", "新疆生产建设兵团第八师公安局", "农八师公安局"),
    ("博州公安局", "博尔塔拉蒙古自治州公安局", "新疆博尔塔拉蒙古自治州公安局"),
    ("喀什地区公安局", "喀什行署公安局", "喀什地区行署公安局"),
    ("喀什市看守所", "喀什市公安局看守所"),
    ("珠海市公安局（警务保障处）", "珠海市公安局警务保障处"),
    ("北京市公安局海淀分局", "北京市海淀区公安分局"),
    ("新疆公安厅", "新疆维吾尔自治区公安厅"),
    ("库车县公安局", "库车市公安局"),
    ("公安县公安局", "荆州市公安县公安局", "湖北省公安县公安局"),
    ("融水县公安局", "融水苗族自治县公安局"),
)  # fmt: skip


@pytest.mark.parametrize("names", SAME, ids=[names[0] for names in SAME])
def test_spellings_of_one_organ_share_a_key(names: tuple[str, ...], orgs: OrgKnowledge, today: dt.date) -> None:
    assert len({key(name, orgs, today) for name in names}) == 1


def test_organs_are_told_apart(orgs: OrgKnowledge, today: dt.date) -> None:
    keys = [key(names[0], orgs, today) for names in SAME]
    assert len(set(keys)) == len(keys)
    for one, other in combinations(
        (
            "喀什市公安局",
            "喀什地区公安局",
            "阿克苏市公安局",
            "阿克苏地区公安局",
            "第一师公安局",
            "和田市公安局",
            "和田县公安局",
        ),
        2,
    ):
        assert key(one, orgs, today) != key(other, orgs, today)


def test_the_chain_goes_up_to_the_ministry(orgs: OrgKnowledge, today: dt.date) -> None:
    def chain(name: str) -> tuple[str, ...]:
        return identify(analyse(name, orgs, today), orgs).chain

    def known(name: str) -> str:
        return key(name, orgs, today)

    assert chain("乌鲁木齐市公安局天山区分局团结路派出所") == (
        known("天山区公安分局"), known("乌鲁木齐市公安局"), known("新疆维吾尔自治区公安厅"), known("公安部"),
    )  # fmt: skip
    assert chain("喀什市公安局") == (known("喀什地区公安局"), known("新疆公安厅"), known("公安部"))
    assert chain("仙桃市公安局") == (known("湖北省公安厅"), known("公安部"))
    assert chain("重庆市公安局渝中区分局") == (known("重庆市公安局"), known("公安部"))
    assert chain("第八师石河子市公安局特警支队") == (known("石河子市公安局"), known("兵团公安局"), known("公安部"))
    assert chain("公安部") == ()
    assert chain("喀什市人民医院") == ()


def test_what_cannot_be_one_organ_is_not_certain(orgs: OrgKnowledge, today: dt.date) -> None:
    for name in ("市公安局", "交警支队", "某单位", "鼓楼区公安分局", "张三"):
        assert not identify(analyse(name, orgs, today), orgs).certain, name
    for name in ("喀什市公安局", "长江航运公安局武汉分局", "公安部"):
        assert identify(analyse(name, orgs, today), orgs).certain, name


def test_abbreviated_places_are_written_out(orgs: OrgKnowledge, today: dt.date) -> None:
    assert identify(analyse("博州公安局", orgs, today), orgs).name == "博尔塔拉蒙古自治州公安局"
    assert identify(analyse("乌市公安局", orgs, today), orgs).name == "乌鲁木齐市公安局"


def test_company_keys() -> None:
    assert company_key("英潍捷基（上海）贸易有限公司") == company_key("英潍捷基(上海) 贸易有限责任公司")
    assert company_key("云岭科技有限公司") != company_key("云岭科技股份有限公司")
    assert company_key("云岭科技有限公司") != company_key("云岭科技有限公司明川分公司")


@pytest.mark.parametrize("name", ["自治区公安厅", "地区公安处", "开发区公安分局", "高新区公安局"])
def test_a_word_for_any_place_names_no_organ(name) -> None:
    assert not identify(analyse(name, load_org_knowledge(), dt.date(2026, 1, 1)), load_org_knowledge()).certain
