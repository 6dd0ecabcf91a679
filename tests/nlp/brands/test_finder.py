from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.brands import BrandKnowledge, FoundMention, KnowledgeError, Zone, find_mentions
from nlp.brands.knowledge import Alias
from seeds.brands import load_brand_knowledge

KNOWLEDGE = load_brand_knowledge()
NAMES = [
    "希捷",
    "西部数据",
    "思科",
    "惠普",
    "HP",
    "3M",
    "GE",
    "苹果",
    "ST8000VX010",
    "WD40PURX",
    "Cisco",
    "大华",
    "（Seagate）",
    "Windows 10",
]
GLUE = [
    "、",
    "/",
    " ¦ ",
    "\n",
    "，",
    "采购",
    "硬盘",
    "有限公司",
    "路",
    "品牌：",
    " ",
    "\u200b",
    "　",
    "①",
    "ﬁ",
    "İ",
    "😀",
    "的",
    "(",
    "）",
]


def found(text: str, zones: tuple[Zone, ...] = ()) -> list[tuple[str, str, str]]:
    return [(m.brand_id, m.surface, m.rule) for m in find_mentions(text, KNOWLEDGE, zones)]


def only(text: str) -> FoundMention:
    mentions = find_mentions(text, KNOWLEDGE)
    assert len(mentions) == 1, mentions
    return mentions[0]


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("希捷（Seagate）硬盘", "希捷（Seagate）"),
        ("HP/惠普打印机", "HP/惠普"),
        ("西部数据(WD)移动硬盘", "西部数据(WD)"),
        ("【自营】Intel/英特尔处理器", "Intel/英特尔"),
        ("ＳＥＡＧＡＴＥ硬盘", "ＳＥＡＧＡＴＥ"),
        ("希\u200b捷硬盘", "希\u200b捷"),
        ("品牌：希 捷 型号", "希 捷"),
    ],
)
def test_forms_of_one_name_are_one_mention_in_the_words_of_the_text(text: str, surface: str) -> None:
    mention = only(text)
    assert mention.surface == surface
    assert text[mention.start : mention.end] == surface


def test_a_model_number_belongs_to_the_name_beside_it() -> None:
    mention = only("希捷 酷鹰 监控硬盘 ST8000VX010 20块")
    assert (mention.surface, mention.model, mention.product_line, mention.product_class) == (
        "希捷", "ST8000VX010", "SkyHawk", "surveillance",
    )  # fmt: skip


def test_a_model_number_alone_names_its_brand() -> None:
    mention = only("硬盘 ¦ WD40PURX ¦ 16")
    assert (mention.brand, mention.rule, mention.model) == ("Western Digital", "model", "WD40PURX")


def test_names_of_one_house_in_an_enumeration_stay_apart() -> None:
    assert [m.surface for m in find_mentions("支持Oracle、MySQL数据源", KNOWLEDGE)] == ["Oracle", "MySQL"]


def test_the_longer_name_wins() -> None:
    assert found("赛默飞世尔科技质谱仪")[0][1].startswith("赛默飞世尔")
    assert found("Cognitech图像处理系统")[0][0] == "cognitech"
    assert found("Cognitec人脸引擎")[0][0] == "cognitec"


def test_a_firm_of_the_house_is_a_company_name_and_another_firm_is_nothing() -> None:
    assert found("供应商：希捷科技（中国）有限公司")[0][2] == "company_name"
    assert found("供应商：云岭华思科技有限公司") == []


def test_zones_decide_what_a_word_means() -> None:
    text = "苹果"
    assert found(text) == []
    assert found(text, (Zone(0, 2, "table_brand"),)) == [("apple", "苹果", "brand_cell")]


def test_columns_are_inferred_from_the_header_row() -> None:
    text = "名称 ¦ 品牌 ¦ 型号 ¦ 数量\n手机 ¦ 苹果 ¦ A2634 ¦ 3"
    mention = find_mentions(text, KNOWLEDGE)[0]
    assert (mention.brand_id, mention.field) == ("apple", "table_brand")


def test_an_unconfirmed_alias_never_fires_alone() -> None:
    low = [a for a in KNOWLEDGE.aliases if a.strength == 0]
    assert low
    for alias in low:
        assert [m for m in find_mentions(f"采购{alias.text}设备一批", KNOWLEDGE) if m.surface == alias.text] == []


def test_an_unconfirmed_alias_fires_beside_its_own_brand() -> None:
    assert [m.brand_id for m in find_mentions("赛力布莱特（Cellebrite）取证设备", KNOWLEDGE)] == ["cellebrite"]


def test_an_empty_lexicon_finds_nothing() -> None:
    assert find_mentions("希捷ST8000VX010硬盘", BrandKnowledge(brands={})) == ()


def test_a_duplicate_alias_is_an_error_that_names_both_brands() -> None:
    with pytest.raises(KnowledgeError, match=r"希 捷.*given twice, for seagate and wd"):
        replace(KNOWLEDGE, aliases=(*KNOWLEDGE.aliases, Alias("希 捷", "wd")))


def test_an_alias_of_nobody_is_an_error() -> None:
    with pytest.raises(KnowledgeError, match="unknown brand"):
        replace(KNOWLEDGE, aliases=(Alias("希捷", "nobody"),))


def test_megabytes_on_one_line() -> None:
    text = "项目采购公告内容" * 150_000 + "希捷硬盘"
    assert [m.surface for m in find_mentions(text, KNOWLEDGE)] == ["希捷"]


def test_ten_thousand_mentions() -> None:
    assert len(find_mentions("希捷硬盘，思科交换机。" * 5_000, KNOWLEDGE)) == 10_000


def test_one_endless_row_of_cells() -> None:
    assert len(find_mentions("希捷 ¦ " * 10_000, KNOWLEDGE)) >= 1


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(NAMES + GLUE) | st.text(max_size=4), max_size=14).map("".join))
def test_spans_are_in_order_apart_and_in_the_words_of_the_text(text: str) -> None:
    last = 0
    for mention in find_mentions(text, KNOWLEDGE):
        assert last <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.surface
        assert mention.brand_id in KNOWLEDGE.brands
        assert 0 < mention.score <= 1
        last = mention.end


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(NAMES + GLUE), max_size=10).map("".join))
def test_the_same_text_gives_the_same_answer(text: str) -> None:
    assert find_mentions(text, KNOWLEDGE) == find_mentions(text, KNOWLEDGE)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["采购公告", "项目", "2023年", "，", "。", "预算金额"]), max_size=8).map("".join))
def test_lines_around_it_do_not_change_a_mention(noise: str) -> None:
    alone = [(m.brand_id, m.surface) for m in find_mentions("希捷ST8000VX010监控硬盘", KNOWLEDGE)]
    among = [(m.brand_id, m.surface) for m in find_mentions(f"{noise}\n希捷ST8000VX010监控硬盘\n{noise}", KNOWLEDGE)]
    assert among == alone


def test_owner_depends_on_the_date() -> None:
    before = KNOWLEDGE.owner_at("integenx", dt.date(2015, 4, 1))
    after = KNOWLEDGE.owner_at("integenx", dt.date(2020, 1, 1))
    assert before is not None
    assert before.owner == "IntegenX"
    assert after is not None
    assert after.owner == "Thermo Fisher Scientific"


def test_a_shared_owner_is_the_majority() -> None:
    owner = KNOWLEDGE.owner_at("h3c", dt.date(2019, 1, 1))
    assert owner is not None
    assert owner.owner.startswith("Unisplendour")
    assert len(KNOWLEDGE.owners_at("h3c", dt.date(2019, 1, 1))) == 2


def test_between_two_owners_there_is_none() -> None:
    assert KNOWLEDGE.owner_at("enstrom", dt.date(2022, 3, 1)) is None


@pytest.mark.parametrize("name", ["seagate", "Seagate", "希捷", "ＳＥＡＧＡＴＥ", "酷鹰"])
def test_any_name_resolves(name: str) -> None:
    brand = KNOWLEDGE.resolve(name)
    assert brand is not None
    assert brand.brand_id == "seagate"


def test_nobody_resolves_to_nothing() -> None:
    assert KNOWLEDGE.resolve("云岭无名") is None


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("采购希捷硬盘与恩斯特龙直升机", [None, "helicopter"]),
        ("思科交换机、惠普打印机", ["switch", "printer"]),
        ("希捷、西部数据监控级硬盘各10块", ["surveillance", "surveillance"]),
        ("希捷 ¦ 监控级硬盘 ¦ 10", ["surveillance"]),
    ],
)
def test_the_class_is_of_the_brands_own_goods(text: str, classes: list[str | None]) -> None:
    assert [mention.product_class for mention in find_mentions(text, load_brand_knowledge())] == classes
