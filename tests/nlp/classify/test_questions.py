"""The three questions as the reader asks them. All names, titles and texts are constructed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from nlp.classify.areas import (
    AREA_NAMES,
    BRAND_AREAS,
    CLASS_AREAS,
    Area,
    area_of_item,
    area_of_notice,
    area_of_text,
    under,
)
from nlp.classify.notice_types import classify_type
from nlp.classify.units import DECIDED, OPEN_REASONS, REVIEW, tier_of
from nlp.orgs import analyse, read_org
from nlp.read import read
from nlp.types import Item, NoticeType, PageInput, Tier
from nlp.wire import reading_json
from seeds import load_knowledge
from seeds.classifiers import load_classifier
from seeds.orgs import load_org_knowledge

ON = dt.date(2026, 1, 1)
CORPUS = Path(__file__).parents[4] / "shared" / "corpus"


# ── tiers ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_classifier_is_asked_only_where_no_rule_answers() -> None:
    knowledge = load_org_knowledge()
    ruled = read_org("乌鲁木齐市公安局", knowledge, ON)
    assert (ruled.tier, ruled.reason) == (Tier.ORGAN, "organ")
    assert read_org("乌鲁木齐市农业农村局", knowledge, ON).reason in OPEN_REASONS


def test_an_authority_no_rule_knows_is_other() -> None:
    found = read_org("乌鲁木齐市自然资源和规划局", load_org_knowledge(), ON)
    assert (found.tier, found.reason, found.is_public_security) == (Tier.OTHER, DECIDED, False)


def test_a_misspelt_bureau_is_found_or_left_to_a_person() -> None:
    found = read_org("乌鲁木齐市公按局", load_org_knowledge(), ON)
    assert found.reason in {DECIDED, REVIEW}
    assert found.tier is (Tier.ORGAN if found.reason == DECIDED else Tier.OTHER)


def test_below_the_threshold_it_stays_other() -> None:
    opened = tier_of("㐀㐁", load_classifier("units"))
    assert (opened.tier, opened.reason, opened.score) == (Tier.OTHER, REVIEW, 0.0)


def test_without_a_classifier_the_name_stays_open() -> None:
    import dataclasses

    knowledge = dataclasses.replace(load_org_knowledge(), open_names=None)
    assert read_org("乌鲁木齐市农业农村局", knowledge, ON).reason == "no_rule"


@pytest.mark.corpus
def test_open_names_of_the_corpus_are_never_taken_for_another_tier() -> None:
    gold = CORPUS / "units" / "dev.csv"
    if not gold.exists():
        pytest.skip("no evaluation corpus beside the checkout")
    import csv

    knowledge = load_org_knowledge()
    with gold.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    asked = [row for row in rows if analyse(row["name"], knowledge, ON).reason == "no_rule"]
    assert len(asked) >= 20
    wrong = []
    for row in asked:
        found = read_org(row["name"], knowledge, ON)
        if (
            found.reason == DECIDED
            and found.tier is not None
            and found.tier.value not in {row["tier"], *row["tier_alt"].split("|")}
        ):
            wrong.append((row["id"], found.tier.value))
    assert wrong == []
    reviewed = sum(read_org(row["name"], knowledge, ON).reason == REVIEW for row in asked)
    assert reviewed / len(asked) <= 0.25


# ── areas ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_is_closed_and_every_area_has_a_name() -> None:
    assert len(Area) == 27
    assert set(AREA_NAMES) == set(Area)
    assert {*load_classifier("areas").labels} == {*(area.value for area in Area), "outside"}


def test_the_tables_name_things_that_exist() -> None:
    from nlp.brands.knowledge import PRODUCT_CLASSES

    fields = {field for brand in load_knowledge().brands.brands.values() for field in brand.areas}
    assert set(CLASS_AREAS) <= PRODUCT_CLASSES
    assert set(BRAND_AREAS) <= fields


def _area(item: Item, title: str | None = None) -> tuple[str | None, str]:
    knowledge = load_knowledge()
    found = area_of_item(item, under(title), knowledge.brands, load_classifier("areas"))
    return (found.area.value if found.area is not None else None), found.rule.split("@")[0]


def test_a_product_class_decides() -> None:
    assert _area(Item(name="不间断电源", product_class="ups")) == ("data_centre", "product_class")


def test_a_brand_of_one_field_decides_and_a_brand_of_several_does_not() -> None:
    brands = load_knowledge().brands.brands.values()
    one = next(b for b in brands if len(b.areas) == 1 and b.areas[0] == "network infrastructure")
    several = next(b for b in brands if len(b.areas) > 1)
    assert _area(Item(name="设备", brand_id=one.brand_id)) == ("network_infrastructure", "brand")
    assert _area(Item(name="设备", brand_id=several.brand_id))[1] not in {"brand", "product_class"}


@pytest.mark.parametrize(
    ("name", "area"),
    [
        ("人脸抓拍网络摄像机", "video_surveillance"),
        ("呼气式酒精检测仪", "breath_alcohol"),
        ("警用防弹头盔", "tactical_gear"),
        ("便携式热成像望远镜", "thermal_imaging"),
        ("Y染色体STR扩增试剂盒", "dna_biotech"),
        ("手机取证分析软件", "digital_forensics"),
        ("排爆机器人备件", "eod"),
        ("办公椅", None),
    ],
)
def test_the_item_not_the_company_has_the_area(name: str, area: str | None) -> None:
    assert _area(Item(name=name))[0] == area


def test_a_name_of_no_words_has_no_area() -> None:
    assert _area(Item()) == (None, "no_words")
    assert _area(Item(name="㐀")) == (None, "no_words")


def test_a_notice_has_the_area_its_lines_agree_on() -> None:
    model = load_classifier("areas")
    cars, disks = Item(area="automobiles"), Item(area="servers_storage")
    assert area_of_notice("x", [cars, cars], model).area is Area.AUTOMOBILES
    assert area_of_notice("x", [cars, disks], model).rule == "several"
    assert area_of_notice("x", [cars, Item(), Item()], model).rule == "several"
    by_title = area_of_notice("明川市公安局视频监控系统建设项目公开招标公告", [], model)
    assert by_title == area_of_text("明川市公安局视频监控系统建设项目公开招标公告", None, (), model)
    assert by_title.area is Area.VIDEO_SURVEILLANCE


# ── types ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_text_that_says_what_happened_has_a_type() -> None:
    text = "验收小组已于昨日查验所供货物，数量与合同一致，验收结论：合格，同意付款。\n履约情况：按期交货"
    assert classify_type("明川市公安局货物", text, load_classifier("types")) is NoticeType.ACCEPTANCE


def test_a_text_that_says_nothing_has_none() -> None:
    assert classify_type(None, "", load_classifier("types")) is None
    assert classify_type("明川市", "㐀㐁㐂", load_classifier("types")) is None


@pytest.mark.corpus
def test_types_of_the_corpus_by_the_classifier_alone() -> None:
    """Far from where it is used (rules answer nearly all of these), so only what it claims to know is measured."""
    folder = CORPUS / "notices" / "dev"
    if not folder.exists():
        pytest.skip("no evaluation corpus beside the checkout")
    right, decided, asked = type_figures(folder)
    assert asked >= 50
    assert decided >= 10
    assert right / decided >= 0.6


def type_figures(folder: Path) -> tuple[int, int, int]:
    import json

    knowledge = load_knowledge()
    model = load_classifier("types")
    right = decided = asked = 0
    for case in sorted(folder.glob("*/expected.json")):
        expected = json.loads(case.read_text(encoding="utf-8")).get("notice", {}).get("type")
        wanted = expected if isinstance(expected, list) else [expected]
        page = next(case.parent.glob("input.*"), None)
        if page is None or wanted == [None]:
            continue
        reading = read(PageInput(page.read_bytes(), name=case.parent.name), knowledge)
        kind = classify_type(reading.notice.title, reading.text, model)
        asked += 1
        decided += kind is not None
        right += kind is not None and kind.value in wanted
    return right, decided, asked


# ── in a reading ─────────────────────────────────────────────────────────────────────────────────────────────────────

PAGE = """<html><head><title>明川市公安局酒精检测仪采购项目成交公告</title></head><body><div class="vF_detail_content">
<p>一、项目编号：YLMC2022-XJ-001（构造）</p><p>二、项目名称：酒精检测仪采购</p>
<table><tr><td>名称</td><td>品牌</td><td>规格型号</td><td>数量</td><td>单价（元）</td></tr>
<tr><td>呼气式酒精检测仪</td><td>明远</td><td>MY-100</td><td>10台</td><td>1650.00</td></tr></table>
<p>采购人：明川市公安局（构造）</p></div></body></html>"""


def test_a_reading_carries_areas_and_the_versions_of_all_models() -> None:
    knowledge = load_knowledge()
    reading = read(PageInput(PAGE.encode(), portal="ccgp"), knowledge)
    shown = reading_json(reading)
    assert [item["area"] for item in shown["items"]] == ["breath_alcohol"]
    assert shown["items"][0]["area_rule"].startswith("model@")
    assert shown["notice"]["area"] == "breath_alcohol"
    assert shown["notice"]["area_rule"] == "items"
    assert shown["versions"]["model"] == knowledge.model_version
    assert knowledge.model_version.startswith(knowledge.roles.version + "-")
