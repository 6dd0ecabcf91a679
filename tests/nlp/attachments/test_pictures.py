"""Words on a picture become lines and tables. The pictures are drawn by us; the recogniser is asked where the extra is installed."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.attachments import read_attachment
from nlp.attachments.content import UnreadableError
from nlp.attachments.pictures import Box, lay_out
from nlp.document.layout import Grid, assemble
from nlp.items import read_items
from nlp.types import Notice, NoticeType

sys.path.insert(0, str(Path(__file__).parent))

import make_files as make

COLUMNS = (120, 330, 480, 740, 860)
ROWS = (
    ("货物名称", "品牌", "规格型号", "数量", "单价（元）"),
    ("监控级硬盘", "希捷", "ST8000VX004", "28块", "1650.00"),
    ("交换机", "思科", "C9200L-24T", "2台", "20000.00"),
)


def word(left: float, top: float, text: str) -> Box:
    return Box(left, top, left + 18 * len(text), top + 30, text)


def scanned(slope: float = 0.0) -> list[Box]:
    boxes = [word(120, 100, "四、主要标的信息"), word(120, 500, "五、评审专家名单")]
    boxes += [
        word(left + 4 * (n % 3), 200 + 56 * n + slope * left, text)
        for n, row in enumerate(ROWS)
        for left, text in zip(COLUMNS, row, strict=True)
    ]
    return boxes


@pytest.mark.parametrize("slope", [0.0, 0.012, -0.012], ids=["straight", "down", "up"])
def test_a_scanned_table_gives_its_goods(slope: float) -> None:
    document = assemble(lay_out(scanned(slope)))
    assert document.text.splitlines() == ["四、主要标的信息", *(" ¦ ".join(row) for row in ROWS), "五、评审专家名单"]
    items = read_items(document, Notice(type=NoticeType.AWARD), None, None).items
    assert [(i.brand_raw, i.model_raw, str(i.quantity), str(i.unit_price_cny)) for i in items] == [
        ("希捷", "ST8000VX004", "28", "1650.00"),
        ("思科", "C9200L-24T", "2", "20000.00"),
    ]


def test_an_empty_cell_stays_empty_and_a_second_line_joins_the_first() -> None:
    boxes = [box for box in scanned() if box.text != "思科"]
    boxes.append(word(480, 200 + 56 * 2 + 34, "-4G"))
    document = assemble(lay_out(boxes))
    assert [cell.text for cell in document.tables[0].rows[2]] == ["交换机", "", "C9200L-24T-4G", "2台", "20000.00"]


def test_words_cut_in_two_are_put_together() -> None:
    (line,) = lay_out([Box(163, 220, 365, 250, "项目编号：YLMC"), Box(360, 219, 521, 251, "C2022-XJ-778")])
    assert not isinstance(line, Grid)
    assert line.text == "项目编号：YLMC2022-XJ-778"
    (line,) = lay_out([Box(0, 0, 90, 30, "中标金额："), Box(100, 0, 190, 30, "5万元")])
    assert not isinstance(line, Grid)
    assert line.text == "中标金额：5万元"


def test_nothing_on_the_picture_is_nothing() -> None:
    assert lay_out([]) == []
    assert lay_out([Box(0, 0, 9, 9, " ")]) == []


numbers = st.floats(-50, 2000, allow_nan=False)


@given(st.lists(st.builds(Box, numbers, numbers, numbers, numbers, st.text(max_size=5)), max_size=25))
def test_any_boxes_give_all_their_words(boxes: list[Box]) -> None:
    text = assemble(lay_out(boxes)).text
    for box in boxes:
        core = "".join(box.text.split())[1:]
        assert core in "".join(text.split())


def test_a_document_of_pictures_is_read_picture_by_picture() -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    files = {"word/document.xml": f"<w:document {space}><w:body><w:p/></w:body></w:document>".encode()}
    files |= {f"word/media/image{n}.png": str(n).encode() for n in (10, 2, 1)}
    body = make.zipped_names(files)
    assert [issue.code for issue in read_attachment("扫描.docx", body).issues] == ["attachment_scanned"]

    def recognise(picture: bytes) -> list[Box]:
        if picture == b"2":
            raise UnreadableError("attachment_damaged", "the picture cannot be read")
        return [word(0, 0, f"第{picture.decode()}张图")]

    found = read_attachment("扫描.docx", body, ocr=recognise)
    assert found.document is not None
    assert found.document.text == "第1张图\n第10张图"
    assert [(issue.code, issue.where) for issue in found.issues] == [
        ("attachment_damaged", "扫描.docx: word/media/image2.png")
    ]
    answers = iter([[word(0, 0, "第1张图")], None])
    cut = read_attachment("扫描.docx", body, ocr=lambda _: next(answers))
    assert [issue.code for issue in cut.issues] == ["attachment_truncated"]


needs_ocr = pytest.mark.skipif(importlib.util.find_spec("rapidocr") is None, reason="the ocr extra is not installed")


@needs_ocr
@pytest.mark.slow
def test_broken_pictures_and_bombs_are_issues() -> None:
    import io

    from PIL import Image

    from nlp.attachments.ocr import recogniser

    ocr = recogniser()
    out = io.BytesIO()
    Image.new("1", (40_000, 40_000)).save(out, "PNG")
    for body, code in ((out.getvalue(), "attachment_bomb"), (b"\xff\xd8\xff\xe0" + b"\0" * 40, "attachment_damaged")):
        assert [issue.code for issue in read_attachment("图.png", body, ocr=ocr).issues][-1] == code


@needs_ocr
@pytest.mark.slow
def test_the_recogniser_reads_a_picture() -> None:
    import io

    from PIL import Image, ImageDraw

    from nlp.attachments.ocr import recogniser

    picture = Image.new("L", (800, 200), 255)
    ImageDraw.Draw(picture).text((40, 60), "ST8000VX004", fill=0, font_size=48)
    out = io.BytesIO()
    picture.save(out, "PNG")
    recognise = recogniser()
    assert recognise is not None
    (box,) = recognise(out.getvalue())
    assert box.text == "ST8000VX004"
    assert 20 < box.left < 60 < box.right
