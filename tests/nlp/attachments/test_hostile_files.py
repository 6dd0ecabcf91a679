"""Files bent in every place: there is always an answer, with text or an issue, and its offsets are true. All files are made here."""

from __future__ import annotations

import functools
import gzip
import io
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

import make_files as make
import test_odd_files as odd

from nlp.attachments import Limits, read_attachment
from nlp.items import read_items
from nlp.types import AttachmentText, Notice, NoticeType

SMALL = Limits(unpacked_bytes=5_000_000, cells=2_000, pages=5, table_pages=2, entries=20, text=50_000)
TABLE = make.ruled_table([make.HEADER, *make.GOODS], top=100)


@functools.cache
def samples() -> dict[str, bytes]:
    return {
        "docx": make.word(macro=True),
        "xlsx": make.workbook([list(make.HEADER), ["硬盘", "希捷", "ST8000VX004", 28, 1650]], merge="A1:B2"),
        "xls": (odd.SAMPLES / "list.xls").read_bytes(),
        "pptx": (odd.SAMPLES / "slides.pptx").read_bytes(),
        "doc": (odd.SAMPLES / "quote.doc").read_bytes(),
        "pdf": make.pdf([TABLE, make.ruled_table(odd.MORE, top=800)]),
        "zip": make.zipped_names({"报价.csv": "品牌,数量\n希捷,28".encode("gb18030"), "in.zip": make.zipped_names({"a.txt": b"abc"})}),
        "7z": make.seven({"a.txt": "品牌：希捷".encode()}),
        "rar": make.rar_bytes([(b"a.txt", "品牌：希捷".encode(), 0), (b"b.txt", b"x" * 9, make.RAR_LOCKED)]),
        "gz": gzip.compress("品牌：希捷".encode(), mtime=0),
        "ofd": make.ofd(["中标公告", "中标金额：5万元"]),
        "mht": odd.mhtml("gb2312"),
        "xml": odd.xml_workbook(),
        "html": odd.html_table("gb2312"),
        "csv": "品牌,数量\n希捷,28\n".encode("gb18030"),
    }  # fmt: skip


IN_A_CHILD = {"xls", "xlsx"}
"""Their library may end the whole process (memory for a cell at the end of the world): ``tests/jobs`` bends them in a child."""
KINDS = sorted(
    ["docx", "xlsx", "xls", "pptx", "doc", "pdf", "zip", "7z", "rar", "gz", "ofd", "mht", "xml", "html", "csv"]
)
ZIPPED = ["docx", "pptx", "ofd"]


def check(found: AttachmentText) -> None:
    assert found.document is not None or found.issues
    assert all(issue.where is not None for issue in found.issues)
    if found.document is None:
        return
    text = found.document.text
    assert len(text) <= SMALL.text
    assert list(found.pages) == sorted(found.pages)
    for block in found.document.blocks:
        assert 0 <= block.start <= block.end <= len(text)
        assert block.table is None or block.table < len(found.document.tables)
    for table in found.document.tables:
        assert len({len(row) for row in table.rows}) <= 1
        for row in table.rows:
            for cell in row:
                assert not cell.origin or text[cell.start : cell.end] == cell.text.replace("\n", " ")
    read_items(found.document, Notice(type=NoticeType.AWARD), None, None)


def bent(body: bytes, data: st.DataObject) -> bytes:
    """Bytes changed, a piece repeated, a piece gone, the end cut off."""
    raw = bytearray(body)
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, max(len(raw) - 1, 0)))
        match data.draw(st.sampled_from(["byte", "gone", "twice", "words"])):
            case "byte":
                raw[at : at + 1] = bytes([data.draw(st.integers(0, 255))])
            case "gone":
                del raw[at : at + data.draw(st.integers(1, 400))]
            case "twice":
                raw[at:at] = raw[at : at + data.draw(st.integers(1, 400))]
            case "words":
                raw[at:at] = data.draw(
                    st.sampled_from([b"<", b"]]>", b"99999999999", b"-1", b"\0", b"&a;", b"<a>" * 50])
                )
    return bytes(raw[: data.draw(st.integers(len(raw) // 2, len(raw)))]) if data.draw(st.booleans()) else bytes(raw)


def bent_part(body: bytes, data: st.DataObject) -> bytes:
    """Bent bytes in a zip mostly fail its checksum; here a part is bent and the zip is whole."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as archive, zipfile.ZipFile(out, "w") as target:
        names = [n for n in archive.namelist() if n.endswith((".xml", ".rels"))]
        chosen = data.draw(st.sampled_from(names))
        for name in archive.namelist():
            part = archive.read(name)
            target.writestr(name, bent(part, data) if name == chosen else part)
    return out.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_every_sample_is_read_as_it_is(kind: str) -> None:
    """The zero case: unbent, all of them say something, or why not."""
    found = read_attachment(f"x.{kind}", samples()[kind], limits=SMALL)
    check(found)
    assert kind == "doc" or (found.document is not None and found.document.text)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in IN_A_CHILD])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_bent_bytes_never_break_the_reader(kind: str, data: st.DataObject) -> None:
    check(read_attachment(f"x.{kind}", bent(samples()[kind], data), limits=SMALL))


@pytest.mark.parametrize("kind", ZIPPED)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_whole_archives_of_bent_parts_never_break_the_reader(kind: str, data: st.DataObject) -> None:
    check(read_attachment(f"x.{kind}", bent_part(samples()[kind], data), limits=SMALL))


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("x.docx", "word/document.xml"),
        ("x.xlsx", "xl/workbook.xml"),
        ("x.pptx", "ppt/slides/slide1.xml"),
        ("x.ofd", "Doc_0/Pages/Page_0/Content.xml"),
    ],
)
def test_entities_are_not_unfolded_and_files_not_fetched(name: str, part: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim", encoding="utf-8")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}<!ENTITY f SYSTEM "{secret.as_uri()}">]>'
    out = io.BytesIO()
    kind = name.rpartition(".")[2]
    with zipfile.ZipFile(io.BytesIO(samples()[kind])) as archive, zipfile.ZipFile(out, "w") as target:
        for entry in archive.namelist():
            body = archive.read(entry)
            if entry == part:
                at = body.index(b">", body.index(b"<" if not body.startswith(b"<?") else b"?>") + 2) + 1
                body = (
                    head.encode()
                    + body[body.index(b"?>") + 2 if body.startswith(b"<?") else 0 : at]
                    + b"&l11;&f;"
                    + body[at:]
                )
            target.writestr(entry, body)
    found = read_attachment(name, out.getvalue(), limits=SMALL)
    check(found)
    assert "geheim" not in (found.document.text if found.document else "")
    assert "hahaha" not in (found.document.text if found.document else "")


def test_a_table_nested_without_end_has_one() -> None:
    deep = b"<html><body>" + b"<table><tr><td>" * 3000 + "希捷".encode() + b"</td></tr></table>" * 3000
    check(read_attachment("x.xls", deep, limits=SMALL))
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = (
        f"<w:document {space}><w:body>"
        + "<w:sdt><w:sdtContent>" * 250
        + "<w:p><w:r><w:t>x</w:t></w:r></w:p>"
        + "</w:sdtContent></w:sdt>" * 250
        + "</w:body></w:document>"
    )
    check(read_attachment("x.docx", make.zipped_names({"word/document.xml": body.encode()}), limits=SMALL))


def test_spans_that_claim_too_much_stay_small() -> None:
    space = (
        'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
    )
    cell = '<Cell ss:MergeAcross="9999999" ss:MergeDown="9999999" ss:Index="9999999"><Data ss:Type="String">希捷</Data></Cell>'
    rows = f"<Row>{cell * 50}</Row>" * 50
    found = read_attachment(
        "x.xls",
        f"<?xml version='1.0'?><Workbook {space}><Worksheet ss:Name='s'><Table>{rows}</Table></Worksheet></Workbook>".encode(),
        limits=SMALL,
    )
    check(found)
    assert found.document is not None
    assert sum(len(row) for table in found.document.tables for row in table.rows) <= 256 * 100
