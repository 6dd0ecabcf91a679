"""Government lists taken from their publishers' files, beside the listings of the seeds."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ARRAY, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from db.base import Base
from db.models._columns import DATE, INT, TEXT, column, pk, recorded_at, ref, superseded_at


class ListFile(Base):
    """One file of listings that was imported."""

    __tablename__ = "list_file"
    __table_args__ = (
        UniqueConstraint("sha256"),
        {"comment": "One file of a government list that was imported."},
    )

    id: Mapped[int] = pk()
    format: Mapped[str] = column(TEXT, "consolidated_screening_list or opensanctions.", nullable=False)
    name: Mapped[str] = column(TEXT, "File name.", nullable=False)
    sha256: Mapped[str] = column(TEXT, "sha256 of the file.", nullable=False)
    entries: Mapped[int] = column(INT, "Entries taken.", nullable=False)
    left_out: Mapped[int] = column(INT, "Entries without a list of ours or a date.", nullable=False)
    recorded_at: Mapped[dt.datetime] = recorded_at()


class ImportedListing(Base):
    """One entry of one list as a file has it. A newer file that says otherwise supersedes it."""

    __tablename__ = "imported_listing"
    __table_args__ = (
        Index(
            "uq_imported_listing_standing",
            "entry_id",
            unique=True,
            postgresql_where=text("superseded_at is null"),
        ),
        CheckConstraint("removed_on is null or listed_on <= removed_on", name="dates"),
        {"comment": "One entry of one government list as an imported file has it."},
    )

    id: Mapped[int] = pk()
    file_id: Mapped[int] = ref("list_file.id", "File that says so.")
    entry_id: Mapped[str] = column(TEXT, "The publisher's id, with the list it is on.", nullable=False)
    vocabulary: Mapped[str] = column(TEXT, "Which list.", nullable=False)
    kind: Mapped[str] = column(TEXT, "public_security, vendor or government.", nullable=False)
    name_en: Mapped[str] = column(TEXT, "Name on the list.", nullable=False)
    aliases_en: Mapped[list[str]] = column(ARRAY(TEXT), "Further names in Latin letters.", nullable=False)
    name_zh: Mapped[str | None] = column(TEXT, "Name in Chinese.")
    aliases_zh: Mapped[list[str]] = column(ARRAY(TEXT), "Further names in Chinese.", nullable=False)
    listed_on: Mapped[dt.date] = column(DATE, "First day on the list.", nullable=False)
    removed_on: Mapped[dt.date | None] = column(DATE, "Day of removal; null = still on it.")
    date_basis: Mapped[str] = column(
        TEXT, "effective, or first_seen where the file only says since when it knows the entry.", nullable=False
    )
    citation: Mapped[str | None] = column(TEXT, "Where the listing was published.")
    confidence: Mapped[str] = column(TEXT, "How sure the row is.", nullable=False)
    recorded_at: Mapped[dt.datetime] = recorded_at()
    superseded_at: Mapped[dt.datetime | None] = superseded_at()
