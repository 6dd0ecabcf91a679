"""Lots and lines of goods, as one reading states them."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import CheckConstraint, Float, UniqueConstraint
from sqlalchemy.orm import Mapped

from db.base import Base
from db.models._columns import BOOL, INT, NUMBER, TEXT, column, pk, ref, value_enum
from nlp.types import LotStatus


class Lot(Base):
    """One lot in one reading, with its winner where there is one."""

    __tablename__ = "lot"
    __table_args__ = (
        UniqueConstraint("reading_id", "position"),
        CheckConstraint("amount_cny >= 0", name="amount"),
        CheckConstraint('start >= 0 and "end" >= start', name="span"),
        {"comment": "One lot in one reading, with its winner where there is one."},
    )

    id: Mapped[int] = pk()
    reading_id: Mapped[int] = ref("reading.id", "Reading.", index=False)
    position: Mapped[int] = column(INT, "Order in the notice, from 0.", nullable=False)
    lot: Mapped[str | None] = column(TEXT, "Bare number or letter; null = the notice has no lots.")
    name: Mapped[str | None] = column(TEXT, "Name of the lot.")
    status: Mapped[LotStatus | None] = column(value_enum(LotStatus, "lot_status"), "Status.")
    supplier: Mapped[str | None] = column(TEXT, "Winner; consortium members joined by 、, lead first.")
    amount_cny: Mapped[Decimal | None] = column(NUMBER, "Amount, CNY.")
    amount_raw: Mapped[str | None] = column(TEXT, "Amount as printed.")
    amount_reason: Mapped[str | None] = column(TEXT, "Why there is no amount (rate, placeholder).")
    start: Mapped[int | None] = column(INT, "First code point in the text.")
    end: Mapped[int | None] = column(INT, "Code point after the last.")


class Item(Base):
    """One line of goods in one reading."""

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("reading_id", "position"),
        CheckConstraint("quantity >= 0", name="quantity"),
        CheckConstraint("unit_price_cny >= 0", name="unit_price"),
        CheckConstraint("total_cny >= 0", name="total"),
        CheckConstraint('start >= 0 and "end" >= start', name="span"),
        {"comment": "One line of goods in one reading."},
    )

    id: Mapped[int] = pk()
    reading_id: Mapped[int] = ref("reading.id", "Reading.", index=False)
    position: Mapped[int] = column(INT, "Order in the notice, from 0.", nullable=False)
    lot: Mapped[str | None] = column(TEXT, "Lot.")
    name: Mapped[str | None] = column(TEXT, "Name of the goods.")
    brand_id: Mapped[str | None] = column(TEXT, "Brand (seed id).", index=True)
    brand: Mapped[str | None] = column(TEXT, "Brand, canonical English name.")
    brand_raw: Mapped[str | None] = column(TEXT, "Brand as printed.")
    model_raw: Mapped[str | None] = column(TEXT, "Model as printed.")
    product_line: Mapped[str | None] = column(TEXT, "Product line.")
    product_class: Mapped[str | None] = column(TEXT, "Product class.")
    quantity: Mapped[Decimal | None] = column(NUMBER, "Quantity as a number; null = not stated.")
    quantity_raw: Mapped[str | None] = column(TEXT, "Quantity as printed.")
    unit: Mapped[str | None] = column(TEXT, "Unit of the quantity.")
    units: Mapped[Decimal | None] = column(
        NUMBER, "Quantity in single pieces; null where the unit hides the number (1批, 1套)."
    )
    unit_price_cny: Mapped[Decimal | None] = column(NUMBER, "Unit price, CNY.")
    unit_price_raw: Mapped[str | None] = column(TEXT, "Unit price as printed.")
    total_cny: Mapped[Decimal | None] = column(NUMBER, "Total of the line, CNY.")
    total_raw: Mapped[str | None] = column(TEXT, "Total as printed.")
    declared_imported: Mapped[bool | None] = column(BOOL, "Whether the notice calls the goods imported.")
    supplier: Mapped[str | None] = column(TEXT, "Supplier of the line.")
    status: Mapped[LotStatus | None] = column(value_enum(LotStatus, "item_status"), "Status of the line.")
    source: Mapped[str] = column(TEXT, "table, text, title or attachment:<name>.", nullable=False)
    system: Mapped[str | None] = column(TEXT, "Heading of the system the line belongs to.")
    start: Mapped[int | None] = column(INT, "First code point in the text.")
    end: Mapped[int | None] = column(INT, "Code point after the last.")
    brand_start: Mapped[int | None] = column(INT, "First code point of the brand.")
    brand_end: Mapped[int | None] = column(INT, "Code point after the brand's last.")
    area: Mapped[str | None] = column(TEXT, "Technology area of the goods; null = of none, or not known.")
    area_rule: Mapped[str | None] = column(TEXT, "Why: product_class, brand, model@version; outside = of no area.")
    area_score: Mapped[float | None] = column(Float(53), "Score of that; 1 = certain.")
