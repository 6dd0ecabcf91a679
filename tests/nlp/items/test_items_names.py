"""Names of suppliers and lots. All firms are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.items.lotnames import lot_of_cell, lot_of_title
from nlp.items.names import is_placeholder, members_of

A = "云岭恒川科技有限公司"
B = "明川电子有限公司"


@pytest.mark.parametrize(
    "text",
    [
        f"1.{A}",
        f"{A}，",
        f"“{A}”",
        f"{A} 地址：明川市",
        f"{A}（小微企业）",
        f"{A}（中标）",
        f"{A}（统一社会信用代码：91650100MA77HP3M2X）",
        f"{A}91650100MA77HP3M2X",
        f"{A}等3家",
        f"第一名：{A}",
        f"供应商名称：{A}",
        "云岭恒川科技 有限公司",
    ],
)
def test_one_name_without_its_trimmings(text: str) -> None:
    assert members_of(text) == (A,)


@pytest.mark.parametrize(
    "text",
    [
        f"{A}、{B}",
        f"{A},{B}",
        f"{A}+{B}",
        f"{A}\n{B}",
        f"（1）{A}；（2）{B}",
        f"{A}(联合体:{B})",
        f"{A}（联合体牵头单位）{B}（联合体成员单位）",
        f"主：{A} 成：{B}",
        f"{A}和{B}（联合体）",
        f"{B}（成员）、{A}（牵头人）",
    ],
)
def test_two_names_lead_first(text: str) -> None:
    assert members_of(text) == (A, B)


@pytest.mark.parametrize(
    "name",
    [
        "赛默飞世尔科技（中国）有限公司",
        "明川建工（集团）第一建筑工程有限责任公司",
        "某某律师事务所（普通合伙）",
        "明川市老王五金店（个体工商户）",
        "Thermo Fisher Scientific (China) Co., Ltd.",
    ],
)
def test_brackets_that_belong_to_the_name_stay(name: str) -> None:
    assert members_of(name) == (name,)


@pytest.mark.parametrize("text", ["", "无", "/", "详见附件", "废标", "***", "12345.00", "流标，不足三家", "见公告"])
def test_nobody_is_named(text: str) -> None:
    assert members_of(text) == ()
    assert is_placeholder(text)


@given(st.text(alphabet="公司有限（）()、,；; \n联合体牵头人成员A1：", max_size=40))
def test_any_text_gives_names_without_blanks_at_their_ends(text: str) -> None:
    for name in members_of(text):
        assert name == name.strip()
        assert name


@pytest.mark.parametrize(
    ("text", "lot"),
    [
        ("1", "1"),
        ("01", "1"),
        ("三", "3"),
        ("Ⅱ", "2"),
        ("a", "A"),
        ("1.0", "1"),
        ("第2包", "2"),
        ("包2", "2"),
        ("二标段", "2"),
        ("标段二", "2"),
        ("合同包3", "3"),
        ("采购包 4", "4"),
        ("A分标", "A"),
        ("分包号：05", "5"),
        ("标项十二", "12"),
        ("", None),
        ("存储设备", None),
        ("包括2台电脑", None),
        ("2024-03-01", None),
    ],
)
def test_lot_numbers(text: str, lot: str | None) -> None:
    assert lot_of_cell(text) == lot


@pytest.mark.parametrize(
    ("title", "lot"),
    [
        ("某项目（第3包）中标公告", "3"),
        ("某项目第1包、第2包中标公告", None),
        ("某项目中标公告", None),
        (None, None),
        ("面包采购项目公告", None),
    ],
)
def test_lot_of_a_title(title: str | None, lot: str | None) -> None:
    assert lot_of_title(title) == lot
