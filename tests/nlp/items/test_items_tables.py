"""Item rows of tables over the templates of the portals. Every notice is constructed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from build import D, cells, page, read, table

from nlp.items.columns import column_of
from nlp.items.model import Column
from nlp.items.rawitem import split_brand_model
from nlp.types import LotStatus, NoticeType

A = "云岭恒川科技有限公司"
ROW = ("监控级硬盘", "希捷", "ST8000VX004", D(28), "块", D(1650))


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (
            "序号 | 货物名称 | 品牌 | 规格型号 | 数量 | 单位 | 单价（元）",
            "1 | 监控级硬盘 | 希捷 | ST8000VX004 | 28 | 块 | 1,650.00",
        ),
        ("名称 | 品牌（如有） | 规格型号 | 数量 | 单价（元/块）", "监控级硬盘 | 希捷 | ST8000VX004 | 28 | 1650"),
        (
            "品目号 | 品目名称 | 采购标的 | 品牌 | 规格型号 | 数量（单位） | 单价(元) | 总价(元)",
            "1-1 | 存储设备 | 监控级硬盘 | 希捷 | ST8000VX004 | 28.00(块) | 1,650.00 | 46,200.00",
        ),
        (
            "序号 | 标项名称 | 标的名称 | 品牌 | 数量 | 单价（元） | 规格型号",
            "1 | 存储 | 监控级硬盘 | 希捷 | 28块 | 1650 | ST8000VX004",
        ),
        (
            "序号 | 供应商名称 | 货物名称 | 货物品牌 | 货物型号 | 货物数量 | 货物单价(万元)",
            f"1 | {A} | 监控级硬盘 | 希捷 | ST8000VX004 | 28块 | 0.165",
        ),
        ("产品名称 | 品牌型号 | 数量（块） | 成交单价", "监控级硬盘 | 希捷 ST8000VX004 | 28 | 1650元"),
        ("设备名称 | 品牌/型号 | 数量及单位 | 单价（元）", "监控级硬盘 | 希捷/ST8000VX004 | 28块 | ￥1,650.00"),
        (
            "标的物名称 | 商标 | 型号及规格 | 采购数量 | 计量单位 | 单位价格",
            "监控级硬盘 | 希捷 | ST8000VX004 | 28 | 块 | 1650",
        ),
        ("物资名称 | 厂牌 | 产品型号 | 数量/块 | 含税单价（元）", "监控级硬盘 | 希捷 | ST8000VX004 | 28 | 1650.00元"),
        ("名 称 | 品 牌 | 规格、型号 | 数 量 | 单 位 | 单 价", "监控级硬盘 | 希捷 | ST8000VX004 | 28 | 块 | 1650.00"),
    ],
)
def test_every_header_means_the_same(header: str, row: str) -> None:
    r = read(page("四、主要标的信息", table(header, row)))
    assert cells(r) == [ROW]


def test_repeated_and_spanning_header_rows() -> None:
    r = read(
        page(
            "四、主要标的信息",
            table(
                "名称 | 品牌 | 规格型号 | 数量 | 单价",
                ">货物类",
                "硬盘 | 希捷 | ST8000VX004 | 28 | 1650",
                "名称 | 品牌 | 规格型号 | 数量 | 单价",
                "交换机 | 思科 | C9200L-24T | 2 | 20000",
                "合计 |  |  |  | 86200",
            ),
        )
    )
    assert [(i.name, i.model_raw) for i in r.items] == [("硬盘", "ST8000VX004"), ("交换机", "C9200L-24T")]
    assert r.items[0].system == "货物类"


def test_two_header_rows_with_spans() -> None:
    r = read(
        page(
            "四、主要标的信息",
            "<table border=1><tr><td rowspan=2>名称</td><td colspan=2>产品信息</td><td rowspan=2>数量</td><td colspan=2>价格（元）</td></tr>"
            "<tr><td>品牌</td><td>型号</td><td>单价</td><td>总价</td></tr>"
            "<tr><td>硬盘</td><td>希捷</td><td>ST8000VX004</td><td>28</td><td>1650</td><td>46200</td></tr></table>",
        )
    )
    assert cells(r) == [("硬盘", "希捷", "ST8000VX004", D(28), None, D(1650))]
    assert r.items[0].total_cny == D(46200)


def test_header_in_the_first_column() -> None:
    r = read(
        page(
            "四、主要标的信息",
            table(
                "货物名称 | 硬盘 | 交换机",
                "品牌 | 希捷 | 思科",
                "规格型号 | ST8000VX004 | C9200L",
                "数量 | 28块 | 2台",
                "单价（元） | 1650 | 20000",
            ),
        )
    )
    assert cells(r) == [
        ("硬盘", "希捷", "ST8000VX004", D(28), "块", D(1650)),
        ("交换机", "思科", "C9200L", D(2), "台", D(20000)),
    ]


def test_rowspan_brand_holds_for_every_row_it_covers() -> None:
    r = read(
        page(
            "四、主要标的信息",
            "<table border=1><tr><th>名称</th><th>品牌</th><th>型号</th><th>数量</th></tr><tr><td>硬盘一</td><td rowspan=2>希捷</td><td>ST4000VX015</td><td>5</td></tr>"
            "<tr><td>硬盘二</td><td>ST8000VX004</td><td>6</td></tr></table>",
        )
    )
    assert [(i.brand_raw, i.model_raw, i.quantity) for i in r.items] == [
        ("希捷", "ST4000VX015", D(5)),
        ("希捷", "ST8000VX004", D(6)),
    ]


@pytest.mark.parametrize("separator", ["; ", "；", "<br>", "、"])
def test_several_goods_in_one_row_are_taken_apart_in_parallel(separator: str) -> None:
    def join(*parts: str) -> str:
        return separator.join(parts)

    r = read(
        page(
            "四、主要标的信息",
            table(
                "序号 | 货物名称 | 品牌 | 型号 | 数量 | 单价(元)",
                f"1 | {join('硬盘', '交换机')} | {join('希捷', '思科')} | {join('ST8000VX004', 'C9200L')} | {join('28', '2')} | {join('1650', '20000')}",
            ),
        )
    )
    assert cells(r) == [
        ("硬盘", "希捷", "ST8000VX004", D(28), None, D(1650)),
        ("交换机", "思科", "C9200L", D(2), None, D(20000)),
    ]
    assert not r.issues


def test_one_brand_for_several_goods() -> None:
    r = read(
        page(
            "四、主要标的信息",
            table("货物名称 | 品牌 | 型号 | 数量", "硬盘；固态硬盘 | 希捷 | ST8000VX004；ZP1000 | 28块；3块"),
        )
    )
    assert [(i.brand_raw, i.model_raw, i.quantity) for i in r.items] == [
        ("希捷", "ST8000VX004", D(28)),
        ("希捷", "ZP1000", D(3)),
    ]


def test_columns_that_do_not_agree_raise_an_issue() -> None:
    r = read(
        page(
            "四、主要标的信息", table("货物名称 | 品牌 | 型号 | 数量", "硬盘；交换机 | 希捷；思科 | A1；B2；C3 | 28；2")
        )
    )
    assert [i.model_raw for i in r.items] == [None, None]
    assert [issue.code for issue in r.issues] == ["cell_split"]


def test_a_name_with_commas_and_one_quantity_stays_whole() -> None:
    r = read(page("四、主要标的信息", table("货物名称 | 品牌 | 数量", "电脑、打印机等 | 惠普 | 1批")))
    assert cells(r) == [("电脑、打印机等", "惠普", None, D(1), "批", None)]


@pytest.mark.parametrize(
    "word", ["详见附件", "/", "-", "无", "详见中标公示附件", "见投标文件", "详见采购文件", "N/A", "***", ""]
)
def test_placeholders_are_absent(word: str) -> None:
    r = read(
        page(
            "四、主要标的信息",
            table("货物名称 | 品牌 | 规格型号 | 数量 | 单价（元）", f"病床 | {word} | {word} | 一批 | {word or '/'}"),
        )
    )
    assert cells(r) == [("病床", None, None, D(1), "批", None)]


@pytest.mark.parametrize(
    ("word", "declared"), [("是", True), ("进口", True), ("否", False), ("国产", False), ("/", None), ("", None)]
)
def test_import_column(word: str, declared: bool | None) -> None:
    r = read(page("四、主要标的信息", table("货物名称 | 品牌 | 是否进口 | 数量", f"显微镜 | 徕卡 | {word} | 1")))
    assert [i.declared_imported for i in r.items] == [declared]


def test_system_headings_of_a_component_list() -> None:
    r = read(
        page(
            "三、项目概况",
            table(
                "序号 | 物资名称 | 计量单位 | 数量",
                "一 | 车辆管理系统 |  | ",
                "1 | 服务器 | 台 | 1",
                "2 | 网线 | 箱 | 2",
                "二 | 安防设施 |  | ",
                "1 | 摄像机 | 台 | 16",
            ),
        ),
        NoticeType.TENDER,
    )
    assert [(i.system, i.name, i.quantity, i.unit, i.status) for i in r.items] == [
        ("车辆管理系统", "服务器", D(1), "台", LotStatus.OPEN),
        ("车辆管理系统", "网线", D(2), "箱", LotStatus.OPEN),
        ("安防设施", "摄像机", D(16), "台", LotStatus.OPEN),
    ]


def test_table_of_plain_text_with_cell_borders() -> None:
    r = read(
        "四、主要标的信息\n货物名称 ¦ 品牌 ¦ 规格型号 ¦ 数量 ¦ 单价(元)\n硬盘 ¦ 希捷 ¦ ST8000VX004 ¦ 28 ¦ 1650\n五、评审专家\n甲某"
    )
    assert cells(r) == [("硬盘", "希捷", "ST8000VX004", D(28), None, D(1650))]


def test_table_flattened_to_blanks() -> None:
    r = read(
        "五、主要标的信息 名称 品牌 规格型号 数量 单价（元） 移动硬盘 希捷 STGX4000400 30 899 西数移动硬盘 西部数据 WDBPKJ0040 12 950 六、评审委员会 甲某"
    )
    assert [(i.brand_raw, i.quantity, i.unit_price_cny) for i in r.items] == [
        ("希捷", D(30), D(899)),
        ("西部数据", D(12), D(950)),
    ]


def test_table_flattened_to_lines() -> None:
    r = read(
        "四、主要标的信息\n货物名称\n品牌\n规格型号\n数量\n单价（元）\n硬盘\n希捷\nST8000VX004\n28\n1650\n交换机\n思科\nC9200L\n2\n20000\n五、评审专家名单\n甲某"
    )
    assert [(i.name, i.brand_raw, i.quantity) for i in r.items] == [("硬盘", "希捷", D(28)), ("交换机", "思科", D(2))]


@pytest.mark.parametrize(
    "text",
    [
        "六、中标标的信息\n货物名称：监控级硬盘；品牌：希捷；规格型号：ST8000VX004；数量：28块；单价：1650元",
        "六、中标标的信息\n货物名称：监控级硬盘\n品牌：希捷\n规格型号：ST8000VX004\n数量：28块\n单价：1650元",
        "六、中标标的信息\n标的名称：监控级硬盘，品牌：希捷，型号：ST8000VX004，数量：28块，单价：1,650.00元。",
    ],
)
def test_label_records(text: str) -> None:
    r = read(text)
    assert cells(r) == [ROW]
    assert r.items[0].source == "text"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1、希捷ST8000VX004监控级硬盘28块，单价1650元", [("希捷ST8000VX004监控级硬盘", D(28), "块", D(1650))]),
        ("戴尔OptiPlex 7090台式计算机 20台", [("戴尔OptiPlex 7090台式计算机", D(20), "台", None)]),
        (
            "硬盘10块；交换机2台；机柜1套。",
            [("硬盘", D(10), "块", None), ("交换机", D(2), "台", None), ("机柜", D(1), "套", None)],
        ),
    ],
)
def test_plain_lines_of_goods(line: str, expected: list[object]) -> None:
    r = read(f"六、中标标的名称、规格型号、数量、单价：\n{line}\n七、其它补充事宜\n无")
    assert [(i.name, i.quantity, i.unit, i.unit_price_cny) for i in r.items] == expected


def test_lines_outside_the_goods_section_are_no_goods() -> None:
    r = read("三、资格要求\n具有2台以上挖掘机\n供应商须提供3套样品\n七、其它补充事宜\n公告期限1个工作日，共3份文件")
    assert r.items == ()


def test_what_was_asked_for_does_not_double_what_was_bought() -> None:
    r = read(
        page(
            "一、项目信息",
            table("包号 | 货物名称 | 数量 | 单位", "1 | 硬盘 | 28 | 块"),
            "三、中标结果",
            f"中标供应商：{A}",
            "四、主要标的信息",
            table("货物名称 | 品牌 | 型号 | 数量", "硬盘 | 希捷 | ST8000VX004 | 28"),
        )
    )
    assert [(i.name, i.brand_raw) for i in r.items] == [("硬盘", "希捷")]


def test_tables_that_hold_no_goods() -> None:
    r = read(
        page(
            "五、评审专家名单",
            table("序号 | 姓名 | 职务 | 产生方式", "1 | 甲某 | 组长 | 随机抽取"),
            "二、评审得分",
            table("投标人名称 | 商务分 | 技术分 | 总分", f"{A} | 20 | 60 | 80"),
            table("采购项目名称 | 某项目", "采购单位 | 明川市公安局", "公告时间 | 2024年3月1日"),
        )
    )
    assert r.items == ()


def test_candidate_goods_are_marked() -> None:
    r = read(
        page(
            "投标供应商报价情况",
            table("投标人名称 | 货物名称 | 品牌 | 型号 | 数量", f"{A} | 硬盘 | 希捷 | ST8000VX004 | 28"),
        )
    )
    assert [i.status for i in r.items] == [LotStatus.CANDIDATE]


def test_sum_checks_raise_issues_and_change_nothing() -> None:
    r = read(
        page(
            "三、中标结果",
            f"中标供应商：{A}",
            "中标金额：50000元",
            "四、主要标的信息",
            table(
                "货物名称 | 品牌 | 数量 | 单价（元） | 总价（元）",
                "硬盘 | 希捷 | 28 | 1650 | 46000",
                "网线 | 无 | 1 | 100 | 100",
            ),
        )
    )
    assert [issue.code for issue in r.issues] == ["item_sum", "lot_sum"]
    assert r.items[0].total_cny == D(46000)
    assert r.lots[0].amount_cny == D(50000)


def test_wan_and_yuan_slip_is_named() -> None:
    r = read(
        page(
            "三、中标结果",
            f"中标供应商：{A}",
            "中标金额（万元）：46200",
            "四、主要标的信息",
            table("货物名称 | 品牌 | 数量 | 单价（元）", "硬盘 | 希捷 | 28 | 1650"),
        )
    )
    assert [issue.code for issue in r.issues] == ["money_unit_conflict"]
    assert r.lots[0].amount_cny == D(462000000)


def test_places_point_at_the_cells() -> None:
    document = page(
        "四、主要标的信息", table("货物名称 | 品牌 | 型号 | 数量", "硬盘 | 希捷（Seagate） | ST8000VX004 | 28")
    )
    item = read(document).items[0]
    assert document.text[item.brand_start : item.brand_end] == "希捷（Seagate）"
    assert document.text[item.start : item.end] == "硬盘 ¦ 希捷（Seagate） ¦ ST8000VX004 ¦ 28"


@pytest.mark.parametrize(
    ("text", "brand", "model"),
    [
        ("希捷 ST8000VX004", "希捷", "ST8000VX004"),
        ("希捷/ST8000VX004", "希捷", "ST8000VX004"),
        ("希捷ST8000VX004", "希捷", "ST8000VX004"),
        ("品牌：希捷 型号：ST8000VX004", "希捷", "ST8000VX004"),
        ("希捷（Seagate） ST8000VX004", "希捷（Seagate）", "ST8000VX004"),
        ("Seagate ST8000VX004", "Seagate", "ST8000VX004"),
        ("希捷", "希捷", None),
        ("ST8000VX004", None, "ST8000VX004"),
        ("详见附件", None, None),
    ],
)
def test_combined_brand_and_model(text: str, brand: str | None, model: str | None) -> None:
    assert split_brand_model(text) == (brand, model)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("预算金额(元)", Column.BUDGET),
        ("最高限价", Column.BUDGET),
        ("供应商地址", Column.OTHER),
        ("评审总得分", Column.SCORE),
        ("单价、数量及规格型号", Column.SPEC),
        ("投标单价（元）", Column.UNIT_PRICE),
        ("下浮率", Column.RATE),
        (A, None),
        ("46200", None),
        ("", None),
    ],
)
def test_headers_that_look_alike(header: str, column: Column | None) -> None:
    assert column_of(header) is column


WORDS = st.text(
    alphabet="包标段中标成交供应商名称金额数量单价品牌型号：:、；\n¦ 12.0万元第一二（）公司废标 \tA", max_size=120
)


@settings(max_examples=150)
@given(WORDS, st.sampled_from([None, *NoticeType]))
def test_any_text_is_read_without_failing(text: str, kind: NoticeType | None) -> None:
    r = read(text, kind)
    for lot in r.lots:
        assert lot.amount_cny is None or lot.amount_cny > 0
    for item in r.items:
        assert item.start is None or item.end is None or item.start <= item.end


@settings(max_examples=60)
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [
                    "序号",
                    "名称",
                    "品牌",
                    "数量",
                    "单价",
                    "供应商",
                    "中标人",
                    "1",
                    "2",
                    "希捷",
                    "5台",
                    "公司",
                    "",
                    "合计",
                ]
            ),
            min_size=1,
            max_size=6,
        ),
        min_size=1,
        max_size=8,
    )
)
def test_any_table_is_read_without_failing(rows: list[list[str]]) -> None:
    html = (
        "<table border=1>"
        + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
        + "</table>"
    )
    read(page("四、主要标的信息", html))


HARD = {
    "running numbers before the parts": page(
        "四、主要标的信息",
        table(
            "名称 | 品牌 | 规格型号 | 数量 | 单价",
            "1.硬盘<br>2.交换机 | 1.希捷<br>2.思科 | 1.ST8000VX004<br>2.C9200L | 1.28块<br>2.2台 | 1.1650元<br>2.20000元",
        ),
    ),
    "labels with running numbers": page(
        "六、合同主要信息",
        "主要标的名称：1、硬盘；2、交换机",
        "主要标的品牌：1、希捷；2、思科",
        "规格型号（或服务要求）：1、ST8000VX004；2、C9200L",
        "主要标的数量：1、28块；2、2台",
        "主要标的单价：1、1650元；2、20000元",
    ),
    "a row that numbers the columns": page(
        "四、主要标的信息",
        table(
            "序号 | 名称 | 品牌 | 型号 | 数量 | 单价",
            "(1) | (2) | (3) | (4) | (5) | (6)",
            "1 | 硬盘 | 希捷 | ST8000VX004 | 28块 | 1650",
            "2 | 交换机 | 思科 | C9200L | 2台 | 20000",
        ),
    ),
    "a form for each of the goods": page(
        "四、主要标的信息",
        table(
            "标的名称 | 硬盘 | 品牌 | 希捷",
            "规格型号 | ST8000VX004 | 数量 | 28块",
            "单价（元） | 1650 | 总价（元） | 46200",
        ),
        table(
            "标的名称 | 交换机 | 品牌 | 思科",
            "规格型号 | C9200L | 数量 | 2台",
            "单价（元） | 20000 | 总价（元） | 40000",
        ),
    ),
    "model inside the parameters": page(
        "四、主要标的信息",
        table(
            "产品名称 | 品牌 | 技术参数 | 数量 | 单价",
            "硬盘 | 希捷 | 型号：ST8000VX004；容量：8TB | 28块 | 1650",
            "交换机 | 思科 | 型号：C9200L；端口：24 | 2台 | 20000",
        ),
    ),
}


@pytest.mark.parametrize("case", list(HARD))
def test_hard_shapes(case: str) -> None:
    assert cells(read(HARD[case])) == [
        ("硬盘", "希捷", "ST8000VX004", D(28), "块", D(1650)),
        ("交换机", "思科", "C9200L", D(2), "台", D(20000)),
    ]


def test_lots_of_a_tender_in_labels() -> None:
    r = read(
        page(
            "采购需求：",
            "标项一",
            "标项名称: 显微镜",
            "数量: 1",
            "预算金额（元）: 500000",
            "标项二",
            "标项名称: 离心机",
            "数量: 2",
        ),
        NoticeType.TENDER,
    )
    assert [(i.lot, i.name, i.quantity) for i in r.items] == [("1", "显微镜", D(1)), ("2", "离心机", D(2))]


def test_rows_beyond_the_limit_are_said() -> None:
    r = read(page("四、主要标的信息", table("名称 | 品牌 | 数量", *["硬盘 | 希捷 | 1"] * 5001)))
    assert [issue.code for issue in r.issues] == ["table_rows_left_out"]
    assert len(r.items) == 4999


def test_headers_over_and_over_end() -> None:
    r = read("序号\n名称\n品牌\n数量\n1\n硬盘\n希捷\n2\n" * 2000)
    assert r.items[0].quantity == D(2)
