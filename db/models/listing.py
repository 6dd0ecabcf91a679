"""Dated memberships of government lists (BIS Entity List …)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from db.base import Base
from db.models._columns import DATE, TEXT, column, pk, ref


class Listing(Base):
    """One organisation on one list for a stretch of days."""

    __tablename__ = "listing"
    __table_args__ = (
        UniqueConstraint("list", "seed_id"),
        CheckConstraint("removed_on is null or listed_on <= removed_on", name="dates"),
        {"comment": "One organisation on one government list for a stretch of days."},
    )

    id: Mapped[int] = pk()
    list: Mapped[str] = column(TEXT, "Which list.", nullable=False)
    seed_id: Mapped[str] = column(TEXT, "Id in the seeds.", nullable=False)
    name_en: Mapped[str] = column(TEXT, "Name on the list.", nullable=False)
    name_zh: Mapped[str | None] = column(TEXT, "Name in Chinese.")
    organisation_id: Mapped[int | None] = ref("organisation.id", "Organisation in the store.", nullable=True)
    listed_on: Mapped[dt.date] = column(DATE, "First day on the list.", nullable=False)
    removed_on: Mapped[dt.date | None] = column(DATE, "Day of removal; null = still on it.")
    citation: Mapped[str | None] = column(TEXT, "Where the listing was published.")
    confidence: Mapped[str | None] = column(TEXT, "How sure the Chinese name is.")
