"""Tables as grids, also where a page was flattened: one cell a line, or cells separated by blanks only."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from nlp.items.columns import GOODS, PARTY, column_of
from nlp.items.model import Column, Grid
from nlp.items.names import is_organisation
from nlp.money import parse_money
from nlp.patterns import regex
from nlp.quantity import parse_quantity
from nlp.types import BlockKind, Cell, Document

MAX_ROWS = 5000
_MIN_HEADERS = 3
_MAX_RUNS = 300
"""Runs of headers tried in one document: no notice holds as many tables."""
_MAX_WIDTH = 24
_TOKEN = regex(r"\S+")
_HEADING = regex(
    r"\s*(?:[一二三四五六七八九十]{1,3}\s?[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}\s?[、．](?!\d)|注\s?[:：]|备注\s?[:：])"
)
_LABEL = regex(r"[^:：\d]{2,16}[:：]$|^[^:：\d]{2,12}[:：]\S")
_UNIT_LINE = regex(r"[（(]\s?(?:[百千万亿]*元|台|套|个|块|人民币|单位|如有|必填)\s?[)）]")
_RANK_CELL = regex(r"第?[一二三四五六七八九十\d]{1,3}(?:名|中标候选人|成交候选人)?")
_CODE = regex(r"[\dA-Za-z.\-]{1,12}")


def grids(document: Document) -> list[Grid]:
    """All grids of a document in order of position."""
    found = [
        Grid(table.rows[:MAX_ROWS], table.start, table.end, table.caption) for table in document.tables if table.rows
    ]
    if not document.tables or _flat(document):
        found.extend(_vertical(document))
        found.extend(_spaced(document))
        found.sort(key=lambda grid: grid.start)
    return found


def _flat(document: Document) -> bool:
    """Whether lines outside tables can hold flattened tables: a page of real tables rarely holds both."""
    return len(document.text) > 800 or sum(block.kind is not BlockKind.ROW for block in document.blocks) > 12


def _key_headers(columns: list[Column | None]) -> int:
    return sum(
        column in GOODS or column in PARTY or column in {Column.AMOUNT, Column.BID, Column.NAME, Column.LOT}
        for column in columns
    )


def _vertical(document: Document) -> list[Grid]:
    """One cell a line: a run of lines that are headers, then rows of as many lines."""
    text = document.text
    lines: list[tuple[int, int]] = []
    for block in document.blocks:
        if block.kind is BlockKind.ROW:
            continue
        if lines and block.end - block.start <= 10 and _UNIT_LINE.fullmatch(text, block.start, block.end):
            # 预算金额 above （万元）: one header cell on two lines
            lines[-1] = (lines[-1][0], block.end)
        else:
            lines.append((block.start, block.end))
    columns: list[Column | None] = []
    for start, end in lines:
        line = text[start:end] if end - start <= 24 else ""
        columns.append(
            column_of(line) if line and "：" not in line and ":" not in line and line[-1] not in "。；;" else None
        )
    found: list[Grid] = []
    runs = 0
    at = 0
    while at < len(lines) and runs < _MAX_RUNS:
        if columns[at] is None or columns[at] is Column.SPEC:
            at += 1
            continue
        stop = at
        while stop < len(lines) and columns[stop] is not None and stop - at < _MAX_WIDTH:
            stop += 1
        run = columns[at:stop]
        if (
            stop - at >= _MIN_HEADERS
            and _key_headers(run) >= 2
            and len({text[s:e] for s, e in lines[at:stop]}) == stop - at
        ):
            runs += 1
            header = [Cell(text[s:e], s, e) for s, e in lines[at:stop]]
            grid = _rows_of(header, run, _line_tokens(text, lines, stop))
            if grid is not None:
                found.append(grid)
                stop += (len(grid.rows) - 1) * len(header)
        at = max(stop, at + 1)
    return found


def _spaced(document: Document) -> list[Grid]:
    """Cells separated by blanks inside one line: headers first, values after them."""
    found: list[Grid] = []
    text = document.text
    runs = 0
    for block in document.blocks:
        if block.kind is BlockKind.ROW or block.end - block.start < 24:
            continue
        line = text[block.start : block.end]
        if line.count(" ") < 2 * _MIN_HEADERS - 1:
            continue
        if all(_header_word(word) is None for word in set(line.split())):
            continue
        tokens = [Cell(m[0], block.start + m.start(), block.start + m.end()) for m in _TOKEN.finditer(line)]
        at = 0
        while at + _MIN_HEADERS <= len(tokens) and runs < _MAX_RUNS:
            run: list[Column] = []
            stop = at
            while stop < len(tokens) and stop - at < _MAX_WIDTH:
                column = _header_word(tokens[stop].text)
                if column is None:
                    break
                run.append(column)
                stop += 1
            if len(run) >= _MIN_HEADERS and _key_headers(list(run)) >= 2:
                runs += 1
                grid = _rows_of(tokens[at:stop], list(run), _value_tokens(tokens, stop))
                if grid is not None:
                    found.append(grid)
                    stop += (len(grid.rows) - 1) * len(run)
            at = max(stop, at + 1)
    return found


def _header_word(word: str) -> Column | None:
    return column_of(word) if word[-1] not in ":：。；;" else None


def _line_tokens(text: str, lines: list[tuple[int, int]], at: int) -> Iterator[Cell]:
    """Lines as cells, up to the next heading."""
    for number in range(at, len(lines)):
        start, end = lines[number]
        if _HEADING.match(text, start, end) and not _RANK_CELL.fullmatch(text[start:end]):
            return
        yield Cell(text[start:end], start, end)


def _value_tokens(tokens: list[Cell], at: int) -> Iterator[Cell]:
    """Words as cells, up to the next heading or label."""
    for number in range(at, len(tokens)):
        token = tokens[number]
        word = token.text
        if _HEADING.match(word) or (word[-1:] in ":：" and len(word) > 2) or _LABEL.match(word):
            return
        yield token


def _rows_of(header: list[Cell], columns: list[Column] | list[Column | None], tokens: Iterator[Cell]) -> Grid | None:
    """Values in rows as wide as the header. Where a row does not fit its columns the reading stops there."""
    width = len(header)
    rows: list[tuple[Cell, ...]] = [tuple(header)]
    while len(rows) < MAX_ROWS:
        chunk = list(itertools.islice(tokens, width))
        if len(chunk) == width and _fits(columns, chunk):
            rows.append(tuple(chunk))
            continue
        if len(rows) == 1:
            aligned = _align(columns, [*chunk, *itertools.islice(tokens, width)])
            if aligned is not None:
                rows.append(aligned)
        break
    if len(rows) == 1:
        return None
    return Grid(tuple(rows), header[0].start, rows[-1][-1].end or rows[-1][0].end, None, rebuilt=True)


def _fits(columns: list[Column] | list[Column | None], cells: list[Cell]) -> bool:
    return all(_cell_fits(column, cell.text) for column, cell in zip(columns, cells, strict=True))


_BLANKS = frozenset({"/", "-", "无", "／", "—", "--", "详见附件", "*", "见附件"})


def _cell_fits(column: Column | None, value: str) -> bool:
    if value in _BLANKS:
        return column not in {Column.SUPPLIER, Column.WINNER} or value == "/"
    if column in {Column.SUPPLIER, Column.WINNER, Column.CANDIDATE}:
        return is_organisation(value) or len(value) <= 4
    if column in {Column.AMOUNT, Column.BID, Column.TOTAL, Column.UNIT_PRICE, Column.BUDGET}:
        money = parse_money(value, "单价")
        return money.cny is not None or money.reason in {"rate", "zero", "placeholder"}
    if column is Column.QUANTITY:
        return parse_quantity(value).value is not None
    if column is Column.SCORE:
        return value[:1].isdigit()
    if column in {Column.SEQUENCE, Column.LOT, Column.ITEM_NO}:
        return len(value) <= 12
    return True


def _align(columns: list[Column] | list[Column | None], tokens: list[Cell]) -> tuple[Cell, ...] | None:
    """One row whose cells hold blanks themselves: each column takes one or more tokens so that every typed column fits."""
    count, width = len(tokens), len(columns)
    if count < 2:
        return None
    typed = {
        Column.SUPPLIER, Column.WINNER, Column.CANDIDATE, Column.AMOUNT, Column.BID, Column.TOTAL, Column.UNIT_PRICE, Column.QUANTITY, Column.SCORE,
    }  # fmt: skip
    # best[c][t]: score of the best way to give the first t tokens to the first c columns, and how many the last one took
    worst = -(10**6)
    best: list[list[tuple[int, int]]] = [[(worst, 0)] * (count + 1) for _ in range(width + 1)]
    best[0][0] = (0, 0)
    for number, column in enumerate(columns):
        is_typed = column in typed
        for used in range(count + 1):
            score = best[number][used][0]
            if score <= worst:
                continue
            for take in range(2 if is_typed else 4):
                if used + take > count:
                    break
                value = " ".join(token.text for token in tokens[used : used + take])
                gain = _gain(column, value, take, is_typed)
                if score + gain > best[number + 1][used + take][0]:
                    best[number + 1][used + take] = (score + gain, take)
    end = max(range(count + 1), key=lambda used: (best[width][used][0], -used))
    total = best[width][end][0]
    if total < sum(4 for column in columns if column in typed):
        return None
    takes: list[int] = []
    used = end
    for number in range(width, 0, -1):
        take = best[number][used][1]
        takes.append(take)
        used -= take
    takes.reverse()
    cells: list[Cell] = []
    at = 0
    for take in takes:
        part = tokens[at : at + take]
        at += take
        if part:
            cells.append(Cell(" ".join(token.text for token in part), part[0].start, part[-1].end))
        else:
            place = tokens[at - 1].end if at else tokens[0].start
            cells.append(Cell("", place, place))
    return tuple(cells)


def _gain(column: Column | None, value: str, take: int, is_typed: bool) -> int:
    if is_typed:
        if take == 0:
            return -2
        return 5 if _cell_fits(column, value) and value not in _BLANKS else -8
    if take == 0:
        return -2
    gain = 1 - 2 * (take - 1)
    if column in {Column.NAME, Column.BRAND, Column.LOT_NAME} and re.fullmatch(r"[\d,.]+", value):
        gain -= 3
    if column in {Column.SEQUENCE, Column.LOT, Column.ITEM_NO, Column.RANK} and not (
        _CODE.fullmatch(value) or _RANK_CELL.fullmatch(value)
    ):
        gain -= 3
    if column is Column.UNIT and (len(value) > 3 or value[0].isdigit()):
        gain -= 3
    return gain
