"""docx: paragraphs and tables in order, merged cells laid out, deleted text left out."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from lxml import etree

from nlp.attachments.content import Content, UnreadableError
from nlp.attachments.limits import Limits
from nlp.attachments.pictures import Ocr, lay_out
from nlp.attachments.zips import check_bomb, read_entry
from nlp.document.layout import CellPart, Grid, Line, Part, assemble
from nlp.types import Issue

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIP = {
    f"{_W}del",
    f"{_W}moveFrom",
    f"{_W}instrText",
    f"{_W}pPr",
    f"{_W}rPr",
    f"{_W}tblPr",
    f"{_W}sectPr",
    f"{_W}footnoteReference",
}
_MAX_DEPTH = 200
_PICTURE = re.compile(r"^word/media/[^/]+\.(?:png|jpe?g|bmp|gif|tiff?|webp)$", re.IGNORECASE)


def _parser() -> Any:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True, load_dtd=False)


def xml_root(body: bytes) -> Any:
    """Root of an untrusted XML part: no entities, no network."""
    try:
        root = etree.fromstring(body, _parser())
    except etree.XMLSyntaxError as error:
        raise UnreadableError("attachment_damaged", f"broken XML: {error}") from error
    if root is None:
        raise UnreadableError("attachment_damaged", "an XML part is empty")
    return root


def _text(element: Any) -> str:
    out: list[str] = []
    stack: list[Any] = [element]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            out.append(node)
            continue
        tag = node.tag
        if tag in _SKIP or not isinstance(tag, str):
            continue
        if tag == f"{_W}t":
            out.append(node.text or "")
        elif tag == f"{_W}tab":
            out.append(" ")
        elif tag in {f"{_W}br", f"{_W}cr"}:
            out.append("\n")
        elif tag == f"{_W}noBreakHyphen":
            out.append("-")
        else:
            if tag == f"{_W}p" and node is not element:
                stack.append("\n")
            stack.extend(reversed(list(node)))
    return "".join(out)


def _lines(text: str) -> list[str]:
    return [line for line in (" ".join(piece.split()) for piece in text.split("\n")) if line]


def _level(paragraph: Any) -> int:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    name = style.get(f"{_W}val", "").lower() if style is not None else ""
    if name.startswith("heading") or name in {"1", "2", "3"}:
        return 1 if name.endswith("1") else 2
    return 0


class _Body:
    def __init__(self, limits: Limits) -> None:
        self.cells_left = limits.cells
        self.cut = False

    def parts(self, container: Any, depth: int = 0) -> list[Part]:
        out: list[Part] = []
        if depth > _MAX_DEPTH:
            return out
        for child in container:
            tag = child.tag
            if tag == f"{_W}p":
                level = _level(child)
                out.extend(Line(line, level) for line in _lines(_text(child)))
            elif tag == f"{_W}tbl":
                grid = self.grid(child)
                if grid.rows:
                    out.append(grid)
            elif tag == f"{_W}sdt":
                content = child.find(f"{_W}sdtContent")
                if content is not None:
                    out.extend(self.parts(content, depth + 1))
            elif tag in {f"{_W}ins", f"{_W}smartTag", f"{_W}customXml"}:
                out.extend(self.parts(child, depth + 1))
        return out

    def grid(self, table: Any) -> Grid:
        grid = Grid()
        above: dict[int, CellPart] = {}
        for row in table.iterchildren(f"{_W}tr"):
            if row.find(f"{_W}trPr/{_W}del") is not None:
                continue
            cells: list[CellPart] = []
            column = 0
            for cell in row.iter(f"{_W}tc"):
                if (
                    cell.getparent() is not row
                    and cell.getparent().getparent() is not row
                    and cell.getparent().getparent().getparent() is not row
                ):
                    continue
                if self.cells_left <= 0:
                    self.cut = True
                    return grid
                self.cells_left -= 1
                properties = cell.find(f"{_W}tcPr")
                span = _int(properties, f"{_W}gridSpan")
                merge = properties.find(f"{_W}vMerge") if properties is not None else None
                if merge is not None and merge.get(f"{_W}val") != "restart" and column in above:
                    above[column].rowspan += 1
                    column += span
                    continue
                part = CellPart("\n".join(_lines(_text(cell))), colspan=span)
                cells.append(part)
                above.pop(column, None)
                if merge is not None:
                    above[column] = part
                column += span
            grid.rows.append(list(cells))
            grid.layout.append(False)
        return grid


def _int(properties: Any, tag: str) -> int:
    element = properties.find(tag) if properties is not None else None
    value = element.get(f"{_W}val", "1") if element is not None else "1"
    return min(max(int(value), 1), 100) if value.isdigit() else 1


def read_docx(body: bytes, limits: Limits, ocr: Ocr | None = None) -> Content:
    """Main document and its tables. Macros are never run; a document that carries some says so.

    A document of pictures and no words is one that was scanned: ``ocr`` reads its pictures, in the order of their numbers.
    """
    content = Content()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        check_bomb(archive.infolist(), len(body), limits)
        names = set(archive.namelist())
        root = xml_root(read_entry(archive, archive.getinfo("word/document.xml"), limits))
        if any(name.endswith("vbaProject.bin") for name in names):
            content.issues.append(Issue("attachment_macro", "the document carries macros; they were not run", None))
        container = root.find(f"{_W}body")
        if container is None:
            raise UnreadableError("attachment_damaged", "the document has no body")
        reader = _Body(limits)
        document = assemble(reader.parts(container))
        if reader.cut:
            content.issues.append(
                Issue("attachment_truncated", f"more than {limits.cells} cells; the rest was left out", None)
            )
        pictures = sorted((name for name in names if _PICTURE.search(name)), key=_number)
        if document.text.strip() or not pictures:
            content.documents.append(document)
        elif ocr is None:
            content.documents.append(document)
            content.issues.append(
                Issue("attachment_scanned", f"the document holds {len(pictures)} pictures and no text", None)
            )
        else:
            _recognise(archive, pictures, limits, ocr, content)
    return content


def _number(name: str) -> tuple[int, str]:
    digits = re.search(r"(\d{1,9})\.\w+$", name)
    return (int(digits[1]) if digits else 0, name)


def _recognise(archive: zipfile.ZipFile, pictures: list[str], limits: Limits, ocr: Ocr, content: Content) -> None:
    done = 0
    for name in pictures[: limits.ocr_pages]:
        try:
            boxes = ocr(read_entry(archive, archive.getinfo(name), limits))
        except UnreadableError as error:
            content.issues.append(Issue(error.code, error.message, name))
            boxes = []
        if boxes is None:
            break
        done += 1
        content.documents.append(assemble(lay_out(boxes)))
    if done < len(pictures):
        content.issues.append(
            Issue("attachment_truncated", f"{len(pictures)} pictures; the first {done} were recognised", None)
        )
