"""The parts a document is put together from, and the one place that gives them offsets.

A reader (HTML, plain text) produces :class:`Line` and :class:`Grid` parts in reading order; :func:`assemble` joins them to the text, lays out
rowspan and colspan, and records every block, cell and hinted span with its offsets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nlp.patterns import regex
from nlp.types import CELL_BORDER, Block, BlockKind, Cell, Document, HintedSpan, Issue, Link, Table

MAX_COLUMNS = 256
MAX_GRID_CELLS = 100_000
MAX_TEXT = 1_000_000
_MAX_SPAN = 1000
_BEGINNING = 30_000
_WORTH_KEEPING = 1000
_MAX_HEADING = 80

_NUMERAL = "一二三四五六七八九十百ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ"
_TOP_HEADING = regex(rf"[{_NUMERAL}]{{1,3}}\s{{0,3}}[、.．:：,，\s]\s{{0,3}}\S|第[{_NUMERAL}]{{1,3}}[章部]")
_SUB_HEADING = regex(rf"[（(]\s?[{_NUMERAL}]{{1,3}}\s?[）)]\s{{0,3}}[、.]?\S")
_TOP_START = frozenset(_NUMERAL + "第")
_SENTENCE = regex(r"[。；;]\s*\S|。$")

TITLE = -1
"""Level of the title line: a heading, but no section that tables stand under."""

Hint = tuple[str, int, int]
"""Code, start, end: offsets into the line or cell the hint stands in."""


@dataclass(slots=True)
class Line:
    """One line of text. ``level`` is the heading level the markup gives, 0 for none, :data:`TITLE` for the notice's own title."""

    text: str
    level: int = 0
    hints: Sequence[Hint] = ()


@dataclass(slots=True)
class CellPart:
    """``text`` may hold line feeds where the source breaks the line inside the cell; the document's text has a space there."""

    text: str
    header: bool = False
    colspan: int = 1
    rowspan: int = 1
    hints: Sequence[Hint] = ()
    codes: tuple[str, ...] = ()


@dataclass(slots=True)
class Grid:
    """A table: each row is a list of cells, or the parts of a row that only lays out the page."""

    rows: list[list[CellPart] | list[Part]] = field(default_factory=list)
    layout: list[bool] = field(default_factory=list)


Part = Line | Grid


def heading_level(text: str) -> int:
    """1 for ``一、…`` and chapters, 2 for ``（一）…``, 0 for anything else. A whole sentence is no heading."""
    first = text[0]
    if first in _TOP_START and _TOP_HEADING.match(text) is not None:
        level = 1
    elif first in "（(" and _SUB_HEADING.match(text) is not None:
        level = 2
    else:
        return 0
    if len(text) > _MAX_HEADING and _SENTENCE.search(text) is not None:
        return 0
    return level if len(text) <= 2 * _MAX_HEADING else 0


class _Assembler:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.at = 0
        self.blocks: list[Block] = []
        self.tables: list[Table | None] = []
        self.hinted: list[HintedSpan] = []
        self.issues: list[Issue] = []
        self.top: str | None = None
        self.sub: str | None = None
        self.last_line: str | None = None
        self.cells_left = MAX_GRID_CELLS
        self.full = False

    def _open_line(self) -> None:
        if self.at:
            self.pieces.append("\n")
            self.at += 1

    def _room(self, length: int) -> bool:
        if self.at + length > MAX_TEXT:
            if not self.full:
                self.full = True
                self.issues.append(Issue("document_truncated", f"text cut after {self.at} characters", "document"))
            return False
        return True

    def _hint(self, hints: Sequence[Hint], text: str, base: int) -> tuple[str, ...]:
        for code, start, end in hints:
            if end > start:
                self.hinted.append(HintedSpan(code, base + start, base + end, text[start:end]))
        return tuple(dict.fromkeys(code for code, _, _ in hints))

    def line(self, part: Line) -> None:
        text, hints = part.text, part.hints
        if not self._room(len(text)):
            # Of a line without end the beginning is kept, and the lines behind it are read.
            room = min(MAX_TEXT - self.at - 1, _BEGINNING)
            if room < _WORTH_KEEPING:
                return
            text, hints = text[:room], [hint for hint in hints if hint[2] <= room]
        self._open_line()
        start = self.at
        self.pieces.append(text)
        self.at += len(text)
        level = 1 if part.level == TITLE else heading_level(text) or part.level
        if level and part.level != TITLE:
            if level == 1:
                self.top, self.sub = text, None
            else:
                self.sub = text
        codes = self._hint(hints, text, start) if hints else ()
        kind = BlockKind.HEADING if level else BlockKind.PARAGRAPH
        self.blocks.append(Block(kind, start, self.at, level, None, codes))
        self.last_line = text

    def section(self) -> str | None:
        if self.top is None or self.sub is None:
            return self.top or self.sub
        return f"{self.top} / {self.sub}"

    def grid(self, grid: Grid) -> None:
        index = -1
        section, caption, start = self.section(), self.last_line, -1
        rows: list[tuple[Cell, ...]] = []
        pending: dict[int, tuple[int, Cell]] = {}
        for row, is_layout in zip(grid.rows, grid.layout, strict=True):
            if is_layout:
                self.parts(row)  # type: ignore[arg-type]  # a layout row holds parts
                continue
            cells: list[CellPart] = row  # type: ignore[assignment]
            length = sum([len(cell.text) for cell in cells])
            filled = length > 0
            if not filled and not pending:
                continue
            if not self._room(length + len(CELL_BORDER) * len(cells)):
                break
            if index < 0:
                index = len(self.tables)
                self.tables.append(None)
            laid = self._row(cells, index, pending, filled=filled)
            if start < 0 and laid:
                start = laid[0].start
            if laid and any(cell.origin and cell.text for cell in laid):
                rows.append(laid)
        if index < 0:
            return
        if not rows:
            self.tables[index] = Table((), self.at, self.at, section, caption)
            return
        width = max(len(row) for row in rows)
        end = max(cell.end for cell in rows[-1])
        blank = Cell("", end, end, origin=False)
        self.tables[index] = Table(
            tuple(row if len(row) == width else row + (blank,) * (width - len(row)) for row in rows),
            max(start, 0),
            self.at,
            section,
            caption,
        )
        self.last_line = None

    def _row(
        self, cells: list[CellPart], table: int, pending: dict[int, tuple[int, Cell]], *, filled: bool
    ) -> tuple[Cell, ...]:
        if filled:
            self._open_line()
        row_start = self.at
        laid: list[Cell] = []
        codes: list[str] = []
        for number, part in enumerate(cells):
            if filled and number:
                self.pieces.append(CELL_BORDER)
                self.at += len(CELL_BORDER)
            start = self.at
            text = part.text
            if text:
                flat = text.replace("\n", " ")
                self.pieces.append(flat)
                self.at += len(flat)
                if part.hints:
                    self._hint(part.hints, flat, start)
            if part.codes:
                codes.extend(part.codes)
            if pending:
                self._continue(laid, pending)
            if part.colspan == part.rowspan == 1 and len(laid) < MAX_COLUMNS and self.cells_left > 0:
                self.cells_left -= 1
                laid.append(Cell(text, start, self.at, part.header, True, part.codes))
                continue
            colspan = min(part.colspan, MAX_COLUMNS - len(laid))
            if colspan <= 0 or self.cells_left < colspan:
                self._too_big(table)
                continue
            self.cells_left -= colspan
            cell = Cell(text, start, self.at, part.header, True, part.codes)
            covered = (
                cell
                if colspan == 1 and part.rowspan == 1
                else Cell(text, start, self.at, part.header, False, part.codes)
            )
            for offset in range(colspan):
                if part.rowspan > 1:
                    pending[len(laid)] = (min(part.rowspan, _MAX_SPAN) - 1, covered)
                laid.append(cell if offset == 0 else covered)
        if pending:
            self._continue(laid, pending)
        if filled:
            self.blocks.append(Block(BlockKind.ROW, row_start, self.at, 0, table, tuple(dict.fromkeys(codes))))
        return tuple(laid)

    def _continue(self, laid: list[Cell], pending: dict[int, tuple[int, Cell]]) -> None:
        """Cells that reach down from rows above take their place in this row."""
        while len(laid) in pending and self.cells_left > 0:
            column = len(laid)
            left, cell = pending.pop(column)
            laid.append(cell)
            self.cells_left -= 1
            if left > 1:
                pending[column] = (left - 1, cell)

    def _too_big(self, table: int) -> None:
        if not any(issue.code == "table_too_large" for issue in self.issues):
            self.issues.append(
                Issue(
                    "table_too_large",
                    f"more than {MAX_COLUMNS} columns or {MAX_GRID_CELLS} cells; the rest is text only",
                    f"table {table}",
                )
            )

    def parts(self, parts: list[Part]) -> None:
        for part in parts:
            if isinstance(part, Line):
                self.line(part)
            else:
                self.grid(part)


def assemble(
    parts: list[Part], title: str | None = None, links: tuple[Link, ...] = (), issues: tuple[Issue, ...] = ()
) -> Document:
    """Parts in reading order to a :class:`Document`; ``text[block.start:block.end]`` is the block's text."""
    work = _Assembler()
    work.parts(parts)
    return Document(
        "".join(work.pieces),
        tuple(work.blocks),
        tuple(table for table in work.tables if table is not None),
        title,
        links,
        tuple(work.hinted),
        (*issues, *work.issues),
    )
