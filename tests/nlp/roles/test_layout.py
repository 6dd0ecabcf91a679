"""Lines, columns, labels, lists."""

from __future__ import annotations

from nlp.roles.cues import find_cues, groups_of
from nlp.roles.layout import Layout, title_type
from nlp.roles.types import RoleContext
from nlp.types import NoticeType
from tests.nlp.roles.texts import first_view


def test_the_longest_cue_hides_the_short_ones() -> None:
    assert groups_of("中标候选人") == {"candidate"}
    assert groups_of("响应供应无线应用") == frozenset()


def test_cues_within_bounds() -> None:
    hits = find_cues("参考品牌与中标产品")
    assert hits.groups_within(0, 4) == {"reference"}
    assert hits.groups_within(0, 3) == frozenset()
    assert hits.groups_within(5, 5) == frozenset()


def test_column_titles_are_found_below_a_caption() -> None:
    view = first_view("中标一览\n货物名称 ¦ 品牌 ¦ 数量\n硬盘 ¦ ⟦希捷⟧ ¦ 4")
    assert view.header == "品牌"
    assert view.heading == "中标一览"


def test_a_table_without_titles_has_no_header() -> None:
    view = first_view("大华球机 ¦ 31台 ¦ 2000元 ¦ 无\n硬盘 ¦ ⟦希捷⟧ ¦ 40块 ¦ 无")
    assert view.header == ""


def test_first_cell_is_the_title_of_a_pair() -> None:
    assert first_view("品牌 ¦ ⟦希捷⟧\n型号 ¦ X").header == "品牌"


def test_label_before_the_value() -> None:
    assert first_view("名称：硬盘；参考品牌：⟦希捷⟧、东芝").label == "参考品牌"
    assert first_view("采购⟦希捷⟧硬盘").label == ""


def test_lists_join_but_sentences_do_not() -> None:
    assert first_view("⟦希捷⟧、⟦东芝⟧或⟦西数⟧").group.size == 3
    assert first_view("原有⟦希捷⟧报废，新购⟦东芝⟧").group.size == 1
    assert first_view("现有⟦希捷⟧。采购⟦东芝⟧").group.size == 1


def test_stage_is_the_nearest_before() -> None:
    assert first_view("未中标甲公司；中标乙公司：⟦希捷⟧").stage == "award"
    assert first_view("⟦希捷⟧中标").stage == ""


def test_title_types() -> None:
    assert title_type("硬盘采购中标结果公告") is NoticeType.AWARD
    assert title_type("硬盘采购公开招标公告") is NoticeType.TENDER
    assert title_type("中标候选人公示") is NoticeType.CANDIDATE
    assert title_type("成交结果更正公告") is NoticeType.CORRECTION
    assert title_type("关于放假的通知") is None


def test_a_sentence_is_no_title() -> None:
    assert Layout("说明：采购硬盘。", RoleContext()).title == (0, 0)
    assert Layout("", RoleContext()).title == (0, 0)
