"""From words found on a picture to lines and tables: rows by height, cells by gaps, columns by the row that has most of them."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from nlp.document.layout import CellPart, Grid, Line, Part

_SAME_ROW = 0.5
"""Share of the lower box's height by which two boxes of one row overlap."""
_SAME_WORDS = 0.6
"""Gap, in heights, up to which two boxes are one run of words."""
_NEXT_LINE = 0.7
"""Gap, in heights, up to which a lone cell below is the second line of the one above."""
_TABLE = 3
"""Columns from which a row speaks for a table."""


@dataclass(frozen=True, slots=True)
class Box:
    """One run of words and where it stands, in pixels from the upper left."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def height(self) -> float:
        return self.bottom - self.top


Ocr = Callable[[bytes], Sequence[Box] | None]
"""PNG or JPEG bytes to the words found on the picture; null = there is no time left to look."""


def lay_out(boxes: Iterable[Box]) -> list[Part]:
    """Lines and tables in reading order."""
    rows = [_cells(row) for row in _rows([box for box in boxes if box.text.strip()])]
    parts: list[Part] = []
    at = 0
    while at < len(rows):
        end = _run(rows, at)
        grid = _grid(rows[at:end]) if end - at > 1 else None
        if grid is None:
            parts.append(Line(" ".join(cell.text for cell in rows[at])))
            at += 1
        else:
            parts.append(grid)
            at = end
    return parts


def _rows(boxes: list[Box]) -> list[list[Box]]:
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda box: (box.top + box.bottom, box.left)):
        if rows:
            top = statistics.median(other.top for other in rows[-1])
            bottom = statistics.median(other.bottom for other in rows[-1])
            overlap = min(box.bottom, bottom) - max(box.top, top)
            if overlap >= _SAME_ROW * min(box.height, bottom - top):
                rows[-1].append(box)
                continue
        rows.append([box])
    return rows


def _cells(row: list[Box]) -> list[Box]:
    """Boxes left to right, those that stand close joined; a sign that two boxes share at their seam stands once."""
    out: list[Box] = []
    for box in sorted(row, key=lambda box: box.left):
        text = box.text.strip()
        if out and box.left - out[-1].right <= _SAME_WORDS * min(box.height, out[-1].height):
            last = out[-1]
            if box.left < last.right and last.text[-1] == text[0]:
                text = text[1:]
            out[-1] = Box(
                last.left,
                min(last.top, box.top),
                max(last.right, box.right),
                max(last.bottom, box.bottom),
                last.text + text,
            )
        else:
            out.append(Box(box.left, box.top, box.right, box.bottom, text))
    return out


def _run(rows: list[list[Box]], at: int) -> int:
    """Behind the last row of the table that begins here; the row after this one where none does."""
    if len(rows[at]) < _TABLE:
        return at + 1
    end = at + 1
    while end < len(rows) and (len(rows[end]) > 1 or _second_line(rows[end - 1], rows[end][0], rows[at][0])):
        end += 1
    return end


def _second_line(above: list[Box], cell: Box, first: Box) -> bool:
    """Whether a lone cell goes on with a cell above it, not in the first column, where headings stand."""
    gap = cell.top - max(box.bottom for box in above)
    return gap <= _NEXT_LINE * cell.height and cell.left > first.right


def _grid(rows: list[list[Box]]) -> Grid | None:
    columns = max(rows, key=len)
    grid = Grid()
    for number, row in enumerate(rows):
        texts = [""] * len(columns)
        for cell in row:
            column = _column(cell, columns)
            texts[column] = f"{texts[column]}{cell.text}" if not texts[column] else f"{texts[column]} {cell.text}"
        if number and len(row) == 1 and grid.rows:
            column = _column(row[0], columns)
            over = grid.rows[-1][column]
            assert isinstance(over, CellPart)
            over.text = f"{over.text}{row[0].text}"
            continue
        grid.rows.append([CellPart(text) for text in texts])
        grid.layout.append(False)
    return grid if len(grid.rows) > 1 else None


def _column(cell: Box, columns: list[Box]) -> int:
    def distance(column: Box) -> tuple[float, float]:
        overlap = min(cell.right, column.right) - max(cell.left, column.left)
        return -max(overlap, 0.0), abs(cell.left + cell.right - column.left - column.right)

    return min(range(len(columns)), key=lambda n: distance(columns[n]))
