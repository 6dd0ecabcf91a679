"""What the crawl must agree on between runs and machines: who has a portal in hand, and which files a page links."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.models._columns import BIG, JSON, TEXT, TIME, column


class PortalLease(Base):
    """Who may ask a portal: one run at a time, until the lease ends. All times are those of the database."""

    __tablename__ = "portal_lease"
    __table_args__ = ({"comment": "Which run has a portal in hand, and until when. One portal is one job."},)

    portal_id: Mapped[str] = mapped_column(TEXT, ForeignKey("portal.id"), primary_key=True, comment="Portal.")
    run_id: Mapped[int | None] = mapped_column(
        BIG, ForeignKey("run.id"), nullable=True, index=True, comment="Run that has it, or had it last."
    )
    archive: Mapped[str | None] = column(TEXT, "Id of the archive that run writes to.")
    claimed_at: Mapped[dt.datetime | None] = column(TIME, "Since when.")
    expires_at: Mapped[dt.datetime | None] = column(
        TIME, "Free from then on; the run moves it on while it lives. Null = given back."
    )


class PageFiles(Base):
    """The files a captured page links, so that the next run knows them without opening the archive."""

    __tablename__ = "page_files"
    __table_args__ = ({"comment": "The files a captured notice page links: what the next run need not read again."},)

    portal_id: Mapped[str] = mapped_column(TEXT, ForeignKey("portal.id"), primary_key=True, comment="Portal.")
    url_key: Mapped[str] = mapped_column(TEXT, primary_key=True, comment="Comparison form of the page's address.")
    sha256: Mapped[str] = column(TEXT, "sha256 of the capture the links were taken from.", nullable=False)
    files: Mapped[list[Any]] = column(JSON, "[[name, address], …]; empty = none.", nullable=False)
