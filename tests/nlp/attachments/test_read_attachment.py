"""Every format, and every way a file can be bad. All files are made here."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

import make_files as make

from nlp.attachments import Limits, read_attachment
from nlp.attachments.pictures import Box
from nlp.items import read_items
from nlp.types import AttachmentText, Notice, NoticeType

LINE = "监控级硬盘 ¦ 希捷 ¦ ST8000VX004 ¦ 28 ¦ 1650"


def text(found: AttachmentText) -> str:
    return found.document.text if found.document is not None else ""


def codes(found: AttachmentText) -> list[str]:
    return [issue.code for issue in found.issues]


def goods(found: AttachmentText) -> list[tuple[str | None, str | None, str | None]]:
    assert found.document is not None
    r = read_items(found.document, Notice(type=NoticeType.AWARD), None, None)
    return [(item.brand_raw, item.model_raw, str(item.quantity)) for item in r.items]


BOTH = [("希捷", "ST8000VX004", "28"), ("思科", "C9200L-24T", "2")]


def test_docx_tables_and_paragraphs_in_order() -> None:
    found = read_attachment("报价表.docx", make.word())
    assert text(found).splitlines() == [
        "一、报价明细表",
        " ¦ ".join(make.HEADER),
        LINE,
        "交换机 ¦ 思科 ¦ C9200L-24T ¦ 2 ¦ 20000",
        "合计 ¦ 86200",
        "二、售后服务",
    ]
    assert codes(found) == []
    assert goods(found) == BOTH
    assert len(found.sha256) == 64


def test_xlsx_numbers_and_merged_cells() -> None:
    rows: list[list[object]] = [
        ["报价明细表", "", "", "", ""],
        list(make.HEADER),
        ["监控级硬盘", "希捷", "ST8000VX004", 28, 1650],
        ["交换机", "思科", "C9200L-24T", 2.0, 20000.5],
    ]
    found = read_attachment("清单.xlsx", make.workbook(rows, merge="A1:E1"))
    assert "清单\n报价明细表\n" in text(found)
    assert LINE in text(found)
    assert "20000.5" in text(found)
    assert goods(found) == BOTH


def test_hidden_sheets_are_not_text() -> None:
    found = read_attachment("清单.xlsx", make.workbook([["希捷"]], hidden=True))
    assert text(found) == ""
    assert [(issue.code, issue.where) for issue in found.issues] == [("attachment_hidden", "清单.xlsx: 清单")]


def test_pdf_pages_and_ruled_tables() -> None:
    page = "\n".join(
        [
            make.text_at(60, 780, "四、主要标的信息"),
            make.ruled_table([make.HEADER, *make.GOODS]),
            make.text_at(60, 500, "五、评审专家名单"),
        ]
    )
    found = read_attachment("公告.pdf", make.pdf([make.text_at(60, 780, "第一页没有表格。"), page]))
    lines = text(found).splitlines()
    assert lines[0] == "第一页没有表格。"
    assert lines[1:] == [
        "四、主要标的信息",
        " ¦ ".join(make.HEADER),
        LINE,
        "交换机 ¦ 思科 ¦ C9200L-24T ¦ 2 ¦ 20000",
        "五、评审专家名单",
    ]
    assert found.pages == (0, text(found).index("四、"))
    assert goods(found) == BOTH


def test_pdf_beyond_the_page_limit_says_so() -> None:
    found = read_attachment(
        "长.pdf", make.pdf([make.text_at(60, 700, f"第{n}页的文字内容") for n in range(5)]), limits=Limits(pages=2)
    )
    assert len(found.pages) == 2
    assert codes(found) == ["attachment_truncated"]


def test_scanned_pdf_names_its_pages_and_uses_a_recogniser_when_there_is_one() -> None:
    body = make.pdf([make.text_at(60, 700, "第一页有文字层可读。"), "100 100 300 300 re f"])
    without = read_attachment("扫描.pdf", body)
    assert codes(without) == ["attachment_scanned"]
    assert "2" in without.issues[0].message
    seen: list[bytes] = []

    def recognise(picture: bytes) -> list[Box]:
        seen.append(picture)
        return [Box(0, 40, 300, 60, "中标金额：5万元"), Box(0, 0, 300, 20, "中标人：云岭恒川科技有限公司")]

    found = read_attachment("扫描.pdf", body, ocr=recognise)
    assert codes(found) == []
    assert text(found).endswith("中标金额：5万元")
    assert seen[0].startswith(b"\x89PNG")


def test_when_recognition_runs_out_of_time_the_pages_before_are_kept() -> None:
    body = make.pdf(["100 100 300 300 re f"] * 3)
    answers = iter([[Box(0, 0, 99, 20, "第一页的文字")], None])
    found = read_attachment("扫描.pdf", body, ocr=lambda _: next(answers))
    assert text(found) == "第一页的文字"
    assert codes(found) == ["attachment_truncated"]
    assert "3 scanned pages; the first 1" in found.issues[0].message
    assert codes(read_attachment("图.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 40, ocr=lambda _: None)) == [
        "attachment_truncated"
    ]


def test_ofd_pages() -> None:
    found = read_attachment("公告.ofd", make.ofd(["中标公告", "中标金额：5万元"]))
    assert text(found) == "中标公告\n中标金额：5万元"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("说明.txt", "品牌：希捷".encode("gb18030")),
        ("说明.txt", "品牌：希捷".encode()),
        ("说明.html", "<html><body><p>品牌：希捷</p></body></html>".encode()),
        ("说明.txt.gz", gzip.compress("品牌：希捷".encode(), mtime=0)),
    ],
)
def test_text_in_any_charset(name: str, body: bytes) -> None:
    found = read_attachment(name, body)
    assert text(found) == "品牌：希捷"
    assert codes(found) == []


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("附件.zip", make.zipped_names({"报价/报价表.docx": make.word()})),
        ("附件.zip", make.gbk_zip("报价/报价表.docx", make.word())),
        ("附件.7z", make.seven({"报价/报价表.docx": make.word()})),
        ("附件.rar", make.rar("报价/报价表.docx", make.word())),
        ("附件.zip", make.zipped_names({"内.zip": make.zipped_names({"报价/报价表.docx": make.word()})})),
    ],
)
def test_archives_of_every_kind(name: str, packed: bytes) -> None:
    found = read_attachment(name, packed)
    assert codes(found) == []
    assert "报价/报价表.docx" in text(found).splitlines()
    assert goods(found) == BOTH


def test_one_bad_entry_leaves_the_others() -> None:
    found = read_attachment(
        "附件.zip",
        make.zipped_names(
            {"a.txt": "品牌：希捷".encode(), "b.pdf": b"%PDF-1.4 broken", "c.docx": b"", "__MACOSX/x": b"1"}
        ),
    )
    assert "品牌：希捷" in text(found)
    assert [(issue.code, issue.where) for issue in found.issues] == [
        ("attachment_damaged", "附件.zip: b.pdf"),
        ("attachment_empty", "附件.zip: c.docx"),
    ]


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("空.pdf", b"", "attachment_empty"),
        ("空.zip", make.zipped_names({}), "attachment_empty"),
        ("锁.zip", make.locked_zip("a.txt", b"x" * 50), "attachment_encrypted"),
        ("锁.7z", make.seven({"a.txt": b"x"}, password="secret"), "attachment_encrypted"),
        ("锁.pdf", make.pdf([make.text_at(60, 700, "密")], locked=True), "attachment_encrypted"),
        (
            "锁.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"),
            "attachment_encrypted",
        ),
        (
            "旧.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "WordDocument".encode("utf-16-le"),
            "attachment_no_reader",
        ),
        (
            "坏.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "Workbook".encode("utf-16-le"),
            "attachment_damaged",
        ),
        ("坏.pdf", b"%PDF-1.4\nnothing", "attachment_damaged"),
        ("坏.zip", make.zipped_names({"a.txt": b"hello" * 100})[:-30], "attachment_damaged"),
        ("坏.7z", make.seven({"a.txt": b"hello"})[:40], "attachment_damaged"),
        ("坏.rar", b"Rar!\x1a\x07\x00" + b"\xff" * 40, "attachment_damaged"),
        ("坏.docx", make.zipped_names({"word/document.xml": b""}), "attachment_damaged"),
        ("图.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 40, "attachment_scanned"),
        ("片.pptx", make.zipped_names({"ppt/presentation.xml": b"<x/>"}), "attachment_no_text"),
        ("乱.bin", bytes(range(256)), "attachment_no_reader"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isascii() else "",
)
def test_bad_files_name_their_reason(name: str, body: bytes, code: str) -> None:
    found = read_attachment(name, body)
    assert code in codes(found)
    assert all(issue.where is not None and issue.where.startswith(name) for issue in found.issues)


def test_wrong_extension_is_read_and_said() -> None:
    found = read_attachment("清单.xls", make.word())
    assert LINE in text(found)
    assert codes(found) == ["attachment_wrong_extension"]


def test_macros_are_said_and_not_run() -> None:
    found = read_attachment("报价表.docm", make.word(macro=True))
    assert LINE in text(found)
    assert codes(found) == ["attachment_macro"]


def test_bombs_are_refused() -> None:
    zeros = make.zipped_names({"a.txt": b"0" * 30_000_000})
    assert codes(read_attachment("炸.zip", zeros)) == ["attachment_bomb"]
    assert codes(read_attachment("炸.docx", make.with_entry(make.word(), "word/big.xml", b"0" * 30_000_000))) == [
        "attachment_bomb"
    ]
    small = Limits(unpacked_bytes=1000)
    assert codes(read_attachment("炸.zip", make.zipped_names({"a.txt": b"0" * 1001}), limits=small)) == [
        "attachment_bomb"
    ]
    assert codes(read_attachment("炸.gz", gzip.compress(b"0" * 1001), limits=small)) == ["attachment_bomb"]
    assert codes(read_attachment("好.gz", gzip.compress(b"0" * 1000), limits=small)) == []


def test_nesting_has_an_end() -> None:
    body = b"text"
    for _ in range(6):
        body = make.zipped_names({"in.zip": body})
    assert codes(read_attachment("套.zip", body)) == ["attachment_nested"]


def test_limits_of_size_cells_text_and_entries() -> None:
    assert codes(read_attachment("大.txt", b"x" * 11, limits=Limits(file_bytes=10))) == ["attachment_too_large"]
    assert "attachment_truncated" in codes(read_attachment("表.docx", make.word(), limits=Limits(cells=7)))
    assert "attachment_truncated" in codes(
        read_attachment("表.xlsx", make.workbook([["a", "b"], ["c", "d"]]), limits=Limits(cells=3))
    )
    many = make.zipped_names({f"{n}.txt": b"abc" for n in range(5)})
    assert codes(read_attachment("多.zip", many, limits=Limits(entries=2))) == ["attachment_truncated"]
    cut = read_attachment(
        "长.zip", make.zipped_names({"1.txt": b"a" * 60, "2.txt": b"b" * 60}), limits=Limits(text=100)
    )
    assert codes(cut) == ["attachment_truncated"]
    assert "b" not in text(cut)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(
        [
            make.word(),
            make.workbook([["a", 1]]),
            make.zipped_names({"a.txt": b"abc"}),
            make.pdf([make.text_at(60, 700, "文字")]),
            make.seven({"a.txt": b"abc"}),
            make.rar("a.txt", b"abc"),
        ]
    ),
    st.data(),
)
def test_damaged_files_never_raise(body: bytes, data: st.DataObject) -> None:
    raw = bytearray(body)
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(len(raw) // 2, len(raw)))
    found = read_attachment("x.bin", bytes(raw[:cut]))
    assert found.document is not None or found.issues
