"""The desk: what is effective now, laid out for questions. Derived from the ledger tables and rebuilt by linking; never evidence.

A question about the past lays the same relations out for that time (``db.world``); the SQL of the questions is one and the same.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.models._columns import BIG, BOOL, DATE, INT, NUMBER, TEXT, TIME, column, pk


class _OfProcess:
    """When a row came to be what it is. A question about an earlier moment puts its process together again."""

    evidence_at: Mapped[dt.datetime] = column(
        TIME, "Latest evidence time the process rests on: an earlier --as-of asks again.", nullable=False
    )
    changed_at: Mapped[dt.datetime] = column(
        TIME, "Latest system time the process rests on: an earlier --known-at asks again.", nullable=False
    )


class _OfNotice:
    """What filters ask of a notice; repeated on mentions, so that a question reads one relation."""

    announcement_id: Mapped[int] = column(BIG, "Announcement (N1).", nullable=False)
    process_id: Mapped[int] = column(BIG, "Process (N2).", nullable=False)
    type: Mapped[str | None] = column(TEXT, "Notice type.")
    published_on: Mapped[dt.date | None] = column(DATE, "Publication of the announcement's earliest copy.")
    award_on: Mapped[dt.date | None] = column(DATE, "Award decision, earliest of the copies.")
    signed_on: Mapped[dt.date | None] = column(DATE, "Signature, earliest of the copies.")
    first_seen_on: Mapped[dt.date] = column(DATE, "Day the first copy was captured (Asia/Shanghai).", nullable=False)
    buyer_id: Mapped[int | None] = column(BIG, "Buyer (organisation).")
    buyer_tier: Mapped[str | None] = column(TEXT, "Buyer's tier.")
    buyer_class: Mapped[str | None] = column(TEXT, "Buyer's kind of organ.")
    buyer_division: Mapped[str | None] = column(
        TEXT, "Buyer's jurisdiction; the notice's area where the name tells none."
    )
    buyer_xpcc: Mapped[bool] = column(BOOL, "Buyer belongs to the Corps.", nullable=False, server_default=text("false"))
    end_user_id: Mapped[int | None] = column(BIG, "End user (organisation).")
    end_user_tier: Mapped[str | None] = column(TEXT, "End user's tier.")
    end_user_class: Mapped[str | None] = column(TEXT, "End user's kind of organ.")
    end_user_division: Mapped[str | None] = column(TEXT, "End user's jurisdiction.")
    end_user_xpcc: Mapped[bool] = column(
        BOOL, "End user belongs to the Corps.", nullable=False, server_default=text("false")
    )


class FactNotice(_OfNotice, _OfProcess, Base):
    """One row a notice: its effective reading, its announcement and process, and everything filters ask for."""

    __tablename__ = "fact_notice"
    __table_args__ = (
        Index(None, "reading_id"),
        Index("ix_fact_notice_body", "body_id", postgresql_include=["notice_id", "published_on", "is_primary"]),
        Index(None, "announcement_id"),
        Index(None, "process_id"),
        Index(None, "published_on", "notice_id"),
        Index(None, "buyer_id"),
        Index(None, "end_user_id"),
        Index(
            "ix_fact_notice_between",
            text("tstzrange(first_captured_at, evidence_at, '[)')"),
            postgresql_using="gist",
            postgresql_where=text("first_captured_at < evidence_at"),
        ),
        Index(None, "changed_at"),
        Index("ix_fact_notice_title_pairs", text("letter_pairs(title)"), postgresql_using="gin"),
        {
            "comment": "One row a notice as it stands now: effective reading, announcement, process, filter columns. Derived."
        },
    )

    notice_id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False, comment="Notice.")
    revision_id: Mapped[int] = column(BIG, "Effective revision.", nullable=False)
    reading_id: Mapped[int] = column(BIG, "Its newest reading.", nullable=False)
    body_id: Mapped[int] = column(BIG, "Text of that reading.", nullable=False)
    portal_id: Mapped[str] = column(TEXT, "Portal.", nullable=False)
    is_primary: Mapped[bool] = column(BOOL, "The copy that speaks for its announcement.", nullable=False)
    title: Mapped[str | None] = column(TEXT, "Title.")
    own_published_on: Mapped[dt.date | None] = column(DATE, "Publication of this copy.")
    captures: Mapped[int] = column(INT, "Captures that show the notice (N0).", nullable=False, server_default=text("1"))
    first_captured_at: Mapped[dt.datetime] = column(TIME, "Evidence time of the first capture.", nullable=False)


class _OfMention:
    """What item filters ask of a mention or line."""

    notice_id: Mapped[int] = column(BIG, "Notice that states it.", nullable=False)
    reading_id: Mapped[int] = column(BIG, "Reading that states it.", nullable=False)
    mention_id: Mapped[int | None] = column(BIG, "Mention; null = a line that names no known brand.")
    item_id: Mapped[int | None] = column(BIG, "Line of goods; null = a mention outside any line.")
    brand_id: Mapped[str | None] = column(TEXT, "Brand.")
    role: Mapped[str] = column(TEXT, "Role, a person's decision first.", nullable=False)
    best_role: Mapped[str] = column(TEXT, "Best guess; equals role where it is decided.", nullable=False)
    decided: Mapped[bool] = column(BOOL, "By a person, a certain rule or a score above the threshold.", nullable=False)
    reviewed: Mapped[bool] = column(BOOL, "Decided by a person.", nullable=False)
    in_award: Mapped[bool] = column(BOOL, "Stands in an awarded or contracted line.", nullable=False)
    lot: Mapped[str | None] = column(TEXT, "Lot.")
    product_kind: Mapped[str | None] = column(TEXT, "hdd, ssd, portable, other; null = not known.")
    product_class: Mapped[str | None] = column(TEXT, "Product class.")
    product_line: Mapped[str | None] = column(TEXT, "Product line.")
    area: Mapped[str | None] = column(TEXT, "Technology area of the item; outside = of none; null = not known.")
    units: Mapped[Decimal | None] = column(NUMBER, "Pieces; null = not known.")
    supplier_id: Mapped[int | None] = column(BIG, "Supplier of the line, its lot or its notice.")
    class_from: Mapped[int | None] = column(
        BIG, "Notice of the same process the class is taken from; null = this notice states it."
    )


class FactMention(_OfMention, _OfNotice, _OfProcess, Base):
    """One row a brand mention of an effective reading, and one for each line that names no brand."""

    __tablename__ = "fact_mention"
    __table_args__ = (
        # A count by brand reads this index alone.
        Index(
            "ix_fact_mention_counting",
            "brand_id",
            "published_on",
            "announcement_id",
            "notice_id",
            postgresql_include=[
                "process_id",
                "buyer_id",
                "supplier_id",
                "item_id",
                "units",
                "is_primary",
                "portal_id",
                "captures",
                "role",
                "best_role",
                "decided",
                "in_award",
                "type",
                "buyer_tier",
                "buyer_class",
                "buyer_division",
                "product_class",
                "class_from",
                "evidence_at",
                "changed_at",
            ],
        ),
        Index(None, "notice_id"),
        Index(None, "announcement_id"),
        Index(None, "process_id"),
        Index(None, "buyer_id"),
        Index(None, "supplier_id"),
        Index(None, "product_class", "published_on", postgresql_where=text("product_class is not null")),
        Index(None, "area", "published_on", postgresql_where=text("area is not null")),
        {"comment": "One row a brand mention of an effective reading, and one a line without a brand. Derived."},
    )

    id: Mapped[int] = pk()
    is_primary: Mapped[bool] = column(BOOL, "Stated by the copy that speaks for its announcement.", nullable=False)
    portal_id: Mapped[str | None] = column(TEXT, "Portal of the notice.")
    captures: Mapped[int] = column(INT, "Captures that show the notice (N0).", nullable=False, server_default=text("1"))


class FactAward(_OfProcess, Base):
    """One lot × winning supplier of a process in its final state (N3)."""

    __tablename__ = "fact_award"
    __table_args__ = (
        Index(None, "process_id"),
        Index(None, "supplier_id"),
        {"comment": "One lot × winning supplier of a process in its final state (N3). Derived."},
    )

    id: Mapped[int] = pk()
    process_id: Mapped[int] = column(BIG, "Process.", nullable=False)
    key: Mapped[str] = column(
        TEXT, "lot/supplier within the process, whatever order notices arrived in.", nullable=False
    )
    lot: Mapped[str | None] = column(TEXT, "Lot.")
    supplier_id: Mapped[int | None] = column(BIG, "Winner; the lead of a consortium.")
    member_ids: Mapped[list[int]] = column(ARRAY(BigInteger), "All members, the lead first.", nullable=False)
    supplier: Mapped[str | None] = column(TEXT, "Winner as named.")
    amount_cny: Mapped[Decimal | None] = column(NUMBER, "Amount, CNY.")
    notice_id: Mapped[int] = column(BIG, "Notice whose word is final.", nullable=False)
    reading_id: Mapped[int] = column(BIG, "Reading of it.", nullable=False)


class FactLine(_OfMention, _OfProcess, Base):
    """One brand in one line of a process in its final state (N4, N5); a line with three brands has three rows."""

    __tablename__ = "fact_line"
    __table_args__ = (
        Index(None, "process_id"),
        Index(None, "award_id"),
        Index(None, "notice_id"),
        Index(
            "ix_fact_line_counting",
            "brand_id",
            "process_id",
            postgresql_include=[
                "award_id",
                "item_id",
                "units",
                "award_cny",
                "supplier_id",
                "role",
                "best_role",
                "decided",
                "in_award",
                "product_class",
                "class_from",
                "evidence_at",
                "changed_at",
            ],
        ),
        Index(
            "ix_fact_line_newest",
            "brand_id",
            text("coalesce(published_on, '0001-01-01'::date)"),
            text("coalesce(mention_id, 0)"),
            text("coalesce(item_id, 0)"),
        ),
        {"comment": "One brand in one line of a process in its final state (N4, N5). Derived."},
    )

    id: Mapped[int] = pk()
    process_id: Mapped[int] = column(BIG, "Process.", nullable=False)
    award_id: Mapped[int | None] = column(BIG, "Award (fact_award) the line belongs to.")
    amount_cny: Mapped[Decimal | None] = column(NUMBER, "Total of the line, else of the award it is the only line of.")
    award_cny: Mapped[Decimal | None] = column(NUMBER, "Amount of its award, CNY.")
    published_on: Mapped[dt.date | None] = column(
        DATE, "Publication of the announcement that states it, earliest copy."
    )
    award_on: Mapped[dt.date | None] = column(DATE, "Award decision, likewise.")
    signed_on: Mapped[dt.date | None] = column(DATE, "Signature, likewise.")
    first_seen_on: Mapped[dt.date] = column(DATE, "Day the first copy was captured, likewise.", nullable=False)
