"""Quantity texts. All constructed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.quantity import parse_quantity, quantity_header_unit


@pytest.mark.parametrize(
    ("text", "header", "value", "unit"),
    [
        ("28", None, "28", None),
        ("28", "数量（块）", "28", "块"),
        ("28", "数量（单位）", "28", None),
        ("28", "数量/台", "28", "台"),
        ("5.00(台)", "数量（单位）", "5.00", "台"),
        ("５（台）", None, "5", "台"),
        ("15盒", None, "15", "盒"),
        ("15 盒", None, "15", "盒"),
        ("1批", None, "1", "批"),
        ("1(批)", None, "1", "批"),
        ("2箱(每箱10块)", None, "2", "箱"),
        ("1,200米", None, "1200", "米"),
        ("1.5万米", None, "15000", "米"),
        ("数量：3台", None, "3", "台"),
        ("×4", None, "4", None),
        ("一批", None, "1", "批"),
        ("十二台", None, "12", "台"),
        ("两套", None, "2", "套"),
        ("1台/套", None, "1", "台"),
        ("1项。", None, "1", "项"),
        ("300平方米", None, "300", "平方米"),
        ("300㎡", None, "300", "m2"),
    ],
)
def test_quantity_is_read(text: str, header: str | None, value: str, unit: str | None) -> None:
    quantity = parse_quantity(text, header)
    assert (quantity.value, quantity.unit, quantity.reason) == (Decimal(value), unit, None)
    assert quantity.raw == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("详见附件", "placeholder"),
        ("若干", "placeholder"),
        ("/", "placeholder"),
        ("3-5台", "range"),
        ("甲3台，乙5台", "multiple"),
        ("12.5元", "money"),
        ("按采购人要求", "not_a_quantity"),
    ],
)
def test_null_says_why(text: str, reason: str) -> None:
    quantity = parse_quantity(text)
    assert (quantity.value, quantity.unit, quantity.reason) == (None, None, reason)


@pytest.mark.parametrize("header", [None, "数量", "数量（单位）", "数量（必填）", "数量(元)"])
def test_header_without_a_unit(header: str | None) -> None:
    assert quantity_header_unit(header) is None


@given(
    st.integers(min_value=0, max_value=10**9 - 1),
    st.sampled_from(["台", "套", "块", "个", "批", "项", "盒", "辆", "千克", "kg"]),
)
def test_number_and_unit_read_back(value: int, unit: str) -> None:
    for text in (f"{value}{unit}", f"{value} {unit}", f"{value}({unit})", f"{value:,}（{unit}）", f"{value}.00{unit}"):
        quantity = parse_quantity(text)
        assert quantity.value == value, text
        assert quantity.unit == unit, text


@given(st.text(max_size=40), st.one_of(st.none(), st.text(max_size=12)))
def test_any_text_gives_a_value_or_a_reason(text: str, header: str | None) -> None:
    quantity = parse_quantity(text, header)
    assert (quantity.value is None) != (quantity.reason is None)
