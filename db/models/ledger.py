"""The store's own clock, and the versions behind every reading."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.models._columns import INT, JSON, TEXT, TIME, column, pk, recorded_at


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


class SeedPast(Base):
    """One row of a seeds' table as it was before a newer set of seeds replaced it."""

    __tablename__ = "seed_past"
    __table_args__ = (
        Index(None, "name", "superseded_at"),
        {
            "comment": "Rows of the seeds' tables before a newer set of seeds replaced them: for questions about the past."
        },
    )

    id: Mapped[int] = pk()
    name: Mapped[str] = column(TEXT, "Table the row stood in.", nullable=False)
    row: Mapped[dict[str, Any]] = column(JSON, "The row as it was.", nullable=False)
    recorded_at: Mapped[dt.datetime] = recorded_at()
    superseded_at: Mapped[dt.datetime] = column(TIME, "Tick of the load that replaced it.", nullable=False)


class Tombstone(Base):
    """What was purged for legal reasons: that it was here, when it went and why, not what it said.

    A purged notice leaves one row for itself, one for each content it had and one for each capture's bytes. While they stand,
    none of these is let in again.
    """

    __tablename__ = "tombstone"
    __table_args__ = (
        Index(
            "uq_tombstone_standing",
            "subject",
            "identity",
            "notice",
            unique=True,
            postgresql_where=text("lifted_at is null"),
        ),
        CheckConstraint("subject in ('notice', 'revision', 'bytes')", name="subject"),
        CheckConstraint("num_nulls(lifted_at, lifted_by, lift_reason) in (0, 3)", name="lifted"),
        {"comment": "What was purged for legal reasons: that it was here, when it went and why."},
    )

    id: Mapped[int] = pk()
    subject: Mapped[str] = column(TEXT, "notice, revision (a content) or bytes (of a capture).", nullable=False)
    identity: Mapped[str] = column(
        TEXT, "portal/identity of a notice, portal/digest of a revision, sha256 of bytes.", nullable=False
    )
    notice: Mapped[str] = column(TEXT, "portal/identity of the notice it went with.", nullable=False)
    source_id: Mapped[str | None] = column(TEXT, "The portal's own id of the notice.")
    reason: Mapped[str] = column(TEXT, "Why.", nullable=False)
    purged_by: Mapped[str] = column(TEXT, "Who.", nullable=False)
    details: Mapped[dict[str, Any]] = column(
        JSON, "What went: rows by table, or the archive records and times of the bytes.", nullable=False
    )
    erased_at: Mapped[dt.datetime | None] = column(
        TIME, "When the archive records of these bytes had been overwritten; null = not yet, or no bytes."
    )
    recorded_at: Mapped[dt.datetime] = recorded_at()
    lifted_at: Mapped[dt.datetime | None] = column(TIME, "When it was allowed in again; null = it stays out.")
    lifted_by: Mapped[str | None] = column(TEXT, "Who allowed it.")
    lift_reason: Mapped[str | None] = column(TEXT, "Why.")
