"""From words on a page to the figure of a study: each row the published studies print, on pages written by us about invented bureaus.

The pages go through the reader, the store, the linking and the question, with the seeds as they are shipped.
"""

from __future__ import annotations

import datetime as dt
import functools
import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

import docx
import pytest
from docx.document import Document
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from db.bought import bought
from db.count import Bounds, count
from db.dossier import dossier
from db.filters import Filters
from db.link import link
from db.search import search
from db.seed_load import load_seeds
from db.show import show
from nlp.attachments import read_attachment
from nlp.read import read
from nlp.types import AttachmentText, NoticeReading, PageInput
from seeds import load_knowledge
from tests.db.making import store

PORTAL = "ccgp"
HEAD = "序号 ¦ 货物名称 ¦ 品牌 ¦ 规格型号 ¦ 数量 ¦ 单价（元）"


@functools.cache
def _ids() -> itertools.count[int]:
    return itertools.count(90000001)


def page(body: str, day: str, attachments: tuple[AttachmentText, ...] = ()) -> tuple[str, NoticeReading]:
    """A notice as plain text, its date and address with it."""
    stamp = day.replace("-", "")
    url = f"http://www.ccgp.gov.cn/cggg/dfgg/zbgg/{stamp[:6]}/t{stamp}_{next(_ids())}.htm"
    title, _, rest = body.strip().partition("\n")
    whole = f"{title}\n发布时间：{day}\n{rest}"
    return PORTAL, read(PageInput(whole.encode(), url=url, portal=PORTAL, attachments=attachments), load_knowledge())


def award(
    buyer: str, number: str, day: str, lines: list[str], shop: str = "云岭恒信科技有限公司", amount: str = "530000"
) -> tuple[str, NoticeReading]:
    return page(
        f"{buyer}{number}号设备采购项目中标公告\n项目编号：{number}\n采购人：{buyer}\n中标供应商：{shop}\n中标金额：{amount}元\n主要标的信息\n{HEAD}\n"
        + "\n".join(f"{n} ¦ {line}" for n, line in enumerate(lines, 1)),
        day,
    )


SYSTEMS = ("情报综合应用平台", "动中通系统", "厅机关局域网")
YEARS: dict[int, dict[str, list[tuple[str, str, str, str]]]] = {
    2019: {
        SYSTEMS[0]: [("服务器", "IBM", "x3850", "1")],
        SYSTEMS[1]: [("卫星调制解调器", "Comtech", "CDM-570", "2"), ("对讲机", "摩托罗拉", "GP328", "6")],
        SYSTEMS[2]: [("核心交换机", "华三", "S10508", "2")],
    },
    2020: {SYSTEMS[0]: [], SYSTEMS[2]: [("核心交换机", "华三", "S10508", "2")]},
    2021: {SYSTEMS[0]: [], SYSTEMS[1]: [("卫星调制解调器", "Comtech", "CDM-570", "2")]},
}


def add_table(document: Document, rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for line, row in zip(table.rows, rows, strict=True):
        for cell, value in zip(line.cells, row, strict=True):
            cell.text = value


def attachment(name: str, document: Document) -> AttachmentText:
    out = io.BytesIO()
    document.save(out)
    return read_attachment(f"{name}.docx", out.getvalue(), f"http://www.ccgp.gov.cn/files/{len(name)}.docx")


def maintenance(year: int) -> tuple[str, NoticeReading]:
    document = docx.Document()
    document.add_paragraph("运维服务采购需求（构造）")
    for number, (system, rows) in enumerate(YEARS[year].items(), 1):
        document.add_paragraph(f"{'一二三'[number - 1]}、{system}")
        if not rows:
            document.add_paragraph("按原服务内容继续提供维护。")
            continue
        add_table(document, [("设备名称", "品牌", "型号", "数量"), *rows])
    attached = attachment("运维服务采购需求", document)
    return page(
        f"云南省公安厅{year}年信息系统运维服务采购项目公开招标公告\n项目编号：YNGA{year}-01\n项目名称：云南省公安厅{year}年信息系统运维服务采购项目\n"
        "采购人：云南省公安厅\n预算金额：300万元\n一、项目概况：对现有系统设备提供维护保养服务，欢迎投标人参加投标。",
        f"{year}-11-20",
        (attached,),
    )


def prison() -> Iterator[tuple[str, NoticeReading]]:
    """An award that says "hard disks"; which ones, a file of its tender says."""
    document = docx.Document()
    document.add_paragraph("采购需求（构造）")
    drives, cameras = ("监控级硬盘", "", "8TB", "40块"), ("半球摄像机", "", "400万", "31台")
    add_table(document, [("货物名称", "品牌", "规格型号", "数量"), drives, cameras])
    attached = attachment("采购需求", document)
    yield page(
        "云南省清河监狱视频监控设备采购项目公开招标公告\n项目编号：QH2021-10\n项目名称：云南省清河监狱视频监控设备采购项目\n采购人：云南省清河监狱\n"
        "预算金额：90万元\n一、项目概况：采购视频监控设备一批，详见附件，欢迎投标人参加投标。",
        "2021-09-10",
        (attached,),
    )
    yield award("云南省清河监狱", "QH2021-10", "2021-10-12", [
        "硬盘 ¦ 东芝 ¦ 8T ¦ 40块 ¦ 1500", "彩色红外半球摄像机 ¦ 大华 ¦ DH-IPC ¦ 31台 ¦ 500",
    ])  # fmt: skip


def pages() -> Iterator[tuple[str, NoticeReading]]:
    city, county = "昆明市公安局", "昆明市公安局五华分局"
    yield award(county, "WH2022-01", "2022-01-11", [
        "硬盘 ¦ 希捷 ¦ ST4000VX013 ¦ 20块 ¦ 800", "监控级硬盘4T ¦ 希捷 ¦ 4T ¦ 4块 ¦ 800", "酷鹰硬盘 ¦ 希捷 ¦ 8T ¦ 8块 ¦ 1200",
        "硬盘 ¦ 希捷 ¦ ST8000DM004 ¦ 2块 ¦ 1200", "固态硬盘 ¦ 西部数据 ¦ WDS500G3X0C ¦ 3块 ¦ 500", "硬盘 ¦ 希捷 ¦ 4T ¦ 1批 ¦ 5000",
    ])  # fmt: skip
    yield award(
        city,
        "KM2022-02",
        "2022-02-11",
        ["监控硬盘 ¦ 西部数据 ¦ WD40PURX ¦ 5块 ¦ 700", "摄像机 ¦ 海康威视 ¦ DS-2CD3T46 ¦ 30台 ¦ 900"],
    )
    for number, amount in (("KM2020-11", "1732480"), ("KM2020-12", "1000000")):
        yield award(
            "昆明市公安局刑侦支队", number, "2020-09-15", [f"DNA扩增试剂盒 ¦ 赛默飞 ¦ GlobalFiler ¦ 10盒 ¦ {int(amount) // 10}"], "新疆科华和昶生物科技有限公司", amount
        )  # fmt: skip
    yield award(city, "KM2021-07", "2021-07-11", [
        "狙击手夜视仪 ¦ L3Harris ¦ M2124 ¦ 2台 ¦ 150000", "望远镜 ¦ Steiner ¦ M830r ¦ 2台 ¦ 50000", "战术耳机 ¦ 3M PELTOR ¦ ComTac V ¦ 10副 ¦ 5000",
        "瞄准镜 ¦ Vortex ¦ Razor HD ¦ 4台 ¦ 20000", "网线 ¦ 国产 ¦ 3M ¦ 10根 ¦ 20",
    ])  # fmt: skip
    yield award(
        city,
        "KM2015-10",
        "2015-10-11",
        [
            "全波段CCD物证检验系统 ¦ 美国大象公司 ¦ Elephant UV-III ¦ 1套 ¦ 530000",
            "大象造型办公桌 ¦ 大象 ¦ 无 ¦ 1张 ¦ 500",
        ],
    )
    yield award(
        "昆明市公安局刑侦支队", "KM2015-04", "2015-04-10", ["快速DNA检测仪 ¦ IntegenX ¦ RapidHIT 200 ¦ 1台 ¦ 2800000"]
    )
    yield award(city, "KM2022-03", "2022-03-05", ["互联网情报软件 ¦ 锐安 ¦ V3 ¦ 1套 ¦ 300000"], "北京锐安科技有限公司")
    yield page(
        "昆明市公安局特警支队反窃密设备进口产品论证公示\n采购人：昆明市公安局特警支队\n项目名称：反窃密设备采购\n标的清单\n"
        "序号 ¦ 货物名称 ¦ 品牌 ¦ 规格型号 ¦ 数量 ¦ 是否进口产品\n1 ¦ 非线性节点探测器 ¦ REI ¦ ORION 2.4 ¦ 2台 ¦ 是\n"
        "申请理由：国产同类设备探测灵敏度不足，无法满足工作需要。",
        "2021-08-11",
    )
    yield page(
        "昆明市公安局三维人像比对系统采购单一来源公示\n项目名称：三维人像比对系统采购\n采购人：昆明市公安局\n"
        "二、采用单一来源采购方式的原因及说明：Cognitec公司的人像比对软件采用独特的三维测量算法，拥有专利技术，不可替代，明显优于国产产品；"
        "为与昆明市公安局五华分局现有系统兼容一致，需采购同一产品。\n三、拟定供应商名称：云岭瑞远科技有限公司",
        "2017-05-11",
    )
    yield page(
        "昆明市公安局信息系统运维服务中标公告\n项目编号：KM2018-11\n采购人：昆明市公安局\n中标供应商：云岭恒信科技有限公司\n中标金额：300000元\n"
        "服务内容：续租部署于香港和美国的服务器各2台，提供运维服务一年。",
        "2018-11-11",
    )  # fmt: skip
    for number, buyer in enumerate(
        ("乌鲁木齐市公安局", "乌市公安局", "乌鲁木齐市公安局（本级）", "乌鲁木齐市公安局沙依巴克区分局"), 1
    ):
        yield award(buyer, f"WLMQ2022-{number}", "2022-03-11", [f"硬盘 ¦ 东芝 ¦ MG08ACA16TE ¦ {number}块 ¦ 2000"])
    yield from prison()
    for year in YEARS:
        yield maintenance(year)


@pytest.fixture(scope="module")
def asked(shared_engine: Engine) -> Iterator[Session]:
    with shared_engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            load_seeds(session)
            store(session, list(pages()))
            link(session)
            yield session
        transaction.rollback()


def units(session: Session, **filters: object) -> object:
    return count(session, Filters(**filters)).ladder["N5"].lower  # type: ignore[arg-type]


# ── A: counts ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a2_one_bureau_under_three_names_and_its_sub_bureau(asked: Session) -> None:
    told = count(asked, Filters(brand=("Toshiba",), region=("65",)))
    assert (told.ladder["N1"].lower, told.ladder["buyers"].lower) == (4, 2)
    assert units(asked, brand=("Toshiba",), buyer=("乌市公安局",)) == 1 + 2 + 3
    assert units(asked, brand=("Toshiba",), under=("乌鲁木齐市公安局",)) == 1 + 2 + 3 + 4


def test_a3_drives_by_class_and_a_batch_that_hides_its_number(asked: Session) -> None:
    whole = count(asked, Filters(brand=("希捷",)), "product_class")
    assert whole.ladder["N5"].lower == 34
    assert whole.ladder["N5"].upper is None
    assert whole.distribution["lines_without_quantity"] == 1
    assert {g["key"]: g["ladder"]["N5"]["lower"] for g in whole.groups} == {"surveillance": 32, "desktop": 2, None: 0}


def test_a4_surveillance_drives_are_more_than_the_named_line(asked: Session) -> None:
    assert units(asked, brand=("seagate",), product_class=("surveillance",)) == 32
    assert units(asked, brand=("seagate",), product_line=("SkyHawk",)) == 28
    assert units(asked, brand=("seagate",), product_line=("酷鹰",)) == 28


def test_a6_solid_state_is_no_hard_disk(asked: Session) -> None:
    assert units(asked, brand=("wd",), product_kind=("ssd",)) == 3
    assert units(asked, brand=("wd",), product_kind=("hdd",)) == 5


def test_a7_the_sum_of_brands_is_the_sum_of_its_parts(asked: Session) -> None:
    both = count(asked, Filters(brand=("seagate", "wd")))
    parts = [count(asked, Filters(brand=(brand,))) for brand in ("seagate", "wd")]
    for rung in ("N4", "N5"):
        assert both.ladder[rung].lower == sum(part.ladder[rung].lower or 0 for part in parts)


def test_a8_one_bulk_line_shows(asked: Session) -> None:
    told = count(asked, Filters(brand=("seagate",))).distribution
    assert (told["median_line"], told["largest_line"], told["largest_share"]) == (4, 20, round(20 / 34, 4))


def test_a9_bought_beside_another_brand(asked: Session) -> None:
    rows = list(bought(asked, Filters(brand=("wd",), with_brand=("海康威视",), within="award")))
    assert [(r.buyer, r.model) for r in rows] == [("昆明市公安局", "WD40PURX")]


def test_a10_a_class_that_only_the_file_of_the_tender_states(asked: Session) -> None:
    drives = Filters(brand=("Toshiba",), unit_class=("prison",), with_brand=("大华",), within="award")
    assert count(asked, drives).ladder["N5"].lower == 40
    surveillance = replace(drives, product_class=("surveillance",))
    assert count(asked, surveillance).ladder["N5"] == Bounds(0, 40, 40)
    (group,) = count(asked, drives, "product_class").groups
    assert (group["key"], group["ladder"]["N5"]) == ("surveillance", {"lower": 0, "point": 40, "upper": 40})
    (row,) = bought(asked, surveillance)
    (tender,) = (hit.notice for hit in search(asked, "清河监狱 公开招标公告").hits)
    assert (row.product_class, row.product_class_from, row.certain) == ("surveillance", tender, False)
    assert [r.product_class_from for r in bought(asked, Filters(brand=("Toshiba",), region=("65",)))] == [None] * 4


def test_a15_a_pair_of_notices_sums_once(asked: Session) -> None:
    pair = count(asked, Filters(brand=("Thermo Fisher",), supplier=("新疆科华和昶生物科技有限公司",)))
    assert pair.ladder["N2"].lower == pair.ladder["N3"].lower == 2
    assert pair.distribution["awards_cny"] == "2732480"
    assert pair.distribution["awards_stating_amount"] == 2


# ── B: the words ─────────────────────────────────────────────────────────────────────────────────────────────────────


def only(session: Session, **filters: object) -> str:
    (row,) = bought(session, Filters(**filters))  # type: ignore[arg-type]
    return row.notice


def spans(session: Session, notice: str) -> dict[str, set[str]]:
    shown = show(session, notice)["reading"]
    found: dict[str, set[str]] = {}
    for span in shown["spans"]:
        found.setdefault(span["label"], set()).add(shown["text"][span["start"] : span["end"]])
    return found


def test_b1_b7_reasons_each_cite_their_words(asked: Session) -> None:
    found = spans(asked, only(asked, brand=("Cognitec",), roles=("sought",)))
    assert found["justification:patent"] == {"拥有专利技术"}
    assert "明显优于国产产品" in found["justification:outperforms_domestic"]
    assert "不可替代" in found["justification:unique_capability"]
    assert any("五华分局" in words for words in found["justification:compatibility"])


def test_b3_an_import_review_names_the_goods_and_buys_nothing(asked: Session) -> None:
    told = count(asked, Filters(brand=("REI",), roles=("references",), types=("import_review",)))
    assert (told.ladder["N1"].lower, told.ladder["N5"].lower) == (1, 2)
    assert told.ladder["N3"].lower is None
    assert count(asked, Filters(brand=("REI",))).ladder["N1"].upper == 0
    assert count(asked, Filters(brand=("REI",), roles=("sought",))).ladder["N5"].lower == 2
    notice = only(asked, brand=("REI",), roles=("references",))
    assert "justification:outperforms_domestic" in spans(asked, notice)
    (item,) = show(asked, notice)["reading"]["items"]
    assert item["declared_imported"] is True


def test_b4_brands_of_one_notice_and_a_metre_that_is_none(asked: Session) -> None:
    there = {"since": dt.date(2021, 7, 11), "until": dt.date(2021, 7, 11)}
    groups = count(asked, Filters(**there), "brand").groups  # type: ignore[arg-type]
    assert {g["name"]: g["ladder"]["N5"]["lower"] for g in groups} == {
        "L3Harris": 2,
        "Steiner": 2,
        "3M": 10,
        "Vortex Optics": 4,
    }


def test_b6_a_translated_name_needs_its_country(asked: Session) -> None:
    assert units(asked, brand=("Elephant Engineering",)) is not None
    assert [r.item for r in bought(asked, Filters(brand=("Elephant Engineering",)))] == ["全波段CCD物证检验系统"]


def test_b9_the_owner_of_the_day_is_not_the_later_one(asked: Session) -> None:
    assert count(asked, Filters(brand=("IntegenX",))).ladder["N1"].lower == 1
    assert count(asked, Filters(brand=("IntegenX",), owner=("Thermo Fisher Scientific",))).ladder["N1"].upper == 0


def test_b10_a_place_is_found_by_its_words_and_is_no_brand(asked: Session) -> None:
    (hit,) = search(asked, "续租 香港 美国 服务器").hits
    assert "KM2018-11" in str(show(asked, hit.notice)["reading"]["notice"]["project_no"])
    assert show(asked, hit.notice)["reading"]["mentions"] == []


def test_b11_a_seller_owned_by_the_ministry_says_so(asked: Session) -> None:
    told = dossier(asked, "supplier", "北京锐安科技有限公司")
    assert "affiliated" in str(told["subject"])
    assert count(asked, Filters(supplier=("北京锐安科技有限公司",), area=("osint_software",))).ladder["N1"].lower == 1


# ── C: installed base ────────────────────────────────────────────────────────────────────────────────────────────────


def test_c1_c3_systems_by_year_come_out_of_the_attachments(asked: Session) -> None:
    rows = asked.execute(
        text("""
            SELECT extract(year FROM f.published_on)::int, i.system, i.brand, i.units FROM fact_notice f JOIN item i ON i.reading_id = f.reading_id
             WHERE i.source LIKE 'attachment:%' AND i.system IS NOT NULL ORDER BY 1, i.position
        """)
    ).all()
    matrix: dict[tuple[int, str], list[tuple[str, int]]] = {}
    for year, system, brand, pieces in rows:
        matrix.setdefault((year, system), []).append((brand, int(pieces)))
    assert matrix == {
        (2019, SYSTEMS[0]): [("IBM", 1)],
        (2019, SYSTEMS[1]): [("Comtech", 2), ("Motorola", 6)],
        (2019, SYSTEMS[2]): [("H3C", 2)],
        (2020, SYSTEMS[2]): [("H3C", 2)],
        (2021, SYSTEMS[1]): [("Comtech", 2)],
    }


def test_c1_what_is_kept_running_is_named_each_year_and_not_bought(asked: Session) -> None:
    assert count(asked, Filters(brand=("Comtech",))).ladder["N1"].upper == 0
    named = count(asked, Filters(brand=("Comtech",), roles=("references",)), "year")
    assert {g["key"]: g["ladder"]["N1"]["lower"] for g in named.groups} == {"2019": 1, "2021": 1}
