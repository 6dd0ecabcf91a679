"""The constructed sample as :class:`~seeds.demo.model.DemoNotice` values, built from ``notices.yml``.

The file is the truth the pipeline must find: a test crawls the pages made from it and compares.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seeds import SeedError
from seeds.demo.files import docx
from seeds.demo.model import BEIJING, CONSTRUCTED, DemoAttachment, DemoChange, DemoItem, DemoLot, DemoNotice

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCE = Path(__file__).parent / "notices.yml"

_CODES = {
    "award": "zbgg",
    "tender": "gkzb",
    "correction": "gzgg",
    "failed": "fblbgg",
    "single_source": "dylygg",
    "contract": "qtgg",
    "intention": "qtgg",
}
_TITLES = {
    "award": "中标公告",
    "tender": "公开招标公告",
    "correction": "更正公告",
    "failed": "终止公告",
    "single_source": "单一来源采购公示",
    "contract": "合同公告",
    "intention": "",
}


def read_entries() -> dict[str, Any]:
    """The file as it stands: agencies, buyers, suppliers, notices."""
    import yaml  # noqa: PLC0415 - only the demo and its tests need it

    data = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise SeedError(f"{SOURCE.name}: not a mapping")
    return data


def load_demo_notices() -> tuple[DemoNotice, ...]:
    """All notices, oldest first. Raises SeedError for a reference to nobody or a number used twice."""
    data = read_entries()
    notices = tuple(
        sorted((_notice(entry, data) for entry in data["notices"]), key=lambda n: (n.published, n.source_id))
    )
    if len({n.source_id for n in notices}) != len(notices):
        raise SeedError(f"{SOURCE.name}: a notice number is used twice")
    return notices


def _notice(entry: Mapping[str, Any], data: Mapping[str, Any]) -> DemoNotice:
    kind = entry["type"]
    if kind not in _CODES:
        raise SeedError(f"{SOURCE.name}, notice {entry['id']}: unknown type {kind!r}")
    buyer = _named(data, "buyers", entry["buyer"], entry["id"])
    agency = _named(data, "agencies", entry["agency"], entry["id"])["name"] if "agency" in entry else None
    items = [_item(row) for row in entry.get("items", [])]
    lots = tuple(_lot(row, entry, data, items) for row in entry.get("lots", []))
    proposed = _named(data, "suppliers", entry["proposed"], entry["id"]) if "proposed" in entry else None
    signed, opening, first = entry.get("signed"), entry.get("opening"), entry.get("first")
    return DemoNotice(
        source_id=entry["id"],
        code=_CODES[kind],
        kind=kind,
        title=f"【构造数据】{buyer['name']}{entry['name']}{_TITLES[kind]}",
        published=_moment(entry["at"]),
        buyer=buyer["name"],
        region=buyer["region"],
        district_code=buyer["code"],
        agency=agency,
        project_no=entry.get("number"),
        project_name=entry["name"],
        body=entry["body"],
        budget=_money(entry.get("budget")),
        lots=lots,
        services=tuple((row["name"], row["scope"], row["period"]) for row in entry.get("services", [])),
        requirements=tuple(entry.get("text", [])),
        changes=tuple(DemoChange(row["field"], row["before"], row["after"]) for row in entry.get("changes", [])),
        corrects=entry.get("of"),
        first_published=dt.date.fromisoformat(first) if first else None,
        reason=entry.get("reason"),
        contract_no=entry.get("contract_no"),
        signed_on=dt.date.fromisoformat(signed) if signed else None,
        opening_at=_moment(opening) if opening else None,
        end_user=entry.get("end_user"),
        proposed_supplier=(proposed["name"], proposed["address"]) if proposed else None,
        attachments=(_attachment(entry["attachment"]),) if "attachment" in entry else (),
    )


def _named(data: Mapping[str, Any], group: str, key: str, number: int) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = data[group][key]
    except KeyError:
        raise SeedError(f"{SOURCE.name}, notice {number}: nobody named {key!r} among {group}") from None
    return found


def _lot(
    row: Mapping[str, Any], entry: Mapping[str, Any], data: Mapping[str, Any], items: list[tuple[str, DemoItem]]
) -> DemoLot:
    number = row.get("lot", "1")
    supplier = _named(data, "suppliers", row["supplier"], entry["id"]) if "supplier" in row else None
    return DemoLot(
        number=number,
        name=row.get("name", entry["name"]),
        supplier=supplier["name"] if supplier else None,
        address=supplier["address"] if supplier else "",
        amount=_money(row.get("amount")),
        items=tuple(item for lot, item in items if lot == number),
        reason=row.get("reason"),
    )


def _item(row: Mapping[str, Any]) -> tuple[str, DemoItem]:
    item = DemoItem(
        name=row["name"],
        brand=row.get("brand"),
        model=row.get("model"),
        quantity=str(row["qty"]),
        unit=row["unit"],
        unit_price=_money(row["price"]),
    )
    return row.get("lot", "1"), item


def _attachment(row: Mapping[str, Any]) -> DemoAttachment:
    header = ("序号", "名称", "品牌", "规格型号", "数量", "单位", "单价（元）")
    lines = [
        (str(n), r["name"], r["brand"], r["model"], str(r["qty"]), r["unit"], f"{_money(r['price'])}")
        for n, r in enumerate(row["rows"], start=1)
    ]
    return DemoAttachment(name=row["name"], data=docx([CONSTRUCTED, "主要标的明细"], [header, *lines]), form=2)


def _money(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.01"))


def _moment(text: str) -> dt.datetime:
    return dt.datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=BEIJING)
