"""Grids to sheets: where the header is, what each column means, which rows are data, which head a group.

A sheet is one header with the rows under it. A grid can hold several (headers repeated, 货物类 above 服务类), or none: then it is a form
of label and value cells (:func:`pairs`).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from nlp.items.columns import GOODS, MAX_HEADER, PARTY, column_of, name_rank
from nlp.items.lotnames import LINE_MARK, lot_in_brackets, matched_number
from nlp.items.model import Column, Grid
from nlp.patterns import regex
from nlp.types import Cell

_TOTAL_ROW = regex(
    r"^(?:合\s*计|总\s*计|小\s*计|共\s*计|总\s*价|总\s*金额|合计金额|总报价|投标总价|报价合计|合\s*价)(?:[（(].*|[:：].*|\d.*)?$",
    re.DOTALL,
)
_TOTAL_FIRST = frozenset("合总小共投报")
_NUMBER = regex(r"[¥￥]?\s*\d[\d,.]*\s*(?:元|万元|%|台|套|个|批|项|块)?")
_VALUE = regex(r"公司|\d{3,}|^[/／\-—]+$|[。！!]|\d[-年/.]\d")
_KEYS = GOODS | PARTY | {Column.AMOUNT, Column.BID, Column.NAME, Column.LOT, Column.REASON, Column.LOT_NAME}
_NO_VALUE = PARTY | {Column.AMOUNT, Column.BID}
"""Labels that are nobody's value."""
_COLUMN_NUMBER = regex(r"[（(]?(\d{1,2})[)）]?(?:\s*=.*)?$")
_CN_ORDINAL = regex(r"[（(]?[一二三四五六七八九十]{1,3}[）)]?")
_MAX_HEADER_ROWS = 3


@dataclass(slots=True)
class Row:
    """``group`` is the nearest heading row above (system name, 货物类…); ``lot`` the one a heading row named."""

    cells: tuple[Cell, ...]
    group: str | None = None
    lot: str | None = None


@dataclass(slots=True)
class Sheet:
    columns: tuple[Column | None, ...]
    headers: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    grid: Grid | None = None
    transposed: bool = False
    places: dict[Column, int] = field(init=False)
    """First column of a meaning; of several names the most specific one."""

    def __post_init__(self) -> None:
        self.places = {}
        for number, meaning in enumerate(self.columns):
            if meaning is not None:
                self.places.setdefault(meaning, number)
        if self.columns.count(Column.NAME) > 1:
            names = [number for number, meaning in enumerate(self.columns) if meaning is Column.NAME]
            self.places[Column.NAME] = min(names, key=lambda number: name_rank(self.headers[number]))

    def index(self, column: Column) -> int | None:
        return self.places.get(column)

    def has(self, *columns: Column) -> bool:
        return not self.places.keys().isdisjoint(columns)


def sheets(grid: Grid) -> list[Sheet]:
    """The sheets of a grid; empty where it is a form."""
    found: list[Sheet] = []
    sheet: Sheet | None = None
    group: str | None = None
    lot: str | None = None
    at = 0
    rows = grid.rows
    while at < len(rows):
        row = rows[at]
        filled = [cell for cell in _distinct(row) if cell.text.strip()]
        single = _single(row, filled)
        if single is not None:
            name, lot_here = _group_row(single)
            if lot_here is not None:
                lot, group = lot_here, None
            elif name is not None:
                group = name
            at += 1
            continue
        header = _header(rows, at, filled)
        if header is not None:
            columns, texts, taken = header
            sheet = Sheet(columns, texts, [], grid)
            found.append(sheet)
            at += taken
            continue
        if sheet is not None and not sheet.rows and _column_numbers(row):
            at += 1
            continue
        if sheet is not None and filled:
            system = _system_row(sheet, row)
            if system is not None:
                group = system
            else:
                sheet.rows.append(Row(row, group, lot))
        at += 1
    with_rows = [sheet for sheet in found if sheet.rows]
    if not with_rows:
        turned = _transposed(grid)
        return [turned] if turned is not None else []
    return with_rows


def _column_numbers(row: tuple[Cell, ...]) -> bool:
    """A row under the header that only numbers its columns: (1) ¦ (2) ¦ (3)=(1)×(2)."""
    filled = [cell.text.strip() for cell in row if cell.text.strip()]
    if len(filled) < 3:
        return False
    marks = [_COLUMN_NUMBER.match(text) for text in filled]
    numbers = [int(mark[1]) for mark in marks if mark is not None]
    return len(numbers) == len(filled) and all(b == a + 1 for a, b in itertools.pairwise(numbers))


def _fill(row: tuple[Cell, ...]) -> bool:
    return any(cell.text.strip() for cell in row)


def _distinct(row: tuple[Cell, ...]) -> list[Cell]:
    """Cells of a row, each spanning cell once."""
    out: list[Cell] = []
    for cell in row:
        if cell.origin or not out or cell.start != out[-1].start or cell.text != out[-1].text:
            out.append(cell)
    return out


def _single(row: tuple[Cell, ...], filled: list[Cell]) -> Cell | None:
    """The one filled cell of a heading row; null for rows of data."""
    if len(filled) == 1 and len(row) > 1 and filled[0].text == row[0].text:
        return filled[0]
    return None


def _group_row(cell: Cell) -> tuple[str | None, str | None]:
    text = " ".join(cell.text.split())
    match = LINE_MARK.match(text)
    if match is not None and len(text) <= 80:
        return None, matched_number(match)
    bracket = lot_in_brackets(text) if len(text) <= 80 else None
    if bracket is not None:
        return None, bracket
    return (text, None) if len(text) <= 60 and not _TOTAL_ROW.match(text) else (None, None)


def _system_row(sheet: Sheet, row: tuple[Cell, ...]) -> str | None:
    """``一 ¦ 车辆管理系统`` above numbered lines: a system, not goods."""
    sequence, name = sheet.index(Column.SEQUENCE), sheet.index(Column.NAME)
    if sequence is None or name is None:
        return None
    if not _CN_ORDINAL.fullmatch(row[sequence].text.strip()):
        return None
    for column in (Column.QUANTITY, Column.UNIT_PRICE, Column.MODEL, Column.BRAND):
        index = sheet.index(column)
        if index is not None and row[index].text.strip() and row[index].origin:
            return None
    return " ".join(row[name].text.split()) or None


def _header(
    rows: tuple[tuple[Cell, ...], ...], at: int, filled: list[Cell]
) -> tuple[tuple[Column | None, ...], tuple[str, ...], int] | None:
    """Meaning of the header that starts at a row, its texts, and how many rows it takes."""
    columns = _meanings(rows[at], filled)
    if columns is None or _pairs_row(rows, at):
        return None
    texts = [" ".join(cell.text.split()) for cell in rows[at]]
    taken = 1
    while taken < _MAX_HEADER_ROWS and at + taken < len(rows):
        below = rows[at + taken]
        if not _continues_header(rows[at + taken - 1], below):
            break
        finer = [column_of(" ".join(cell.text.split())) for cell in below]
        for number, cell in enumerate(below):
            text = " ".join(cell.text.split())
            if text and text != texts[number]:
                if finer[number] is not None or columns[number] is None:
                    columns[number] = (
                        finer[number]
                        if finer[number] is not Column.OTHER or columns[number] is None
                        else columns[number]
                    )
                texts[number] = f"{texts[number]} {text}"
        taken += 1
    return tuple(columns), tuple(texts), taken


def _pairs_row(rows: tuple[tuple[Cell, ...], ...], at: int) -> bool:
    """A row of label, value, label, value, with more of its kind beside it: a form, no header."""
    return _alternates(rows[at]) and any(_alternates(rows[near]) for near in (at - 1, at + 1) if 0 <= near < len(rows))


def _alternates(row: tuple[Cell, ...]) -> bool:
    cells = _distinct(row)
    if len(cells) not in {2, 4, 6}:
        return False
    known = [column_of(" ".join(cell.text.split())) is not None for cell in cells]
    return all(known[0::2]) and not any(known[1::2])


def _continues_header(above: tuple[Cell, ...], below: tuple[Cell, ...]) -> bool:
    """A second header row: some of its cells reach down from the row above, the rest are headers too."""
    shared = sum(
        1
        for upper, lower in zip(above, below, strict=True)
        if upper.start == lower.start and upper.text == lower.text and upper.text
    )
    own = [
        cell for cell in _distinct(below) if cell.text.strip() and not any(cell.start == upper.start for upper in above)
    ]
    if not own or not shared:
        return False
    return all(column_of(" ".join(cell.text.split())) is not None for cell in own)


def _meanings(row: tuple[Cell, ...], filled: list[Cell]) -> list[Column | None] | None:
    """Column meanings when the row is a header, else null."""
    if len(filled) < 2 or any(
        len(cell.text) > 2 * MAX_HEADER or _NUMBER.fullmatch(cell.text.strip()) for cell in filled
    ):
        return None
    meanings = {cell.start: column_of(" ".join(cell.text.split())) for cell in filled}
    known = [meaning for meaning in meanings.values() if meaning is not None]
    if len(known) < 2 or len(known) * 2 < len(filled):
        return None
    if _KEYS.isdisjoint(known):
        return None
    if any(meanings[cell.start] is None and _VALUE.search(cell.text.strip()) for cell in filled):
        return None
    distinct = set(known)
    if len(distinct) == 1 and len(known) > 2 and known[0] is not Column.OTHER:
        return None
    return [meanings.get(cell.start) if cell.text.strip() else None for cell in row]


def _transposed(grid: Grid) -> Sheet | None:
    """Headers in the first column, one record in each further column."""
    rows = [row for row in grid.rows if _fill(row)]
    if len(rows) < 3 or len(grid.rows[0]) < 2:
        return None
    columns = [column_of(" ".join(row[0].text.split())) for row in rows]
    goods = {column for column in columns if column in GOODS or column is Column.NAME}
    if len(goods) < 3:
        return None
    pairs_wide = sum(
        len(_distinct(row)) == 4 and column_of(" ".join(_distinct(row)[2].text.split())) is not None for row in rows
    )
    if pairs_wide * 2 > len(rows):
        return None
    width = max(len(_distinct(row)) for row in rows)
    sheet = Sheet(tuple(columns), tuple(" ".join(row[0].text.split()) for row in rows), [], grid, transposed=True)
    blank = Cell("", rows[0][0].start, rows[0][0].start)
    for number in range(1, width):
        record = tuple(_distinct(row)[number] if number < len(_distinct(row)) else blank for row in rows)
        if _fill(record):
            sheet.rows.append(Row(record))
    return sheet if sheet.rows else None


Pair = tuple[str, Column, Cell]
"""Label and value cell of a form: label text, its meaning, the value cell."""


def pairs(grid: Grid) -> list[list[Pair]]:
    """The pairs of each row of a form."""
    return [list(_pairs_of_row(row)) for row in grid.rows]


def _pairs_of_row(row: tuple[Cell, ...]) -> Iterator[Pair]:
    cells = _distinct(row)
    labels = [" ".join(cell.text.split()) for cell in cells]
    columns = [column_of(label) for label in labels]
    number = 0
    while number + 1 < len(cells):
        column = columns[number]
        if column is None or columns[number + 1] in _NO_VALUE:
            number += 1
            continue
        yield labels[number], column, cells[number + 1]
        number += 2


def is_total_row(row: Row) -> bool:
    """合计 and its kin: a sum of the lines above, no line of its own."""
    for cell in row.cells[:3]:
        text = cell.text.lstrip()
        if text and text[0] in _TOTAL_FIRST and _TOTAL_ROW.match("".join(text.split())):
            return True
    return False
