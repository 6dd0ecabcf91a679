"""Search tokens stand uncompressed, which they nearly were; names cut into single characters are found by pairs of them.

Tokens of texts stored before are made again.

Revision: 0008
Follows: 0007
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_BATCH = 1000


def upgrade() -> None:
    op.execute("ALTER TABLE body ALTER COLUMN tokens SET STORAGE EXTERNAL")
    _make_again()


def downgrade() -> None:
    op.execute("ALTER TABLE body ALTER COLUMN tokens SET STORAGE EXTENDED")


def _make_again() -> None:
    connection = op.get_bind()
    if not connection.execute(sa.text("SELECT EXISTS (SELECT FROM body WHERE tokens IS NOT NULL)")).scalar_one():
        return
    from db.tokens import vector  # noqa: PLC0415 -- the segmenter loads only where there is something to cut

    op.drop_index("ix_body_tokens", table_name="body", postgresql_using="gin")
    after = 0
    while True:
        rows = connection.execute(
            sa.text("SELECT id, text FROM body WHERE id > :after AND tokens IS NOT NULL ORDER BY id LIMIT :batch"),
            {"after": after, "batch": _BATCH},
        ).all()
        if not rows:
            break
        after = rows[-1][0]
        connection.execute(
            sa.text("""
                UPDATE body SET tokens = made.tokens
                  FROM unnest(CAST(:ids AS bigint[]), CAST(CAST(:vectors AS text[]) AS tsvector[])) AS made (id, tokens)
                 WHERE body.id = made.id
            """),
            {"ids": [row[0] for row in rows], "vectors": [vector(row[1]) for row in rows]},
        )
    op.create_index("ix_body_tokens", "body", ["tokens"], unique=False, postgresql_using="gin")
