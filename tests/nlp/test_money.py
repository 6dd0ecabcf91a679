"""Money texts: examples of every form, and properties over all amounts. All texts are constructed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.money import find_amounts, header_unit, parse_money
from nlp.money.numerals import parse_decimal, parse_integer, to_banking
from nlp.money.plain import plain
from nlp.text import normalise
from nlp.types import Money

READ = [
    ("￥398,000.00", None, "398000.00"),
    ("１２８０００．００元", None, "128000.00"),
    ("人民币 1 980 000 元", None, "1980000"),
    ("12.8", "中标金额(万元)", "128000"),
    ("12.8", "金额 单位：万元", "128000"),
    ("12.8万元", "中标金额（元）", "128000"),
    ("12.8", "成交金额（万元）/优惠率", "128000"),
    ("3.2", "金额（千元）", "3200"),
    ("总价形式报价:569800.00(元)", None, "569800.00"),
    ("总价形式报价：5.5（万元）", None, "55000"),
    ("45.6", "成交金额（￥万元）", "456000"),
    ("45.6", "成交金额（￥/万元）", "456000"),
    ("15.60", "中标价(单位：万 元)", "156000"),
    ("15.60", "中标价（万）", "156000"),
    ("88.0", "总中标金额 ￥ 万元（人民币）", "880000"),
    ("1、34.5万元", None, "345000"),
    ("第一次报价16万元,最终报价15.6万元", None, "156000"),
    ("1亿2000万元", None, "120000000"),
    ("9万8千元", None, "98000"),
    ("人民币贰拾壹万捌仟元整", None, "218000"),
    ("壹拾柒万玖仟玖佰玖拾玖元玖角玖分", None, "179999.99"),
    ("壹万零伍拾元整", None, "10050"),
    ("叁拾万圆整（300000.00）", None, "300000"),
    ("单位：万元 12.8", None, "128000"),
    ("含税总价 113000.00元，不含税 100000.00元", None, "113000"),
    ("总金额：96万元，其中财政资金60万元，自筹36万元", None, "960000"),
    ("中标金额：96万元，代理服务费：1.2万元", None, "960000"),
    ("预算金额：100万元；中标金额：96万元", None, "960000"),
    ("98万元（优惠率5%）", None, "980000"),
    ("优惠率5%，总价98万元", None, "980000"),
    ("128000元（含13%增值税）", None, "128000"),
    ("76000元（3800元/套×20套）", None, "76000"),
    ("USD 100,000（折合人民币 720,000元）", None, "720000"),
    ("CNY1234", None, "1234"),
    ("399,800.00 CNY", None, "399800.00"),
    ("叁拾玖万捌仟", None, "398000"),
    ("一百二十万", "成交金额", "1200000"),
    ("每年12万元，三年共36万元", None, "360000"),
    ("报价：398000（优惠后）", None, "398000"),
    ("¥6,400.00（5台×1280元）", None, "6400.00"),
    ("39.8万  元", None, "398000"),
    ("云岭公司，100000.00元", None, "100000.00"),
    ("35元/块", "单价（元/块）", "35"),
    ("1", "单价(元)", "1"),
    ("大写：叁佰元整，小写：¥400", None, "300"),
    ("更正前：15.8万元；更正后：16.8万元", None, "168000"),
    ("每月2万元，合计24万元", None, "240000"),
]
NULL = [
    ("", None, "empty"),
    ("  ", "单价", "empty"),
    ("0.000000", "中标金额（万元）", "zero"),
    ("零元", None, "zero"),
    ("1元", "成交金额", "placeholder"),
    ("0.01", "成交金额（元）", "placeholder"),
    ("详见附件", None, "placeholder"),
    ("其他报价：详见附件", None, "placeholder"),
    ("/", "单价", "placeholder"),
    ("—", "金额（万元）", "placeholder"),
    ("******元", None, "masked"),
    ("85%", "折扣率", "rate"),
    ("折扣率形式报价:85(%)", None, "rate"),
    ("12", "下浮率(%)", "rate"),
    ("0.85", "折扣率", "rate"),
    ("下浮12", None, "rate"),
    ("八五折", None, "rate"),
    ("按预算金额100万元下浮8%", None, "rate"),
    ("单价形式报价:120(元)", None, "unit_price"),
    ("5,800.00 元/台", "中标金额", "unit_price"),
    ("12万元/年", None, "per_period"),
    ("25万美元", None, "foreign"),
    ("12.8", "金额（美元）", "foreign"),
    ("$5000", None, "foreign"),
    ("30万元至50万元", None, "range"),
    ("300000-500000元", None, "range"),
    ("1包：19.8万元；2包：20万元", None, "multiple"),
    ("91.67分", "得分", "not_money"),
    ("2022年3月18日", None, "not_money"),
    ("120万人", None, "not_money"),
    ("50K", None, "not_money"),
    ("项目编号：650000220210300001", None, "not_money"),
    ("流标", "成交金额（万元）", "not_money"),
]


@pytest.mark.parametrize(("text", "header", "cny"), READ)
def test_amount_is_read(text: str, header: str | None, cny: str) -> None:
    money = parse_money(text, header)
    assert money.cny == Decimal(cny)
    assert money.reason is None
    assert money.raw == text


@pytest.mark.parametrize(("text", "header", "reason"), NULL)
def test_null_says_why(text: str, header: str | None, reason: str) -> None:
    money = parse_money(text, header)
    assert (money.cny, money.reason) == (None, reason)
    assert money.raw == text


def test_unit_source_goes_from_value_to_header_to_label_to_default() -> None:
    assert parse_money("12.8万元", "金额（元）", "元").unit_source == "value"
    assert parse_money("12.8", "金额（万元）", "元").unit_source == "header"
    assert parse_money("金额（万元）：12.8", None, "元").unit_source == "label"
    by_default = parse_money("12.8", "中标金额", "万元")
    assert (by_default.cny, by_default.unit_source) == (Decimal(128000), "portal_default")
    assert parse_money("12.8", "中标金额").unit_source is None


def test_header_unit_ignores_foreign_money_and_the_building_unit() -> None:
    assert header_unit("金额（美元）") is None
    assert header_unit("单元") is None
    assert header_unit("报价") is None
    assert header_unit(None) is None
    assert header_unit("预算（百万元）") == 10**6


def test_find_amounts_points_into_the_text_as_given() -> None:
    text = "第１包：１２.8万元；第2包流标；代理费￥3,000"
    amounts = find_amounts(text)
    assert [a.value for a in amounts] == [Decimal(128000), Decimal(3000)]
    assert [text[a.start : a.end] for a in amounts] == ["１２.8万元", "￥3,000"]


money_values = st.decimals(min_value=Decimal(2), max_value=Decimal("99999999999.99"), places=2)


@given(money_values)
def test_every_way_to_write_yuan_reads_back(value: Decimal) -> None:
    grouped, plain = f"{value:,.2f}", f"{value:.2f}"
    wide = plain.translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
    for text in (
        f"{plain}元",
        f"￥{grouped}",
        f"人民币{grouped}元整",
        f"{wide}元",
        f"中标金额：{grouped}元",
        plain,
        f"¥ {grouped} 元",
    ):
        assert parse_money(text).cny == value, text


@given(money_values)
def test_wan_and_yuan_never_mix(value: Decimal) -> None:
    wan = value / 10000
    assert parse_money(f"{wan:f}万元", "金额（元）").cny == value
    assert parse_money(f"{wan:f}", "金额（万元）").cny == value
    assert parse_money(f"{value}元", "金额（万元）").cny == value


@given(st.integers(min_value=2, max_value=10**12 - 1))
def test_banking_numerals_read_back(value: int) -> None:
    spelled = to_banking(value)
    assert parse_integer(spelled) == value
    assert parse_money(f"人民币{spelled}元整").cny == value
    assert parse_money(f"（大写）{spelled}圆整（小写）￥{value:,}.00").cny == value


@given(st.decimals(min_value=0, max_value=100, places=2))
def test_a_rate_is_never_money(rate: Decimal) -> None:
    for text, header in (
        (f"{rate}%", None),
        (f"下浮率：{rate}", None),
        (f"{rate}%", "中标金额（元）"),
        (str(rate), "费率（%）"),
    ):
        assert parse_money(text, header).cny is None


@given(
    st.text(alphabet="0123456789.,，元万亿￥¥%/-折费率单价总价：:（）() 壹贰拾佰仟整人民币美元\n¦*", max_size=40),
    st.sampled_from([None, "中标金额（万元）", "单价", "费率"]),
)
def test_any_text_gives_an_amount_or_a_reason(text: str, header: str | None) -> None:
    money = parse_money(text, header)
    assert (money.cny is None) != (money.reason is None)
    assert money.cny is None or money.cny > 0


@given(st.text(max_size=60))
def test_arbitrary_text_never_fails(text: str) -> None:
    money = parse_money(text)
    assert (money.cny is None) != (money.reason is None)


@pytest.mark.parametrize("numeral", ["", "一二三", "拾拾", "万", "点五", "元"])
def test_characters_that_make_no_number(numeral: str) -> None:
    assert parse_decimal(numeral) is None


@given(st.text(alphabet="１２３，．：（）￥¥－—–釆采元万\u200b\ufeff ㎡²Ⅱab1", max_size=20))
def test_plain_form_is_the_shared_normal_form(text: str) -> None:
    assert plain(text) == normalise(text).text


def test_a_negative_unit_price_is_no_amount() -> None:
    assert parse_money("-1", "单价") == Money(None, "-1", "placeholder")
    assert parse_money("-250.00", "单价（元）").cny is None
    assert parse_money("0.5", "单价（元）").cny == Decimal("0.5")
