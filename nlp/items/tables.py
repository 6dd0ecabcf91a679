"""Item rows of tables: by the meaning of their headers, with several goods in one cell taken apart where the columns agree."""

from __future__ import annotations

import re
from typing import NamedTuple

from nlp.items.columns import GOODS, column_of
from nlp.items.model import Column, Grid, Section
from nlp.items.names import clean_name, is_placeholder
from nlp.items.outline import Outline
from nlp.items.rawitem import RawItem, blank
from nlp.items.sheets import Row, Sheet, is_total_row
from nlp.patterns import regex
from nlp.quantity import parse_quantity
from nlp.types import Cell, Issue

_SEPARATORS = ("\n", "；", ";", "、", "|", "，", ",")
_HARD = 3
"""The first separators split even a name; the rest only where quantities prove several goods."""
_GROUP_SUPPLIER = regex(r"(?:货物|服务|工程)类?\s?[（(]([^（）()]*(?:[（(][^（）()]*[)）][^（）()]*)*)[)）]")
_RUNNING = regex(r"[（(]?(\d{1,2})(?:[)）]\s?[、.．]?|[、．.:：])\s?(?=\S)")
_MODEL_INSIDE = regex(r"(?:规格)?型\s?号(?:规格)?\s*[:：]\s*([^\s;；，,。、]{2,40})")
_BRAND_INSIDE = regex(r"品\s?牌\s*[:：]\s*([^\s;；，,。、]{2,20})")
_PARALLEL = (
    Column.NAME,
    Column.BRAND,
    Column.MODEL,
    Column.BRAND_MODEL,
    Column.QUANTITY,
    Column.UNIT_PRICE,
    Column.TOTAL,
    Column.UNIT,
)
_FIGURES = regex(r"[\d.\s]+")
_CLOSING = " \t\n\u3000;；、，,|"
_SERVICE_HEADER = regex(r"服务(?:范围|要求|时间|标准)|施工(?:范围|工期)")
_SKIP_SECTIONS = frozenset({Section.EXPERTS, Section.FEE, Section.CONTACT})
_BEFORE = regex(r"更正前|变更前|修改前|原内容|原公告")


class Piece(NamedTuple):
    """Words of one good in a cell: ``at`` = offset of the first character in the cell; ``own`` = no other good of the row has them."""

    text: str
    at: int
    own: bool


def is_item_sheet(sheet: Sheet, section: Section | None) -> bool:
    """Goods by their columns; services and works by the section or their template columns."""
    if section in _SKIP_SECTIONS:
        return False
    if any(_BEFORE.search(header) for header in sheet.headers):
        return False
    named = sheet.has(Column.NAME, Column.CATEGORY, Column.LOT_NAME)
    goods = sum(
        sheet.has(column)
        for column in (Column.BRAND, Column.MODEL, Column.BRAND_MODEL, Column.QUANTITY, Column.UNIT_PRICE)
    )
    if sheet.has(Column.BRAND, Column.MODEL, Column.BRAND_MODEL) and (named or goods >= 2):
        return True
    if sheet.has(Column.NAME, Column.CATEGORY) and sheet.has(Column.QUANTITY, Column.UNIT_PRICE):
        return True
    if sheet.has(Column.LOT_NAME) and sheet.has(Column.QUANTITY) and not sheet.has(Column.SUPPLIER, Column.WINNER):
        return True
    return (
        sheet.has(Column.NAME)
        and section is Section.ITEMS
        and any(_SERVICE_HEADER.search(header) for header in sheet.headers)
    )


def sheet_items(sheet: Sheet, grid: Grid, plan: Outline, default_lot: str | None, issues: list[Issue]) -> list[RawItem]:
    """Raw items of one sheet, in order of rows."""
    at = dict(sheet.places)
    if Column.NAME not in at:
        for instead in (Column.CATEGORY, Column.LOT_NAME):
            if instead in at:
                at[Column.NAME] = at[instead]
                break
    mark = plan.lot(grid.start)
    supplier_at = at.get(Column.WINNER, at.get(Column.SUPPLIER))
    total_at = at.get(Column.TOTAL, at.get(Column.AMOUNT))
    heading = " ".join(filter(None, (plan.heading(grid.start), grid.caption)))
    out: list[RawItem] = []
    for row in sheet.rows:
        if is_total_row(row):
            continue
        lot = _lot(row, at, mark.lot if mark is not None else default_lot)
        supplier = _supplier(row, supplier_at, heading)
        cells: dict[Column, tuple[Cell, str]] = {}
        for column in _PARALLEL:
            index = total_at if column is Column.TOTAL else at.get(column)
            if index is not None:
                cells[column] = (row.cells[index], sheet.headers[index])
        imported_at = at.get(Column.IMPORTED)
        imported = row.cells[imported_at].text if imported_at is not None else None
        inside = _inside(row, at)
        for part in _parts(cells, issues):
            item = _raw(row, part, cells)
            if item is None:
                continue
            item.lot, item.supplier, item.imported, item.group = lot, supplier, imported, row.group
            item.model, item.brand = item.model or inside[0], item.brand or inside[1]
            out.append(item)
    return out


def _inside(row: Row, at: dict[Column, int]) -> tuple[str | None, str | None]:
    """Model and brand that stand as labels inside a column of parameters, where no column is theirs."""
    spec = at.get(Column.SPEC)
    if spec is None or Column.BRAND_MODEL in at:
        return None, None
    text = row.cells[spec].text
    model = _MODEL_INSIDE.search(text) if Column.MODEL not in at else None
    brand = _BRAND_INSIDE.search(text) if Column.BRAND not in at else None
    return (model[1] if model else None), (brand[1] if brand else None)


def _lot(row: Row, at: dict[Column, int], default: str | None) -> str | None:
    from_column = at.get(Column.LOT)
    if from_column is not None:
        from nlp.items.lotnames import lot_of_cell  # noqa: PLC0415 -- kept beside its only use

        number = lot_of_cell(row.cells[from_column].text)
        if number is not None:
            return number
    return row.lot or default


def _supplier(row: Row, index: int | None, heading: str) -> str | None:
    if index is not None:
        text = row.cells[index].text
        if not is_placeholder(text):
            return clean_name(text) or None
    for words in (row.group or "", heading):
        match = _GROUP_SUPPLIER.search(words)
        if match is not None:
            return clean_name(match[1]) or None
    return None


def _raw(row: Row, part: dict[Column, Piece], cells: dict[Column, tuple[Cell, str]]) -> RawItem | None:
    words = {column: piece.text for column, piece in part.items()}
    name, brand, model = words.get(Column.NAME), words.get(Column.BRAND), words.get(Column.MODEL)
    both = words.get(Column.BRAND_MODEL)
    if all(blank(text) for text in (name, brand, model, both)):
        return None
    if any(text is not None and column_of(text) in GOODS for text in (name, brand, model, both)):
        # words of a header that stand where values should
        return None
    if name is not None and _FIGURES.fullmatch(name) and blank(brand) and blank(model) and blank(both):
        return None
    filled = [cell for cell in row.cells if cell.text.strip()]
    item = RawItem(min(c.start for c in filled), max(c.end for c in filled), name, brand, model=model, brand_model=both)
    item.own_spans = tuple(
        (cells[column][0].start + piece.at, cells[column][0].start + piece.at + len(piece.text))
        for column, piece in part.items()
        if piece.own
    )
    source = Column.BRAND if Column.BRAND in part else Column.BRAND_MODEL
    if source in part and not blank(part[source].text):
        item.brand_start = cells[source][0].start + part[source].at
        item.brand_end = item.brand_start + len(part[source].text)
    for column, name_of in ((Column.QUANTITY, "quantity"), (Column.UNIT_PRICE, "unit_price"), (Column.TOTAL, "total")):
        if column in part:
            setattr(item, name_of, words[column])
            setattr(item, f"{name_of}_header", cells[column][1])
    item.unit = words.get(Column.UNIT)
    return item


def _piece(text: str, at: int = 0, *, own: bool = False) -> Piece:
    """A piece without the blanks around it. ``at`` stays the place of its first character."""
    return Piece(text.strip(), at + len(text) - len(text.lstrip()), own)


def _pieces(text: str, separator: str) -> list[Piece]:
    """The pieces of a cell. Running numbers before them (1、… 2、…) and marks that close them are no part of the words."""
    found, at = [], 0
    for words in text.split(separator):
        piece = _piece(words, at, own=True)
        at += len(words) + len(separator)
        closed = piece.text.rstrip(_CLOSING)
        if closed:
            found.append(Piece(closed, piece.at, own=True))
    marks = [_RUNNING.match(piece.text) for piece in found]
    if len(found) > 1 and all(mark is not None and int(mark[1]) == number for number, mark in enumerate(marks, 1)):
        return [
            Piece(piece.text[mark.end() :], piece.at + mark.end(), own=True)
            for piece, mark in zip(found, marks, strict=True)
            if mark is not None
        ]
    return found


def _counts(text: str) -> list[list[Piece]]:
    """The ways a cell falls into several pieces, by separator."""
    cut = (_pieces(text, separator) for separator in _SEPARATORS if separator in text)
    return [pieces for pieces in cut if len(pieces) > 1]


def _parts(cells: dict[Column, tuple[Cell, str]], issues: list[Issue]) -> list[dict[Column, Piece]]:
    """One record, or several where the cells hold several goods and their numbers agree."""
    texts = {column: cell.text for column, (cell, _) in cells.items()}
    whole = [{column: _piece(text) for column, text in texts.items()}]
    quantity, name = texts.get(Column.QUANTITY, ""), texts.get(Column.NAME, "")
    price = texts.get(Column.UNIT_PRICE, "")
    lead = quantity if _several(quantity) else price if _several_prices(price) else None
    if lead is None:
        return whole
    for separator in _SEPARATORS:
        if separator not in lead:
            continue
        count = len(_pieces(lead, separator))
        if count < 2 or (
            separator in ",，" and re.fullmatch(r"[\d,，.\s]+", lead) and re.search(r"\d[,，]\d{3}\b", lead)
        ):
            continue
        split: dict[Column, list[Piece]] = {}
        for column, text in texts.items():
            pieces = next((p for p in _counts(text) if len(p) == count), None)
            if pieces is not None:
                split[column] = pieces
        subject = next((c for c in (Column.NAME, Column.MODEL, Column.BRAND, Column.BRAND_MODEL) if c in split), None)
        if subject is None:
            continue
        for column, text in texts.items():
            if column in split or not text.strip() or blank(text):
                continue
            if column in {Column.BRAND, Column.UNIT, Column.NAME} and not _counts(text):
                # one brand, unit or name stated once holds for every line
                split[column] = [_piece(text)] * count
            else:
                issues.append(
                    Issue(
                        "cell_split", f"{count} goods in one row, but {column.name.lower()} says {text[:60]!r}", "items"
                    )
                )
        return [{column: pieces[number] for column, pieces in split.items()} for number in range(count)]
    if name:
        issues.append(
            Issue(
                "cell_split", f"several quantities in one row that names {name[:60]!r}; the row is kept whole", "items"
            )
        )
    return whole


def _several(text: str) -> bool:
    if not any(separator in text for separator in _SEPARATORS):
        return False
    return (
        parse_quantity(text).reason in {"multiple", "not_a_quantity"}
        and len(re.findall(r"\d+(?:\.\d+)?|[一二两三四五六七八九十]+(?=[台套个批项块])", text)) > 1
    )


def _several_prices(text: str) -> bool:
    return any(
        len(pieces) > 1 and all(re.search(r"\d", piece.text) for piece in pieces)
        for separator in _SEPARATORS[:4]
        if separator in text
        for pieces in [_pieces(text, separator)]
    )
