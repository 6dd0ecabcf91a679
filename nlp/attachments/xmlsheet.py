"""SpreadsheetML of 2003: one XML file, written by many web systems under the name .xls. Each visible sheet is a table."""

from __future__ import annotations

from typing import Any

from nlp.attachments.content import Content, UnreadableError
from nlp.attachments.limits import Limits
from nlp.attachments.sheet import cell_text
from nlp.attachments.word import xml_root
from nlp.document.layout import MAX_COLUMNS, CellPart, Grid, Line, assemble
from nlp.types import Issue

_S = "{urn:schemas-microsoft-com:office:spreadsheet}"
_X = "{urn:schemas-microsoft-com:office:excel}"
_MAX_SPAN = 1000


def read_xml_sheets(body: bytes, limits: Limits) -> Content:
    root = xml_root(body)
    if root.tag != f"{_S}Workbook":
        raise UnreadableError("attachment_damaged", "the file is no workbook")
    content = Content()
    left = limits.cells
    for sheet in root.iterchildren(f"{_S}Worksheet"):
        name = sheet.get(f"{_S}Name", "")
        if (sheet.findtext(f".//{_X}Visible") or "").startswith("SheetHidden") or (
            sheet.findtext(f".//{_X}Visible") or ""
        ) == "SheetVeryHidden":
            content.issues.append(Issue("attachment_hidden", "a hidden sheet; it was left out", name))
            continue
        table = sheet.find(f"{_S}Table")
        grid, left = _grid(table, left) if table is not None else (Grid(), left)
        if grid.rows:
            content.documents.append(assemble([Line(name), grid]))
        if left <= 0:
            content.issues.append(
                Issue("attachment_truncated", f"more than {limits.cells} cells; the rest was left out", name)
            )
            break
    return content


def _grid(table: Any, left: int) -> tuple[Grid, int]:
    grid = Grid()
    reach: dict[int, int] = {}
    for row in table.iterchildren(f"{_S}Row"):
        cells, made = _row(row, reach, left)
        left -= made
        if any(cell.text for cell in cells):
            grid.rows.append(list(cells))
            grid.layout.append(False)
        else:
            # A row left out must not shift what reaches down from above.
            reach.clear()
        if left <= 0:
            break
    return grid, left


def _row(row: Any, reach: dict[int, int], left: int) -> tuple[list[CellPart], int]:
    """Cells of a row and how many there were. ``reach``: rows that a cell above still covers, by column; the layout fills those."""
    cells: list[CellPart] = []
    covered = {column for column, rows in reach.items() if rows > 0}
    column = made = 0
    for cell in row.iterchildren(f"{_S}Cell"):
        wanted = _int(cell, "Index", 0) - 1
        while column < MAX_COLUMNS and (column in covered or column < wanted):
            if column not in covered:
                cells.append(CellPart(""))
            column += 1
        if column >= MAX_COLUMNS or made >= left:
            break
        across, down = _int(cell, "MergeAcross", 0), _int(cell, "MergeDown", 0)
        cells.append(CellPart(_value(cell.find(f"{_S}Data")), colspan=across + 1, rowspan=down + 1))
        for place in range(column, min(column + across + 1, MAX_COLUMNS)):
            reach[place] = down + 1
        column += across + 1
        made += 1
    for place in list(reach):
        reach[place] -= 1
    while cells and not cells[-1].text and cells[-1].colspan == 1 and cells[-1].rowspan == 1:
        cells.pop()
    return cells, made


def _value(data: Any) -> str:
    if data is None:
        return ""
    text = "".join(data.itertext())
    kind = data.get(f"{_S}Type")
    if kind == "Number":
        try:
            return cell_text(float(text)) if len(text) < 16 else text.strip()
        except ValueError:
            return text.strip()
    if kind == "DateTime":
        return text.strip().removesuffix("T00:00:00.000").removesuffix("T00:00:00")
    return cell_text(text)


def _int(cell: Any, name: str, default: int) -> int:
    value = cell.get(f"{_S}{name}") or ""
    return min(int(value), _MAX_SPAN) if value.isdigit() and len(value) < 8 else default
