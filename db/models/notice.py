"""Notices, their revisions, and the readings of each revision."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped

from db.base import Base
from db.models._columns import (
    BOOL,
    DATE,
    INT,
    JSON,
    NUMBER,
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
from nlp.types import NoticeType, Stage


class Notice(Base):
    """One official announcement at one portal. Identity only; what it says is in its revisions' readings."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("portal_id", "identity"),
        {"comment": "One official announcement at one portal."},
    )

    id: Mapped[int] = pk()
    portal_id: Mapped[str] = text_ref("portal.id", "Portal.", index=False)
    identity: Mapped[str] = column(
        TEXT, "id:<the portal's own id>, else url:<canonical address>, else sha256:<bytes>.", nullable=False
    )
    source_id: Mapped[str | None] = column(TEXT, "The portal's own id.", index=True)
    url: Mapped[str | None] = column(TEXT, "Address of the notice.")
    provisional: Mapped[bool] = column(
        BOOL,
        "True where neither id nor address was known and the bytes stand in.",
        nullable=False,
        server_default=text("false"),
    )
    recorded_at: Mapped[dt.datetime] = recorded_at()


class Revision(Base):
    """One content of a notice. When it was on show is told by the captures that show it."""

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("notice_id", "content_digest"),
        {"comment": "One content of a notice. A changed page is a new revision, never an update."},
    )

    id: Mapped[int] = pk()
    notice_id: Mapped[int] = ref("notice.id", "Notice.", index=False)
    content_digest: Mapped[str] = column(
        TEXT, "sha256 of the portal's declared content node without its volatile parts.", nullable=False
    )
    recorded_at: Mapped[dt.datetime] = recorded_at()


class Body(Base):
    """The visible text a reading's offsets point into. Readings that found the same text share it."""

    __tablename__ = "body"
    __table_args__ = (
        UniqueConstraint("revision_id", "digest"),
        Index("ix_body_tokens", "tokens", postgresql_using="gin"),
        {"comment": "The visible text a reading's offsets point into, and its search tokens."},
    )

    id: Mapped[int] = pk()
    revision_id: Mapped[int] = ref("revision.id", "Revision.", index=False)
    digest: Mapped[str] = column(TEXT, "sha256 of the text.", nullable=False)
    text: Mapped[str] = column(TEXT, "Visible text; offsets are code points into it.", nullable=False)
    tokens: Mapped[str | None] = column(TSVECTOR(), "Search tokens with positions; null = not yet made.")


class Reading(Base):
    """What the reader made of one revision, with one set of versions."""

    __tablename__ = "reading"
    __table_args__ = (
        Index("uq_reading_standing", "revision_id", unique=True, postgresql_where=text("superseded_at is null")),
        CheckConstraint("budget_cny >= 0", name="budget"),
        CheckConstraint("ceiling_cny >= 0", name="ceiling"),
        CheckConstraint("award_total_cny >= 0", name="award_total"),
        {"comment": "What the reader made of one revision. Superseded by a newer reading, never overwritten."},
    )

    id: Mapped[int] = pk()
    revision_id: Mapped[int] = ref("revision.id", "Revision read.")
    versions_id: Mapped[int] = ref("versions.id", "Reader, lexicon and model used.", index=False)
    attachments_digest: Mapped[str] = column(
        TEXT, "sha256 over the attachments read with it; empty = none.", nullable=False, server_default=""
    )
    capture_id: Mapped[int] = ref("capture.id", "Capture whose bytes were read.")
    body_id: Mapped[int] = ref("body.id", "Text the offsets point into.")
    evidence_at: Mapped[dt.datetime | None] = column(
        TIME,
        "Evidence time of the last attachment read with the page; null = none was. The page's own is its captures'.",
    )
    recorded_at: Mapped[dt.datetime] = recorded_at()
    superseded_at: Mapped[dt.datetime | None] = superseded_at()
    # what the notice says
    title: Mapped[str | None] = column(TEXT, "Title.")
    type: Mapped[NoticeType | None] = column(value_enum(NoticeType, "notice_type"), "Normal form of the type.")
    type_raw: Mapped[str | None] = column(TEXT, "Type as the portal calls it.")
    stage: Mapped[Stage | None] = column(value_enum(Stage, "stage"), "Stage of the procurement.")
    published_on: Mapped[dt.date | None] = column(DATE, "Day of publication (Asia/Shanghai).")
    published_at: Mapped[dt.datetime | None] = column(TIME, "Time of publication, where the page gives one.")
    published_raw: Mapped[str | None] = column(TEXT, "Publication time as printed.")
    opening_on: Mapped[dt.date | None] = column(DATE, "Day of bid opening.")
    award_on: Mapped[dt.date | None] = column(DATE, "Day of the award decision.")
    signed_on: Mapped[dt.date | None] = column(DATE, "Day the contract was signed.")
    first_notice_on: Mapped[dt.date | None] = column(DATE, "Day of the project's first notice, as stated.")
    project_no: Mapped[str | None] = column(TEXT, "Project number.")
    project_no_raw: Mapped[str | None] = column(TEXT, "Project number as printed.")
    project_name: Mapped[str | None] = column(TEXT, "Project name.")
    contract_no: Mapped[str | None] = column(TEXT, "Contract number.")
    method: Mapped[str | None] = column(TEXT, "Procurement method.")
    method_raw: Mapped[str | None] = column(TEXT, "Procurement method as printed.")
    region_code: Mapped[str | None] = column(TEXT, "GB/T 2260 code of the notice's area.")
    region_raw: Mapped[str | None] = column(TEXT, "Area as printed.")
    category_raw: Mapped[str | None] = column(TEXT, "Category as printed.")
    budget_cny: Mapped[Decimal | None] = column(NUMBER, "Budget, CNY.")
    budget_raw: Mapped[str | None] = column(TEXT, "Budget as printed.")
    ceiling_cny: Mapped[Decimal | None] = column(NUMBER, "Ceiling price, CNY.")
    ceiling_raw: Mapped[str | None] = column(TEXT, "Ceiling price as printed.")
    award_total_cny: Mapped[Decimal | None] = column(NUMBER, "Total awarded, CNY.")
    award_total_raw: Mapped[str | None] = column(TEXT, "Total awarded as printed.")
    # what linking compares, taken from the reading alone
    link_keys: Mapped[dict[str, Any] | None] = column(JSON, "Comparison forms used by linking.")


class Attachment(Base):
    """One file the page links to."""

    __tablename__ = "attachment"
    __table_args__ = ({"comment": "One file the page links to."},)

    id: Mapped[int] = pk()
    reading_id: Mapped[int] = ref("reading.id", "Reading.")
    name: Mapped[str] = column(TEXT, "Name of the link.", nullable=False)
    url: Mapped[str] = column(TEXT, "Address.", nullable=False)
    url_key: Mapped[str] = column(TEXT, "Comparison form of the address; joins captures.", nullable=False, index=True)


class RelatedNotice(Base):
    """A link to another notice of the same project that the page itself states."""

    __tablename__ = "related_notice"
    __table_args__ = ({"comment": "A link to another notice of the same project that the page itself states."},)

    id: Mapped[int] = pk()
    reading_id: Mapped[int] = ref("reading.id", "Reading.")
    source_id: Mapped[str | None] = column(TEXT, "The portal's id of the other notice.")
    url: Mapped[str | None] = column(TEXT, "Its address.")
    type_raw: Mapped[str | None] = column(TEXT, "Its type as printed.")
    published_on: Mapped[dt.date | None] = column(DATE, "Its day of publication.")


class FieldChange(Base):
    """One line of a correction."""

    __tablename__ = "field_change"
    __table_args__ = ({"comment": "One line of a correction: the field, before and after, as the page says it."},)

    id: Mapped[int] = pk()
    reading_id: Mapped[int] = ref("reading.id", "Reading.")
    field: Mapped[str] = column(TEXT, "Field named.", nullable=False)
    before: Mapped[str | None] = column(TEXT, "Text before.")
    after: Mapped[str | None] = column(TEXT, "Text after.")


class Issue(Base):
    """Something a person should know about a reading."""

    __tablename__ = "issue"
    __table_args__ = (
        CheckConstraint("num_nonnulls(reading_id, capture_reading_id) = 1", name="one_subject"),
        {"comment": "Something a person should know about a reading, or about a page that is no notice."},
    )

    id: Mapped[int] = pk()
    reading_id: Mapped[int | None] = ref("reading.id", "Reading of a notice.", nullable=True)
    capture_reading_id: Mapped[int | None] = ref(
        "capture_reading.id", "Reading of a page that is no notice.", nullable=True
    )
    code: Mapped[str] = column(TEXT, "Code, as in docs/issues.md.", nullable=False, index=True)
    message: Mapped[str] = column(TEXT, "One line.", nullable=False)
    at: Mapped[str | None] = column(TEXT, "The field, cell or file it is about.")


class Span(Base):
    """A labelled span of the text (personal data, justification)."""

    __tablename__ = "span"
    __table_args__ = (
        CheckConstraint('start >= 0 and "end" >= start', name="span"),
        {"comment": "A labelled span of a reading's text: personal:phone, justification:patent."},
    )

    id: Mapped[int] = pk()
    reading_id: Mapped[int] = ref("reading.id", "Reading.")
    label: Mapped[str] = column(TEXT, "Label.", nullable=False)
    start: Mapped[int] = column(INT, "First code point.", nullable=False)
    end: Mapped[int] = column(INT, "Code point after the last.", nullable=False)
