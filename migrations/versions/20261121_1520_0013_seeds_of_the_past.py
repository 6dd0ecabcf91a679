"""What the seeds' tables held before a newer set replaced it; portals are no longer told apart as aggregators.

Which copy speaks for an announcement follows from what the copies say; no portal was ever marked.

Revision: 0013
Follows: 0012
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_column("portal", "aggregator")
    op.create_table(
        "seed_past",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("name", sa.Text(), nullable=False, comment="Table the row stood in."),
        sa.Column("row", postgresql.JSONB(none_as_null=True), nullable=False, comment="The row as it was."),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="System time: when the store learned this row (ledger tick).",
        ),
        sa.Column(
            "superseded_at", sa.DateTime(timezone=True), nullable=False, comment="Tick of the load that replaced it."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seed_past")),
        comment="Rows of the seeds' tables before a newer set of seeds replaced them: for questions about the past.",
    )
    op.create_index(op.f("ix_seed_past_name_superseded_at"), "seed_past", ["name", "superseded_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_seed_past_name_superseded_at"), table_name="seed_past")
    op.drop_table("seed_past")
    op.add_column(
        "portal",
        sa.Column(
            "aggregator",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="True where the portal copies others; never primary evidence.",
        ),
    )
