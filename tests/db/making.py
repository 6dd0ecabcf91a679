"""Readings and captures made by hand: invented bureaus and suppliers, real brand names. Constructed throughout."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from sqlalchemy.orm import Session

from db.ingest import CaptureRef, CaptureRow, record_captures, store_readings
from nlp.types import (
    Attachment,
    FieldChange,
    Item,
    Level,
    Lot,
    LotStatus,
    Mention,
    MentionRole,
    Notice,
    NoticeReading,
    NoticeType,
    OrgReading,
    PageState,
    Party,
    PartyRole,
    RelatedNotice,
    Tier,
    Versions,
)

V1 = Versions("reader-1", "lexicon-1", "model-1")
V2 = Versions("reader-1", "lexicon-2", "model-1")
SHANGHAI = dt.timezone(dt.timedelta(hours=8))
START = dt.datetime(2022, 1, 1, 9, tzinfo=SHANGHAI)
_offsets = itertools.count()

BRANDS = {
    "seagate": "Seagate",
    "wd": "Western Digital",
    "toshiba": "Toshiba",
    "hikvision": "Hikvision",
    "dahua": "Dahua",
    "thermofisher": "Thermo Fisher",
    "integenx": "IntegenX",
    "enstrom": "Enstrom",
}


def org(
    name: str, tier: Tier = Tier.ORGAN, code: str | None = None, unit_class: str = "public_security_bureau"
) -> OrgReading:
    public = tier in {Tier.MINISTRY, Tier.ORGAN, Tier.SPECIALISED, Tier.ACADEMY, Tier.AFFILIATED}
    return OrgReading(name, public, tier, unit_class, Level.COUNTY, code, None, "constructed")


def buyer(
    name: str,
    code: str | None = None,
    tier: Tier = Tier.ORGAN,
    unit_class: str = "public_security_bureau",
    role: PartyRole = PartyRole.BUYER,
) -> Party:
    return Party(role, name, name, org(name, tier, code, unit_class))


def supplier(name: str, lot: str | None = None) -> Party:
    return Party(PartyRole.SUPPLIER, name, name, None, lot=lot)


def line(
    brand: str | None,
    quantity: str | None = None,
    unit: str | None = "块",
    *,
    name: str = "硬盘",
    product_class: str | None = None,
    product_line: str | None = None,
    model: str | None = None,
    lot: str | None = None,
    price: str | None = None,
    total: str | None = None,
    raw: str | None = None,
    who: str | None = None,
    status: LotStatus | None = None,
    imported: bool | None = None,
) -> Item:
    return Item(
        lot=lot,
        name=name,
        brand=BRANDS[brand] if brand else None,
        brand_id=brand,
        brand_raw=brand,
        model_raw=model,
        product_class=product_class,
        product_line=product_line,
        quantity=Decimal(quantity) if quantity is not None else None,
        quantity_raw=raw or (f"{quantity}{unit or ''}" if quantity is not None else None),
        unit=unit if quantity is not None else None,
        unit_price_cny=Decimal(price) if price else None,
        total_cny=Decimal(total) if total else None,
        supplier=who,
        status=status,
        declared_imported=imported,
    )


def reading(
    type_: NoticeType,
    *,
    id_: str | None,
    title: str,
    day: str | None,
    buyers: Sequence[Party] = (),
    suppliers: Sequence[Party] = (),
    lots: Sequence[Lot] = (),
    items: Sequence[Item] = (),
    role: MentionRole | None = None,
    roles: dict[int, MentionRole] | None = None,
    others: Sequence[tuple[str, MentionRole]] = (),
    alternatives: dict[int, Sequence[str]] | None = None,
    best: MentionRole | None = None,
    score: float = 0.95,
    number: str | None = None,
    contract: str | None = None,
    name: str | None = None,
    award_on: str | None = None,
    signed_on: str | None = None,
    total: str | None = None,
    changes: Sequence[FieldChange] = (),
    related: Sequence[RelatedNotice] = (),
    attachments: Sequence[Attachment] = (),
    state: PageState = PageState.NOTICE,
    versions: Versions = V1,
    url: str | None = None,
    extra: str = "",
) -> NoticeReading:
    """A reading whose text holds every value once; each item with a brand gets a mention of ``role`` (by default what the type says)."""
    default = role or {
        NoticeType.AWARD: MentionRole.AWARDED,
        NoticeType.CONTRACT: MentionRole.CONTRACTED,
        NoticeType.EMALL_ORDER: MentionRole.CONTRACTED,
        NoticeType.CANDIDATE: MentionRole.CANDIDATE,
        NoticeType.CORRECTION: MentionRole.AWARDED,
    }.get(type_, MentionRole.REQUIRED)
    text = f"{title}\n项目编号：{number or ''} 合同编号：{contract or ''} 发布日期：{day or ''}\n"
    text += "".join(f"{p.role.value}：{p.name}\n" for p in (*buyers, *suppliers))
    text += "".join(f"包{lot.lot} {lot.name} {lot.supplier} {lot.amount_cny}\n" for lot in lots)
    placed, mentions = [], []
    for index, item in enumerate(items):
        start = len(text)
        text += f"{item.name} ¦ {item.brand or ''} ¦ {item.model_raw or ''} ¦ {item.quantity_raw or ''} ¦ {item.total_cny or ''}\n"
        placed.append(replace(item, start=start, end=len(text) - 1))
        named = list((alternatives or {}).get(index, ())) or ([item.brand_id] if item.brand_id else [])
        for brand in named:
            at = text.index(item.brand, start) if item.brand else start
            use = (roles or {}).get(index, default)
            if alternatives and index in alternatives:
                use = MentionRole.ALTERNATIVE
            mentions.append(
                Mention(
                    brand=BRANDS[brand],
                    brand_id=brand,
                    surface=text[at : at + 4],
                    start=at,
                    end=at + len(item.brand or "硬盘"),
                    field="table_brand",
                    role=use,
                    score=score,
                    rule="constructed",
                    best_role=best or use,
                    product_class=item.product_class,
                    product_line=item.product_line,
                    item=index,
                    lot=item.lot,
                )
            )
    for brand, use in others:
        at = len(text)
        text += f"{BRANDS[brand]}。\n"
        mentions.append(
            Mention(
                BRANDS[brand],
                brand,
                BRANDS[brand],
                at,
                at + len(BRANDS[brand]),
                "text",
                use,
                score,
                "constructed",
                best or use,
            )
        )
    text += extra
    return NoticeReading(
        notice=Notice(
            source_id=id_,
            url=url,
            title=title,
            type=type_,
            published_on=dt.date.fromisoformat(day) if day else None,
            award_on=dt.date.fromisoformat(award_on) if award_on else None,
            signed_on=dt.date.fromisoformat(signed_on) if signed_on else None,
            project_no=number,
            contract_no=contract,
            project_name=name,
            award_total_cny=Decimal(total) if total else None,
        ),
        parties=(*buyers, *suppliers),
        lots=tuple(lots),
        items=tuple(placed),
        mentions=tuple(mentions),
        attachments=tuple(attachments),
        text=text,
        state=state,
        issues=(),
        versions=versions,
        related=tuple(related),
        changes=tuple(changes),
        content_digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def awarded(lot: str | None, who: str, amount: str | None = None, name: str | None = None) -> Lot:
    return Lot(lot, name, LotStatus.AWARDED, who, Decimal(amount) if amount else None, amount)


def failed(lot: str | None) -> Lot:
    return Lot(lot, None, LotStatus.FAILED)


def capture_row(portal: str, page: NoticeReading, at: dt.datetime = START, url: str | None = None) -> CaptureRow:
    body = hashlib.sha256(f"{portal}{page.text}".encode()).hexdigest()
    address = url or page.notice.url or f"http://{portal}.example.cn/{page.notice.source_id or body[:12]}.html"
    return CaptureRow(
        portal=portal,
        url=address,
        captured_at=at,
        sha256=body,
        media_type="text/html",
        http_status=200,
        warc_file="constructed.warc.gz",
        warc_offset=next(_offsets),
        warc_length=10,
    )


def store(
    session: Session,
    pages: Sequence[tuple[str, NoticeReading] | tuple[str, NoticeReading, dt.datetime]],
    batch: int = 1000,
) -> list[int]:
    """Record and store pages given as (portal, reading[, captured at]). Returns capture ids."""
    full = [(page[0], page[1], page[2] if len(page) > 2 else START) for page in pages]
    ids: list[int] = []
    for first in range(0, len(full), batch):
        part = full[first : first + batch]
        rows = [capture_row(portal, page, at) for portal, page, at in part]
        made = record_captures(session, rows)
        ids.extend(made)
        store_readings(session, [(ref_of(id_, row), page[1]) for id_, row, page in zip(made, rows, part, strict=True)])
    return ids


def ref_of(id_: int, row: CaptureRow) -> CaptureRef:
    return CaptureRef(
        id_,
        row.portal,
        row.url,
        row.captured_at,
        row.sha256,
        row.media_type,
        row.warc_file,
        row.warc_offset,
        row.warc_length,
    )
