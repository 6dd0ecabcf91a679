"""Lots, outcomes and suppliers over the templates of the portals. Every notice is constructed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from build import D, lots_of, names, page, read, table

from nlp.types import Document, LotStatus, NoticeType, PartyRole

A = "云岭恒川科技有限公司"
B = "明川市启远电子有限责任公司"
C = "清河区同方达商贸有限公司"


def test_national_template_2020() -> None:
    r = read(
        page(
            "一、项目编号：YLMC-2024-001",
            "二、项目名称：监控硬盘采购",
            "三、中标（成交）信息",
            f"供应商名称：{A}",
            "供应商地址：云岭省明川市清河区人民路1号",
            "中标（成交）金额：46.200000（万元）",
            "四、主要标的信息",
            table(
                "序号 | 供应商名称 | 货物名称 | 货物品牌 | 货物型号 | 货物数量 | 货物单价(元)",
                f"1 | {A} | 硬盘 | 希捷 | ST8000VX004 | 280 | 1650",
            ),
            "六、代理服务收费标准及金额：",
            "本项目代理费总金额：0.693000 万元（人民币）",
        )
    )
    assert lots_of(r) == [(None, "awarded", A, D(462000))]
    assert names(r) == [A]
    assert not r.issues


def test_zhengcaiyun_lot_table_numbers_lots_by_their_sequence() -> None:
    r = read(
        page(
            "三、中标（成交）信息",
            "1.中标结果：",
            table(
                "序号 | 标项名称 | 中标（成交）金额(元) | 中标供应商名称 | 中标供应商地址",
                f"1 | 存储设备 | 总价形式报价:569800.00(元) | {A} | 明川市人民路1号",
                f"2 | 取证设备 | 折扣率形式报价:85(%) | {B} | 明川市人民路2号",
            ),
            "2.废标结果:",
            table("序号 | 标项名称 | 废标理由 | 其他事项", "3 | 无人机 | 有效供应商不足三家 | /"),
        )
    )
    assert lots_of(r) == [("1", "awarded", A, D("569800.00")), ("2", "awarded", B, None), ("3", "failed", None, None)]
    assert r.lots[1].amount_reason == "rate"
    assert r.lots[0].amount_raw == "总价形式报价:569800.00(元)"


def test_gpcms_packages_under_headings() -> None:
    r = read(
        page(
            "三、采购结果",
            "合同包1(存储设备):",
            table("供应商名称 | 供应商地址 | 中标（成交）金额 | 评审总得分", f"{A} | 明川市 | 1,430,000.00元 | 91.67"),
            "合同包2(显微镜):",
            "废标理由：有效投标供应商不足三家。",
            "合同包3(试剂):",
            table("供应商名称 | 供应商地址 | 中标（成交）金额", f"{B} | 明川市 | 88,000.00元"),
            "四、主要标的信息",
            "合同包1(存储设备):",
            f"货物类（{A}）",
            table(
                "品目号 | 品目名称 | 采购标的 | 品牌 | 规格型号 | 数量（单位） | 单价(元) | 总价(元)",
                "1-1 | 存储设备 | 磁盘阵列 | 戴尔 | ME5084 | 1.00(台) | 1,430,000.00 | 1,430,000.00",
            ),
        )
    )
    assert lots_of(r) == [
        ("1", "awarded", A, D("1430000.00")),
        ("2", "failed", None, None),
        ("3", "awarded", B, D("88000.00")),
    ]
    assert [lot.name for lot in r.lots] == ["存储设备", "显微镜", "试剂"]
    assert r.items[0].lot == "1"
    assert r.items[0].supplier == A


def test_losing_bidders_before_the_winner_are_candidates() -> None:
    r = read(
        page(
            "三、投标供应商名称及报价：",
            table(
                "包组 | 投标供应商 | 报价（元）", f"A | {B} | 5727100.0", f"A | {C} | 4131090.0", f"A | {A} | 6687920.0"
            ),
            "四、候选中标供应商名单：",
            table("包组 | 投标供应商 | 报价（元）", f"A | {A} | 6687920.0", f"A | {B} | 5727100.0"),
            "五、中标（成交）信息",
            f"供应商名称：{A}",
            "中标（成交）金额：6687920.0元",
        )
    )
    assert names(r) == [A]
    assert [(s, a) for _, _, s, a in lots_of(r)] == [(A, D("6687920.0"))]
    assert {p.name for p in r.candidates} == {B, C}
    assert all(p.role is PartyRole.CANDIDATE for p in r.candidates)


def test_ranked_table_of_a_result_takes_only_who_won() -> None:
    r = read(
        page(
            "三、中标结果",
            table(
                "序号 | 投标人名称 | 投标报价（元） | 得分 | 排名 | 是否中标",
                f"1 | {B} | 98000 | 88 | 2 | 否",
                f"2 | {A} | 99000 | 95 | 1 | 是",
                f"3 | {C} | 91000 | 80 | 3 | 否",
            ),
        )
    )
    assert lots_of(r) == [(None, "awarded", A, D(99000))]
    assert [p.name for p in r.candidates] == [B, C]


def test_candidate_notice_names_no_supplier() -> None:
    r = read(
        page(
            "中标候选人公示",
            table("排序 | 中标候选人名称 | 投标报价（万元）", f"1 | {A} | 32.8", f"2 | {B} | 33.1"),
        ),
        NoticeType.CANDIDATE,
    )
    assert names(r) == []
    assert lots_of(r) == [(None, "candidate", A, D(328000))]
    assert [p.name for p in r.candidates] == [A, B]


def test_candidate_form_with_the_chosen_one() -> None:
    r = read(
        page(
            "拟中标结果公示表",
            "<table><tr><td>项目名称</td><td colspan=3>派出所监控</td></tr>"
            f"<tr><td rowspan=2>监控</td><td>第一中标候选人</td><td colspan=2>{A}</td></tr>"
            f"<tr><td>第二中标候选人</td><td colspan=2>{B}</td></tr>"
            f"<tr><td>拟中标人</td><td>{A}</td><td>中标金额(万元)</td><td>221.533</td></tr></table>",
        ),
        NoticeType.CANDIDATE,
    )
    assert names(r) == []
    assert lots_of(r) == [(None, "candidate", A, D(2215330))]


def test_candidates_in_sentences() -> None:
    r = read(
        page(
            "五、评标结果：",
            f"{A}为第一中标候选人，",
            "中标价为398913.02元",
            f"{B}为第二中标候选人，",
            "中标价为398881.19元",
        ),
        NoticeType.CANDIDATE,
    )
    assert lots_of(r) == [(None, "candidate", A, D("398913.02"))]


def test_old_ccgp_template_prefers_the_table_and_reads_wan_from_its_header() -> None:
    r = read(
        page(
            "四、成交信息",
            "成交日期：2016年11月29日",
            "总成交金额：68.8 万元（人民币）",
            "成交供应商名称、地址及成交金额：",
            table("序号 | 成交供应商名称 | 成交供应商联系地址 | 成交金额(万元)", f"1 | {A} | 明川市 | 68.8"),
            "谈判小组、询价小组、磋商小组成员名单及单一来源采购人员名单：",
            "甲某、乙某",
            "五、项目用途、简要技术要求及合同履行日期：",
            "见公告",
        )
    )
    assert lots_of(r) == [(None, "awarded", A, D(688000))]


def test_labels_per_lot_with_spelled_amounts() -> None:
    r = read(
        page(
            "第一标包： 存储设备一套",
            f"中标供应商：{A}",
            "中标供应商地址：明川市人民路",
            "中标金额：人民币伍佰壹拾叁万元整（￥513万元）",
            "第二标包：交换机一套",
            f"中标供应商：{B}",
            "中标金额：人民币玖拾伍万元整（￥95万元）",
        )
    )
    assert lots_of(r) == [("1", "awarded", A, D(5130000)), ("2", "awarded", B, D(950000))]


def test_labels_in_one_flattened_line() -> None:
    r = read(
        "采购结果公告 一、项目名称 存储设备采购 二、谈判情况 序号 供应商名称 最终报价 评审结果 "
        f"1 {A} 272000.00 第一成交候选人 2 {B} 275000.00 第二成交候选人 三、成交供应商名称、地址和成交金额 标段1 中标，标段名称：存储设备 "
        f"成交供应商名称：{A} 地址：明川市人民路 成交金额(元)：272000 备注：/ 四、谈判小组成员名单 甲某"
    )
    assert names(r) == [A]
    assert lots_of(r)[0][1:] == ("awarded", A, D(272000))


def test_one_cell_a_line() -> None:
    r = read(
        f"三、采购结果\n采购包1:\n供应商名称\n供应商地址\n中标（成交）金额\n评审总得分\n{A}\n明川市人民路1号\n550,000.00元\n99.40\n四、主要标的信息\n无"
    )
    assert lots_of(r) == [("1", "awarded", A, D("550000.00"))]


def test_label_and_value_on_two_lines() -> None:
    r = read(f"中标情况\n中标人名称\n{A}\n资质等级\n一级\n中标价（万元）\n3602.5688\n中标工期\n200天")
    assert lots_of(r) == [(None, "awarded", A, D("36025688"))]


@pytest.mark.parametrize(
    "value",
    [
        f"{A}（联合体牵头人）、{B}（联合体成员）",
        f"{A}、{B}联合体",
        f"牵头人：{A}；成员：{B}",
        f"{A}（主）、{B}（成）",
        f"{A}与{B}组成的联合体",
        f"联合体成员：{B}；联合体牵头人：{A}",
    ],
)
def test_consortium_lead_first(value: str) -> None:
    r = read(page("三、中标信息", f"中标供应商：{value}", "中标金额：100万元"))
    assert lots_of(r) == [(None, "awarded", f"{A}、{B}", D(1000000))]
    assert names(r) == [A, B]


@pytest.mark.parametrize(
    "kind", [NoticeType.TENDER, NoticeType.CORRECTION, NoticeType.INTENTION, NoticeType.PREQUALIFICATION]
)
def test_notices_before_an_award_name_nobody(kind: NoticeType) -> None:
    r = read(page("一、项目基本情况", "中标供应商：", f"成交供应商：{A}", "供应商名称：某", "中标金额：5万元"), kind)
    assert names(r) == []
    assert not [lot for lot in r.lots if lot.supplier]


def test_failed_notice() -> None:
    r = read(page("一、项目基本情况", "二、项目终止的原因", "有效投标人不足三家，本项目废标。"), NoticeType.FAILED)
    assert names(r) == []
    assert [lot.status for lot in r.lots] == [LotStatus.FAILED]


def test_failed_lots_in_sentences_beside_an_award() -> None:
    r = read(
        page(
            "三、中标信息",
            "第1包：",
            f"中标人：{A}",
            "中标金额：12万元",
            "第2包因有效投标人不足三家流标。",
            "第3包：废标",
        )
    )
    assert lots_of(r) == [("1", "awarded", A, D(120000)), ("2", "failed", None, None), ("3", "failed", None, None)]


def test_winner_cell_that_says_failed() -> None:
    r = read(page("三、中标结果", table("包号 | 中标供应商 | 中标金额（元）", f"01 | {A} | 5000", "02 | 流标 | /")))
    assert lots_of(r) == [("1", "awarded", A, D(5000)), ("2", "failed", None, None)]


def test_contract_notice() -> None:
    r = read(
        page(
            "一、合同编号：HT-2024-01",
            "五、合同主体",
            "采购人（甲方）：明川市公安局",
            "地址：明川市",
            f"供应商（乙方）：{A}",
            "地址：明川市",
            "六、合同主要信息",
            "主要标的名称：监控硬盘",
            "规格型号（或服务要求）：ST8000VX004",
            "主要标的数量：28",
            "主要标的单价：1650",
            "合同金额：4.620000(万元)",
        ),
        NoticeType.CONTRACT,
    )
    assert lots_of(r) == [(None, "awarded", A, D(46200))]
    item = r.items[0]
    assert (item.name, item.model_raw, item.quantity, item.unit_price_cny, item.source) == (
        "监控硬盘",
        "ST8000VX004",
        D(28),
        D(1650),
        "text",
    )


def test_single_source_names_a_proposed_supplier() -> None:
    r = read(
        page(
            "一、项目信息",
            "采购人：明川市公安局",
            "二、拟定供应商信息",
            f"名称：{A}",
            f"拟定供应商：{A}",
            "地址：明川市",
        ),
        NoticeType.SINGLE_SOURCE,
    )
    assert [(p.role, p.name) for p in r.suppliers] == [(PartyRole.PROPOSED_SUPPLIER, A)]
    assert not [lot for lot in r.lots if lot.status is LotStatus.AWARDED]


def test_framework_with_several_winners_and_rates() -> None:
    r = read(
        page(
            "三、入围结果",
            table("序号 | 入围供应商名称 | 下浮率", f"1 | {A} | 12%", f"2 | {B} | 11%", f"3 | {C} | 10%"),
        ),
        NoticeType.FRAMEWORK,
    )
    assert names(r) == [A, B, C]
    assert [lot.amount_cny for lot in r.lots] == [None, None, None]


def test_agency_fee_is_never_the_amount() -> None:
    r = read(
        page(
            "三、采购结果",
            f"供应商名称：{A}",
            "六、代理服务收费标准及金额",
            "代理服务费金额：19434元",
            "合同包1：1.264万元。收取对象：中标供应商",
        )
    )
    assert lots_of(r) == [(None, "awarded", A, None)]


def test_no_amount_takes_the_total_of_the_summary() -> None:
    r = read(
        page(
            "三、中标信息",
            "第1包",
            table("供应商名称 | 供应商地址 | 中标金额(万元)", f"{A} | 明川市 | "),
            "四、主要标的信息",
        ),
        award_total_cny=D("8732700"),
        award_total_raw="￥873.270000 万元（人民币）",
    )
    assert lots_of(r) == [("1", "awarded", A, D("8732700"))]
    assert r.lots[0].amount_raw == "￥873.270000 万元（人民币）"


def test_goods_table_with_suppliers_alone_gives_each_supplier_his_sum() -> None:
    r = read(
        page(
            "三、中标（成交）信息",
            table("供应商名称 | 供应商地址 | 供应商编码", f"{A} | 明川市 | 91X1", f"{B} | 明川市 | 91X2"),
            "四、主要标的信息",
            table(
                ">货物类",
                "供应商名称 | 货物名称 | 货物品牌 | 规格型号 | 数量 | 单价 | 中标金额 | 下浮率",
                f"{A} | 硬盘 | 希捷 | ST4000VX015 | 10 | 700 | 7000 | ",
                f"{A} | 硬盘 | 希捷 | ST8000VX004 | 2 | 1650 | 3300 | ",
                f"{B} | 交换机 | 思科 | C9200L | 1 | 20000 | 20000 | ",
            ),
        )
    )
    assert lots_of(r) == [(None, "awarded", A, D(10300)), (None, "awarded", B, D(20000))]
    assert len(r.items) == 3
    assert r.items[2].supplier == B


def test_unit_price_of_a_framework_is_no_amount() -> None:
    r = read(
        page(
            "明川市某项目（一标段）",
            table(
                "推荐名次 | 投标人名称 | 投标单价（元/亩） | 评审得分",
                f"推荐第一成交候选人 | {A} | 29.86 | 93",
                f"推荐第二成交候选人 | {B} | 30.00 | 92",
            ),
        ),
        NoticeType.CANDIDATE,
    )
    assert lots_of(r) == [("1", "candidate", A, None)]
    assert r.lots[0].amount_reason == "unit_price"


def test_two_winners_of_one_lot() -> None:
    r = read(page("三、中标结果", table("包号 | 中标人 | 中标金额（元）", f"1 | {A} | 5000", f"1 | {B} | 6000")))
    assert lots_of(r) == [("1", "awarded", A, D(5000)), ("1", "awarded", B, D(6000))]


def test_title_names_the_only_lot() -> None:
    r = read(page("三、中标信息", f"供应商名称：{A}", "中标金额：5万元"), title="明川市公安局采购项目（第3包）中标公告")
    assert lots_of(r) == [("3", "awarded", A, D(50000))]


def test_winner_named_in_a_sentence() -> None:
    r = read(page("经评审委员会评审，", f"确定{A}为本项目中标供应商，中标金额为128000元。"))
    assert lots_of(r) == [(None, "awarded", A, D(128000))]


def test_emall_order() -> None:
    r = read(
        page(
            "订单信息",
            f"供应商名称：{A}",
            "订单金额：46,200.00元",
            table(
                "商品名称 | 数量 | 单价（元） | 小计（元）",
                "希捷(Seagate) 酷鹰 8TB ST8000VX004 监控级硬盘 | 28 | 1,650.00 | 46,200.00",
            ),
        ),
        NoticeType.EMALL_ORDER,
    )
    assert lots_of(r) == [(None, "awarded", A, D("46200.00"))]
    assert r.items[0].quantity == D(28)


@pytest.mark.parametrize("text", ["", "公告", "中标供应商：", "中标供应商：无", "成交供应商：详见附件", "中标人：/"])
def test_nothing_named_gives_nothing(text: str) -> None:
    r = read(text or Document(""))
    assert names(r) == []
    assert [lot for lot in r.lots if lot.supplier] == []


def test_places_point_at_the_words() -> None:
    document = page("三、中标信息", f"中标供应商：{A}", "中标金额：12.8万元")
    r = read(document)
    party = r.suppliers[0]
    assert document.text[party.start : party.end] == A
    lot = r.lots[0]
    assert A in document.text[lot.start : lot.end]
    assert "12.8万元" in document.text[lot.start : lot.end]


def test_lots_by_letter_one_of_them_failed() -> None:
    r = read(
        page(
            "四、中标信息",
            "A分标：",
            f"中标供应商名称：{A}",
            "中标金额：人民币壹佰万元整（¥1000000.00）",
            "B分标：",
            f"中标供应商名称：{B}",
            "中标金额：人民币贰拾万元整（¥200000.00）",
            "C分标：废标，原因：实质响应供应商不足三家",
        )
    )
    assert lots_of(r) == [("A", "awarded", A, D(1000000)), ("B", "awarded", B, D(200000)), ("C", "failed", None, None)]
    assert r.lots[2].name is None


def test_ranked_labels_before_the_winner() -> None:
    r = read(
        page(
            "三、评审结果",
            f"第一成交候选供应商：{A}，报价：98000元",
            f"第二成交候选供应商：{B}，报价：99000元",
            f"四、成交供应商：{A}",
            "成交金额：98000元",
        )
    )
    assert lots_of(r) == [(None, "awarded", A, D(98000))]
    assert [p.name for p in r.candidates] == [B]


def test_form_of_a_contract() -> None:
    r = read(
        page(
            table(
                "合同编号 | HT001",
                f"供应商(乙方) | {A}",
                "合同金额 | 46200元",
                "主要标的名称 | 监控硬盘",
                "规格型号或服务要求 | ST8000VX004",
                "主要标的数量 | 28",
                "主要标的单价 | 1650",
            )
        ),
        NoticeType.CONTRACT,
    )
    assert lots_of(r) == [(None, "awarded", A, D(46200))]
    assert [(i.name, i.model_raw, i.quantity, i.unit_price_cny) for i in r.items] == [
        ("监控硬盘", "ST8000VX004", D(28), D(1650))
    ]


def test_several_awards_stacked_in_one_row() -> None:
    r = read(page("三、中标信息", table("包号 | 中标供应商 | 中标金额（元）", f"1<br>2 | {A}<br>{B} | 1000<br>2000")))
    assert lots_of(r) == [("1", "awarded", A, D(1000)), ("2", "awarded", B, D(2000))]


def test_goods_inside_the_result_table_are_summed_for_each_winner() -> None:
    r = read(
        page(
            "中标结果",
            table(
                "序号 | 中标单位 | 产品名称 | 品牌 | 型号 | 数量 | 单价（元） | 总价（元）",
                f"1 | {A} | 硬盘 | 希捷 | ST8000VX004 | 10 | 1650 | 16500",
                f"2 | {A} | 硬盘 | 西部数据 | WD40PURX | 10 | 650 | 6500",
                f"3 | {B} | 交换机 | 思科 | C9200L | 1 | 20000 | 20000",
            ),
        )
    )
    assert lots_of(r) == [(None, "awarded", A, D(23000)), (None, "awarded", B, D(20000))]
    assert len(r.items) == 3


def test_firms_listed_under_a_heading_of_winners() -> None:
    r = read(
        page("三、入围供应商名单", f"1、{A}", f"2、{B}", "四、其他补充事宜", f"请{C}领取通知书"), NoticeType.FRAMEWORK
    )
    assert names(r) == [A, B]


def test_price_in_the_sentence_that_names_the_winner() -> None:
    r = read(page(f"本项目经评审，由{A}以人民币12.8万元中标。"))
    assert lots_of(r) == [(None, "awarded", A, D(128000))]


def test_name_label_under_a_heading_of_winners_only() -> None:
    r = read(
        page("三、中标人信息", f"名称：{A}", "中标价：12.8万元", "九、联系方式", "1.采购代理机构信息", f"名 称：{B}")
    )
    assert lots_of(r) == [(None, "awarded", A, D(128000))]


def test_lot_headings_inside_one_table() -> None:
    head = "<tr><th>中标供应商</th><th>地址</th><th>中标金额（元）</th></tr>"
    r = read(
        page(
            "三、中标结果",
            f"<table border=1><tr><th colspan=3>第1包：存储</th></tr>{head}<tr><td>{A}</td><td>x</td><td>1000</td></tr>"
            f"<tr><th colspan=3>第2包：网络</th></tr>{head}<tr><td>{B}</td><td>x</td><td>2000</td></tr></table>",
        )
    )
    assert lots_of(r) == [("1", "awarded", A, D(1000)), ("2", "awarded", B, D(2000))]


def test_who_lost_and_why_is_no_winner() -> None:
    r = read(
        page(
            "三、中标信息",
            f"中标供应商：{A}",
            "中标金额：5万元",
            "四、未中标供应商及未中标原因",
            table("供应商名称 | 未中标原因", f"{B} | 得分较低", f"{C} | 资格不通过"),
        )
    )
    assert names(r) == [A]
    assert [p.name for p in r.candidates] == [B, C]


def test_fee_owed_to_the_agency_names_no_winner() -> None:
    r = read(
        page(
            "三、中标信息",
            f"中标供应商：{A}",
            "中标供应商须向明川招标代理有限公司支付服务费19434元",
            "成交供应商请于5日内到明川代理有限公司领取通知书",
        )
    )
    assert names(r) == [A]


def test_lots_of_a_tender_are_open() -> None:
    r = read(
        page(
            "采购需求：",
            table("包号 | 货物名称 | 数量 | 预算金额（万元）", "1 | 硬盘 | 28块 | 5", "2 | 交换机 | 2台 | 4"),
        ),
        NoticeType.TENDER,
    )
    assert [(lot.lot, lot.status, lot.amount_cny) for lot in r.lots] == [
        ("1", LotStatus.OPEN, None),
        ("2", LotStatus.OPEN, None),
    ]
    assert [(i.lot, i.name, i.quantity) for i in r.items] == [("1", "硬盘", D(28)), ("2", "交换机", D(2))]


@pytest.mark.parametrize(
    "lines",
    [
        [f"中标结果：第一包：{A}，中标金额：10万元；第二包：{B}，中标金额：20万元；第三包：流标。"],
        ["中标供应商及中标金额：", f"第1包：{A}，100000.00元", f"第2包：{B}，200000.00元", "第3包：废标"],
        [f"01包中标供应商：{A}", "01包中标金额：10万元", f"02包中标供应商：{B}", "02包中标金额：20万元", "03包：流标"],
        [
            f"包1：中标供应商：{A}；中标金额：10万元",
            f"包2：中标供应商：{B}；中标金额：20万元",
            "包3：有效供应商不足三家，本包废标",
        ],
    ],
)
def test_lots_in_lines(lines: list[str]) -> None:
    r = read(page("三、中标结果", *lines))
    assert lots_of(r) == [("1", "awarded", A, D(100000)), ("2", "awarded", B, D(200000)), ("3", "failed", None, None)]


def test_several_lots_failed_in_one_sentence() -> None:
    r = read(page("三、中标信息", "第3包：", f"中标人：{A}", "中标金额：12万元", "第1、2包因有效投标人不足三家流标。"))
    assert {(lot.lot, lot.status) for lot in r.lots} == {
        ("1", LotStatus.FAILED),
        ("2", LotStatus.FAILED),
        ("3", LotStatus.AWARDED),
    }


def test_heading_that_is_the_label() -> None:
    r = read(
        page(
            "四、评审情况",
            table(
                "投标人 | 报价（万元） | 得分 | 推荐意见",
                f"{A} | 4.62 | 95 | 第一中标候选人",
                f"{B} | 4.8 | 90 | 第二中标候选人",
            ),
            "五、中标供应商",
            A,
            "六、公告期限",
        )
    )
    assert names(r) == [A]
    assert lots_of(r) == [(None, "awarded", A, D(46200))]
    assert [p.name for p in r.candidates] == [B]


def test_two_rows_for_one_winner_are_two_awards() -> None:
    r = read(
        page(
            "三、中标结果",
            table("序号 | 中标人 | 中标金额（元）", f"1 | {A} | 5000", f"2 | {A} | 6000"),
            f"中标人：{A}",
        )
    )
    assert lots_of(r) == [(None, "awarded", A, D(5000)), (None, "awarded", A, D(6000))]
    assert names(r) == [A]


def test_many_rows_stay_quick_to_settle() -> None:
    rows = [f"{n} | 云岭第{n}科技有限公司 | {n}000" for n in range(2, 1500)]
    r = read(page("三、中标结果", table("包号 | 中标人 | 中标金额（元）", *rows)))
    assert len(r.lots) == 1498


def test_the_price_is_told_in_the_clause_after_the_name() -> None:
    r = read(page("结果如下：", f"成交单位：{A}，成交价为人民币19.8万元。"))
    assert lots_of(r) == [(None, "awarded", A, D(198000))]


def test_the_total_stands_at_the_end_of_a_long_sentence() -> None:
    r = read(page(f"确定{A}为成交供应商，成交车型为雅马哈XJR400，数量10辆，单价38000元，成交总金额380000元。"))
    assert lots_of(r) == [(None, "awarded", A, D(380000))]


def test_a_record_packed_into_one_cell() -> None:
    r = read(
        page(
            table(
                f"中标供应商 | {A}",
                "主要中标标的 | 名称：汇聚交换机 品牌：H3C 型号：S7506X 数量：4台 单价：68000元",
            )
        )
    )
    assert [(i.brand_raw, i.model_raw, i.quantity, i.unit_price_cny) for i in r.items] == [
        ("H3C", "S7506X", D(4), D(68000))
    ]
