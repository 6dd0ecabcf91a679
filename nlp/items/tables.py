"""Item rows of tables: by the meaning of their headers, with several goods in one cell taken apart where the columns agree."""

from __future__ import annotations

import re

from nlp.items.columns import GOODS, column_of
from nlp.items.model import Column, Grid, GridCell, Section
from nlp.items.names import clean_name, is_placeholder
from nlp.items.outline import Outline
from nlp.items.rawitem import RawItem, blank
from nlp.items.sheets import Row, Sheet, is_total_row
from nlp.quantity import parse_quantity
from nlp.types import Issue

_SEPARATORS = ("\n", "；", ";", "、", "|", "，", ",")
_HARD = 3
"""The first separators split even a name; the rest only where quantities prove several goods."""
_GROUP_SUPPLIER = re.compile(r"(?:货物|服务|工程)类?\s?[（(]([^（）()]*(?:[（(][^（）()]*[)）][^（）()]*)*)[)）]")
_RUNNING = re.compile(r"[（(]?(\d{1,2})(?:[)）]\s?[、.．]?|[、．.:：])\s?(?=\S)")
_MODEL_INSIDE = re.compile(r"(?:规格)?型\s?号(?:规格)?\s*[:：]\s*([^\s;；，,。、]{2,40})")
_BRAND_INSIDE = re.compile(r"品\s?牌\s*[:：]\s*([^\s;；，,。、]{2,20})")
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
_SERVICE_HEADER = re.compile(r"服务(?:范围|要求|时间|标准)|施工(?:范围|工期)")
_SKIP_SECTIONS = frozenset({Section.EXPERTS, Section.FEE, Section.CONTACT})
_BEFORE = re.compile(r"更正前|变更前|修改前|原内容|原公告")


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
    at = {column: sheet.index(column) for column in Column}
    if at[Column.NAME] is None:
        at[Column.NAME] = at[Column.CATEGORY] if at[Column.CATEGORY] is not None else at[Column.LOT_NAME]
    mark = plan.lot(grid.start)
    supplier_at = next((at[c] for c in (Column.WINNER, Column.SUPPLIER) if at[c] is not None), None)
    total_at = at[Column.TOTAL] if at[Column.TOTAL] is not None else at[Column.AMOUNT]
    heading = " ".join(filter(None, (plan.heading(grid.start), grid.caption)))
    out: list[RawItem] = []
    for row in sheet.rows:
        if is_total_row(row):
            continue
        lot = _lot(row, at, mark.lot if mark is not None else default_lot)
        supplier = _supplier(row, supplier_at, heading)
        cells: dict[Column, tuple[GridCell, str]] = {}
        for column in _PARALLEL:
            index = total_at if column is Column.TOTAL else at[column]
            if index is not None:
                cells[column] = (row.cells[index], sheet.headers[index])
        imported_at = at[Column.IMPORTED]
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


def _inside(row: Row, at: dict[Column, int | None]) -> tuple[str | None, str | None]:
    """Model and brand that stand as labels inside a column of parameters, where no column is theirs."""
    spec = at[Column.SPEC]
    if spec is None or at[Column.BRAND_MODEL] is not None:
        return None, None
    text = row.cells[spec].text
    model = _MODEL_INSIDE.search(text) if at[Column.MODEL] is None else None
    brand = _BRAND_INSIDE.search(text) if at[Column.BRAND] is None else None
    return (model[1] if model else None), (brand[1] if brand else None)


def _lot(row: Row, at: dict[Column, int | None], default: str | None) -> str | None:
    from_column = at[Column.LOT]
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


def _raw(row: Row, part: dict[Column, str], cells: dict[Column, tuple[GridCell, str]]) -> RawItem | None:
    name, brand, model = part.get(Column.NAME), part.get(Column.BRAND), part.get(Column.MODEL)
    both = part.get(Column.BRAND_MODEL)
    if all(blank(text) for text in (name, brand, model, both)):
        return None
    if any(text is not None and column_of(text) in GOODS for text in (name, brand, model, both)):
        # words of a header that stand where values should
        return None
    if name is not None and re.fullmatch(r"[\d.\s]+", name) and blank(brand) and blank(model) and blank(both):
        return None
    filled = [cell for cell in row.cells if cell.text.strip()]
    item = RawItem(min(c.start for c in filled), max(c.end for c in filled), name, brand, model=model, brand_model=both)
    source = cells.get(Column.BRAND) or cells.get(Column.BRAND_MODEL)
    words = brand if brand is not None else both
    if source is not None and words is not None and not blank(words):
        offset = source[0].text.find(words.strip())
        item.brand_start = source[0].start + max(offset, 0)
        item.brand_end = item.brand_start + (len(words.strip()) if offset >= 0 else source[0].end - source[0].start)
    for column, name_of in ((Column.QUANTITY, "quantity"), (Column.UNIT_PRICE, "unit_price"), (Column.TOTAL, "total")):
        if column in part:
            setattr(item, name_of, part[column])
            setattr(item, f"{name_of}_header", cells[column][1])
    item.unit = part.get(Column.UNIT)
    return item


def _pieces(text: str, separator: str) -> list[str]:
    """The pieces of a cell. Running numbers before them (1、… 2、…) are no part of the words."""
    pieces = [piece.strip() for piece in text.split(separator) if piece.strip()]
    marks = [_RUNNING.match(piece) for piece in pieces]
    if len(pieces) > 1 and all(mark is not None and int(mark[1]) == number for number, mark in enumerate(marks, 1)):
        return [piece[mark.end() :] for piece, mark in zip(pieces, marks, strict=True) if mark is not None]
    return pieces


def _counts(text: str) -> dict[str, list[str]]:
    found = {}
    for separator in _SEPARATORS:
        if separator in text:
            pieces = _pieces(text, separator)
            if len(pieces) > 1:
                found[separator] = pieces
    return found


def _parts(cells: dict[Column, tuple[GridCell, str]], issues: list[Issue]) -> list[dict[Column, str]]:
    """One record, or several where the cells hold several goods and their numbers agree."""
    texts = {column: cell.text for column, (cell, _) in cells.items()}
    whole = [texts]
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
        split: dict[Column, list[str]] = {}
        for column, text in texts.items():
            pieces = next((p for p in _counts(text).values() if len(p) == count), None)
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
                split[column] = [text] * count
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
        len(pieces) > 1 and all(re.search(r"\d", p) for p in pieces)
        for separator in _SEPARATORS[:4]
        for pieces in [_pieces(text, separator)]
    )
