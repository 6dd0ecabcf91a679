from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlp.document import text_document
from nlp.types import BlockKind


def test_lines_tables_and_headings() -> None:
    document = text_document("公告\r\n一、项目编号：A-1\n序号 ¦ 名称 ¦ 数量\n1 ¦ 硬盘 ¦ 28\n名称\t数量\n硬盘\t28\n尾")
    assert document.text.split("\n") == [
        "公告",
        "一、项目编号：A-1",
        "序号 ¦ 名称 ¦ 数量",
        "1 ¦ 硬盘 ¦ 28",
        "名称 ¦ 数量",
        "硬盘 ¦ 28",
        "尾",
    ]
    assert document.blocks[1].kind is BlockKind.HEADING
    assert [cell.text for cell in document.tables[0].rows[1]] == ["1", "硬盘", "28"]


def test_a_flattened_page_gets_its_lines_back() -> None:
    document = text_document(
        "　　甲公司受乙局委托。 一、项目名称：硬盘\t\t\t\t名称\t\t\t\t数量　　　　备注 二、资格要求：无。三、其他"
    )
    assert document.text.split("\n") == [
        "甲公司受乙局委托。",
        "一、项目名称：硬盘",
        "名称",
        "数量",
        "备注",
        "二、资格要求：无。",
        "三、其他",
    ]


def test_trailing_pipes_of_a_flattened_table_go() -> None:
    assert text_document("招标人 | \n\n 明川市公安局\n | \n").text.split("\n") == ["招标人", "明川市公安局"]


def test_title_is_the_first_block() -> None:
    document = text_document("正文", "某某公告")
    assert document.text == "某某公告\n正文"
    assert document.blocks[0].kind is BlockKind.HEADING


def test_nothing_gives_nothing() -> None:
    assert text_document("") == text_document(" \n\t\n")
    assert text_document("").text == ""


@given(st.text(max_size=400))
def test_blocks_tile_the_text(text: str) -> None:
    document = text_document(text)
    assert "\n".join(document.text[b.start : b.end] for b in document.blocks) == document.text
    for table in document.tables:
        for row in table.rows:
            for cell in row:
                assert document.text[cell.start : cell.end] == cell.text
