"""The store's own clock, and the versions behind every reading."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.models._columns import INT, TEXT, TIME, column, pk, recorded_at


class Ledger(Base):
    """One row: the last tick of system time.

    Every writer of facts takes a tick first and so holds the row until it commits: ticks are strictly increasing in commit order,
    also when the machine's clock goes back. A question asked at a tick can therefore never be changed by a transaction that was
    still open when it was asked.
    """

    __tablename__ = "ledger"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), {"comment": "One row: the last tick of system time."})

    id: Mapped[int] = mapped_column(INT, primary_key=True, autoincrement=False, comment="Always 1.")
    tick: Mapped[dt.datetime] = column(TIME, "Last tick given out.", nullable=False)


class Versions(Base):
    """One combination of reader, lexicon and model that produced readings."""

    __tablename__ = "versions"
    __table_args__ = (
        UniqueConstraint("reader", "lexicon", "model"),
        {"comment": "One combination of reader, lexicon and model that produced readings."},
    )

    id: Mapped[int] = pk()
    reader: Mapped[str] = column(TEXT, "Version of the reader.", nullable=False)
    lexicon: Mapped[str] = column(TEXT, "Digest of the lexicon.", nullable=False)
    model: Mapped[str] = column(TEXT, "Version of the trained model.", nullable=False)
    first_used_at: Mapped[dt.datetime] = column(TIME, "Tick of the first batch read with it.", nullable=False)


class SeedVersion(Base):
    """Which digest of which seed set is loaded into the tables."""

    __tablename__ = "seed_version"
    __table_args__ = (
        UniqueConstraint("name", "digest"),
        {"comment": "Which digest of which seed set was loaded into the tables, and when."},
    )

    id: Mapped[int] = pk()
    name: Mapped[str] = column(TEXT, "Seed set: brands, divisions, orgs, listings, portals.", nullable=False)
    digest: Mapped[str] = column(TEXT, "sha256 of the rows loaded.", nullable=False)
    loaded_at: Mapped[dt.datetime] = column(TIME, "Tick of the load.", nullable=False)


class Tombstone(Base):
    """What was purged for legal reasons: that it was here, when it went and why, not what it said."""

    __tablename__ = "tombstone"
    __table_args__ = (
        UniqueConstraint("subject", "identity"),
        {"comment": "What was purged for legal reasons: that it was here, when it went and why."},
    )

    id: Mapped[int] = pk()
    subject: Mapped[str] = column(TEXT, "notice or capture.", nullable=False)
    identity: Mapped[str] = column(TEXT, "Its key: portal/identity, or sha256.", nullable=False)
    reason: Mapped[str] = column(TEXT, "Why.", nullable=False)
    purged_by: Mapped[str] = column(TEXT, "Who.", nullable=False)
    recorded_at: Mapped[dt.datetime] = recorded_at()
