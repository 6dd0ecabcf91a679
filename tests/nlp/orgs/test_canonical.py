"""Which names are one organisation, which never, and what is left to a person."""

from __future__ import annotations

import datetime as dt

import pytest

from benchmarks.canonical import score
from nlp.orgs.canonical import Answer, compare, group, named
from nlp.orgs.credit_code import valid_credit_code
from nlp.orgs.knowledge import OrgKnowledge

CODE, OTHER_CODE = "91350100M000100Y43", "911100000000000000"


@pytest.mark.parametrize(
    ("one", "other", "answer", "rule"),
    [
        ("乌市公安局", "乌鲁木齐市公安局（本级）", "same", "same_key"),
        ("喀什市公安局", "喀什地区公安局", "different", "organ_and_the_one_above"),
        ("乌鲁木齐市公安局天山区分局", "乌鲁木齐市公安局", "different", "sub_bureau_and_bureau"),
        ("乌鲁木齐市公安局交警支队", "乌鲁木齐市公安局", "different", "organ_and_the_one_above"),
        ("第一师阿拉尔市公安局", "阿克苏地区公安局", "different", "corps_and_local"),
        ("新疆生产建设兵团公安局", "新疆维吾尔自治区公安厅", "different", "corps_and_local"),
        ("和田市公安局", "和田县公安局", "different", "places_of_one_name"),
        ("南京市公安局鼓楼分局", "福州市公安局鼓楼分局", "different", "places_of_one_name"),
        ("喀什市公安局", "和田市公安局", "different", "other_place"),
        ("喀什市公安局", "喀什市财政局", "different", "other_organ"),
        ("鼓楼区公安分局", "鼓楼区公安分局", "undecided", "same_words_without_place"),
        ("市公安局", "喀什市公安局", "undecided", "place_unknown"),
        ("某单位", "某单位", "undecided", "not_one_organisation"),
        ("云岭科技有限公司", "云岭科技有限责任公司", "same", "same_key"),
        ("云岭科技有限公司", "云岭科技股份有限公司", "undecided", "legal_form_differs"),
        ("云岭科技有限公司", "云岭科技有限公司明川分公司", "different", "company_and_branch"),
        ("明川（上海）贸易有限公司", "上海明川贸易有限公司", "undecided", "same_characters_in_another_order"),
        ("明川（上海）贸易有限公司", "明川（北京）贸易有限公司", "different", "other_company"),
    ],
)
def test_pairs(one: str, other: str, answer: str, rule: str, orgs: OrgKnowledge, today: dt.date) -> None:
    first, second = named(one, orgs, today), named(other, orgs, today)
    decision = compare(first, second)
    assert (decision.answer.value, decision.rule) == (answer, rule)
    assert one in decision.evidence[0]
    assert compare(second, first).answer is decision.answer


def test_credit_codes_decide(orgs: OrgKnowledge, today: dt.date) -> None:
    one = named("云岭科技有限公司", orgs, today, CODE)
    renamed = named("明川数科有限公司", orgs, today, CODE.lower())
    assert compare(one, renamed).answer is Answer.SAME
    assert named("云岭科技有限公司", orgs, today, "123").credit_code is None


def test_credit_code_check() -> None:
    assert valid_credit_code(CODE)
    assert not valid_credit_code(CODE[:-1] + "4")
    assert not valid_credit_code("")
    assert not valid_credit_code("I" * 18)


def test_groups_and_their_names(orgs: OrgKnowledge, today: dt.date) -> None:
    names = (
        "乌市公安局",
        "喀什市公安局",
        "乌鲁木齐市公安局(本级)",
        "市公安局",
        "某单位",
        "某单位 ",
        "乌鲁木齐市公安局",
    )
    groups = group(names, orgs, today)
    assert [item.names for item in groups] == [
        ("乌市公安局", "乌鲁木齐市公安局(本级)", "乌鲁木齐市公安局"),
        ("喀什市公安局",),
        ("市公安局",),
        ("某单位",),
        ("某单位 ",),
    ]
    assert groups[0].name == "乌鲁木齐市公安局"
    assert groups[0].rules == ("same_key",)
    again = group([name for item in groups for name in item.names], orgs, today)
    assert {item.names for item in again} == {item.names for item in groups}
    assert group((), orgs, today) == ()


def test_people_decide_last(orgs: OrgKnowledge, today: dt.date) -> None:
    names = ("明川数科有限公司", "云岭科技有限公司", "乌市公安局", "乌鲁木齐市公安局")
    decided = {
        frozenset(("明川数科有限公司", "云岭科技有限公司")): True,
        frozenset(("乌市公安局", "乌鲁木齐市公安局")): False,
    }
    groups = group(names, orgs, today, decided=decided)
    assert [item.names for item in groups] == [
        ("明川数科有限公司", "云岭科技有限公司"),
        ("乌市公安局",),
        ("乌鲁木齐市公安局",),
    ]
    assert groups[0].rules == ("person",)


def test_constructed_aliases_and_twins(orgs: OrgKnowledge) -> None:
    result = score(orgs)
    assert float(str(result["precision"])) >= 0.995, result["errors"]
    assert float(str(result["recall"])) >= 0.95, result["errors"]
