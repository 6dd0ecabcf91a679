"""Lots, outcomes, suppliers and items of one notice."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from nlp.items.freetext import form_items, label_items, line_items
from nlp.items.grids import MAX_ROWS, grids
from nlp.items.labels import labels
from nlp.items.lotnames import lot_of_cell, lot_of_title
from nlp.items.lots import names_winner, settle
from nlp.items.model import Column, Grid, ItemsReading, Section, name_key
from nlp.items.names import members_of
from nlp.items.outcomes import OutcomeReader
from nlp.items.outline import Outline, outline
from nlp.items.rawitem import Known, RawItem, finish, plausible
from nlp.items.sheets import Pair, Sheet, pairs, sheets
from nlp.items.sums import check_sums
from nlp.items.systems import with_systems
from nlp.items.tables import is_item_sheet, sheet_items
from nlp.types import BlockKind, Document, Issue, Item, Lot, LotStatus, Notice, NoticeType, Party

if TYPE_CHECKING:
    from nlp.brands import BrandKnowledge
    from nlp.knowledge import Knowledge
    from nlp.notice.profile import PortalProfile

_DONE = frozenset(
    {NoticeType.AWARD, NoticeType.CONTRACT, NoticeType.ACCEPTANCE, NoticeType.EMALL_ORDER, NoticeType.FRAMEWORK}
)
_OPEN = frozenset(
    {
        NoticeType.TENDER,
        NoticeType.INTENTION,
        NoticeType.PREQUALIFICATION,
        NoticeType.SINGLE_SOURCE,
        NoticeType.IMPORT_REVIEW,
    }
)
_LOST = frozenset({Section.CANDIDATES, Section.BIDDERS})
_ITEM_PLACES = frozenset({Section.ITEMS, Section.RESULT, Section.WINNERS, Section.CONTRACT})


class _Laid(NamedTuple):
    """A grid with its sheets. ``form``: its pairs of label and value, where no upright sheet says what its cells are."""

    grid: Grid
    sheets: list[Sheet]
    form: list[list[Pair]] | None


def _laid(grid: Grid) -> _Laid:
    found = sheets(grid)
    upright = found and not any(sheet.transposed for sheet in found)
    return _Laid(grid, found, None if upright else pairs(grid))


def read_items(
    document: Document, notice: Notice, profile: PortalProfile | None, knowledge: Knowledge | None
) -> ItemsReading:
    """What a notice says about its lots and goods.

    ``notice`` gives the type and the total of the award; without a type only plain words for winners count. ``knowledge`` null leaves
    brands unresolved. Every value keeps its raw words and its place in ``document.text``.
    """
    del profile  # no portal needs its own rule here yet; the caller hands it in for the day one does
    plan = outline(document)
    default_lot = lot_of_title(notice.title)
    if any(mark.lot is not None for mark in plan.lots):
        default_lot = None if len({mark.lot for mark in plan.lots if mark.lot}) > 1 else default_lot
    laid = [_laid(grid) for grid in grids(document)]
    issues = [
        Issue("table_rows_left_out", f"{len(table.rows)} rows; the first {MAX_ROWS} were read", f"table {number}")
        for number, table in enumerate(document.tables)
        if len(table.rows) > MAX_ROWS
    ]
    lots: list[Lot] = []
    suppliers: list[Party] = []
    candidates: list[Party] = []
    if names_winner(notice.type):
        lots, suppliers, candidates, found = _outcomes(document, notice, plan, laid, default_lot)
        issues.extend(found)
    elif notice.type is NoticeType.TENDER:
        lots = _open_lots(plan, laid)
    raws = _raw_items(document, notice, plan, laid, default_lot, issues)
    brands = knowledge.brands if knowledge is not None else None
    items = with_systems(document, _finished(raws, notice, plan, lots, brands))
    lots = _with_item_amounts(lots, items, issues)
    issues.extend(check_sums(items, lots))
    return ItemsReading(tuple(lots), tuple(items), tuple(suppliers), tuple(candidates), tuple(issues))


def _outcomes(
    document: Document, notice: Notice, plan: Outline, laid: list[_Laid], default_lot: str | None
) -> tuple[list[Lot], list[Party], list[Party], list[Issue]]:
    reader = OutcomeReader(document.text, plan, notice.type, default_lot)
    for grid, found, form in laid:
        for sheet in found:
            reader.sheet(sheet, grid)
        if form is not None:
            reader.form(grid, form)
            reader.headerless(grid)
    rebuilt = [(grid.start, grid.end) for grid, _, _ in laid if grid.rebuilt]
    lines = [(block.start, block.end) for block in document.blocks]
    plain = [(block.start, block.end) for block in document.blocks if block.kind is not BlockKind.ROW]
    taken = reader.lot_segments(plain)
    if taken:
        read_already = set(taken)
        lines = [line for line in lines if line not in read_already]
        plain = [line for line in plain if line not in read_already]
    reader.labels(labels(document, rebuilt + taken))
    reader.sentences(plain)
    reader.listed(lines)
    reader.failures(lines)
    return settle(reader.found, notice, document.text)


def _with_item_amounts(lots: list[Lot], items: list[Item], issues: list[Issue]) -> list[Lot]:
    """An award whose amount stands only in the lines of its goods: the stated totals of those lines together."""
    out: list[Lot] = []
    for lot in lots:
        silent = lot.amount_cny is None and lot.amount_reason in {None, "empty", "placeholder", "zero", "not_money"}
        if lot.status is LotStatus.AWARDED and silent and sum(other.lot == lot.lot for other in lots) == 1:
            own = [item for item in items if item.lot == lot.lot and item.status is LotStatus.AWARDED]
            totals = [item.total_cny for item in own if item.total_cny is not None]
            if own and len(totals) == len(own):
                raw = " + ".join(item.total_raw or "" for item in own)
                issues.append(
                    Issue(
                        "amount_from_items",
                        "the award states no amount; the totals of its lines are taken",
                        f"lot {lot.lot or '-'}",
                    )
                )
                out.append(
                    dataclasses.replace(lot, amount_cny=sum(totals, Decimal(0)), amount_raw=raw, amount_reason=None)
                )
                continue
        out.append(lot)
    return out


def _open_lots(plan: Outline, laid: list[_Laid]) -> list[Lot]:
    """Lots a tender names: by its headings, or by a lot column."""
    out: dict[str, Lot] = {}
    for mark in plan.lots:
        if mark.lot is not None and mark.lot not in out:
            out[mark.lot] = Lot(mark.lot, mark.name, LotStatus.OPEN, start=mark.start, end=mark.end)
    for _, found, _ in laid:
        for sheet in found:
            index, name_at = sheet.index(Column.LOT), sheet.index(Column.LOT_NAME)
            if index is None:
                continue
            for row in sheet.rows:
                number = lot_of_cell(row.cells[index].text)
                if number is not None and number not in out:
                    name = " ".join(row.cells[name_at].text.split()) or None if name_at is not None else None
                    out[number] = Lot(number, name, LotStatus.OPEN, start=row.cells[0].start, end=row.cells[-1].end)
    return sorted(out.values(), key=lambda lot: lot.start or 0)


def _raw_items(
    document: Document,
    notice: Notice,
    plan: Outline,
    laid: list[_Laid],
    default_lot: str | None,
    issues: list[Issue],
) -> list[RawItem]:
    by_sheet: list[tuple[Section | None, list[RawItem]]] = []
    for grid, found, form in laid:
        section = plan.section(grid.start)
        for sheet in found:
            if is_item_sheet(sheet, section):
                rows = sheet_items(sheet, grid, plan, default_lot, issues)
                if rows:
                    by_sheet.append((section, rows))
        if not found and form is not None and section is not Section.CONTACT:
            rows = form_items(form, plan, default_lot, issues)
            if rows:
                by_sheet.append((section, rows))
    if notice.type in _DONE and any(section in _ITEM_PLACES for section, _ in by_sheet):
        # what was asked for stands above what was bought: only the latter counts in a result
        by_sheet = [(section, rows) for section, rows in by_sheet if section not in {Section.BASIC, Section.TENDER}]
    if len(by_sheet) == 1:
        return by_sheet[0][1]
    out: list[RawItem] = []
    seen: set[tuple[str, ...]] = set()
    for _, rows in by_sheet:
        marks = [_mark(raw) for raw in rows]
        fresh = [raw for raw, mark in zip(rows, marks, strict=True) if mark not in seen]
        seen.update(marks)
        out.extend(fresh)
    if not out:
        out = label_items(document, plan, default_lot, issues)
    if not out:
        out = line_items(document, plan, default_lot, notice.type)
    return out


def _mark(raw: RawItem) -> tuple[str, ...]:
    """Equal words in two tables are one line told twice."""
    return tuple(
        name_key(value or "")
        for value in (
            raw.lot,
            raw.name,
            raw.brand,
            raw.model,
            raw.brand_model,
            raw.quantity,
            raw.unit_price,
            raw.supplier,
        )
    )


def _finished(
    raws: list[RawItem], notice: Notice, plan: Outline, lots: list[Lot], brands: BrandKnowledge | None
) -> list[Item]:
    failed: set[str | None] = {lot.lot for lot in lots if lot.status is LotStatus.FAILED and lot.lot is not None}
    winners: dict[str | None, list[str]] = {}
    for lot in lots:
        if lot.status is LotStatus.AWARDED and lot.supplier is not None:
            winners.setdefault(lot.lot, []).append(lot.supplier)
    only = {name for names in winners.values() for name in names}
    lone_lot = next(iter(winners)) if len(winners) == 1 and not failed else None
    known: Known = {}
    out: list[Item] = []
    for raw in raws:
        if raw.lot is None and lone_lot is not None:
            raw.lot = lone_lot
        raw.status = _status(raw, notice, plan, failed, bool(only))
        if raw.supplier is not None:
            names = members_of(raw.supplier)
            raw.supplier = "、".join(names) or None
        if raw.supplier is None and raw.status is LotStatus.AWARDED:
            own = winners.get(raw.lot, [])
            if len(own) == 1:
                raw.supplier = own[0]
            elif len(only) == 1:
                raw.supplier = next(iter(only))
        item = finish(raw, brands, known)
        if plausible(item):
            out.append(item)
    return out


def _status(raw: RawItem, notice: Notice, plan: Outline, failed: set[str | None], won: bool) -> LotStatus | None:
    if raw.lot is not None and raw.lot in failed:
        return LotStatus.FAILED
    kind = notice.type
    if kind is NoticeType.CANDIDATE or plan.section(raw.start) in _LOST:
        return LotStatus.CANDIDATE
    if kind in _DONE:
        return LotStatus.AWARDED
    if kind in _OPEN:
        return LotStatus.OPEN
    if kind is NoticeType.FAILED:
        return LotStatus.FAILED
    return LotStatus.AWARDED if kind is None and won else None


def with_source(items: tuple[Item, ...], source: str) -> tuple[Item, ...]:
    """The same lines with another source, for items read from an attachment."""
    return tuple(dataclasses.replace(item, source=source) for item in items)
