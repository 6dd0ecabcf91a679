"""Which notices are the same announcement (N1) and the same procurement (N2), when the store knew it, and why."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.models._columns import BIG, INT, JSON, TEXT, column, pk, recorded_at, ref, superseded_at, value_enum


class LinkLevel(StrEnum):
    ANNOUNCEMENT = "announcement"
    PROCESS = "process"


class LinkVerdict(StrEnum):
    """``forbidden`` may never end in one group, whatever other pairs say; ``successor`` = a re-run of the left one's procurement."""

    SAME = "same"
    FORBIDDEN = "forbidden"
    SUCCESSOR = "successor"


class Pair(Base):
    """One decision about two revisions, with the evidence a person can read and overrule."""

    __tablename__ = "pair"
    __table_args__ = (
        CheckConstraint("left_revision_id < right_revision_id", name="ordered"),
        Index(
            "uq_pair_standing",
            "level",
            "left_revision_id",
            "right_revision_id",
            unique=True,
            postgresql_where=text("superseded_at is null"),
        ),
        {"comment": "One decision about two revisions, with the evidence for it."},
    )

    id: Mapped[int] = pk()
    level: Mapped[LinkLevel] = column(value_enum(LinkLevel, "link_level"), "Announcement or process.", nullable=False)
    left_revision_id: Mapped[int] = ref("revision.id", "Revision with the lower id.")
    right_revision_id: Mapped[int] = ref("revision.id", "Revision with the higher id.")
    verdict: Mapped[LinkVerdict] = column(value_enum(LinkVerdict, "link_verdict"), "Verdict.", nullable=False)
    score: Mapped[float] = column(Float(53), "Weight of the evidence, 0 to 1.", nullable=False)
    evidence: Mapped[dict[str, Any]] = column(JSON, "What was compared and what it weighed.", nullable=False)
    link_version: Mapped[str] = column(TEXT, "Version of the linking rules.", nullable=False)
    recorded_at: Mapped[dt.datetime] = recorded_at()
    superseded_at: Mapped[dt.datetime | None] = superseded_at()


class Announcement(Base):
    """The notices, over all portals, that are the same announcement."""

    __tablename__ = "announcement"
    __table_args__ = (
        UniqueConstraint("key"),
        {"comment": "The notices, over all portals, that are the same announcement (rung N1)."},
    )

    id: Mapped[int] = pk()
    key: Mapped[str] = column(
        TEXT, "portal/identity of its first notice; the same whatever order notices arrived in.", nullable=False
    )
    recorded_at: Mapped[dt.datetime] = recorded_at()


class AnnouncementMember(Base):
    """A notice's place in an announcement, dated."""

    __tablename__ = "announcement_member"
    __table_args__ = (
        Index(
            "uq_announcement_member_standing", "notice_id", unique=True, postgresql_where=text("superseded_at is null")
        ),
        {"comment": "A notice's place in an announcement, dated in system time."},
    )

    id: Mapped[int] = pk()
    announcement_id: Mapped[int] = ref("announcement.id", "Announcement.")
    notice_id: Mapped[int] = ref("notice.id", "Notice.")
    recorded_at: Mapped[dt.datetime] = recorded_at()
    superseded_at: Mapped[dt.datetime | None] = superseded_at()


class Process(Base):
    """One procurement project, from intention to contract."""

    __tablename__ = "process"
    __table_args__ = (
        UniqueConstraint("ocid"),
        {"comment": "One procurement project, from intention to contract (rung N2)."},
    )

    id: Mapped[int] = pk()
    ocid: Mapped[str] = column(TEXT, "Id made from project number, buyer, fiscal year and round.", nullable=False)
    project_no: Mapped[str | None] = column(TEXT, "Project number; else the contract number.")
    fiscal_year: Mapped[int | None] = column(INT, "Year of its first notice.")
    round: Mapped[int] = column(INT, "1; 2 for 二次, …", nullable=False, server_default=text("1"))
    predecessor_id: Mapped[int | None] = ref("process.id", "Process this one re-runs.", nullable=True)
    recorded_at: Mapped[dt.datetime] = recorded_at()


class ProcessMember(Base):
    """A notice's place in a process, dated."""

    __tablename__ = "process_member"
    __table_args__ = (
        Index("uq_process_member_standing", "notice_id", unique=True, postgresql_where=text("superseded_at is null")),
        Index(None, "superseded_at", postgresql_where=text("superseded_at is not null")),
        {"comment": "A notice's place in a process, dated in system time."},
    )

    id: Mapped[int] = pk()
    process_id: Mapped[int] = ref("process.id", "Process.")
    notice_id: Mapped[int] = ref("notice.id", "Notice.")
    recorded_at: Mapped[dt.datetime] = recorded_at()
    superseded_at: Mapped[dt.datetime | None] = superseded_at()


class LinkKey(Base):
    """What brings two readings together for comparison: project number, contract number, title and buyer, sketch of the text."""

    __tablename__ = "link_key"
    __table_args__ = (
        Index(None, "reading_id"),
        {"comment": "Comparison keys of a reading; two readings are compared where they share one. Derived."},
    )

    key: Mapped[str] = mapped_column(TEXT, primary_key=True, comment="Kind and value, as in p:JSZC-2021-001.")
    reading_id: Mapped[int] = mapped_column(
        BIG, ForeignKey("reading.id"), primary_key=True, autoincrement=False, comment="Reading."
    )


class LinkQueue(Base):
    """Notices whose evidence changed since linking last looked."""

    __tablename__ = "link_queue"
    __table_args__ = ({"comment": "Notices whose evidence changed since linking last looked. Emptied by linking."},)

    notice_id: Mapped[int] = mapped_column(
        BIG, ForeignKey("notice.id"), primary_key=True, autoincrement=False, comment="Notice."
    )
