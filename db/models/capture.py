"""Captures (bytes in the archive) and what reading each of them said."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from db.base import Base
from db.models._columns import (
    BIG,
    BOOL,
    INT,
    TEXT,
    TIME,
    column,
    pk,
    recorded_at,
    ref,
    superseded_at,
    text_ref,
    value_enum,
)
from nlp.types import PageState


class CaptureKind(StrEnum):
    """What the fetcher asked for. What came back is the page state of its reading."""

    PAGE = "page"
    ATTACHMENT = "attachment"
    LIST = "list"


class Capture(Base):
    """One HTTP response (or imported file) kept byte for byte in the archive. Never changed, never deleted."""

    __tablename__ = "capture"
    __table_args__ = (
        UniqueConstraint("identity"),
        CheckConstraint("warc_offset >= 0 and warc_length > 0", name="warc_range"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_hex"),
        Index(None, "url_key"),
        Index(None, "captured_at"),
        {"comment": "One HTTP response or imported file kept byte for byte in the archive. Immutable."},
    )

    id: Mapped[int] = pk()
    identity: Mapped[str] = column(
        TEXT,
        "sha256 over portal, address, bytes and time; recording the same capture twice is one row.",
        nullable=False,
    )
    kind: Mapped[CaptureKind] = column(
        value_enum(CaptureKind, "capture_kind"), "What was asked for.", nullable=False, server_default="page"
    )
    portal_id: Mapped[str | None] = text_ref("portal.id", "Portal it came from, where known.", nullable=True)
    url: Mapped[str | None] = column(TEXT, "The portal's own address; null for a file imported without one.")
    url_key: Mapped[str | None] = column(TEXT, "Comparison form of the address.")
    name: Mapped[str | None] = column(TEXT, "File name of an import.")
    source_id: Mapped[str | None] = column(TEXT, "The portal's id of the notice, where the fetcher knew it.")
    captured_at: Mapped[dt.datetime] = column(TIME, "Evidence time: when the bytes were received.", nullable=False)
    captured_at_is_import: Mapped[bool] = column(
        BOOL,
        "True where nobody said when it was captured and the time is that of the import.",
        nullable=False,
        server_default=text("false"),
    )
    http_status: Mapped[int | None] = column(INT, "HTTP status; null for imported files.")
    media_type: Mapped[str] = column(TEXT, "Media type without parameters.", nullable=False)
    content_type: Mapped[str | None] = column(TEXT, "The Content-Type header as sent.")
    sha256: Mapped[str] = column(TEXT, "sha256 of the body.", nullable=False, index=True)
    warc_file: Mapped[str] = column(TEXT, "Archive file, relative to the archive folder.", nullable=False)
    warc_offset: Mapped[int] = column(BIG, "Offset of the record in that file, bytes.", nullable=False)
    warc_length: Mapped[int] = column(BIG, "Length of the record in that file, bytes.", nullable=False)
    run_id: Mapped[int | None] = ref("run.id", "Run that fetched it.", nullable=True)
    recorded_at: Mapped[dt.datetime] = column(
        TIME, "System time: when the row was written.", nullable=False, server_default=text("clock_timestamp()")
    )


class CaptureReading(Base):
    """What reading one capture with one set of versions said: the page state and, for a notice, the revision it shows."""

    __tablename__ = "capture_reading"
    __table_args__ = (
        Index(None, "capture_id"),
        Index(None, "notice_id", postgresql_where=text("notice_id is not null")),
        Index("uq_capture_reading_standing", "capture_id", unique=True, postgresql_where=text("superseded_at is null")),
        CheckConstraint("(state = 'notice') = (revision_id is not null)", name="notice_has_revision"),
        CheckConstraint("(notice_id is null) = (revision_id is null)", name="notice_revision"),
        {"comment": "What reading one capture with one set of versions said."},
    )

    id: Mapped[int] = pk()
    capture_id: Mapped[int] = ref("capture.id", "Capture read.", index=False)
    versions_id: Mapped[int] = ref("versions.id", "Reader, lexicon and model used.", index=False)
    attachments_digest: Mapped[str] = column(
        TEXT, "sha256 over the attachments read with it; empty = none.", nullable=False, server_default=""
    )
    state: Mapped[PageState] = column(value_enum(PageState, "page_state"), "What the bytes are.", nullable=False)
    notice_id: Mapped[int | None] = ref("notice.id", "Notice shown.", nullable=True, index=False)
    revision_id: Mapped[int | None] = ref("revision.id", "Revision shown.", nullable=True)
    recorded_at: Mapped[dt.datetime] = recorded_at()
    superseded_at: Mapped[dt.datetime | None] = superseded_at()
