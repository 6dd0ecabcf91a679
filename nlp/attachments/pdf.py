"""pdf: text of every page, tables where a page may hold goods; page numbers kept."""

from __future__ import annotations

import io
import re
from typing import Any

from nlp.attachments.content import Content, UnreadableError, ends_in_table
from nlp.attachments.limits import Limits
from nlp.attachments.pictures import Ocr, lay_out
from nlp.document.layout import CellPart, Grid, Line, Part, assemble
from nlp.types import Document, Issue

_TABLE_WORDS = re.compile(
    r"品\s*牌|型\s*号|规\s*格|数\s*量|单\s*价|总\s*价|供应商名称|中标|成交|包号|标的|货物名称|设备名称|产品名称|序\s*号"
)
_MIN_TEXT = 8
_FLOW_END = re.compile(r"[。；;：:！!？?]$|^.{0,20}$")
_MAX_COLUMNS = 60
_MAX_PIXELS = 4000
"""Longest side of a page drawn for recognition: a plan of a building is no page of words."""


def read_pdf(body: bytes, limits: Limits, ocr: Ocr | None) -> Content:
    """One document a page. A page without a text layer goes to ``ocr`` when there is one, else it is counted in an issue."""
    import pypdfium2 as pdfium  # noqa: PLC0415 -- only for pdf

    content = Content(paged=True)
    try:
        pdf = pdfium.PdfDocument(body)
    except pdfium.PdfiumError as error:
        text = str(error)
        if "assword" in text or "ecurity" in text:
            raise UnreadableError("attachment_encrypted", "the pdf needs a password") from error
        raise UnreadableError("attachment_damaged", f"the pdf cannot be opened: {text}") from error
    try:
        count = len(pdf)
        texts = [_page_text(pdf, number) for number in range(min(count, limits.pages))]
        if count > limits.pages:
            content.issues.append(
                Issue("attachment_truncated", f"{count} pages; the first {limits.pages} were read", None)
            )
        blank = [number for number, text in enumerate(texts) if len(text.strip()) < _MIN_TEXT]
        wanted = [number for number, text in enumerate(texts) if _TABLE_WORDS.search(text)][: limits.table_pages]
        tables = _with_tables(body, wanted, limits.table_pages) if wanted else {}
        scanned = _recognised(pdf, blank, limits, ocr, content)
    finally:
        pdf.close()
    for number, text in enumerate(texts):
        document = scanned.get(number) or tables.get(number)
        content.documents.append(document if document is not None else assemble(_flow(text)))
    return content


def _page_text(pdf: Any, number: int) -> str:
    try:
        page = pdf[number]
        layer = page.get_textpage()
        text: str = layer.get_text_bounded()
        layer.close()
        page.close()
    except Exception:  # noqa: BLE001 -- a broken page is an empty page; the others are still read
        return ""
    return text.replace("\ufffe", "").replace("\r\n", "\n").replace("\r", "\n")


def _flow(text: str) -> list[Part]:
    """Lines of a page; a paragraph broken over full lines is put together again."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    lines = [line for line in lines if line]
    if not lines:
        return []
    full = sorted(len(line) for line in lines)[-max(1, len(lines) // 10)]
    out: list[str] = []
    open_line = False
    for line in lines:
        starts = re.match(r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|[一-鿿]{2,8}[：:]", line)
        if open_line and starts is None:
            out[-1] += line
        else:
            out.append(line)
        open_line = len(line) >= full - 2 and full > 24 and _FLOW_END.search(line) is None
    return [Line(line) for line in out]


def _with_tables(body: bytes, numbers: list[int], most: int) -> dict[int, Document]:
    """The pages with ruled tables among ``numbers``, and those that a table goes on to; ``most`` are looked at."""
    import pdfplumber  # noqa: PLC0415

    found: dict[int, Document] = {}
    waiting = sorted(numbers, reverse=True)
    try:
        with pdfplumber.open(io.BytesIO(body)) as pdf:
            while waiting and most > 0:
                number, most = waiting.pop(), most - 1
                if number >= len(pdf.pages):
                    break
                page = pdf.pages[number]
                goes_on = number - 1 in found and ends_in_table(found[number - 1])
                try:
                    parts = _page_parts(page, goes_on=goes_on)
                except Exception:  # noqa: BLE001 -- pdfminer raises anything on odd fonts and streams; the text layer stands in
                    parts = None
                page.close()
                if parts:
                    found[number] = assemble(parts)
                    if ends_in_table(found[number]) and number + 1 not in waiting:
                        waiting.append(number + 1)
    except Exception:  # noqa: BLE001 -- same
        return found
    return found


def _page_parts(page: Any, *, goes_on: bool) -> list[Part] | None:
    """Text above, between and below the ruled tables, and the tables; null where there is none.

    A single ruled row is a box around words, unless a table ``goes_on`` from the page above.
    """
    ruled = sorted(page.find_tables(), key=lambda table: table.bbox[1])
    tables = [table for n, table in enumerate(ruled) if len(table.rows) > 1 or (goes_on and n == 0)]
    parts: list[Part] = []
    top = float(page.bbox[1])
    seen = False
    for table in tables:
        _, upper, _, lower = table.bbox
        if upper < top:
            continue
        rows = [[_clean(cell) for cell in row] for row in table.extract()]
        rows = [row for row in rows if any(row)]
        if not rows or max(len(row) for row in rows) > _MAX_COLUMNS or max(len(row) for row in rows) < 2:
            continue
        parts.extend(_between(page, top, upper))
        grid = Grid()
        for row in rows:
            grid.rows.append(list(_cells(row)))
            grid.layout.append(False)
        parts.append(grid)
        top, seen = lower, True
    if not seen:
        return None
    parts.extend(_between(page, top, float(page.bbox[3])))
    return parts


def _between(page: Any, top: float, bottom: float) -> list[Part]:
    if bottom - top < 2:
        return []
    text = page.crop((page.bbox[0], top, page.bbox[2], bottom), strict=False).extract_text() or ""
    return _flow(text)


def _clean(cell: str | None) -> str | None:
    return (
        None
        if cell is None
        else re.sub(r"(?<=[\u4e00-\u9fff])\s*\n\s*(?=[\u4e00-\u9fff])", "", cell).replace("\n", " ").strip()
    )


def _cells(row: list[str | None]) -> list[CellPart]:
    """A null cell is covered by the one to its left."""
    out: list[CellPart] = []
    for cell in row:
        if cell is None and out:
            out[-1].colspan += 1
        else:
            out.append(CellPart(cell or ""))
    return out


def _recognised(pdf: Any, blank: list[int], limits: Limits, ocr: Ocr | None, content: Content) -> dict[int, Document]:
    pictured = [number for number in blank if _has_picture(pdf, number)]
    if not pictured:
        return {}
    if ocr is None:
        pages = ", ".join(str(number + 1) for number in pictured[:20])
        content.issues.append(
            Issue("attachment_scanned", f"pages without a text layer: {pages}; no OCR is installed", None)
        )
        return {}
    found: dict[int, Document] = {}
    for number in pictured[: limits.ocr_pages]:
        page = pdf[number]
        image = page.render(scale=min(2.0, _MAX_PIXELS / max(*page.get_size(), 1.0))).to_pil()
        buffer = io.BytesIO()
        image.save(buffer, "PNG")
        page.close()
        boxes = ocr(buffer.getvalue())
        if boxes is None:
            break
        found[number] = assemble(lay_out(boxes))
    if len(found) < len(pictured):
        content.issues.append(
            Issue(
                "attachment_truncated", f"{len(pictured)} scanned pages; the first {len(found)} were recognised", None
            )
        )
    return found


def _has_picture(pdf: Any, number: int) -> bool:
    from pypdfium2 import raw  # noqa: PLC0415

    try:
        page = pdf[number]
        kinds = {item.type for item in page.get_objects(max_depth=3)}
        page.close()
    except Exception:  # noqa: BLE001 -- a page that cannot be opened holds nothing we can read
        return False
    return raw.FPDF_PAGEOBJ_IMAGE in kinds or raw.FPDF_PAGEOBJ_PATH in kinds
