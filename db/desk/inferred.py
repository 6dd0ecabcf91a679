"""Classes of goods that a notice leaves out and an earlier document of its process states. Pure.

An award says "硬盘 希捷 40块"; the tender it follows, or a file of the tender, asked for surveillance drives. The award's line takes the class
and names the notice it came from (``class_from``), so that it never counts as sure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from db.clock import SHANGHAI
from db.desk.final import AWARDING, CONTRACTING
from db.desk.kinds import product_kind
from db.desk.sheet import Sheet, SheetItem, SheetMention
from nlp.text import key

_OF_PURCHASES = AWARDING | CONTRACTING | {"acceptance"}


@dataclass(frozen=True, slots=True)
class _Stated:
    """A class as some document of the process states it."""

    product_class: str
    name: str | None
    kind: str | None
    brands: frozenset[str]
    lot: str | None
    notice_id: int
    day: dt.date
    key: str


def with_classes(announcements: Sequence[tuple[int, list[Sheet]]]) -> list[tuple[int, list[Sheet]]]:
    """The announcements of one process; sheets of purchases with the classes that documents of the same day or before state for their goods.

    Goods are the same where nothing speaks against it (another brand, another lot) and the name is the same, or its kind is; a mention
    outside any line needs its brand named there. Documents that disagree give no class.
    """
    if not any(_lacking(sheet) for _, copies in announcements for sheet in copies):
        return list(announcements)
    stated = [
        (number, one) for number, copies in announcements for sheet in copies for one in _stated(sheet)
    ]  # fmt: skip
    if not stated:
        return list(announcements)
    return [
        (number, [_completed(sheet, [one for other, one in stated if other != number]) for sheet in copies])
        for number, copies in announcements
    ]


def _lacking(sheet: Sheet) -> bool:
    return sheet.type in _OF_PURCHASES and (
        any(item.product_class is None for item in sheet.items) or any(m.product_class is None for m in sheet.mentions)
    )


def _day(sheet: Sheet) -> dt.date:
    return sheet.day or sheet.state.first_captured_at.astimezone(SHANGHAI).date()


def _stated(sheet: Sheet) -> Iterable[_Stated]:
    day = _day(sheet)
    brands = _brands(sheet)
    in_lines = set()
    for item in sheet.items:
        if item.product_class is not None:
            in_lines.add(item.position)
            yield _Stated(
                item.product_class, _name(item), product_kind(item.product_class, None), brands.get(item.position, frozenset()), item.lot,
                sheet.state.notice_id, day, sheet.key,
            )  # fmt: skip
    for mention in sheet.mentions:
        if mention.product_class is not None and mention.item_position not in in_lines:
            yield _Stated(
                mention.product_class, None, product_kind(mention.product_class, None), frozenset({mention.brand_id}), mention.lot,
                sheet.state.notice_id, day, sheet.key,
            )  # fmt: skip


def _completed(sheet: Sheet, stated: Sequence[_Stated]) -> Sheet:
    if not _lacking(sheet):
        return sheet
    day = _day(sheet)
    earlier = [one for one in stated if one.day <= day]
    brands = _brands(sheet)
    named = {m.item_position for m in sheet.mentions if m.product_class is not None}
    items = [
        item if item.position in named else _item(item, brands.get(item.position, frozenset()), earlier)
        for item in sheet.items
    ]
    mentions = [_mention(mention, earlier) for mention in sheet.mentions]
    if items == sheet.items and mentions == sheet.mentions:
        return sheet
    return replace(sheet, items=items, mentions=mentions)


def _item(item: SheetItem, brands: frozenset[str], earlier: Sequence[_Stated]) -> SheetItem:
    if item.product_class is not None:
        return item
    name, kind = _name(item), product_kind(None, item.name)
    found = _one(
        one
        for one in earlier
        if _fits(one, brands, item.lot)
        and ((name is not None and name == one.name) or (kind is not None and kind == one.kind))
    )
    return item if found is None else replace(item, product_class=found.product_class, class_from=found.notice_id)


def _mention(mention: SheetMention, earlier: Sequence[_Stated]) -> SheetMention:
    """A mention inside a line has its line's class; outside any, that of its brand's goods."""
    if mention.product_class is not None or mention.item_position is not None:
        return mention
    brand = frozenset({mention.brand_id})
    found = _one(one for one in earlier if one.brands == brand and _fits(one, brand, mention.lot))
    return mention if found is None else replace(mention, product_class=found.product_class, class_from=found.notice_id)


def _fits(one: _Stated, brands: frozenset[str], lot: str | None) -> bool:
    same_brand = not one.brands or not brands or not one.brands.isdisjoint(brands)
    return same_brand and (one.lot is None or lot is None or one.lot == lot)


def _one(found: Iterable[_Stated]) -> _Stated | None:
    """The earliest of those that fit, where they all state the same class."""
    fitting = sorted(found, key=lambda one: (one.day, one.key))
    return fitting[0] if len({one.product_class for one in fitting}) == 1 else None


def _brands(sheet: Sheet) -> dict[int, frozenset[str]]:
    """Brands of each line, by its position."""
    found: dict[int, set[str]] = {item.position: {item.brand_id} for item in sheet.items if item.brand_id is not None}
    for mention in sheet.mentions:
        if mention.item_position is not None:
            found.setdefault(mention.item_position, set()).add(mention.brand_id)
    return {position: frozenset(brands) for position, brands in found.items()}


def _name(item: SheetItem) -> str | None:
    return key(item.name) or None if item.name else None
