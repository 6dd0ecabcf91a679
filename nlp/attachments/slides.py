"""pptx: the words and tables of each slide, top to bottom; notes of the speaker are left out."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from typing import Any

from nlp.attachments.content import Content
from nlp.attachments.limits import Limits
from nlp.attachments.word import xml_root
from nlp.attachments.zips import check_bomb, read_entry
from nlp.document.layout import CellPart, Grid, Line, Part, assemble
from nlp.types import Issue

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml")
_MAX_SPAN = 100


def read_pptx(body: bytes, limits: Limits) -> Content:
    """One document a slide, in the order they are shown. Hidden slides are left out and said."""
    content = Content(paged=True)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        check_bomb(archive.infolist(), len(body), limits)
        names = set(archive.namelist())
        if any(name.endswith("vbaProject.bin") for name in names):
            content.issues.append(Issue("attachment_macro", "the presentation carries macros; they were not run", None))
        order = _order(archive, names, limits)
        cells, pictured = limits.cells, []
        for number, name in enumerate(order[: limits.pages], 1):
            slide = xml_root(read_entry(archive, archive.getinfo(name), limits))
            if slide.get("show") in {"0", "false"}:
                content.issues.append(Issue("attachment_hidden", "a hidden slide; it was left out", f"slide {number}"))
                content.documents.append(assemble([]))
                continue
            parts, cells = _parts(slide, cells)
            if not parts and slide.find(f".//{_P}pic") is not None:
                pictured.append(number)
            content.documents.append(assemble(parts))
    if cells <= 0:
        content.issues.append(
            Issue("attachment_truncated", f"more than {limits.cells} cells; the rest was left out", None)
        )
    if len(order) > limits.pages:
        content.issues.append(
            Issue("attachment_truncated", f"{len(order)} slides; the first {limits.pages} were read", None)
        )
    if pictured:
        shown = ", ".join(map(str, pictured[:20]))
        content.issues.append(Issue("attachment_scanned", f"slides with pictures and no words: {shown}", None))
    return content


def _order(archive: zipfile.ZipFile, names: set[str], limits: Limits) -> list[str]:
    """Parts of the slides as the presentation lists them; by their numbers where it does not say."""
    by_number = sorted((int(match[1]), name) for name in names if (match := _SLIDE.fullmatch(name)))
    if "ppt/_rels/presentation.xml.rels" not in names or "ppt/presentation.xml" not in names:
        return [name for _, name in by_number]
    relations = xml_root(read_entry(archive, archive.getinfo("ppt/_rels/presentation.xml.rels"), limits))
    targets = {r.get("Id"): r.get("Target", "") for r in relations.iter("{*}Relationship")}
    root = xml_root(read_entry(archive, archive.getinfo("ppt/presentation.xml"), limits))
    listed = []
    for entry in root.iter(f"{_P}sldId"):
        target = targets.get(entry.get(f"{_R}id"), "")
        name = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"ppt/{target}")
        if name in names and name not in listed:
            listed.append(name)
    return listed or [name for _, name in by_number]


def _parts(slide: Any, cells: int) -> tuple[list[Part], int]:
    """Shapes by where they stand; words inside one shape in their order."""
    shapes = [
        (_place(shape), shape)
        for shape in slide.iter(f"{_P}sp", f"{_P}graphicFrame")
        if shape.find(f"{_P}txBody") is not None or shape.find(f".//{_A}tbl") is not None
    ]
    shapes.sort(key=lambda pair: pair[0])
    parts: list[Part] = []
    for _, shape in shapes:
        table = shape.find(f".//{_A}tbl")
        if table is None:
            parts.extend(Line(text) for text in _paragraphs(shape))
            continue
        grid, cells = _grid(table, cells)
        if grid.rows:
            parts.append(grid)
        if cells <= 0:
            break
    return parts, cells


def _place(shape: Any) -> tuple[int, int]:
    at = shape.find(f".//{_A}off")
    return (_int(at, "y", 0), _int(at, "x", 0)) if at is not None else (0, 0)


def _paragraphs(container: Any) -> list[str]:
    """Lines of the text body; a line break is a line of its own."""
    lines: list[str] = []
    for paragraph in container.iter(f"{_A}p"):
        text = "".join(
            "\n" if node.tag == f"{_A}br" else (node.text or "") for node in paragraph.iter(f"{_A}t", f"{_A}br")
        )
        lines.extend(line for line in (" ".join(piece.split()) for piece in text.split("\n")) if line)
    return lines


def _grid(table: Any, cells: int) -> tuple[Grid, int]:
    grid = Grid()
    for row in table.iterchildren(f"{_A}tr"):
        kept: list[CellPart] = []
        for cell in row.iterchildren(f"{_A}tc"):
            cells -= 1
            if cells <= 0:
                return grid, cells
            if cell.get("hMerge") in {"1", "true"} or cell.get("vMerge") in {"1", "true"}:
                continue
            kept.append(
                CellPart(
                    "\n".join(_paragraphs(cell)),
                    colspan=min(max(_int(cell, "gridSpan", 1), 1), _MAX_SPAN),
                    rowspan=min(max(_int(cell, "rowSpan", 1), 1), _MAX_SPAN),
                )
            )
        grid.rows.append(list(kept))
        grid.layout.append(False)
    return grid, cells


def _int(element: Any, name: str, default: int) -> int:
    value = element.get(name) or ""
    return int(value) if value.lstrip("-").isdigit() and len(value) < 12 else default
