"""Files as they are met on the portals: under another format's name, of the last century, half locked. All content is constructed."""

from __future__ import annotations

import io
import quopri
import struct
import sys
import zipfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import make_files as make

from nlp.attachments import Limits, read_attachment
from nlp.items import read_items
from nlp.types import AttachmentText, Notice, NoticeType

SAMPLES = Path(__file__).parents[2] / "fixtures" / "attachments"
BOTH = [("希捷", "ST8000VX004", "28"), ("思科", "C9200L-24T", "2")]
LINE = "监控级硬盘 ¦ 希捷 ¦ ST8000VX004 ¦ 28 ¦ 1650"


def text(found: AttachmentText) -> str:
    return found.document.text if found.document is not None else ""


def issues(found: AttachmentText) -> list[tuple[str, str | None]]:
    return [(issue.code, issue.where) for issue in found.issues]


def goods(found: AttachmentText) -> list[tuple[str | None, str | None, str | None]]:
    assert found.document is not None
    r = read_items(found.document, Notice(type=NoticeType.AWARD), None, None)
    return [(item.brand_raw, item.model_raw, str(item.quantity)) for item in r.items]


def html_table(charset: str) -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in (make.HEADER, *make.GOODS))
    page = f'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"><style>td{{mso-number-format:"\\@"}}</style></head><body><table border=1>{rows}</table></body></html>'
    return page.encode(charset)


def xml_workbook() -> bytes:
    def cell(value: str, more: str = "", kind: str = "String") -> str:
        return f'<Cell{more}><Data ss:Type="{kind}">{value}</Data></Cell>'

    rows = [
        cell("报价明细表", ' ss:MergeAcross="4"'),
        "".join(cell(name) for name in make.HEADER),
        cell("监控级硬盘") + cell("希捷", ' ss:MergeDown="1"') + cell("ST8000VX004") + cell("28", kind="Number") + cell("1650.0", kind="Number"),
        cell("移动硬盘") + cell("STKM2000400") + cell("3", kind="Number"),
        cell("交换机") + cell("C9200L-24T", ' ss:Index="3"') + cell("2", kind="Number"),
    ]  # fmt: skip
    hidden = '<Worksheet ss:Name="底稿"><Table><Row><Cell><Data ss:Type="String">西部数据</Data></Cell></Row></Table><WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>'
    body = "".join(f"<Row>{row}</Row>" for row in rows)
    return f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="清单"><Table>{body}</Table></Worksheet>{hidden}</Workbook>'.encode()


def mhtml(charset: str) -> bytes:
    page = quopri.encodestring(html_table(charset)).decode("ascii")
    return (
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="--b"\n\n----b\nContent-Location: file:///C:/x.htm\n'
        f'Content-Transfer-Encoding: quoted-printable\nContent-Type: text/html; charset="{charset}"\n\n{page}\n----b\n'
        "Content-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n----b--\n"
    ).encode("ascii")  # fmt: skip


@pytest.mark.parametrize("charset", ["gb2312", "utf-8"])
def test_a_web_page_under_the_name_of_a_workbook(charset: str) -> None:
    found = read_attachment("清单.xls", html_table(charset))
    assert goods(found) == BOTH
    assert issues(found) == [("attachment_wrong_extension", "清单.xls")]


@pytest.mark.parametrize("charset", ["gb2312", "utf-8"])
def test_a_single_file_web_page_under_the_name_of_a_document(charset: str) -> None:
    found = read_attachment("公告.doc", mhtml(charset))
    assert goods(found) == BOTH
    assert issues(found) == [("attachment_wrong_extension", "公告.doc")]


def test_a_header_with_bytes_of_no_charset_is_no_end() -> None:
    body = mhtml("gb2312").replace(b"Content-Type: text/html;", b"Content-Type: text/html; x=\x80;")
    assert goods(read_attachment("公告.mht", body)) == BOTH


def test_a_single_file_web_page_without_a_page_is_damaged() -> None:
    body = mhtml("utf-8").replace(b"text/html", b"text/plain")
    assert issues(read_attachment("公告.mht", body)) == [("attachment_damaged", "公告.mht")]


def test_a_workbook_of_2003_in_one_xml_file() -> None:
    found = read_attachment("清单.xls", xml_workbook())
    assert found.document is not None
    assert text(found).splitlines()[:4] == ["清单", "报价明细表", " ¦ ".join(make.HEADER), LINE]
    (table,) = found.document.tables
    brands = [row[1].text for row in table.rows[2:]]
    assert brands == ["希捷", "希捷", ""], "one cell reaches down, the next line states none"
    assert [row[2].text for row in table.rows[2:]] == ["ST8000VX004", "STKM2000400", "C9200L-24T"]
    assert issues(found) == [("attachment_wrong_extension", "清单.xls"), ("attachment_hidden", "清单.xls: 底稿")]
    assert "西部数据" not in text(found)


def test_a_workbook_of_97_with_merged_cells_a_hidden_sheet_and_early_dates() -> None:
    found = read_attachment("清单.xls", (SAMPLES / "list.xls").read_bytes())
    assert found.document is not None
    (table,) = found.document.tables
    assert [cell.text for cell in table.rows[3]] == ["移动硬盘", "希捷", "STKM2000400", "3", "499.5", "1900-03-01"]
    assert table.rows[2][5].text == "2022-03-05"
    assert issues(found) == [("attachment_hidden", "清单.xls: 底稿")]
    renamed = read_attachment("清单.et", (SAMPLES / "list.xls").read_bytes())
    assert (text(renamed), len(renamed.issues)) == (text(found), 1)


@pytest.mark.parametrize(
    ("name", "delimiter", "codes"),
    [
        ("清单.csv", ",", []),
        ("清单.csv", ";", []),
        ("清单.tsv", "\t", []),
        ("清单.xls", "\t", ["attachment_wrong_extension"]),
    ],
    ids=["comma", "semicolon", "tab", "tab-as-xls"],
)
@pytest.mark.parametrize("charset", ["gb18030", "utf-8-sig", "utf-16"])
def test_delimited_text_is_a_table(name: str, delimiter: str, codes: list[str], charset: str) -> None:
    rows = [make.HEADER, *make.GOODS]
    body = "\r\n".join(delimiter.join(f'"{cell}"' if "（" in cell else cell for cell in row) for row in rows)
    found = read_attachment(name, body.encode(charset))
    assert goods(found) == BOTH
    assert [issue.code for issue in found.issues] == codes


@pytest.mark.parametrize("place", ["XFD1048576", "AAAAAAAAA1", "A999999999999"])
def test_a_cell_at_the_end_of_the_world_is_refused_before_it_is_laid_out(place: str) -> None:
    body = make.workbook([["希捷", 28]])
    assert issues(read_attachment("清单.xlsx", body)) == []
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b'r="B1"', f'r="{place}"'.encode())
    assert issues(read_attachment("清单.xlsx", make.zipped_names(parts))) == [("attachment_too_large", "清单.xlsx")]
    # An empty cell out there only has a style, and takes no place.
    styled = sheet.replace(b"</row>", f'<c r="{place}" s="1"/></row>'.encode())
    if place == "XFD1048576":
        parts["xl/worksheets/sheet1.xml"] = styled
        assert issues(read_attachment("清单.xlsx", make.zipped_names(parts))) == []


def test_prose_named_csv_stays_text() -> None:
    found = read_attachment("说明.csv", "品牌：希捷\n数量：28块".encode("gb18030"))
    assert text(found).splitlines() == ["品牌：希捷", "数量：28块"]
    assert found.document is not None
    assert not found.document.tables


def test_slides_in_the_order_they_are_shown() -> None:
    found = read_attachment("方案.pptx", (SAMPLES / "slides.pptx").read_bytes())
    assert text(found).splitlines() == [
        "明川市公安局视频存储建设方案",
        "设备清单",
        "货物名称 ¦ 品牌 ¦ 规格型号 ¦ 数量",
        "监控级硬盘 ¦ 希捷 ¦ ST8000VX004 ¦ 28",
    ]
    assert found.pages == (0, text(found).index("设备清单"))
    assert goods(found) == BOTH[:1]
    assert issues(found) == []


def test_hidden_slides_and_slides_of_pictures_are_said() -> None:
    space = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    shape = "<p:sp><p:txBody><a:p><a:r><a:t>底稿</a:t></a:r></a:p></p:txBody></p:sp>"
    slides = {
        "ppt/presentation.xml": b"<x/>",
        "ppt/slides/slide1.xml": f'<p:sld {space} show="0">{shape}</p:sld>'.encode(),
        "ppt/slides/slide2.xml": f"<p:sld {space}><p:pic/></p:sld>".encode(),
        "ppt/slides/slide10.xml": f"<p:sld {space}>{shape.replace('底稿', '第十页')}</p:sld>".encode(),
    }
    found = read_attachment("方案.pptx", make.zipped_names(slides))
    assert text(found) == "第十页"
    assert [issue.code for issue in found.issues] == ["attachment_hidden", "attachment_scanned"]


def locked_doc() -> bytes:
    body = bytearray((SAMPLES / "quote.doc").read_bytes())
    sector = 1 << struct.unpack_from("<H", body, 30)[0]
    entry = next(at for at in range(0, len(body), 128) if body[at:].startswith("WordDocument".encode("utf-16-le")))
    fib = (struct.unpack_from("<I", body, entry + 116)[0] + 1) * sector
    assert struct.unpack_from("<H", body, fib)[0] == 0xA5EC
    body[fib + 11] |= 1
    return bytes(body)


def test_what_needs_libreoffice_says_so_and_which_package() -> None:
    doc = (SAMPLES / "quote.doc").read_bytes()
    for name, body, package in (
        ("公告.doc", doc, "libreoffice-writer"),
        ("公告.wps", doc, "libreoffice-writer"),
        ("公告.doc", b"{\\rtf1 x}", "libreoffice-writer"),
        ("片.ppt", doc.replace("WordDocument".encode("utf-16-le"), "PowerPoint Document".encode("utf-16-le")[:24]) + "PowerPoint Document".encode("utf-16-le"), "libreoffice-impress"),
    ):  # fmt: skip
        found = read_attachment(name, body)
        assert found.document is None
        assert found.issues[-1].code == "attachment_no_reader"
        assert package in found.issues[-1].message


def test_a_locked_document_of_97_needs_no_converter_to_be_known() -> None:
    assert issues(read_attachment("锁.doc", locked_doc())) == [("attachment_encrypted", "锁.doc")]


def test_macros_of_a_document_of_97_are_said() -> None:
    body = (SAMPLES / "quote.doc").read_bytes() + "_VBA_PROJECT".encode("utf-16-le")
    assert [issue.code for issue in read_attachment("公告.doc", body).issues] == [
        "attachment_macro",
        "attachment_no_reader",
    ]


# ── rar ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_names_of_old_rar_archives_are_gb18030() -> None:
    found = read_attachment("附件.rar", make.rar_bytes([("报价\\报价表.docx".encode("gb18030"), make.word(), 0)]))
    assert "报价/报价表.docx" in text(found).splitlines()
    assert goods(found) == BOTH
    assert issues(found) == []


def test_one_locked_entry_of_a_rar_leaves_the_others() -> None:
    packed = make.rar_bytes([(b"lock.txt", b"x" * 16, make.RAR_LOCKED), (b"open.txt", "品牌：希捷".encode(), 0)])
    found = read_attachment("附件.rar", packed)
    assert "品牌：希捷" in text(found)
    assert issues(found) == [("attachment_encrypted", "附件.rar: lock.txt")]


def test_one_volume_of_several_is_named_as_such() -> None:
    found = read_attachment("附件.part1.rar", make.rar_bytes([(b"a.txt", b"half", make.RAR_SPLIT)]))
    assert found.document is None
    assert "several" in found.issues[0].message


def test_archives_in_a_rar_are_unpacked_to_the_same_depth_and_size() -> None:
    inner = make.zipped_names({"报价表.docx": make.word()})
    assert goods(read_attachment("附件.rar", make.rar_bytes([(b"in.zip", inner, 0)]))) == BOTH
    zeros = make.rar_bytes([(b"a.txt", b"0" * 2000, 0)])
    assert issues(read_attachment("炸.rar", zeros, limits=Limits(unpacked_bytes=1000))) == [
        ("attachment_bomb", "炸.rar")
    ]
    packed = make.rar_bytes([(b"in.zip", make.zipped_names({"a.txt": b"0" * 30_000_000}), 0)])
    assert issues(read_attachment("炸.rar", packed)) == [("attachment_bomb", "炸.rar: in.zip")]


# ── pdf ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

MORE = [["服务器", "戴尔", "R750", "1", "50000"]]


@pytest.mark.parametrize("repeated", [True, False])
def test_a_table_over_two_pages_gives_all_its_lines(repeated: bool) -> None:
    first = make.text_at(60, 780, "四、主要标的信息") + "\n" + make.ruled_table([make.HEADER, *make.GOODS], top=100)
    second = make.ruled_table([make.HEADER, *MORE] if repeated else [*MORE, ["键盘", "联想", "K1", "3", "60"]], top=800)
    found = read_attachment(
        "公告.pdf", make.pdf([first, second + "\n" + make.text_at(60, 500, "五、评审专家名单（单一来源采购人员）")])
    )
    rest = [("戴尔", "R750", "1")] if repeated else [("戴尔", "R750", "1"), ("联想", "K1", "3")]
    assert goods(found) == [*BOTH, *rest]
    assert len(found.pages) == 2
    assert found.document is not None
    assert len(found.document.tables) == (2 if repeated else 1)
    for table in found.document.tables:
        for row in table.rows:
            assert all(text(found)[cell.start : cell.end] == cell.text for cell in row if cell.origin)
    rows = [block for block in found.document.blocks if block.table is not None]
    assert {block.table for block in rows} == set(range(len(found.document.tables)))


def test_a_single_row_over_the_edge_and_a_page_number_between() -> None:
    first = make.ruled_table([make.HEADER, *make.GOODS], top=100) + "\n" + make.text_at(290, 15, "第 1 页 共 2 页")
    found = read_attachment("公告.pdf", make.pdf([first, make.ruled_table(MORE, top=800)]))
    assert goods(found) == [*BOTH, ("戴尔", "R750", "1")]


def test_a_table_of_another_width_on_the_next_page_is_another_table() -> None:
    first = make.ruled_table([make.HEADER, *make.GOODS], top=100)
    second = make.ruled_table([["评审专家", "单位"], ["某人", "某单位"]], top=800)
    found = read_attachment("公告.pdf", make.pdf([first, second]))
    assert goods(found) == BOTH
    assert found.document is not None
    assert len(found.document.tables) == 2


def test_columns_of_text_are_read_one_after_the_other() -> None:
    left = [make.text_at(60, 780 - 20 * n, f"左栏第{n}行的文字内容") for n in range(4)]
    right = [make.text_at(320, 780 - 20 * n, f"右栏第{n}行的文字内容") for n in range(4)]
    lines = text(read_attachment("公告.pdf", make.pdf(["\n".join([*left, *right])]))).splitlines()
    assert lines == [f"{side}栏第{n}行的文字内容" for side in "左右" for n in range(4)]
