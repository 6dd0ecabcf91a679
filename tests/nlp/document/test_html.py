"""HTML to the visible document. All pages here are constructed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.document import html_document
from nlp.types import CELL_BORDER, BlockKind, Document


def lines(document: Document) -> list[str]:
    return document.text.split("\n") if document.text else []


def check(document: Document) -> None:
    """What holds for every document: blocks tile the text, cells and hints point at their words."""
    assert "\n".join(document.text[b.start : b.end] for b in document.blocks) == document.text
    for table in document.tables:
        widths = {len(row) for row in table.rows}
        assert len(widths) <= 1
        for row in table.rows:
            for cell in row:
                assert len(document.text[cell.start : cell.end]) == len(cell.text)
                assert document.text[cell.start : cell.end] == cell.text.replace("\n", " ")
    for hint in document.hinted:
        assert document.text[hint.start : hint.end] == hint.text
    for block in document.blocks:
        assert (block.kind is BlockKind.ROW) == (block.table is not None)


def test_blocks_headings_and_white_space() -> None:
    document = html_document(
        "<h2>公 告</h2><p>一、项目编号：\n\t A-1&nbsp;&nbsp;号</p><div>第一行<br>第二行<p></p></div>"
    )
    assert lines(document) == ["公 告", "一、项目编号： A-1 号", "第一行", "第二行"]
    assert [b.kind for b in document.blocks[:2]] == [BlockKind.HEADING, BlockKind.HEADING]
    check(document)


@pytest.mark.parametrize(
    "hidden",
    [
        '<p style="display:none">隐藏</p>',
        '<p style="color:red; DISPLAY : None">隐藏</p>',
        '<p style="visibility: hidden">隐藏</p>',
        '<span style="font-size:0px">隐藏</span>',
        '<span style="font-size: 0">隐藏</span>',
        '<p style="mso-hide:all">隐藏</p>',
        "<div hidden>隐藏</div>",
        "<script>var a='隐藏'</script>",
        "<style>p{font-family:隐藏}</style>",
        "<noscript>隐藏</noscript>",
        "<!-- 隐藏 -->",
        "<select><option>隐藏</option></select>",
        "<table style='display: none'><tr><td>隐藏</td></tr></table>",
    ],
)
def test_what_nobody_sees_is_not_text(hidden: str) -> None:
    assert lines(html_document(f"<p>前</p>{hidden}<p>后</p>")) == ["前", "后"]


def test_nobody_sees_a_hidden_body() -> None:
    assert html_document('<body style="display:none"><p>隐藏</p></body>').text == ""


def test_small_type_is_visible() -> None:
    assert html_document('<p style="font-size:0.8em">可见</p>').text == "可见"


def test_entities_and_invisible_characters() -> None:
    document = html_document("<p>希&#8203;捷\u200b&zwnj;酷鹰\ufeff &amp; 28&nbsp;块\u200d</p><p>\u200b</p>")
    assert document.text == "希捷酷鹰 & 28 块"


def test_rowspan_and_colspan_are_laid_out() -> None:
    document = html_document(
        "<table><tr><th rowspan=2>包号</th><th colspan=2>货物</th></tr><tr><th>名称</th><th>品牌</th></tr><tr><td>1</td><td>硬盘</td><td>希捷</td></tr></table>"
    )
    grid = [[(c.text, c.origin) for c in row] for row in document.tables[0].rows]
    assert grid == [
        [("包号", True), ("货物", True), ("货物", False)],
        [("包号", False), ("名称", True), ("品牌", True)],
        [("1", True), ("硬盘", True), ("希捷", True)],
    ]
    assert lines(document) == ["包号 ¦ 货物", "名称 ¦ 品牌", "1 ¦ 硬盘 ¦ 希捷"]
    check(document)


def test_the_first_position_of_a_spanning_cell_is_its_origin() -> None:
    document = html_document("<table><tr><td rowspan=2>甲</td><td>乙</td></tr><tr><td>丙</td></tr></table>")
    first, second = document.tables[0].rows
    assert (first[0].text, first[0].origin) == ("甲", True)
    assert (second[0].text, second[0].origin) == ("甲", False)
    assert (second[0].start, second[0].end) == (first[0].start, first[0].end)


def test_line_breaks_inside_a_cell_stay_in_the_cell() -> None:
    document = html_document(
        "<table><tr><td>1<br>2</td><td>硬盘<p>交换机</p></td></tr><tr><td>a</td><td>b</td></tr></table>"
    )
    assert document.tables[0].rows[0][1].text == "硬盘\n交换机"
    assert lines(document)[0] == "1 2 ¦ 硬盘 交换机"
    check(document)


def test_a_layout_table_is_ordinary_text_and_a_nested_table_its_own() -> None:
    document = html_document(
        "<table><tr><td><p>一、中标信息</p><table><tr><td>供应商</td><td>金额</td></tr><tr><td>甲公司</td><td>5</td></tr></table><p>无</p></td></tr></table>"
    )
    assert lines(document) == ["一、中标信息", "供应商 ¦ 金额", "甲公司 ¦ 5", "无"]
    assert len(document.tables) == 1
    assert document.tables[0].section == "一、中标信息"
    assert document.tables[0].caption == "一、中标信息"
    check(document)


def test_a_label_row_beside_a_nested_table_keeps_both() -> None:
    document = html_document(
        "<table><tr><td>项目</td><td>甲</td></tr><tr><td>清单</td><td><table><tr><td>名称</td><td>数量</td></tr></table></td></tr></table>"
    )
    assert lines(document) == ["项目 ¦ 甲", "清单", "名称 ¦ 数量"]
    assert len(document.tables) == 2
    check(document)


def test_one_filled_cell_of_a_wide_table_is_a_row() -> None:
    document = html_document("<table><tr><td colspan=2>合同包1</td></tr><tr><td>名称</td><td>数量</td></tr></table>")
    assert [b.kind for b in document.blocks] == [BlockKind.ROW, BlockKind.ROW]


def test_fragments_that_begin_inside_a_table() -> None:
    assert "中标人：甲公司" in html_document("<td>中标人：甲公司</td>").text
    assert "中标人：甲公司" in html_document("<tr><td>中标人：甲公司</td></tr>").text


def test_hints_name_their_words() -> None:
    document = html_document(
        '<p>项目编号：<span class="bookmark-item uuid-1 code-00004">A-1</span>　<samp class="code-00003">硬 盘</samp></p>'
        '<p class="noticePurchase-purchaserOrgName x">明川市公安局</p><table><tr><td class="code-summaryPrice">5</td><td>6</td></tr></table>'
    )
    assert [(h.code, h.text) for h in document.hinted] == [
        ("code-00004", "A-1"),
        ("code-00003", "硬 盘"),
        ("noticePurchase-purchaserOrgName", "明川市公安局"),
        ("code-summaryPrice", "5"),
    ]
    assert document.tables[0].rows[0][0].hints == ("code-summaryPrice",)
    check(document)


def test_links_are_absolute() -> None:
    document = html_document(
        '<a href="/a.pdf">附件</a><a href="javascript:x()">x</a><a href="#top">y</a>', "http://h.example/p/q.htm"
    )
    assert [(link.text, link.url) for link in document.links] == [("附件", "http://h.example/a.pdf")]


def test_source_with_the_escapes_of_a_json_string() -> None:
    document = html_document('<p class=\\"a\\">一、项目编号：A-1<\\/p>\\n' + "<p>\\t说明</p>\\r\\n" * 12)
    assert lines(document)[0] == "一、项目编号：A-1"
    assert "\\n" not in document.text


def test_nested_pages() -> None:
    document = html_document(
        "<html><body><p>外</p><html><head><title>t</title></head><body><p>内</p></body></html></body></html>"
    )
    assert "外" in document.text
    assert "内" in document.text


@pytest.mark.parametrize("tag", ["div", "b", "span", "table><tr><td", "ul><li", "font"])
def test_deep_nesting_is_bounded_and_said(tag: str) -> None:
    document = html_document(f"<{tag}>" * 30_000 + "<p>项目编号：A-1</p>")
    assert "项目编号：A-1" in document.text
    check(document)


def test_a_table_of_ten_thousand_columns() -> None:
    document = html_document("<table><tr>" + "<td>甲</td>" * 10_000 + "</tr><tr><td>乙</td></tr></table><p>后</p>")
    assert document.text.count("甲") == 10_000
    assert lines(document)[-1] == "后"
    assert [issue.code for issue in document.issues] == ["table_too_large"]
    assert max(len(row) for row in document.tables[0].rows) <= 256
    check(document)


def test_huge_spans_do_not_multiply() -> None:
    document = html_document(
        '<table><tr><td rowspan="99999999" colspan="99999999">甲</td></tr><tr><td>乙</td></tr></table>'
    )
    check(document)
    assert sum(len(row) for table in document.tables for row in table.rows) < 2000


def test_a_long_page_is_cut_and_said() -> None:
    row = "<tr><td>硬盘</td><td>1650.00</td></tr>"
    document = html_document("<p>头</p><table>" + row * 120_000 + "</table>")
    assert "document_truncated" in {issue.code for issue in document.issues}
    assert lines(document)[0] == "头"
    assert sum(len(r) for t in document.tables for r in t.rows) <= 200_000


SAMPLE = (
    "<html><head><title>t</title></head><body><div class='c'><h3>一、项目</h3><table border=1><tr><td rowspan=2>甲</td><td>乙<br>丙</td></tr>"
    "<tr><td colspan='3'>丁</td></tr></table><p style='display:none'>x</p><a href='http://[bad'>y</a><pre>1\n2</pre></div></body></html>"
)


@given(st.integers(0, 10**9), st.integers(1, 12))
def test_mutated_pages_never_crash(seed: int, changes: int) -> None:
    chance = random.Random(seed)
    text = list(SAMPLE)
    for _ in range(changes):
        at = chance.randrange(len(text))
        text[at : at + chance.randrange(4)] = chance.choice(
            [
                "<",
                ">",
                "</td>",
                "<table>",
                "</table>",
                "\x00",
                "&#x110000;",
                "'",
                '"',
                "<td>",
                "<tr>",
                "\ud800",
                "&nbsp",
                "<!--",
                "</",
            ]
        )
    check(html_document("".join(text)))


@given(st.text(max_size=300))
def test_any_text_as_html(text: str) -> None:
    document = html_document(text)
    check(document)
    assert CELL_BORDER not in document.text or "¦" in text or "<t" in text.lower()


def test_pictures_inside_a_page_do_not_count_as_its_length() -> None:
    picture = '<img src="data:image/png;base64,' + "iVBORw0KGgo" * 200_000 + '">'
    document = html_document(f"<p>头</p>{picture}<p>采购硬盘</p>")
    assert lines(document) == ["头", "采购硬盘"]
    assert document.issues == ()


def test_of_a_line_without_end_the_beginning_is_kept() -> None:
    document = html_document("<p>" + "采购硬盘" * 300_000 + "</p><p>尾</p>")
    assert [issue.code for issue in document.issues] == ["document_truncated"]
    assert [line[:4] for line in lines(document)] == ["采购硬盘", "尾"]
    assert len(lines(document)[0]) == 30_000
    check(document)
