"""Labels, numbers, types, names: small texts about invented units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.document import html_document, text_document
from nlp.notice.changes import read_changes
from nlp.notice.fields import name_of_title, title_of
from nlp.notice.labels import LABELS, trailing_label, whole_label
from nlp.notice.norm import Evened, even, missing
from nlp.notice.notice_type import method_of, notice_type, type_of_body, type_of_label, type_of_title
from nlp.notice.pairs import read_pairs
from nlp.notice.parties import clean_org, from_sentences, from_signature, from_title, split_orgs
from nlp.notice.project_no import clean_project_no
from nlp.types import Document, NoticeType, PartyRole


def _both(text: str) -> tuple[Document, Evened]:
    document = text_document(text)
    return document, Evened(document.text)


def _title_of(text: str) -> str | None:
    return title_of(*_both(text))


def pairs(text: str) -> list[tuple[str, str, str]]:
    return [(p.kind, p.value, p.context) for p in read_pairs(text_document(text)) if p.kind != "_stop"]


@given(st.text(max_size=80))
def test_even_keeps_the_length(text: str) -> None:
    assert len(even(text)) == len(text)


@pytest.mark.parametrize(
    "value",
    ["/", "", "无", "--", "详见公告正文", "见公告原文", "system", "undefined", "***", "N/A", "详见附件", "：", "null"],
)
def test_placeholders_are_missing(value: str) -> None:
    assert missing(value)


@pytest.mark.parametrize("value", ["无锡市公安局", "见山镇人民政府", "0", "A-1", "空港区公安分局"])
def test_names_are_not_placeholders(value: str) -> None:
    assert not missing(value)


@pytest.mark.parametrize(
    ("text", "label", "start"),
    [
        ("项目编号", "项目编号", 0),
        ("一、采 购 人(甲方)", "采购人", 2),
        ("YLMX0118项目联系方式", "项目联系方式", 8),
        ("明川市公安局采购代理机构名称", "采购代理机构名称", 6),
        ("设备采购 项目编号", "项目编号", 5),
        ("预算金额(元)", "预算金额", 0),
        ("招标(采购)方式 ", "招标方式", 0),
    ],
)
def test_label_before_a_colon(text: str, label: str, start: int) -> None:
    got = trailing_label(text)
    assert got is not None
    assert (got[0], got[3]) == (label, start)


@pytest.mark.parametrize("text", ["http", "2024年1月1日 09", "某某名称", "注", "", "以下简称"])
def test_what_is_no_label(text: str) -> None:
    assert trailing_label(text) is None


def test_every_label_reads_as_itself() -> None:
    for label, entry in LABELS.items():
        got = whole_label(even(f"三、{label}："))
        assert got is not None, label
        assert got[1] == entry, label


def test_glued_pairs() -> None:
    got = pairs(
        "项目名称：硬盘采购项目项目编号：A-2024-1项目联系方式：项目联系人：林晓禾采购单位：明川市公安局  地址：长安路8号"
    )
    assert ("project_name", "硬盘采购项目", "") in got
    assert ("project_no", "A-2024-1", "") in got
    assert ("buyer", "明川市公安局", "") in got


def test_names_under_party_headings() -> None:
    got = pairs(
        "1.采购人信息\n名 称：明川市公安局\n地 址：长安路\n2.采购代理机构信息（如有）\n名 称：\n云岭鑫衡工程咨询有限公司\n3.同级政府采购监督管理部门\n名 称：明川市财政局"
    )
    assert ("_name", "明川市公安局", "buyer") in got
    assert ("_name", "云岭鑫衡工程咨询有限公司", "agency") in got
    assert ("_name", "明川市财政局", "supervisor") in got


def test_values_in_the_next_cell_or_row() -> None:
    document = html_document(
        "<table><tr><td>采购人</td><td>明川市公安局</td><td>项目编号</td><td>A-1</td></tr></table>"
        "<p>x</p><table><tr><th>采购项目名称</th><th>预算金额（元）</th></tr><tr><td>硬盘</td><td>5000</td></tr></table>"
    )
    got = {(p.kind, p.value) for p in read_pairs(document)}
    assert {("buyer", "明川市公安局"), ("project_no", "A-1"), ("project_name", "硬盘"), ("budget", "5000")} <= got


def test_a_column_with_several_values_speaks_for_no_notice() -> None:
    document = html_document(
        "<table><tr><th>采购项目名称</th><th>预算金额（元）</th></tr><tr><td>硬盘</td><td>5000</td></tr><tr><td>交换机</td><td>9000</td></tr></table>"
    )
    assert [p for p in read_pairs(document) if not p.kind.startswith("_")] == []


def test_item_headers_are_no_pairs() -> None:
    document = html_document(
        "<table><tr><td>货物名称</td><td>品牌</td><td>数量</td></tr><tr><td>硬盘</td><td>希捷</td><td>3</td></tr></table>"
    )
    assert all(p.kind.startswith("_") for p in read_pairs(document))


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("MCCG-2024-0117（招标文件编号：MCCG-2024-0117）", "MCCG-2024-0117"),
        ("16184）组织采购", "16184"),
        ("[530000]YLXH[GK]2024001 二、项目名称", "[530000]YLXH[GK]2024001"),
        ("16A4937,16A5022，16A5133", "16A4937,16A5022，16A5133"),
        ("330000263030080000973-ZB2026039（第2次）", "330000263030080000973-ZB2026039（第2次）"),
        ("云财采计[2018]012509号", "云财采计[2018]012509号"),
        ("ML-JX（2021）第30号三、其他", "ML-JX（2021）第30号"),
        ("YLC-16ZF5066- 2 中标供应商", "YLC-16ZF5066-2"),
        ("/", None),
        ("详见附件", None),
        ("0991-2345678", None),
        ("13912345678", None),
    ],
)
def test_project_numbers(raw: str, number: str | None) -> None:
    assert clean_project_no(raw) == number


@given(st.text(max_size=120))
def test_project_number_has_a_digit_and_no_blank(raw: str) -> None:
    number = clean_project_no(raw)
    assert number is None or (any(c.isdigit() for c in number) and not any(c.isspace() for c in number))


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("明川市公安局硬盘采购中标公告", "award"),
        ("明川市公安局硬盘采购中标（成交）结果公告（采购包1）", "award"),
        ("明川市公安局硬盘采购结果更正公告", "correction"),
        ("明川市公安局硬盘采购更正公告（第一次）", "correction"),
        ("明川市公安局硬盘采购项目竞争性磋商终止公告", "failed"),
        ("明川市公安局硬盘采购废标结果公告", "failed"),
        ("明川市公安局硬盘采购合同公告", "contract"),
        ("明川市公安局硬盘采购合同变更公告", "contract"),
        ("明川市公安局合同包1竞争性磋商公告", "tender"),
        ("明川市公安局验收设备采购公开招标公告", "tender"),
        ("明川市公安局履约验收结果公告", "acceptance"),
        ("明川市公安局DNA试剂单一来源采购公示", "single_source"),
        ("明川市公安局DNA试剂单一来源采购成交公告", "award"),
        ("明川市公安局进口设备专家论证意见公示", "import_review"),
        ("明川市公安局2024年5月至6月政府采购意向", "intention"),
        ("明川市公安局办公楼中标候选人公示", "candidate"),
        ("明川市公安局资格预审公告", "prequalification"),
        ("明川市公安局采购需求征求意见公告", "other"),
        ("明川市公安局空调网上超市采购项目成交公告", "emall_order"),
        ("关于明川市公安局采购项目的投诉处理决定公告", "complaint"),
        ("物业服务框架协议采购征集公告", "framework"),
        ("明川市公安局硬盘采购（二次）", None),
        ("明川市终止妊娠药品监测设备采购公开招标公告", "tender"),
    ],
)
def test_type_by_title(title: str, kind: str | None) -> None:
    assert type_of_title(title) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("一、项目终止的原因\n投标人不足三家", "failed"),
        ("第一中标候选人：甲公司", "candidate"),
        ("中标供应商：甲公司\n中标金额：5万元", "award"),
        ("二、更正信息\n更正内容：无", "correction"),
        ("招标公告\n1.招标条件", "tender"),
        ("今天天气好", None),
    ],
)
def test_type_by_body(text: str, kind: str | None) -> None:
    assert type_of_body(text) == kind


def test_type_by_label_and_method() -> None:
    assert type_of_label("中标(成交)结果公告") == "award"
    assert type_of_label("采购/资审公告") == "tender"
    assert type_of_label("首页") is None
    assert method_of("竞争性磋商") == "consultation"
    assert method_of("公开招标") == "open"
    assert method_of(None) is None


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("明川市公安局（盖章）", "明川市公安局"),
        ("明川市公安局 地址：长安路8号", "明川市公安局"),
        ("明川市公安局 0991-2345678", "明川市公安局"),
        ("云岭鑫衡工程咨询有限公司（明川分公司）", "云岭鑫衡工程咨询有限公司（明川分公司）"),
        ("明川市公共资源交易中心，具体由云岭分公司组织实施", "明川市公共资源交易中心"),
        ("名称：明川市公安局", "明川市公安局"),
        ("/", None),
        ("zycgr21070801", None),
        ("***", None),
        ("应当按照招标文件的规定提出", None),
    ],
)
def test_clean_organisation(raw: str, name: str | None) -> None:
    assert clean_org(raw) == name


def test_several_buyers_in_one_field() -> None:
    assert split_orgs("明川市公安局、清河区公安局") == ["明川市公安局", "清河区公安局"]
    assert split_orgs("明川边境管理支队密山、虎峰边境管理大队") == ["明川边境管理支队密山、虎峰边境管理大队"]


@given(st.text(max_size=100))
def test_cleaning_never_invents(raw: str) -> None:
    name = clean_org(raw)
    assert name is None or "".join(name.split()) in "".join(raw.split())


def test_parties_of_sentences_signatures_and_titles() -> None:
    told = from_sentences(
        Evened("云岭明信招标代理有限公司受明川市公安局的委托，就硬盘采购项目（项目编号：A-1）组织采购")
    )
    assert {role: named.name for role, named in told.items()} == {
        PartyRole.BUYER: "明川市公安局",
        PartyRole.AGENCY: "云岭明信招标代理有限公司",
    }
    told = from_sentences(Evened("项目业主为明川市城市建设投资有限公司，资金自筹"))
    assert told[PartyRole.BUYER].name == "明川市城市建设投资有限公司"
    signed = from_signature(*_both("特此公告\n明川市公安局清河分局\n云岭明信招标代理有限公司\n2021年4月29日"))
    assert {role: named.name for role, named in signed.items()} == {
        PartyRole.BUYER: "明川市公安局清河分局",
        PartyRole.AGENCY: "云岭明信招标代理有限公司",
    }
    assert from_title("明川市公安局清河分局硬盘采购公告")[PartyRole.BUYER].name.startswith("明川市公安局清河分局")
    assert PartyRole.BUYER not in from_title("明川市体育中心装修工程招标公告")


def test_titles_of_pages_without_markup() -> None:
    assert _title_of("首页 > 公告\n明川市公安局硬盘采购\n中标公告\n一、项目编号：A") == "明川市公安局硬盘采购中标公告"
    assert (
        _title_of("（自行采购）明川市公安局开户项目\n发布时间：2021-01-22 阅读次数：6\n正文")
        == "（自行采购）明川市公安局开户项目"
    )
    assert _title_of("一、项目编号：A\n二、项目名称：B") is None
    assert (
        name_of_title("云岭明信招标代理有限公司关于明川市公安局硬盘采购项目的公开招标公告")
        == "明川市公安局硬盘采购项目"
    )


def test_changes() -> None:
    table = html_document(
        "<table><tr><th>序号</th><th>更正项</th><th>更正前内容</th><th>更正后内容</th></tr><tr><td>1</td><td>数量</td><td>5台</td><td>6台</td></tr></table>"
    )
    assert [(c.field, c.before, c.after) for c in read_changes(table)] == [("数量", "5台", "6台")]
    flat = text_document(
        "更正内容：\n序号\n更正项\n更正前内容\n更正后内容\n1\n成交供应商名称\n甲公司\n乙公司\n更正日期：2026年07月29日"
    )
    assert [(c.field, c.before, c.after) for c in read_changes(flat)] == [("成交供应商名称", "甲公司", "乙公司")]
    told = text_document("原公告的投标文件提交截止时间：2026-09-14 09:30:00，更正为：2026-09-18 09:30:00。")
    assert [(c.field, c.before, c.after) for c in read_changes(told)] == [
        ("投标文件提交截止时间", "2026-09-14 09:30:00", "2026-09-18 09:30:00")
    ]
    assert read_changes(text_document("其他内容不变。")) == ()


def test_a_review_that_names_the_winner_is_an_award() -> None:
    title = "柏原县公安局卡口项目评审结果公告"
    assert (
        notice_type(title, (), "供应商 ¦ 得分 ¦ 结果\n云岭金桥公司 ¦ 92.5 ¦ 成交\n明川博朗公司 ¦ 88 ¦ 未成交")
        is NoticeType.AWARD
    )
    assert notice_type(title, (), "推荐中标候选人：云岭金桥公司") is NoticeType.CANDIDATE
    assert notice_type("柏原县公安局卡口项目中标候选人公示", (), "中标人：云岭金桥公司") is NoticeType.CANDIDATE


def test_the_way_to_a_page_is_no_heading() -> None:
    assert type_of_body("首页 > 采购公告\n中标公告\n中标人：云岭金桥公司") is NoticeType.AWARD


def test_a_centre_that_buys_for_a_bureau() -> None:
    text = "柏原县政府采购中心对柏原县公安局所需警用摩托车进行了竞争性谈判采购。"
    found = {role: named.name for role, named in from_sentences(Evened(text)).items()}
    assert found[PartyRole.AGENCY] == "柏原县政府采购中心"
    assert found[PartyRole.BUYER] == "柏原县公安局"
