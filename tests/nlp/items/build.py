"""Builders shared by the tests of lots and items. Everything built here is constructed: invented places, firms and people."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from nlp.document import html_document, text_document
from nlp.items import ItemsReading, read_items
from nlp.types import Document, Notice, NoticeType


def table(*rows: str, header: bool = False) -> str:
    """Rows as ``a | b | c``; ``>`` before a cell spans the rest of the row."""
    out = []
    for number, row in enumerate(rows):
        tag = "th" if header and number == 0 else "td"
        cells = row.split(" | ")
        width = len(rows[0].split(" | "))
        out.append(
            "<tr>"
            + "".join(
                f"<{tag} colspan={width}>{cell[1:]}</{tag}>" if cell.startswith(">") else f"<{tag}>{cell}</{tag}>"
                for cell in cells
            )
            + "</tr>"
        )
    return "<table border=1>" + "".join(out) + "</table>"


def page(*parts: str) -> Document:
    """Paragraphs and tables of one notice body."""
    body = "".join(part if part.startswith("<") else f"<p>{part}</p>" for part in parts)
    return html_document(f"<html><body><div>{body}</div></body></html>")


def notice(
    kind: NoticeType | None = NoticeType.AWARD,
    title: str | None = "云岭省明川市公安局存储设备采购项目公告",
    **rest: object,
) -> Notice:
    return Notice(portal="constructed", title=title, type=kind, published_on=dt.date(2024, 3, 1), **rest)  # type: ignore[arg-type]


def read(document: Document | str, kind: NoticeType | None = NoticeType.AWARD, **rest: object) -> ItemsReading:
    if isinstance(document, str):
        document = text_document(document)
    return read_items(document, notice(kind, **rest), None, None)


def lots_of(reading: ItemsReading) -> list[tuple[str | None, str, str | None, Decimal | None]]:
    return [(lot.lot, lot.status.value if lot.status else "", lot.supplier, lot.amount_cny) for lot in reading.lots]


def names(reading: ItemsReading) -> list[str]:
    return [party.name for party in reading.suppliers]


def cells(
    reading: ItemsReading,
) -> list[tuple[str | None, str | None, str | None, Decimal | None, str | None, Decimal | None]]:
    return [(i.name, i.brand_raw, i.model_raw, i.quantity, i.unit, i.unit_price_cny) for i in reading.items]


def D(value: str | int) -> Decimal:  # noqa: N802 -- reads as a literal
    return Decimal(value)
