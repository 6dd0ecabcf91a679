"""Components keep the heading of the system they belong to."""

import io

import docx
import pytest

from nlp.attachments import read_attachment
from nlp.items import read_items
from nlp.items.systems import system_name
from nlp.types import Notice, NoticeType
from seeds import load_knowledge


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("一、情报综合应用平台", "情报综合应用平台"),
        ("（三）动中通系统设备清单", "动中通系统设备清单"),
        ("2.1 厅机关局域网：", "厅机关局域网"),
        ("视频监控和卡口（一期）", "视频监控和卡口（一期）"),
        ("四、主要标的信息", None),
        ("采购清单", None),
        ("三、获取招标文件", None),
        ("", None),
        (None, None),
    ],
)
def test_names(heading, name) -> None:
    assert system_name(heading) == name


def _document(systems):
    made = docx.Document()
    made.add_paragraph("运维服务清单（构造）")
    for heading, rows in systems:
        made.add_paragraph(heading)
        table = made.add_table(rows=1, cols=5)
        for cell, text in zip(table.rows[0].cells, ("设备名称", "品牌", "型号", "数量", "单位"), strict=True):
            cell.text = text
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    buffer = io.BytesIO()
    made.save(buffer)
    return read_attachment("运维清单.docx", buffer.getvalue()).document


def test_a_maintenance_list_becomes_system_by_component() -> None:
    document = _document(
        [
            ("一、情报综合应用平台", [("数据库服务器", "IBM", "System x3850", "2", "台")]),
            (
                "二、动中通系统",
                [("卫星调制解调器", "Comtech", "CDM-570", "1", "台"), ("路由器", "思科", "2911", "2", "台")],
            ),
        ]
    )
    items = read_items(document, Notice(type=NoticeType.TENDER), None, load_knowledge()).items
    assert [(i.system, i.name, i.brand, i.quantity and int(i.quantity)) for i in items] == [
        ("情报综合应用平台", "数据库服务器", "IBM", 2),
        ("动中通系统", "卫星调制解调器", "Comtech", 1),
        ("动中通系统", "路由器", "Cisco", 2),
    ]


def test_a_plain_list_names_no_system() -> None:
    document = _document([("采购清单", [("服务器", "IBM", "x3850", "2", "台")])])
    (item,) = read_items(document, Notice(type=NoticeType.TENDER), None, load_knowledge()).items
    assert item.system is None
