"""Where captures come from: portals, runs over them, and the windows a run promised to fetch."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.models._columns import BOOL, DATE, INT, JSON, TEXT, TIME, column, pk, ref, text_ref, value_enum


class RunKind(StrEnum):
    CRAWL = "crawl"
    IMPORT = "import"
    NIGHTLY = "nightly"
    READ = "read"
    LINK = "link"


class Verdict(StrEnum):
    """How a run or a window ended. ``open`` = still going, or it was killed."""

    OPEN = "open"
    COMPLETE = "complete"
    DEFICIT = "deficit"
    BLOCKED = "blocked"
    FAILED = "failed"


class Portal(Base):
    """One website that publishes notices."""

    __tablename__ = "portal"
    __table_args__ = ({"comment": "One website that publishes notices."},)

    id: Mapped[str] = mapped_column(
        TEXT, primary_key=True, comment="Portal id, as on the command line (ccgp-xinjiang)."
    )
    name: Mapped[str | None] = column(TEXT, "Name of the portal in Chinese.")
    platform: Mapped[str | None] = column(TEXT, "Software family behind the portal.")
    region_code: Mapped[str | None] = column(TEXT, "GB/T 2260 code of the publisher's area.")
    base_url: Mapped[str | None] = column(TEXT, "Home address.")
    known: Mapped[bool] = column(
        BOOL,
        "False for an id that no seed describes (an import named it).",
        nullable=False,
        server_default=text("false"),
    )


class Run(Base):
    """One start of a command that brings bytes or facts in."""

    __tablename__ = "run"
    __table_args__ = ({"comment": "One start of a command that brings bytes or facts into the store."},)

    id: Mapped[int] = pk()
    kind: Mapped[RunKind] = column(value_enum(RunKind, "run_kind"), "What was started.", nullable=False)
    started_at: Mapped[dt.datetime] = column(TIME, "Start.", nullable=False, server_default=text("clock_timestamp()"))
    ended_at: Mapped[dt.datetime | None] = column(TIME, "End; null while going, or killed.")
    verdict: Mapped[Verdict] = column(
        value_enum(Verdict, "run_verdict"), "How it ended.", nullable=False, server_default=Verdict.OPEN.value
    )
    code_version: Mapped[str | None] = column(TEXT, "Version of the program.")
    arguments: Mapped[dict[str, Any] | None] = column(JSON, "Arguments the command was given.")
    summary: Mapped[dict[str, Any] | None] = column(JSON, "Counts and reasons the command printed at its end.")


class CrawlWindow(Base):
    """A closed range of days of one portal that a run set out to fetch: listed = captured, or a named deficit."""

    __tablename__ = "crawl_window"
    __table_args__ = (
        UniqueConstraint("run_id", "portal_id", "channel", "since", "until"),
        CheckConstraint("since <= until", name="since_until"),
        CheckConstraint("captured >= 0 and listed >= 0", name="counts"),
        Index(None, "portal_id", "since", "until"),
        {"comment": "A closed range of days of one portal that a run set out to fetch, and what came of it."},
    )

    id: Mapped[int] = pk()
    run_id: Mapped[int] = ref("run.id", "Run that asked for it.", index=False)
    portal_id: Mapped[str] = text_ref("portal.id", "Portal.", index=False)
    channel: Mapped[str] = column(
        TEXT, "Column or notice type of the portal that was walked; empty = all.", nullable=False, server_default=""
    )
    since: Mapped[dt.date] = column(DATE, "First day.", nullable=False)
    until: Mapped[dt.date] = column(DATE, "Last day.", nullable=False)
    listed: Mapped[int | None] = column(INT, "Notices the portal's list showed; null = not known.")
    captured: Mapped[int] = column(INT, "Of these, captured.", nullable=False, server_default=text("0"))
    verdict: Mapped[Verdict] = column(
        value_enum(Verdict, "window_verdict"), "How it ended.", nullable=False, server_default=Verdict.OPEN.value
    )
    deficit: Mapped[list[Any] | None] = column(JSON, "What is missing and why: [{source_id, url, reason}].")
    reason: Mapped[str | None] = column(TEXT, "One line for people.")
    state: Mapped[dict[str, Any] | None] = column(JSON, "Where to resume.")
    claimed_by: Mapped[str | None] = column(TEXT, "Worker that holds the window.")
    claimed_at: Mapped[dt.datetime | None] = column(TIME, "Since when.")
    ended_at: Mapped[dt.datetime | None] = column(TIME, "When the verdict was given.")
