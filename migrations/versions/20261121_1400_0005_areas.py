"""The technology area of lines and mentions, as read, and on the desk.

Readings made before have none: `caigou read` makes them again.

Revision: 0005
Follows: 0004
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_COLUMNS = (
    ("item", "area", sa.Text(), "Technology area of the goods; null = of none, or not known."),
    ("item", "area_rule", sa.Text(), "Why: product_class, brand, model@version; outside = of no area."),
    ("item", "area_score", sa.Float(53), "Score of that; 1 = certain."),
    ("mention", "area", sa.Text(), "Technology area: the line's, else what class or brand say for certain."),
    ("mention", "area_rule", sa.Text(), "Why, as for lines."),
    ("fact_mention", "area", sa.Text(), "Technology area of the item; outside = of none; null = not known."),
    ("fact_line", "area", sa.Text(), "Technology area of the item; outside = of none; null = not known."),
)


def upgrade() -> None:
    for table, name, kind, comment in _COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=True, comment=comment))
    op.create_index(
        op.f("ix_fact_mention_area_published_on"),
        "fact_mention",
        ["area", "published_on"],
        postgresql_where=sa.text("area is not null"),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_fact_mention_area_published_on"), table_name="fact_mention")
    for table, name, _, _ in reversed(_COLUMNS):
        op.drop_column(table, name)
