"""The whole reader: any bytes give a reading; the same bytes give the same reading; a digest sees content and nothing else."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlp.document import text_document
from nlp.read import read, read_many
from nlp.types import AttachmentText, PageInput, PageState, PartyRole
from nlp.wire import reading_json
from seeds import load_knowledge

PAGES = sorted((Path(__file__).parent.parent / "fixtures" / "pages").glob("*/*/input.*"))
CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "notices" / "dev"
SAMPLES = Path(__file__).parents[2].parent / "shared" / "portal-samples"


def page(body: str | bytes, **rest: object) -> PageInput:
    return PageInput(body.encode() if isinstance(body, str) else body, **rest)  # type: ignore[arg-type]


@given(st.binary(max_size=600))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_give_a_reading(body: bytes) -> None:
    reading = read(page(body), load_knowledge())
    assert reading.state in PageState
    assert not any(issue.code == "reader_error" for issue in reading.issues)
    reading_json(reading)


@given(st.integers(0, 10**9))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_mutated_pages_give_a_reading(seed: int) -> None:
    chance = random.Random(seed)
    body = bytearray(chance.choice(PAGES).read_bytes())
    for _ in range(chance.randrange(1, 12)):
        if not body:
            break
        at = chance.randrange(len(body))
        match chance.randrange(5):
            case 0:
                del body[at : at + chance.randrange(1, 200)]
            case 1:
                body[at] = chance.randrange(256)
            case 2:
                body[at:at] = chance.choice(
                    [
                        b"<table>",
                        b"</td>",
                        b"\xff\xfe",
                        b'"',
                        b"{",
                        b"\x00",
                        "一、".encode(),
                        "（".encode(),
                        b"<tr><td>",
                    ]
                )
            case 3:
                body += body[at : at + 500]
            case 4:
                del body[at:]
    reading = read(page(bytes(body)), load_knowledge())
    assert [issue for issue in reading.issues if issue.code == "reader_error"] == []
    for span in (*reading.mentions, *reading.spans):
        assert 0 <= span.start < span.end <= len(reading.text)


def test_the_same_bytes_give_the_same_reading() -> None:
    knowledge = load_knowledge()
    pages = [PageInput(path.read_bytes(), name=str(path)) for path in PAGES]
    assert list(read_many(pages, knowledge)) == [read(one, knowledge) for one in pages]


def test_unknown_portal_is_read_by_content_and_said() -> None:
    body = (
        "<p>明川市公安局硬盘采购中标公告</p><p>采购人：明川市公安局</p><p>中标人：甲乙有限公司</p><p>项目编号：A-1</p>"
        * 2
    )
    reading = read(page(body, portal="nowhere"), load_knowledge())
    assert "unknown_portal" in {issue.code for issue in reading.issues}
    assert reading.notice.portal == "nowhere"
    assert reading.notice.project_no == "A-1"
    known = read(page(body, portal="ccgp"), load_knowledge())
    assert "unknown_portal" not in {issue.code for issue in known.issues}


def content(count: str, name: str = "明川市公安局") -> str:
    return (
        f"<div>阅读次数：{count}</div><p>硬盘采购公告</p><p>采购人：{name}</p><p>项目编号：A-1，欢迎供应商参加投标</p>"
    )


def test_digest_ignores_counters_and_sees_content() -> None:
    knowledge = load_knowledge()
    first, again, other = (
        read(page(body), knowledge).content_digest
        for body in (content("6"), content("712"), content("6", "清河区公安局"))
    )
    assert first == again
    assert first != other
    assert first is not None
    assert len(first) == 64


def test_attachments_are_read_behind_the_notice() -> None:
    knowledge = load_knowledge()
    document = text_document(
        "报价明细\n序号 ¦ 货物名称 ¦ 品牌 ¦ 规格型号 ¦ 数量 ¦ 单价（元）\n1 ¦ 监控级硬盘 ¦ 希捷 ¦ ST8000VX004 ¦ 28块 ¦ 1650.00"
    )
    attachment = AttachmentText("报价.xlsx", None, "0" * 64, "text/plain", document)
    body = "明川市公安局硬盘采购中标公告\n项目编号：A-1\n采购人：明川市公安局\n中标供应商：甲乙科技有限公司\n中标金额：46200元\n主要标的信息：详见附件"
    plain = read(page(body), knowledge)
    reading = read(dataclasses.replace(page(body), attachments=(attachment,)), knowledge)
    assert reading.text == plain.text + "\n" + document.text
    assert reading.content_digest == plain.content_digest
    items = [item for item in reading.items if item.source == "attachment:报价.xlsx"]
    assert [(item.brand_raw, item.model_raw) for item in items] == [("希捷", "ST8000VX004")]
    brand_start, brand_end = items[0].brand_start, items[0].brand_end
    assert brand_start is not None
    assert reading.text[brand_start:brand_end] == "希捷"
    assert any(mention.surface.startswith("希捷") for mention in reading.mentions)


def test_a_mention_has_its_items_area_and_outside_one_only_what_is_certain() -> None:
    body = (
        "明川市公安局刑事科学技术实验室设备采购中标公告\n项目编号：A-1\n采购人：明川市公安局\n中标供应商：甲乙科技有限公司\n"
        "主要标的信息\n序号 ¦ 货物名称 ¦ 品牌 ¦ 规格型号 ¦ 数量 ¦ 单价（元）\n1 ¦ 监控级硬盘 ¦ 希捷 ¦ ST8000VX004 ¦ 28块 ¦ 1650.00\n"
        "2 ¦ 会议桌 ¦ 西门子 ¦ 无 ¦ 2张 ¦ 16.00\n说明：另有希捷硬盘与恩斯特龙直升机在用。"
    )
    reading = read(page(body), load_knowledge())
    areas = {(m.surface, m.item is not None): (m.area, m.area_rule) for m in reading.mentions}
    assert reading.items[0].area == "video_surveillance"
    assert areas["希捷", True] == ("video_surveillance", "product_class")
    assert areas["希捷", False] == (None, None)
    assert areas["恩斯特龙", False] == ("aviation", "brand")
    assert areas["西门子", True] == (reading.items[1].area, reading.items[1].area_rule)


def test_an_unreadable_attachment_leaves_the_rest() -> None:
    broken = AttachmentText("x.doc", None, "0" * 64, "application/msword", None)
    reading = read(dataclasses.replace(page(content("1")), attachments=(broken,)), load_knowledge())
    assert reading.notice.project_no == "A-1"


def test_blocked_pages_name_nobody() -> None:
    reading = read(
        page("<html><title>频繁访问!中国政府采购网</title><p>采购人：明川市公安局</p></html>"), load_knowledge()
    )
    assert reading.state is PageState.BLOCKED
    assert (reading.parties, reading.items, reading.text) == ((), (), "")


def test_buyer_from_title_is_said() -> None:
    reading = read(page("明川市公安局清河分局硬盘采购中标公告\n详见附件，供应商可查询。"), load_knowledge())
    assert [p.name for p in reading.parties if p.role is PartyRole.BUYER] == ["明川市公安局清河分局"]
    assert "buyer_from_title" in {issue.code for issue in reading.issues}


def test_a_huge_table_is_bounded_and_the_rest_is_read() -> None:
    rows = "<tr><td>硬盘</td><td>希捷</td><td>1</td></tr>" * 70_000
    body = f"<p>明川市公安局硬盘采购中标公告</p><p>项目编号：A-1</p><p>采购人：明川市公安局</p><table>{rows}</table>"
    reading = read(page(body), load_knowledge())
    assert reading.notice.project_no == "A-1"
    assert "table_too_large" in {issue.code for issue in reading.issues}


@pytest.mark.corpus
def test_every_sample_has_a_sensible_state() -> None:
    if not SAMPLES.is_dir():
        pytest.skip("the portal samples are not beside this checkout")
    knowledge = load_knowledge()
    states = {
        path.name: read(PageInput(path.read_bytes(), name=path.name), knowledge).state for path in SAMPLES.iterdir()
    }
    assert states["shandong_throttle_response_999.txt"] is PageState.BLOCKED
    assert states["ggzy_getTradList_2026-03-17.json"] is PageState.LIST
    assert states["ccgp_bxsearch_2019_web.html"] is PageState.LIST
    assert states["zcy_guangxi_district_tree_2024.json"] is PageState.UNKNOWN
    assert sum(state is PageState.NOTICE for state in states.values()) >= 20


@pytest.mark.corpus
def test_fields_meet_their_gates_on_real_notices() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the evaluation corpus is not beside this checkout")
    import json

    knowledge = load_knowledge()
    right: dict[str, list[bool]] = {}
    for case in sorted(path.parent for path in CORPUS.glob("*/expected.json")):
        gold = json.loads((case / "expected.json").read_text("utf-8"))
        reading = read(
            PageInput(next(case.glob("input.*")).read_bytes(), gold.get("url"), gold.get("portal")), knowledge
        )
        for name in ("type", "published_on", "project_no"):
            if name in gold.get("notice", {}):
                wanted = gold["notice"][name]
                wanted = wanted if isinstance(wanted, list) else [wanted]
                right.setdefault(name, []).append(
                    str(getattr(reading.notice, name)) in {str(value) for value in wanted}
                )
    for name, marks in right.items():
        assert sum(marks) / len(marks) >= 0.97, name


@pytest.mark.parametrize(
    "body",
    [
        "采购" + " " * 500_000 + "人",
        "采购\t" * 100_000,
        ":" * 100_000,
        "(" * 100_000 + "项目编号：A",
        "联系人：" + "王一、" * 50_000,
        "采购 " + "1" * 300_000,
        '{"a":' * 50_000 + "1" + "}" * 50_000,
        "<div>" * 100_000 + "采购",
        "<p>采购公告</p><table><tr>" + "<td>希捷</td>" * 2_000 + "</tr></table>",
    ],
    ids=["blanks", "tabs", "colons", "brackets", "names", "digits", "deep json", "deep html", "wide row"],
)
def test_hostile_shapes_end(body: str) -> None:
    reading = read(page(body), load_knowledge())
    assert not any(issue.code == "reader_error" for issue in reading.issues)


def test_a_line_without_end_is_searched_at_its_beginning_and_that_is_said() -> None:
    body = (
        "<h2>明川市公安局硬盘成交公告</h2><p>" + "采购希捷硬盘一批，" + "其他说明文字，" * 10_000 + "西部数据硬盘</p>"
    )
    reading = read(page(f"<html><body>{body}</body></html>"), load_knowledge())
    assert {mention.surface for mention in reading.mentions} == {"希捷"}
    assert "mentions_cut" in {issue.code for issue in reading.issues}


def test_the_rest_of_a_text_full_of_names_is_not_searched() -> None:
    body = "".join(f"<p>采购希捷硬盘{number}块</p>" for number in range(30_000)) + "<p>采购西部数据硬盘</p>"
    reading = read(page(f"<html><body><h2>硬盘成交公告</h2>{body}</body></html>"), load_knowledge())
    assert len(reading.mentions) == 5000
    assert [m.start for m in reading.mentions] == sorted(m.start for m in reading.mentions)
    assert next(issue.message for issue in reading.issues if issue.code == "mentions_cut").startswith("more than")


def test_a_long_text_with_few_names_is_searched_to_its_end() -> None:
    body = "<p>采购希捷硬盘</p>" + "<p>其他说明文字，与品牌无关。</p>" * 25_000 + "<p>采购西部数据硬盘</p>"
    reading = read(page(f"<html><body><h2>硬盘成交公告</h2>{body}</body></html>"), load_knowledge())
    assert [mention.surface for mention in reading.mentions] == ["希捷", "西部数据"]


def test_encoded_data_names_no_brand_wherever_it_stands() -> None:
    for lead in range(0, 800, 133):
        body = f"<p>{'甲' * lead}{'A' * 180}WD4000{'A' * 300}</p>"
        reading = read(page(f"<html><body><h2>硬盘成交公告</h2>{body}</body></html>"), load_knowledge())
        assert reading.mentions == ()
