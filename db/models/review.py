"""People's decisions about a machine's output."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped

from db.base import Base
from db.models._columns import INT, JSON, TEXT, column, pk, recorded_at, ref, superseded_at, value_enum
from nlp.types import MentionRole


class ReviewKind(StrEnum):
    MENTION = "mention"
    SAME_ANNOUNCEMENT = "same_announcement"
    SAME_PROCESS = "same_process"


class Review(Base):
    """A decision. It holds for the words it was made on: a mention review names revision, brand and span.

    It survives re-reading (the span is found again in the new reading) and does not carry over to another revision, where the
    question opens again.
    """

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint(
            "kind <> 'mention' or (revision_id is not null and brand_id is not null and start is not null "
            'and "end" is not null and role is not null)',
            name="mention_subject",
        ),
        CheckConstraint(
            "kind = 'mention' or (notice_id is not null and other_notice_id is not null and verdict is not null "
            "and notice_id < other_notice_id)",
            name="pair_subject",
        ),
        Index(
            "uq_review_mention_standing",
            "revision_id",
            "brand_id",
            "start",
            "end",
            unique=True,
            postgresql_where=text("superseded_at is null and kind = 'mention'"),
        ),
        Index(
            "uq_review_pair_standing",
            "kind",
            "notice_id",
            "other_notice_id",
            unique=True,
            postgresql_where=text("superseded_at is null and kind <> 'mention'"),
        ),
        {"comment": "A person's decision about a machine's output."},
    )

    id: Mapped[int] = pk()
    kind: Mapped[ReviewKind] = column(value_enum(ReviewKind, "review_kind"), "What was decided on.", nullable=False)
    revision_id: Mapped[int | None] = ref("revision.id", "Revision whose words were judged.", nullable=True)
    brand_id: Mapped[str | None] = column(TEXT, "Brand of the mention.")
    start: Mapped[int | None] = column(INT, "First code point of the mention.")
    end: Mapped[int | None] = column(INT, "Code point after its last.")
    quote: Mapped[str | None] = column(TEXT, "The words judged.")
    role: Mapped[MentionRole | None] = column(value_enum(MentionRole, "review_role"), "Role decided.")
    notice_id: Mapped[int | None] = ref("notice.id", "First notice of a pair (lower id).", nullable=True)
    other_notice_id: Mapped[int | None] = ref("notice.id", "Second notice of a pair.", nullable=True)
    verdict: Mapped[str | None] = column(TEXT, "same or different, for a pair.")
    reviewer: Mapped[str] = column(TEXT, "Who decided.", nullable=False)
    note: Mapped[str | None] = column(TEXT, "Why.")
    context: Mapped[dict[str, Any] | None] = column(JSON, "What the person saw (versions, machine's answer).")
    recorded_at: Mapped[dt.datetime] = recorded_at()
    superseded_at: Mapped[dt.datetime | None] = superseded_at()
