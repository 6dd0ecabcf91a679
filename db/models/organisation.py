"""Organisations under all their names, and the parties of each reading."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ARRAY, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from db.base import Base
from db.models._columns import BOOL, INT, TEXT, column, pk, recorded_at, ref, superseded_at, value_enum
from nlp.types import Level, PartyRole, Tier


class Organisation(Base):
    """One organisation. Its names are in ``organisation_name``; its class is read for a date and stands with each party."""

    __tablename__ = "organisation"
    __table_args__ = (
        UniqueConstraint("key"),
        Index(None, "chain", postgresql_using="gin"),
        {"comment": "One organisation under all its names."},
    )

    id: Mapped[int] = pk()
    key: Mapped[str] = column(TEXT, "Comparison form of the name it is filed under.", nullable=False)
    name: Mapped[str] = column(TEXT, "Name shown.", nullable=False)
    name_en: Mapped[str | None] = column(TEXT, "English name.")
    division_code: Mapped[str | None] = column(TEXT, "GB/T 2260 code of its jurisdiction.", index=True)
    is_xpcc: Mapped[bool] = column(
        BOOL, "Belongs to the Xinjiang Production and Construction Corps.", nullable=False, server_default=text("false")
    )
    chain: Mapped[list[str] | None] = column(ARRAY(TEXT), "Keys of the organs above it, nearest first.")
    seed_id: Mapped[str | None] = column(TEXT, "Id in the seeds, for organisations known beforehand.", unique=True)
    recorded_at: Mapped[dt.datetime] = recorded_at()


class OrganisationName(Base):
    """A name of an organisation, for as long as it holds in the store."""

    __tablename__ = "organisation_name"
    __table_args__ = (
        Index("ix_organisation_name_pairs", text("letter_pairs(name)"), postgresql_using="gin"),
        Index("uq_organisation_name_standing", "key", unique=True, postgresql_where=text("superseded_at is null")),
        {"comment": "A name of an organisation. One standing organisation per name."},
    )

    id: Mapped[int] = pk()
    organisation_id: Mapped[int] = ref("organisation.id", "Organisation.")
    key: Mapped[str] = column(TEXT, "Comparison form of the name.", nullable=False)
    name: Mapped[str] = column(TEXT, "The name.", nullable=False)
    source: Mapped[str] = column(TEXT, "Where it comes from: notice, seed, review.", nullable=False)
    recorded_at: Mapped[dt.datetime] = recorded_at()
    superseded_at: Mapped[dt.datetime | None] = superseded_at()


class Party(Base):
    """One organisation in one role in one reading."""

    __tablename__ = "party"
    __table_args__ = (
        CheckConstraint('start >= 0 and "end" >= start', name="span"),
        Index(None, "organisation_id", "role"),
        {"comment": "One organisation in one role in one reading, classed for the date of the notice."},
    )

    id: Mapped[int] = pk()
    reading_id: Mapped[int] = ref("reading.id", "Reading.")
    organisation_id: Mapped[int] = ref("organisation.id", "Organisation the name was filed under.", index=False)
    role: Mapped[PartyRole] = column(value_enum(PartyRole, "party_role"), "Role.", nullable=False)
    name: Mapped[str] = column(TEXT, "Name, cleaned.", nullable=False)
    name_raw: Mapped[str] = column(TEXT, "Name as printed.", nullable=False)
    lot: Mapped[str | None] = column(TEXT, "Lot it belongs to.")
    is_public_security: Mapped[bool | None] = column(BOOL, "Public security on the notice's date.")
    tier: Mapped[Tier | None] = column(value_enum(Tier, "tier"), "Tier on the notice's date.")
    unit_class: Mapped[str | None] = column(TEXT, "Kind of organ on the notice's date.")
    level: Mapped[Level | None] = column(value_enum(Level, "level"), "Administrative level.")
    division_code: Mapped[str | None] = column(TEXT, "GB/T 2260 code of its jurisdiction.")
    reason: Mapped[str | None] = column(TEXT, "Rule that decided the class.")
    start: Mapped[int | None] = column(INT, "First code point in the text.")
    end: Mapped[int | None] = column(INT, "Code point after the last.")
