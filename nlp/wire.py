"""The JSON form of what the reader says: the contract of ``caigou inspect --json`` and its smaller sisters.

Money and quantities are strings, dates ISO 8601, absent is null. Field order is part of the contract.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nlp.types import Item, Lot, Mention, Notice, NoticeReading, OrgReading, Party

Json = dict[str, Any]

_NOTICE = (
    "portal", "source_id", "url", "title", "type", "type_raw", "stage", "published_on", "published_at", "published_raw",
    "opening_on", "award_on", "signed_on", "first_notice_on", "project_no", "project_no_raw", "project_name", "contract_no",
    "method", "method_raw", "region_code", "region_raw", "category_raw", "budget_cny", "budget_raw", "ceiling_cny",
    "ceiling_raw", "award_total_cny", "award_total_raw", "area", "area_rule", "area_score", "page_url",
)  # fmt: skip
_LOT = ("lot", "name", "status", "supplier", "amount_cny", "amount_raw", "amount_reason", "start", "end")
_ITEM = (
    "lot", "name", "brand_raw", "brand", "model_raw", "product_line", "product_class", "quantity", "quantity_raw", "unit",
    "unit_price_cny", "unit_price_raw", "total_cny", "total_raw", "declared_imported", "supplier", "status", "source",
    "system", "start", "end", "area", "area_rule", "area_score",
)  # fmt: skip
_MENTION = (
    "brand", "surface", "start", "end", "field", "role", "score", "rule", "best_role", "product_line", "product_class",
    "item", "lot", "origin",
)  # fmt: skip
ORG_FIELDS = ("is_public_security", "tier", "unit_class", "level", "division_code", "name_en", "reason")


def plain(value: object) -> Any:
    """One value as JSON knows it."""
    if value is None or (isinstance(value, str | bool | int) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [plain(v) for v in value]
    msg = f"no JSON form for {type(value).__name__}"
    raise TypeError(msg)


def _pick(value: object, names: tuple[str, ...]) -> Json:
    return {name: plain(getattr(value, name)) for name in names}


def notice_json(notice: Notice) -> Json:
    return _pick(notice, _NOTICE)


def party_json(party: Party) -> Json:
    """The contract's party: the reading of the name laid flat beside it."""
    row: Json = {"role": party.role.value, "name": party.name, "name_raw": party.name_raw}
    for name in ("unit_class", "tier", "level", "is_public_security", "division_code", "name_en"):
        row[name] = plain(getattr(party.org, name)) if party.org is not None else None
    row["lot"] = party.lot
    return row


def lot_json(lot: Lot) -> Json:
    return _pick(lot, _LOT)


def item_json(item: Item) -> Json:
    return _pick(item, _ITEM)


def mention_json(mention: Mention) -> Json:
    return _pick(mention, _MENTION)


def org_json(reading: OrgReading) -> Json:
    """``caigou unit``: the name and what it says."""
    return {"name": reading.name, **_pick(reading, ORG_FIELDS)}


def reading_json(reading: NoticeReading) -> Json:
    """The whole of ``caigou inspect --json``."""
    return {
        "notice": notice_json(reading.notice),
        "parties": [party_json(p) for p in reading.parties],
        "lots": [lot_json(x) for x in reading.lots],
        "items": [item_json(x) for x in reading.items],
        "mentions": [mention_json(x) for x in reading.mentions],
        "attachments": [plain(a) for a in reading.attachments],
        "related": [plain(r) for r in reading.related],
        "changes": [plain(c) for c in reading.changes],
        "text": reading.text,
        "state": reading.state.value,
        "issues": [plain(i) for i in reading.issues],
        "versions": plain(reading.versions),
    }
