"""People's decisions about organisations; government lists from their publishers' files.

Revision: 0003
Follows: 0002
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_RECORDED = "System time: when the store learned this row (ledger tick)."
_SUPERSEDED = "System time: when a newer row took over; null = still standing. The only column of a fact ever updated."


def upgrade() -> None:
    op.create_table(
        "organisation_decision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column(
            "verdict",
            sa.Enum(
                "same",
                "different",
                "withdrawn",
                name="organisation_verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="same, different, or withdrawn: the names alone speak.",
        ),
        sa.Column("left_key", sa.Text(), nullable=False, comment="Comparison form of one name, the lower of the two."),
        sa.Column("right_key", sa.Text(), nullable=False, comment="Comparison form of the other name."),
        sa.Column("kept_key", sa.Text(), nullable=False, comment="The one whose organisation stays."),
        sa.Column("left_name", sa.Text(), nullable=False, comment="The first name as the store has it."),
        sa.Column("right_name", sa.Text(), nullable=False, comment="The second name as the store has it."),
        sa.Column("reviewer", sa.Text(), nullable=False, comment="Who decided."),
        sa.Column("note", sa.Text(), nullable=True, comment="Why."),
        sa.Column(
            "context",
            postgresql.JSONB(none_as_null=True),
            nullable=True,
            comment="What the names alone say: answer, rule, evidence.",
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, comment=_RECORDED),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True, comment=_SUPERSEDED),
        sa.CheckConstraint("left_key < right_key", name=op.f("ck_organisation_decision_ordered")),
        sa.CheckConstraint("kept_key in (left_key, right_key)", name=op.f("ck_organisation_decision_kept_is_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_decision")),
        comment="A person's decision that two names are, or are not, one organisation.",
    )
    op.create_index(
        "uq_organisation_decision_standing",
        "organisation_decision",
        ["left_key", "right_key"],
        unique=True,
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.create_table(
        "list_file",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("format", sa.Text(), nullable=False, comment="consolidated_screening_list or opensanctions."),
        sa.Column("name", sa.Text(), nullable=False, comment="File name."),
        sa.Column("sha256", sa.Text(), nullable=False, comment="sha256 of the file."),
        sa.Column("entries", sa.Integer(), nullable=False, comment="Entries taken."),
        sa.Column("left_out", sa.Integer(), nullable=False, comment="Entries without a list of ours or a date."),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, comment=_RECORDED),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_list_file_sha256")),
        comment="One file of a government list that was imported.",
    )
    op.create_table(
        "imported_listing",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("file_id", sa.BigInteger(), nullable=False, comment="File that says so."),
        sa.Column("entry_id", sa.Text(), nullable=False, comment="The publisher's id, with the list it is on."),
        sa.Column("vocabulary", sa.Text(), nullable=False, comment="Which list."),
        sa.Column("kind", sa.Text(), nullable=False, comment="public_security, vendor or government."),
        sa.Column("name_en", sa.Text(), nullable=False, comment="Name on the list."),
        sa.Column("aliases_en", sa.ARRAY(sa.Text()), nullable=False, comment="Further names in Latin letters."),
        sa.Column("name_zh", sa.Text(), nullable=True, comment="Name in Chinese."),
        sa.Column("aliases_zh", sa.ARRAY(sa.Text()), nullable=False, comment="Further names in Chinese."),
        sa.Column("listed_on", sa.Date(), nullable=False, comment="First day on the list."),
        sa.Column("removed_on", sa.Date(), nullable=True, comment="Day of removal; null = still on it."),
        sa.Column(
            "date_basis",
            sa.Text(),
            nullable=False,
            comment="effective, or first_seen where the file only says since when it knows the entry.",
        ),
        sa.Column("citation", sa.Text(), nullable=True, comment="Where the listing was published."),
        sa.Column("confidence", sa.Text(), nullable=False, comment="How sure the row is."),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, comment=_RECORDED),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True, comment=_SUPERSEDED),
        sa.CheckConstraint("removed_on is null or listed_on <= removed_on", name=op.f("ck_imported_listing_dates")),
        sa.ForeignKeyConstraint(["file_id"], ["list_file.id"], name=op.f("fk_imported_listing_file_id_list_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_listing")),
        comment="One entry of one government list as an imported file has it.",
    )
    op.create_index(op.f("ix_imported_listing_file_id"), "imported_listing", ["file_id"], unique=False)
    op.create_index(
        "uq_imported_listing_standing",
        "imported_listing",
        ["entry_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at is null"),
    )


def downgrade() -> None:
    op.drop_table("imported_listing")
    op.drop_table("list_file")
    op.drop_table("organisation_decision")
