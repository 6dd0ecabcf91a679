"""Administrative divisions with the years in which each code and name held."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped

from db.base import Base
from db.models._columns import BOOL, INT, TEXT, column, pk


class Division(Base):
    """One code of GB/T 2260 under one name, dated."""

    __tablename__ = "division"
    __table_args__ = (
        Index(None, "code", "valid_from"),
        CheckConstraint("valid_to is null or valid_from is null or valid_from <= valid_to", name="years"),
        {"comment": "One code of GB/T 2260 under one name, dated by year."},
    )

    id: Mapped[int] = pk()
    code: Mapped[str] = column(TEXT, "Six digits.", nullable=False)
    name: Mapped[str] = column(TEXT, "Name.", nullable=False, index=True)
    name_en: Mapped[str | None] = column(TEXT, "Name in English.")
    level: Mapped[str | None] = column(TEXT, "province, prefecture or county.")
    parent_code: Mapped[str | None] = column(TEXT, "Code of the division above.")
    valid_from: Mapped[int | None] = column(INT, "First year.")
    valid_to: Mapped[int | None] = column(INT, "Last year; null = still.")
    successor_code: Mapped[str | None] = column(TEXT, "Code that took over.")
    is_xpcc: Mapped[bool] = column(BOOL, "Run by the Corps.", nullable=False, server_default=text("false"))
