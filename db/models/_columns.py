"""Column shapes every table shares, so that time, money and enums look the same everywhere."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, DateTime, Enum, ForeignKey, Identity, Integer, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import MappedColumn, mapped_column

BIG = BigInteger()
INT = Integer()
TEXT = Text()
BOOL = Boolean()
DATE = Date()
TIME = DateTime(timezone=True)
NUMBER = Numeric()
"""Without a fixed scale: a unit price of 0.035 and a sum of 12,000,000.00 both come back as they went in."""
JSON = JSONB(none_as_null=True)


def pk(comment: str = "Row id.") -> MappedColumn[Any]:
    """An id the database gives out; bulk loads draw theirs from the same sequence."""
    return mapped_column(BIG, Identity(), primary_key=True, comment=comment)


def ref(target: str, comment: str, *, index: bool = True, nullable: bool = False) -> MappedColumn[Any]:
    """A foreign key. ``index`` is false only where a composite index already starts with the column."""
    return mapped_column(BIG, ForeignKey(target), nullable=nullable, index=index, comment=comment)


def text_ref(target: str, comment: str, *, index: bool = True, nullable: bool = False) -> MappedColumn[Any]:
    return mapped_column(TEXT, ForeignKey(target), nullable=nullable, index=index, comment=comment)


def column(kind: Any, comment: str, *, nullable: bool = True, **options: Any) -> MappedColumn[Any]:
    return mapped_column(kind, nullable=nullable, comment=comment, **options)


def value_enum(kind: type[StrEnum], name: str) -> Enum:
    """Text with a CHECK, holding the enum's values (not its Python names): readable in SQL, changeable in one migration."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )


def recorded_at() -> MappedColumn[Any]:
    return mapped_column(TIME, nullable=False, comment="System time: when the store learned this row (ledger tick).")


def superseded_at() -> MappedColumn[Any]:
    return mapped_column(
        TIME,
        nullable=True,
        comment="System time: when a newer row took over; null = still standing. The only column of a fact ever updated.",
    )
