"""A brand stated once for several lines counts for each of them: from the page's cells to the units of the ladder. All constructed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from db.bought import bought
from db.count import count
from db.filters import Filters
from db.link import link
from nlp.read import read
from nlp.types import NoticeReading, PageInput
from seeds import load_knowledge
from tests.db import world
from tests.db.making import store

HEAD = "<tr><th>序号</th><th>名称</th><th>品牌</th><th>规格型号</th><th>数量</th><th>单价（元）</th></tr>"


def page(*rows: str) -> NoticeReading:
    title = "清河第一县公安局监控设备采购项目中标公告"
    body = (
        f"<html><head><title>{title}</title></head><body><h2>{title}</h2><p>发布时间：2022年01月05日</p>"
        "<p>一、项目编号：QHZC-2022-881</p><p>二、项目名称：监控设备采购项目</p><p>三、中标信息</p><p>供应商名称：云岭恒信科技有限公司</p>"
        f"<p>四、主要标的信息</p><table>{HEAD}{''.join(rows)}</table><p>采购人：清河第一县公安局</p></body></html>"
    )
    return read(PageInput(body.encode(), url="https://constructed.invalid/1.html", portal="ccgp"), load_knowledge())


@pytest.fixture
def seeded(session: Session) -> Session:
    world.seeds(session)
    return session


def units(session: Session, brand: str) -> Decimal | int | None:
    return count(session, Filters(brand=(brand,))).ladder["N5"].lower


SPANNING = page(
    "<tr><td>1</td><td>硬盘</td><td rowspan=3>希捷</td><td>4TB</td><td>10块</td><td>500</td></tr>",
    "<tr><td>2</td><td>硬盘</td><td>8TB</td><td>20块</td><td>900</td></tr>",
    "<tr><td>3</td><td>硬盘</td><td>16TB</td><td>30块</td><td>1900</td></tr>",
    "<tr><td>4</td><td>硬盘</td><td>西部数据</td><td>4TB</td><td>7块</td><td>500</td></tr>",
)
IN_ONE_CELL = page(
    "<tr><td>1</td><td>硬盘<br>硬盘</td><td>希捷</td><td>4TB<br>8TB</td><td>5块<br>6块</td><td>500<br>900</td></tr>",
    "<tr><td>2</td><td>硬盘;交换机</td><td>美国西部数据;思科</td><td>4TB;C9300</td><td>3块;2台</td><td>500;9000</td></tr>",
)


def test_a_cell_that_spans_rows_counts_for_each(seeded: Session) -> None:
    store(seeded, [("ccgp", SPANNING)])
    link(seeded)
    assert units(seeded, "seagate") == 60
    assert units(seeded, "wd") == 7
    rows = bought(seeded, Filters(brand=("seagate",)))
    assert sorted((row.brand, row.quantity) for row in rows) == [("Seagate", 10), ("Seagate", 20), ("Seagate", 30)]


def test_goods_that_share_a_row_keep_their_own_brands(seeded: Session) -> None:
    assert [(m.brand, m.item) for m in IN_ONE_CELL.mentions] == [
        ("Seagate", 0), ("Western Digital", 2), ("Cisco", 3),
    ]  # fmt: skip
    store(seeded, [("ccgp", IN_ONE_CELL)])
    link(seeded)
    assert units(seeded, "seagate") == 11
    assert units(seeded, "wd") == 3
    [row] = bought(seeded, Filters(brand=("wd",)))
    assert (row.quantity, row.item) == (3, "硬盘")


def test_marks_that_close_a_piece_are_no_part_of_it() -> None:
    reading = page(
        "<tr><td>1</td><td>硬盘；<br>交换机</td><td>美国BD；<br>思科</td><td>A1；<br>C9300</td><td>3块；<br>2台</td><td>500；<br>9000</td></tr>"
    )
    assert [(i.name, i.brand_raw, i.model_raw, i.quantity) for i in reading.items] == [
        ("硬盘", "美国BD", "A1", 3), ("交换机", "思科", "C9300", 2),
    ]  # fmt: skip
