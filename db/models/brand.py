"""Brands, their names, their dated owners and their product lines: a copy of the seeds, for SQL."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import ARRAY, CheckConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.models._columns import BOOL, DATE, NUMBER, TEXT, column, pk, text_ref


class Brand(Base):
    """One brand."""

    __tablename__ = "brand"
    __table_args__ = ({"comment": "One brand of the seeds."},)

    id: Mapped[str] = mapped_column(TEXT, primary_key=True, comment="Seed id.")
    name: Mapped[str] = column(TEXT, "Canonical English name.", nullable=False, unique=True)
    name_zh: Mapped[str | None] = column(TEXT, "Name in Chinese.")
    origin: Mapped[str | None] = column(TEXT, "ISO country of the brand.", index=True)
    domestic: Mapped[bool] = column(BOOL, "A Chinese brand.", nullable=False, server_default=text("false"))
    areas: Mapped[list[str] | None] = column(ARRAY(TEXT), "Technology areas.")
    retired: Mapped[bool] = column(
        BOOL, "No longer in the seeds; kept because readings name it.", nullable=False, server_default=text("false")
    )


class BrandAlias(Base):
    """One name a brand goes by."""

    __tablename__ = "brand_alias"
    __table_args__ = (
        UniqueConstraint("brand_id", "key"),
        {"comment": "One name a brand goes by."},
    )

    id: Mapped[int] = pk()
    brand_id: Mapped[str] = text_ref("brand.id", "Brand.", index=False)
    key: Mapped[str] = column(TEXT, "Comparison form.", nullable=False, index=True)
    alias: Mapped[str] = column(TEXT, "The name.", nullable=False)
    kind: Mapped[str | None] = column(TEXT, "How sure the name alone is: safe, context …")


class BrandOwner(Base):
    """Who owned a brand, and when."""

    __tablename__ = "brand_owner"
    __table_args__ = (
        CheckConstraint("valid_from is null or valid_to is null or valid_from <= valid_to", name="dates"),
        {"comment": "Who owned a brand, and when."},
    )

    id: Mapped[int] = pk()
    brand_id: Mapped[str] = text_ref("brand.id", "Brand.")
    owner_key: Mapped[str] = column(TEXT, "Comparison form of the owner's name.", nullable=False, index=True)
    owner: Mapped[str] = column(TEXT, "Owner.", nullable=False)
    country: Mapped[str | None] = column(TEXT, "ISO country of the owner.")
    share: Mapped[Decimal | None] = column(NUMBER, "Share in per cent, where it is not all.")
    valid_from: Mapped[dt.date | None] = column(DATE, "First day; null = since ever, as far as known.")
    valid_to: Mapped[dt.date | None] = column(DATE, "First day no more; null = still.")


class ProductLine(Base):
    """A product family of a brand."""

    __tablename__ = "product_line"
    __table_args__ = (
        UniqueConstraint("brand_id", "name"),
        {"comment": "A product family of a brand."},
    )

    id: Mapped[int] = pk()
    brand_id: Mapped[str] = text_ref("brand.id", "Brand.", index=False)
    name: Mapped[str] = column(TEXT, "Name of the line.", nullable=False)
    name_zh: Mapped[str | None] = column(TEXT, "Name in Chinese.")
    parent: Mapped[str | None] = column(TEXT, "Line it is a part of.")
    product_class: Mapped[str | None] = column(TEXT, "Product class.")
    product_kind: Mapped[str | None] = column(TEXT, "Product kind.")
