from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.justification import find_justifications
from nlp.personal import find_personal, id_number_valid


def spans(text: str) -> list[tuple[str, str]]:
    return [(s.label.removeprefix("personal:"), text[s.start : s.end]) for s in find_personal(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("联系电话：13912345678", [("phone", "13912345678")]),
        ("电 话：0991-2345678转8001", [("phone", "0991-2345678转8001")]),
        ("电话：（0991）2345678", [("phone", "（0991）2345678")]),
        ("项目联系人：林晓禾、方知远", [("name", "林晓禾"), ("name", "方知远")]),
        ("联 系 人：王先生 0991-2345678", [("name", "王先生"), ("phone", "0991-2345678")]),
        (
            "评审专家名单：\n高远山、苏定波（采购人代表）、秦若川",
            [("expert", "高远山"), ("expert", "苏定波"), ("expert", "秦若川")],
        ),
        ("评标委员会成员名单：程建,姜旭", [("expert", "程建"), ("expert", "姜旭")]),
        ("邮箱 lin.xiaohe@example.cn 收", [("email", "lin.xiaohe@example.cn")]),
        ("身份证号 11010519491231002X", [("id", "11010519491231002X")]),
        ("项目编号：330521253680050000027", []),
        ("联系人：采购办公室", []),
        ("预算金额：13912345.67元", []),
        ("评审专家名单：详见附件", []),
        ("统一社会信用代码 91120104MACXFAQR4L", []),
    ],
)
def test_recognisers(text: str, wanted: list[tuple[str, str]]) -> None:
    assert spans(text) == wanted


def test_identity_checksum() -> None:
    assert id_number_valid("11010519491231002X")
    assert not id_number_valid("110105194912310021")
    assert not id_number_valid("")


@given(st.text(max_size=300))
def test_spans_are_in_order_and_apart(text: str) -> None:
    found = find_personal(text)
    assert all(0 <= s.start < s.end <= len(text) for s in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


def test_reasons_of_a_single_source_notice() -> None:
    text = (
        "采用单一来源采购方式的原因及说明：该设备核心部件具有专利；国产设备无法达到检测精度；须与现有系统兼容；"
        "甲公司为唯一授权服务商；国内尚无同类产品；该供应商为唯一具备相应资质的单位；前期采购的设备由其承建。"
        "\n二、拟定供应商信息\n名称：唯一科技有限公司"
    )
    found = [(s.label.removeprefix("justification:"), text[s.start : s.end]) for s in find_justifications(text)]
    assert {label for label, _ in found} >= {
        "patent",
        "outperforms_domestic",
        "compatibility",
        "sole_authorised_service",
        "no_domestic_standard",
        "prior_use",
    }
    assert ("patent", "该设备核心部件具有专利") in found
    assert all("唯一科技" not in words for _, words in found)


def test_no_argument_no_span() -> None:
    assert find_justifications("一、项目名称：硬盘\n二、预算：5万元") == ()
