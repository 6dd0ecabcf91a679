"""What a count reads stands in one index; rows of the desk know since when they hold; letters of names are indexed.

Revision: 0010
Follows: 0009
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_SINCE = (
    ("evidence_at", "Latest evidence time the process rests on: an earlier --as-of asks again."),
    ("changed_at", "Latest system time the process rests on: an earlier --known-at asks again."),
)
_DATES = (
    ("published_on", "Publication of the announcement that states it, earliest copy."),
    ("award_on", "Award decision, likewise."),
    ("signed_on", "Signature, likewise."),
    ("first_seen_on", "Day the first copy was captured, likewise."),
)
_OF_MENTION = (
    "process_id", "notice_id", "buyer_id", "supplier_id", "item_id", "units", "is_primary", "portal_id", "captures", "role", "best_role",
    "decided", "in_award", "type", "buyer_tier", "buyer_class", "buyer_division", "product_class", "evidence_at", "changed_at",
)  # fmt: skip
_OF_LINE = (
    "award_id", "item_id", "units", "award_cny", "supplier_id", "role", "best_role", "decided", "in_award", "product_class",
    "evidence_at", "changed_at",
)  # fmt: skip


def upgrade() -> None:
    for table in ("fact_mention", "fact_line", "fact_award"):
        for name, comment in _SINCE:
            op.add_column(table, sa.Column(name, sa.DateTime(timezone=True), nullable=True, comment=comment))
    op.add_column("fact_line", sa.Column("award_cny", sa.Numeric(), nullable=True, comment="Amount of its award, CNY."))
    for name, comment in _DATES:
        op.add_column("fact_line", sa.Column(name, sa.Date(), nullable=True, comment=comment))
    op.drop_index("ix_fact_mention_brand_id_published_on", "fact_mention")
    op.drop_index("ix_fact_line_brand_id_process_id", "fact_line")
    op.drop_index("ix_fact_notice_body_id", "fact_notice")
    op.execute("""
        UPDATE fact_mention f SET evidence_at = n.evidence_at, changed_at = n.changed_at FROM fact_notice n WHERE n.notice_id = f.notice_id
    """)
    op.execute("""
        UPDATE fact_award f SET evidence_at = n.evidence_at, changed_at = n.changed_at FROM fact_notice n WHERE n.notice_id = f.notice_id
    """)
    op.execute("""
        UPDATE fact_line f SET evidence_at = n.evidence_at, changed_at = n.changed_at, published_on = n.published_on, award_on = n.award_on,
               signed_on = n.signed_on, first_seen_on = n.first_seen_on,
               award_cny = (SELECT a.amount_cny FROM fact_award a WHERE a.id = f.award_id)
          FROM fact_notice n WHERE n.notice_id = f.notice_id
    """)
    for table in ("fact_mention", "fact_line", "fact_award"):
        for name, _ in _SINCE:
            op.alter_column(table, name, nullable=False)
    op.alter_column("fact_line", "first_seen_on", nullable=False)
    for name, comment in _SINCE:
        op.alter_column("fact_notice", name, comment=comment)
    op.create_index(
        "ix_fact_mention_counting",
        "fact_mention",
        ["brand_id", "published_on", "announcement_id"],
        postgresql_include=list(_OF_MENTION),
    )
    op.create_index("ix_fact_line_counting", "fact_line", ["brand_id", "process_id"], postgresql_include=list(_OF_LINE))
    op.create_index(
        "ix_fact_line_newest",
        "fact_line",
        [
            "brand_id",
            sa.text("coalesce(published_on, '0001-01-01'::date)"),
            sa.text("coalesce(mention_id, 0)"),
            sa.text("coalesce(item_id, 0)"),
        ],
    )
    op.create_index(
        "ix_fact_notice_body",
        "fact_notice",
        ["body_id"],
        postgresql_include=["notice_id", "published_on", "is_primary"],
    )
    op.create_index(
        "ix_fact_notice_between",
        "fact_notice",
        [sa.text("tstzrange(first_captured_at, evidence_at, '[)')")],
        postgresql_using="gist",
        postgresql_where=sa.text("first_captured_at < evidence_at"),
    )
    op.create_index(op.f("ix_fact_notice_changed_at"), "fact_notice", ["changed_at"])
    op.create_index(
        "ix_organisation_name_trgm",
        "organisation_name",
        ["name"],
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index(
        op.f("ix_process_member_superseded_at"),
        "process_member",
        ["superseded_at"],
        postgresql_where=sa.text("superseded_at is not null"),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_process_member_superseded_at"), "process_member")
    op.drop_index("ix_organisation_name_trgm", "organisation_name")
    op.drop_index(op.f("ix_fact_notice_changed_at"), "fact_notice")
    op.drop_index("ix_fact_notice_between", "fact_notice")
    op.drop_index("ix_fact_notice_body", "fact_notice")
    op.drop_index("ix_fact_line_newest", "fact_line")
    op.drop_index("ix_fact_line_counting", "fact_line")
    op.drop_index("ix_fact_mention_counting", "fact_mention")
    op.create_index(op.f("ix_fact_notice_body_id"), "fact_notice", ["body_id"])
    op.create_index(op.f("ix_fact_line_brand_id_process_id"), "fact_line", ["brand_id", "process_id"])
    op.create_index(op.f("ix_fact_mention_brand_id_published_on"), "fact_mention", ["brand_id", "published_on"])
    for name, _ in reversed(_DATES):
        op.drop_column("fact_line", name)
    op.drop_column("fact_line", "award_cny")
    for table in ("fact_award", "fact_line", "fact_mention"):
        for name, _ in reversed(_SINCE):
            op.drop_column(table, name)
    for name, comment in zip(
        ("evidence_at", "changed_at"),
        (
            "Latest evidence time this row rests on: an earlier --as-of asks again.",
            "Latest system time this row rests on: an earlier --known-at asks again.",
        ),
        strict=True,
    ):
        op.alter_column("fact_notice", name, comment=comment)
