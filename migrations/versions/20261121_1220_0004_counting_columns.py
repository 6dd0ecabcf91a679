"""Portal and captures beside each mention, lines by brand: a count reads one relation.

Revision: 0004
Follows: 0003
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("fact_mention", sa.Column("portal_id", sa.Text(), nullable=True, comment="Portal of the notice."))
    op.add_column(
        "fact_mention",
        sa.Column(
            "captures",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="Captures that show the notice (N0).",
        ),
    )
    op.execute("""
        UPDATE fact_mention SET portal_id = n.portal_id, captures = n.captures
          FROM fact_notice n WHERE n.notice_id = fact_mention.notice_id
    """)
    op.create_index(op.f("ix_fact_line_brand_id_process_id"), "fact_line", ["brand_id", "process_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_fact_line_brand_id_process_id"), table_name="fact_line")
    op.drop_column("fact_mention", "captures")
    op.drop_column("fact_mention", "portal_id")
