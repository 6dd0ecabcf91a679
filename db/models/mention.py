"""Brand mentions of a reading."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Float, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from db.base import Base
from db.models._columns import INT, TEXT, column, pk, ref, value_enum
from nlp.types import MentionRole


class Mention(Base):
    """One span of a reading's text that names a brand, with exactly one role."""

    __tablename__ = "mention"
    __table_args__ = (
        UniqueConstraint("reading_id", "position"),
        CheckConstraint('start >= 0 and "end" > start', name="span"),
        CheckConstraint("score >= 0 and score <= 1", name="score"),
        Index(None, "brand_id", "reading_id"),
        {"comment": "One span of a reading's text that names a brand, with exactly one role."},
    )

    id: Mapped[int] = pk()
    reading_id: Mapped[int] = ref("reading.id", "Reading.", index=False)
    position: Mapped[int] = column(INT, "Order in the reading, from 0.", nullable=False)
    brand_id: Mapped[str] = column(TEXT, "Brand (seed id).", nullable=False)
    brand: Mapped[str] = column(TEXT, "Brand, canonical English name.", nullable=False)
    surface: Mapped[str] = column(TEXT, "The words on the page.", nullable=False)
    start: Mapped[int] = column(INT, "First code point in the text.", nullable=False)
    end: Mapped[int] = column(INT, "Code point after the last.", nullable=False)
    field: Mapped[str] = column(TEXT, "Where it stands: title, text, table_brand, table_model …", nullable=False)
    role: Mapped[MentionRole] = column(value_enum(MentionRole, "mention_role"), "Role.", nullable=False)
    best_role: Mapped[MentionRole | None] = column(
        value_enum(MentionRole, "mention_best_role"), "Best guess where the role is unresolved."
    )
    score: Mapped[float] = column(Float(53), "Certainty of the role, 0 to 1.", nullable=False)
    rule: Mapped[str] = column(TEXT, "Rule or model that decided.", nullable=False)
    product_line: Mapped[str | None] = column(TEXT, "Product line named.")
    product_class: Mapped[str | None] = column(TEXT, "Product class named.")
    item_position: Mapped[int | None] = column(INT, "Position of the line it stands in.")
    lot: Mapped[str | None] = column(TEXT, "Lot it belongs to.")
    area: Mapped[str | None] = column(TEXT, "Technology area: the line's, else what class or brand say for certain.")
    area_rule: Mapped[str | None] = column(TEXT, "Why, as for lines.")
