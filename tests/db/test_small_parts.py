"""Units, keys, tokens and comparison forms: pure parts of the store."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import tokens
from db.desk.rows import product_kind
from db.keys import number_key, organisation_key, url_key
from db.match.compare import same_announcement, same_process
from db.match.features import Features, features, keys
from db.models.link import LinkVerdict
from db.search import snippet_of
from db.units import pieces
from tests.db.test_link import award


@pytest.mark.parametrize(
    ("quantity", "unit", "raw", "expected"),
    [
        ("20", "块", "20块", 20),
        ("20", None, "20", 20),
        ("1", "批", "1批", None),
        ("1", "套", "1套", None),
        ("20", "套", "20套", 20),
        ("1", "批", "1批（20块）", 20),
        ("1", "套", "1套(含10块)", 10),
        ("2", "箱", "2箱(每箱10块)", 20),
        ("2", "箱", "2箱", None),
        ("3", "箱", "10块/箱", 30),
        ("4", "对", "4对", 8),
        ("1", "项", "1项", None),
        ("5", "盒", "5盒", 5),
        ("300", "米", "300米", None),
        ("2", "年", "2年", None),
        ("7", "嘎", "7嘎", None),
        (None, "块", None, None),
    ],
)
def test_pieces(quantity: str | None, unit: str | None, raw: str | None, expected: int | None) -> None:
    value = Decimal(quantity) if quantity is not None else None
    assert pieces(value, unit, raw) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://A.cn/x?b=1&a=2#top", "https://a.cn:443/x?a=2&b=1"),
        ("http://a.cn", "http://a.cn/"),
    ],
)
def test_equal_addresses(one: str, other: str) -> None:
    assert url_key(one) == url_key(other)


def test_different_addresses() -> None:
    assert (
        len(
            {
                url_key(u)
                for u in ("http://a.cn/x?a=1", "http://a.cn/x?a=2", "http://a.cn/X?a=1", "http://a.cn:81/x?a=1")
            }
        )
        == 4
    )


@given(st.text().filter(lambda url: "[" not in url and "]" not in url))
def test_any_address_has_a_key(url: str) -> None:
    assert isinstance(url_key(url), str)


def test_a_broken_address_still_has_a_key() -> None:
    assert url_key("http://[x/1") == url_key("http://[x/1 ")


def test_names_and_numbers() -> None:
    assert organisation_key("清河县公安局（本级）") == organisation_key(" 清河县 公安局 ") == "清河县公安局"
    assert number_key("【QHZC-2022-０００１】") == number_key("项目编号：qhzc-2022-0001") == "qhzc-2022-0001"
    assert [number_key(n) for n in (None, "无", "/", "A1", "公告")] == [None] * 5


@pytest.mark.parametrize(
    ("class_", "name", "kind"),
    [("surveillance", None, "hdd"), ("ssd", "硬盘", "ssd"), ("portable", None, "portable"), ("switch", None, "other"), (None, "固态硬盘", "ssd"),
     (None, "移动硬盘", "portable"), (None, "监控硬盘", "hdd"), (None, "交换机", None), (None, None, None)],
)  # fmt: skip
def test_product_kind(class_: str | None, name: str | None, kind: str | None) -> None:
    assert product_kind(class_, name) == kind


@settings(deadline=None)  # the first word loads the dictionary
@given(st.text(max_size=200))
def test_any_text_makes_a_vector_and_a_query(text: str) -> None:
    assert "\x00" not in tokens.vector(text.replace("\x00", ""))
    made = tokens.query(text)
    assert (made.tsquery is None) == (not made.needles)


def test_positions_are_places_of_characters() -> None:
    assert tokens.vector("采购硬盘，硬盘") == "'采购':1 '硬盘':3 '硬盘':6"
    assert tokens.query("公安局").tsquery is not None
    assert tokens.query("ST4000VX").tsquery == "'st4000vx':*"


@given(st.text(max_size=80), st.lists(st.sampled_from(["硬盘", "a", "ＶＸ"]), max_size=3))
def test_marks_lie_inside_the_snippet(body: str, needles: list[str]) -> None:
    snippet, marks = snippet_of(body + "硬盘 VX007", tuple(n.casefold() for n in needles))
    assert all(0 <= start <= end <= len(snippet) for start, end in marks)


# ── comparison forms ─────────────────────────────────────────────────────────────────────────────────────────────────


def form(**changes: object) -> Features:
    return features(award(**changes), "ccgp", "id:1")


@pytest.mark.parametrize(
    ("title", "round_", "ordinal"),
    [
        ("监控硬盘采购项目（二次）招标公告", 2, None),
        ("监控硬盘采购项目第三次公开招标公告", 3, None),
        ("监控硬盘采购项目重新招标公告", 2, None),
        ("监控硬盘采购项目更正公告（第二次）", 1, 2),
        ("监控硬盘采购项目第一次更正公告", 1, 1),
        ("监控硬盘采购项目招标公告", 1, None),
        ("二次供水设备采购项目招标公告", 1, None),
    ],
)
def test_rounds_and_ordinals_of_corrections(title: str, round_: int, ordinal: int | None) -> None:
    made = form(title=title, name=None)
    assert (made.round, made.ordinal) == (round_, ordinal)


def test_forms_survive_json_and_have_keys() -> None:
    made = form()
    assert Features.from_json(made.as_json()) == made
    assert {key[0] for key in keys(made)} >= {"s", "p", "t", "a"}
    unnumbered = form(number=None)
    assert unnumbered.sketch
    assert any(key.startswith("m:") for key in keys(unnumbered))


def test_comparing_is_symmetric_and_explains_itself() -> None:
    one, other = form(), replace(form(day="2022-01-07"), portal="ggzy", identity="id:2")
    assert same_announcement(one, other).verdict is LinkVerdict.SAME
    assert same_announcement(one, other) == same_announcement(other, one)
    apart = replace(other, buyer="丰县公安局")
    assert same_announcement(replace(one, buyer="长丰县公安局"), apart).verdict is LinkVerdict.FORBIDDEN
    assert same_announcement(replace(one, buyer="云岭省丰县公安局"), apart).verdict is LinkVerdict.SAME
    again = replace(other, round=2)
    assert same_process(one, again).verdict is LinkVerdict.SUCCESSOR
    far = replace(other, date=(dt.date(2022, 1, 5) + dt.timedelta(days=900)).isoformat())
    assert same_process(one, far).verdict is LinkVerdict.FORBIDDEN


def test_places_of_a_vector() -> None:
    assert tokens.vector("采购it's采购") == "'采购':1 '采购':7 'it':3 's':6"
    late = tokens.vector("点" * 3 + "，" * tokens.MAX_POSITION + "硬盘和硬盘")
    assert late.count("硬盘") == 1
    assert f"'硬盘':{tokens.MAX_POSITION}" in late
    assert tokens.vector("刘阿乙") == "'刘':1 '阿':2 '乙':3 '刘阿':1 '阿乙':2"
