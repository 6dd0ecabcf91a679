"""Tombstones say what went with a notice, whether its bytes are erased, and whether it may come in again.

Revision: 0006
Follows: 0005
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_SUBJECT = "notice, revision (a content) or bytes (of a capture)."
_IDENTITY = "portal/identity of a notice, portal/digest of a revision, sha256 of bytes."


def upgrade() -> None:
    # No release ever wrote a tombstone: the columns need no values for rows that are there.
    op.drop_constraint("uq_tombstone_subject_identity", "tombstone", type_="unique")
    op.alter_column("tombstone", "subject", comment=_SUBJECT, existing_comment="notice or capture.")
    op.alter_column("tombstone", "identity", comment=_IDENTITY, existing_comment="Its key: portal/identity, or sha256.")
    for name, kind, nullable, comment in (
        ("notice", sa.Text(), False, "portal/identity of the notice it went with."),
        ("source_id", sa.Text(), True, "The portal's own id of the notice."),
        (
            "details",
            postgresql.JSONB(none_as_null=True),
            False,
            "What went: rows by table, or the archive records and times of the bytes.",
        ),
        (
            "erased_at",
            sa.DateTime(timezone=True),
            True,
            "When the archive records of these bytes had been overwritten; null = not yet, or no bytes.",
        ),
        ("lifted_at", sa.DateTime(timezone=True), True, "When it was allowed in again; null = it stays out."),
        ("lifted_by", sa.Text(), True, "Who allowed it."),
        ("lift_reason", sa.Text(), True, "Why."),
    ):
        op.add_column("tombstone", sa.Column(name, kind, nullable=nullable, comment=comment))
    op.create_check_constraint("subject", "tombstone", "subject in ('notice', 'revision', 'bytes')")
    op.create_check_constraint("lifted", "tombstone", "num_nulls(lifted_at, lifted_by, lift_reason) in (0, 3)")
    op.create_index(
        "uq_tombstone_standing",
        "tombstone",
        ["subject", "identity", "notice"],
        unique=True,
        postgresql_where=sa.text("lifted_at is null"),
    )


def downgrade() -> None:
    op.drop_index("uq_tombstone_standing", table_name="tombstone", postgresql_where=sa.text("lifted_at is null"))
    op.drop_constraint("lifted", "tombstone", type_="check")
    op.drop_constraint("subject", "tombstone", type_="check")
    for name in ("lift_reason", "lifted_by", "lifted_at", "erased_at", "details", "source_id", "notice"):
        op.drop_column("tombstone", name)
    op.alter_column("tombstone", "identity", comment="Its key: portal/identity, or sha256.", existing_comment=_IDENTITY)
    op.alter_column("tombstone", "subject", comment="notice or capture.", existing_comment=_SUBJECT)
    op.create_unique_constraint("uq_tombstone_subject_identity", "tombstone", ["subject", "identity"])
