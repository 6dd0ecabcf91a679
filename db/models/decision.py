"""People's decisions about organisations: which names are one, which are not."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped

from db.base import Base
from db.models._columns import JSON, TEXT, column, pk, recorded_at, superseded_at, value_enum


class OrganisationVerdict(StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    WITHDRAWN = "withdrawn"
    """Taken back: what the names say stands alone."""


class OrganisationDecision(Base):
    """Two names are, or are not, one organisation. It stands on top of what the names themselves say, and is never deleted.

    ``kept_key`` is the name given first: on ``same`` its organisation takes the other in, on ``different`` it stays where it is filed.
    """

    __tablename__ = "organisation_decision"
    __table_args__ = (
        CheckConstraint("left_key < right_key", name="ordered"),
        CheckConstraint("kept_key in (left_key, right_key)", name="kept_is_one"),
        Index(
            "uq_organisation_decision_standing",
            "left_key",
            "right_key",
            unique=True,
            postgresql_where=text("superseded_at is null"),
        ),
        {"comment": "A person's decision that two names are, or are not, one organisation."},
    )

    id: Mapped[int] = pk()
    verdict: Mapped[OrganisationVerdict] = column(
        value_enum(OrganisationVerdict, "organisation_verdict"),
        "same, different, or withdrawn: the names alone speak.",
        nullable=False,
    )
    left_key: Mapped[str] = column(TEXT, "Comparison form of one name, the lower of the two.", nullable=False)
    right_key: Mapped[str] = column(TEXT, "Comparison form of the other name.", nullable=False)
    kept_key: Mapped[str] = column(TEXT, "The one whose organisation stays.", nullable=False)
    left_name: Mapped[str] = column(TEXT, "The first name as the store has it.", nullable=False)
    right_name: Mapped[str] = column(TEXT, "The second name as the store has it.", nullable=False)
    reviewer: Mapped[str] = column(TEXT, "Who decided.", nullable=False)
    note: Mapped[str | None] = column(TEXT, "Why.")
    context: Mapped[dict[str, Any] | None] = column(JSON, "What the names alone say: answer, rule, evidence.")
    recorded_at: Mapped[dt.datetime] = recorded_at()
    superseded_at: Mapped[dt.datetime | None] = superseded_at()
