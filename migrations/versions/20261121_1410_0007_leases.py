"""Leases of portals, and the files a captured page links.

Revision: 0007
Follows: 0006
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "portal_lease",
        sa.Column("portal_id", sa.Text(), nullable=False, comment="Portal."),
        sa.Column("run_id", sa.BigInteger(), nullable=True, comment="Run that has it, or had it last."),
        sa.Column("archive", sa.Text(), nullable=True, comment="Id of the archive that run writes to."),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True, comment="Since when."),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Free from then on; the run moves it on while it lives. Null = given back.",
        ),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_portal_lease_portal_id_portal")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_portal_lease_run_id_run")),
        sa.PrimaryKeyConstraint("portal_id", name=op.f("pk_portal_lease")),
        comment="Which run has a portal in hand, and until when. One portal is one job.",
    )
    op.create_index(op.f("ix_portal_lease_run_id"), "portal_lease", ["run_id"])
    op.create_table(
        "page_files",
        sa.Column("portal_id", sa.Text(), nullable=False, comment="Portal."),
        sa.Column("url_key", sa.Text(), nullable=False, comment="Comparison form of the page's address."),
        sa.Column("sha256", sa.Text(), nullable=False, comment="sha256 of the capture the links were taken from."),
        sa.Column(
            "files",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=False,
            comment="[[name, address], …]; empty = none.",
        ),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_page_files_portal_id_portal")),
        sa.PrimaryKeyConstraint("portal_id", "url_key", name=op.f("pk_page_files")),
        comment="The files a captured notice page links: what the next run need not read again.",
    )


def downgrade() -> None:
    op.drop_table("page_files")
    op.drop_index(op.f("ix_portal_lease_run_id"), table_name="portal_lease")
    op.drop_table("portal_lease")
