"""xls, xlsx, et, ods: each visible sheet is a table."""

from __future__ import annotations

import csv
import datetime as dt
import functools
import io
import re
import zipfile
from typing import Any

from nlp.attachments.content import Content, UnreadableError
from nlp.attachments.limits import Limits
from nlp.attachments.zips import check_bomb, read_entry
from nlp.document.layout import MAX_COLUMNS, CellPart, Grid, Line, Part, assemble
from nlp.types import Issue


def cell_text(value: Any) -> str:
    """A cell's value as a person reads it: 28.0 is 28, a date is ISO."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return repr(round(value, 10)).rstrip("0").rstrip(".") if "e" not in repr(value) else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return "\n".join(" ".join(line.split()) for line in str(value).splitlines() if line.strip())


def read_sheets(body: bytes, limits: Limits) -> Content:
    """Visible sheets in order, empty rows left out, merged cells laid out."""
    try:
        return _sheets(body, limits)
    except BaseException as error:
        # A library in Rust that panics raises what is no Exception, so that nobody catches it by chance.
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableError("attachment_damaged", "the workbook breaks its reader") from error


_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\sr=[\"']([A-Z]{1,9})(\d{1,12})[\"'][^>]*?(/?)>")
_SPREAD = 20_000_000
"""Places between the first and the last filled cell of a sheet: the library lays out each of them."""


def _refuse_spread(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuses a sheet with a cell so far out that laying it out would take all memory there is."""
    for info in archive.infolist():
        if not info.filename.startswith("xl/worksheets/") or not info.filename.endswith(".xml"):
            continue
        rows = columns = 0
        for letters, digits, empty in _CELL.findall(read_entry(archive, info, limits)):
            if not empty:
                rows = max(rows, int(digits))
                columns = max(columns, functools.reduce(lambda n, letter: n * 26 + letter - 64, letters, 0))
        if rows * columns > _SPREAD:
            raise UnreadableError("attachment_too_large", f"cells spread over {rows} rows and {columns} columns")


def _sheets(body: bytes, limits: Limits) -> Content:
    import python_calamine as calamine  # noqa: PLC0415 -- only for workbooks

    content = Content()
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            check_bomb(archive.infolist(), len(body), limits)
            _refuse_spread(archive, limits)
            if any(name.endswith("vbaProject.bin") for name in archive.namelist()):
                content.issues.append(Issue("attachment_macro", "the workbook carries macros; they were not run", None))
    elif "_VBA_PROJECT".encode("utf-16-le") in body:
        content.issues.append(Issue("attachment_macro", "the workbook carries macros; they were not run", None))
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(body))
    except calamine.PasswordError as error:
        raise UnreadableError("attachment_encrypted", "the workbook needs a password") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        text = str(error)
        code = "attachment_encrypted" if "assword" in text or "ncrypted" in text else "attachment_damaged"
        raise UnreadableError(code, f"the workbook cannot be read: {text}") from error
    left = limits.cells
    for meta in workbook.sheets_metadata:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        if meta.visible != calamine.SheetVisibleEnum.Visible:
            content.issues.append(Issue("attachment_hidden", "a hidden sheet; it was left out", meta.name))
            continue
        try:
            sheet = workbook.get_sheet_by_name(meta.name)
        except (calamine.CalamineError, OSError, ValueError) as error:
            content.issues.append(Issue("attachment_damaged", f"sheet cannot be read: {error}", meta.name))
            continue
        grid, left = _grid(sheet, left)
        if left <= 0:
            content.issues.append(
                Issue("attachment_truncated", f"more than {limits.cells} cells; the rest was left out", meta.name)
            )
        if grid.rows:
            parts: list[Part] = [Line(meta.name), grid]
            content.documents.append(assemble(parts))
        if left <= 0:
            break
    return content


_DELIMITED = {"csv": ",;\t", "tsv": "\t", "xls": "\t", "xlsx": "\t", "et": "\t"}
"""Endings of text that is a table, and what may stand between its cells; systems write tab-separated text under Excel's names."""


def read_delimited(text: str, ending: str, limits: Limits) -> Content | None:
    """Text of cells as one table; null where the ending or the text promises none."""
    head = "\n".join(text.splitlines()[:20])
    delimiter = max(_DELIMITED.get(ending, ""), key=head.count, default="")
    if not delimiter or delimiter not in head:
        return None
    content, grid, left = Content(), Grid(), limits.cells
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            cells = [CellPart(cell_text(value.strip())) for value in row[:MAX_COLUMNS]]
            while cells and not cells[-1].text:
                cells.pop()
            left -= len(cells)
            if left <= 0:
                content.issues.append(
                    Issue("attachment_truncated", f"more than {limits.cells} cells; the rest was left out", None)
                )
                break
            if cells:
                grid.rows.append(list(cells))
                grid.layout.append(False)
    except csv.Error:
        return None
    content.documents.append(assemble([grid]))
    return content


def _grid(sheet: Any, left: int) -> tuple[Grid, int]:
    grid = Grid()
    origin_row, origin_column = sheet.start or (0, 0)
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for (top, leftmost), (bottom, right) in sheet.merged_cell_ranges or []:
        if (bottom - top) * (right - leftmost) > 10_000:
            continue
        spans[top, leftmost] = (bottom - top + 1, right - leftmost + 1)
        covered.update(
            (row, column)
            for row in range(top, bottom + 1)
            for column in range(leftmost, right + 1)
            if (row, column) != (top, leftmost)
        )
    skipped: set[int] = set()
    for number, values in enumerate(sheet.iter_rows()):
        row = number + origin_row
        if not any(value not in ("", None) for value in values):
            skipped.add(row)
            continue
        cells: list[CellPart] = []
        for index, value in enumerate(values[:MAX_COLUMNS]):
            place = (row, index + origin_column)
            if place in covered and cell_text(value) == "":
                if place[0] in skipped or _anchor_skipped(place, spans, skipped):
                    cells.append(CellPart(""))
                continue
            rows, columns = spans.get(place, (1, 1))
            cells.append(CellPart(cell_text(value), colspan=columns, rowspan=rows))
        while cells and not cells[-1].text and cells[-1].colspan == 1:
            cells.pop()
        left -= len(cells)
        if left <= 0:
            break
        grid.rows.append(list(cells))
        grid.layout.append(False)
    return grid, left


def _anchor_skipped(place: tuple[int, int], spans: dict[tuple[int, int], tuple[int, int]], skipped: set[int]) -> bool:
    """Whether the merged range over a place begins in a row that was left out (it was empty)."""
    row, column = place
    return any(
        top <= row < top + rows and left <= column < left + columns and top in skipped
        for (top, left), (rows, columns) in spans.items()
        if top in skipped
    )
