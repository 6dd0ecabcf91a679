"""The index a count reads gives notices in order.

Revision: 0012
Follows: 0011
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEYS = ["brand_id", "published_on", "announcement_id", "notice_id"]
_WITH = [
    "process_id", "buyer_id", "supplier_id", "item_id", "units", "is_primary", "portal_id", "captures", "role", "best_role", "decided",
    "in_award", "type", "buyer_tier", "buyer_class", "buyer_division", "product_class", "evidence_at", "changed_at",
]  # fmt: skip


def upgrade() -> None:
    op.drop_index("ix_fact_mention_counting", "fact_mention")
    op.create_index("ix_fact_mention_counting", "fact_mention", _KEYS, postgresql_include=_WITH)


def downgrade() -> None:
    op.drop_index("ix_fact_mention_counting", "fact_mention")
    op.create_index("ix_fact_mention_counting", "fact_mention", _KEYS[:3], postgresql_include=["notice_id", *_WITH])
