"""First tables: portals and captures, notices and readings, what is known beforehand, links, and the desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Substring search; a trusted extension since Postgres 13, so the owner of the database may create it.
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(
        "announcement",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column(
            "key",
            sa.Text(),
            nullable=False,
            comment="portal/identity of its first notice; the same whatever order notices arrived in.",
        ),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="System time: when the store learned this row (ledger tick).",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("key", name=op.f("uq_announcement_key")),
        comment="The notices, over all portals, that are the same announcement (rung N1).",
    )
    op.create_table(
        "brand",
        sa.Column("id", sa.Text(), nullable=False, comment="Seed id."),
        sa.Column("name", sa.Text(), nullable=False, comment="Canonical English name."),
        sa.Column("name_zh", sa.Text(), nullable=True, comment="Name in Chinese."),
        sa.Column("origin", sa.Text(), nullable=True, comment="ISO country of the brand."),
        sa.Column(
            "domestic", sa.Boolean(), server_default=sa.text("false"), nullable=False, comment="A Chinese brand."
        ),
        sa.Column("areas", sa.ARRAY(sa.Text()), nullable=True, comment="Technology areas."),
        sa.Column(
            "retired",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="No longer in the seeds; kept because readings name it.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brand")),
        sa.UniqueConstraint("name", name=op.f("uq_brand_name")),
        comment="One brand of the seeds.",
    )
    op.create_index(op.f("ix_brand_origin"), "brand", ["origin"], unique=False)
    op.create_table(
        "division",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("code", sa.Text(), nullable=False, comment="Six digits."),
        sa.Column("name", sa.Text(), nullable=False, comment="Name."),
        sa.Column("name_en", sa.Text(), nullable=True, comment="Name in English."),
        sa.Column("level", sa.Text(), nullable=True, comment="province, prefecture or county."),
        sa.Column("parent_code", sa.Text(), nullable=True, comment="Code of the division above."),
        sa.Column("valid_from", sa.Integer(), nullable=True, comment="First year."),
        sa.Column("valid_to", sa.Integer(), nullable=True, comment="Last year; null = still."),
        sa.Column("successor_code", sa.Text(), nullable=True, comment="Code that took over."),
        sa.Column(
            "is_xpcc", sa.Boolean(), server_default=sa.text("false"), nullable=False, comment="Run by the Corps."
        ),
        sa.CheckConstraint(
            "valid_to is null or valid_from is null or valid_from <= valid_to", name=op.f("ck_division_years")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division")),
        comment="One code of GB/T 2260 under one name, dated by year.",
    )
    op.create_index(op.f("ix_division_code_valid_from"), "division", ["code", "valid_from"], unique=False)
    op.create_index(op.f("ix_division_name"), "division", ["name"], unique=False)
    op.create_table(
        "fact_award",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("process_id", sa.BigInteger(), nullable=False, comment="Process."),
        sa.Column(
            "key",
            sa.Text(),
            nullable=False,
            comment="lot/supplier within the process, whatever order notices arrived in.",
        ),
        sa.Column("lot", sa.Text(), nullable=True, comment="Lot."),
        sa.Column("supplier_id", sa.BigInteger(), nullable=True, comment="Winner; the lead of a consortium."),
        sa.Column(
            "member_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False, comment="All members, the lead first."
        ),
        sa.Column("supplier", sa.Text(), nullable=True, comment="Winner as named."),
        sa.Column("amount_cny", sa.Numeric(), nullable=True, comment="Amount, CNY."),
        sa.Column("notice_id", sa.BigInteger(), nullable=False, comment="Notice whose word is final."),
        sa.Column("reading_id", sa.BigInteger(), nullable=False, comment="Reading of it."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_award")),
        comment="One lot × winning supplier of a process in its final state (N3). Derived.",
    )
    op.create_index(op.f("ix_fact_award_process_id"), "fact_award", ["process_id"], unique=False)
    op.create_index(op.f("ix_fact_award_supplier_id"), "fact_award", ["supplier_id"], unique=False)
    op.create_table(
        "fact_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("process_id", sa.BigInteger(), nullable=False, comment="Process."),
        sa.Column("award_id", sa.BigInteger(), nullable=True, comment="Award (fact_award) the line belongs to."),
        sa.Column(
            "amount_cny",
            sa.Numeric(),
            nullable=True,
            comment="Total of the line, else of the award it is the only line of.",
        ),
        sa.Column("notice_id", sa.BigInteger(), nullable=False, comment="Notice that states it."),
        sa.Column("reading_id", sa.BigInteger(), nullable=False, comment="Reading that states it."),
        sa.Column(
            "mention_id", sa.BigInteger(), nullable=True, comment="Mention; null = a line that names no known brand."
        ),
        sa.Column(
            "item_id", sa.BigInteger(), nullable=True, comment="Line of goods; null = a mention outside any line."
        ),
        sa.Column("brand_id", sa.Text(), nullable=True, comment="Brand."),
        sa.Column("role", sa.Text(), nullable=False, comment="Role, a person's decision first."),
        sa.Column("best_role", sa.Text(), nullable=False, comment="Best guess; equals role where it is decided."),
        sa.Column(
            "decided",
            sa.Boolean(),
            nullable=False,
            comment="By a person, a certain rule or a score above the threshold.",
        ),
        sa.Column("reviewed", sa.Boolean(), nullable=False, comment="Decided by a person."),
        sa.Column("in_award", sa.Boolean(), nullable=False, comment="Stands in an awarded or contracted line."),
        sa.Column("lot", sa.Text(), nullable=True, comment="Lot."),
        sa.Column("product_kind", sa.Text(), nullable=True, comment="hdd, ssd, portable, other; null = not known."),
        sa.Column("product_class", sa.Text(), nullable=True, comment="Product class."),
        sa.Column("product_line", sa.Text(), nullable=True, comment="Product line."),
        sa.Column("units", sa.Numeric(), nullable=True, comment="Pieces; null = not known."),
        sa.Column(
            "supplier_id", sa.BigInteger(), nullable=True, comment="Supplier of the line, its lot or its notice."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_line")),
        comment="One brand in one line of a process in its final state (N4, N5). Derived.",
    )
    op.create_index(op.f("ix_fact_line_award_id"), "fact_line", ["award_id"], unique=False)
    op.create_index(op.f("ix_fact_line_notice_id"), "fact_line", ["notice_id"], unique=False)
    op.create_index(op.f("ix_fact_line_process_id"), "fact_line", ["process_id"], unique=False)
    op.create_table(
        "fact_mention",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column(
            "is_primary", sa.Boolean(), nullable=False, comment="Stated by the copy that speaks for its announcement."
        ),
        sa.Column("notice_id", sa.BigInteger(), nullable=False, comment="Notice that states it."),
        sa.Column("reading_id", sa.BigInteger(), nullable=False, comment="Reading that states it."),
        sa.Column(
            "mention_id", sa.BigInteger(), nullable=True, comment="Mention; null = a line that names no known brand."
        ),
        sa.Column(
            "item_id", sa.BigInteger(), nullable=True, comment="Line of goods; null = a mention outside any line."
        ),
        sa.Column("brand_id", sa.Text(), nullable=True, comment="Brand."),
        sa.Column("role", sa.Text(), nullable=False, comment="Role, a person's decision first."),
        sa.Column("best_role", sa.Text(), nullable=False, comment="Best guess; equals role where it is decided."),
        sa.Column(
            "decided",
            sa.Boolean(),
            nullable=False,
            comment="By a person, a certain rule or a score above the threshold.",
        ),
        sa.Column("reviewed", sa.Boolean(), nullable=False, comment="Decided by a person."),
        sa.Column("in_award", sa.Boolean(), nullable=False, comment="Stands in an awarded or contracted line."),
        sa.Column("lot", sa.Text(), nullable=True, comment="Lot."),
        sa.Column("product_kind", sa.Text(), nullable=True, comment="hdd, ssd, portable, other; null = not known."),
        sa.Column("product_class", sa.Text(), nullable=True, comment="Product class."),
        sa.Column("product_line", sa.Text(), nullable=True, comment="Product line."),
        sa.Column("units", sa.Numeric(), nullable=True, comment="Pieces; null = not known."),
        sa.Column(
            "supplier_id", sa.BigInteger(), nullable=True, comment="Supplier of the line, its lot or its notice."
        ),
        sa.Column("announcement_id", sa.BigInteger(), nullable=False, comment="Announcement (N1)."),
        sa.Column("process_id", sa.BigInteger(), nullable=False, comment="Process (N2)."),
        sa.Column("type", sa.Text(), nullable=True, comment="Notice type."),
        sa.Column("published_on", sa.Date(), nullable=True, comment="Publication of the announcement's earliest copy."),
        sa.Column("award_on", sa.Date(), nullable=True, comment="Award decision, earliest of the copies."),
        sa.Column("signed_on", sa.Date(), nullable=True, comment="Signature, earliest of the copies."),
        sa.Column(
            "first_seen_on", sa.Date(), nullable=False, comment="Day the first copy was captured (Asia/Shanghai)."
        ),
        sa.Column("buyer_id", sa.BigInteger(), nullable=True, comment="Buyer (organisation)."),
        sa.Column("buyer_tier", sa.Text(), nullable=True, comment="Buyer's tier."),
        sa.Column("buyer_class", sa.Text(), nullable=True, comment="Buyer's kind of organ."),
        sa.Column(
            "buyer_division",
            sa.Text(),
            nullable=True,
            comment="Buyer's jurisdiction; the notice's area where the name tells none.",
        ),
        sa.Column(
            "buyer_xpcc",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Buyer belongs to the Corps.",
        ),
        sa.Column("end_user_id", sa.BigInteger(), nullable=True, comment="End user (organisation)."),
        sa.Column("end_user_tier", sa.Text(), nullable=True, comment="End user's tier."),
        sa.Column("end_user_class", sa.Text(), nullable=True, comment="End user's kind of organ."),
        sa.Column("end_user_division", sa.Text(), nullable=True, comment="End user's jurisdiction."),
        sa.Column(
            "end_user_xpcc",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="End user belongs to the Corps.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_mention")),
        comment="One row a brand mention of an effective reading, and one a line without a brand. Derived.",
    )
    op.create_index(op.f("ix_fact_mention_announcement_id"), "fact_mention", ["announcement_id"], unique=False)
    op.create_index(
        op.f("ix_fact_mention_brand_id_published_on"), "fact_mention", ["brand_id", "published_on"], unique=False
    )
    op.create_index(op.f("ix_fact_mention_buyer_id"), "fact_mention", ["buyer_id"], unique=False)
    op.create_index(op.f("ix_fact_mention_notice_id"), "fact_mention", ["notice_id"], unique=False)
    op.create_index(op.f("ix_fact_mention_process_id"), "fact_mention", ["process_id"], unique=False)
    op.create_index(
        op.f("ix_fact_mention_product_class_published_on"),
        "fact_mention",
        ["product_class", "published_on"],
        unique=False,
        postgresql_where=sa.text("product_class is not null"),
    )
    op.create_index(op.f("ix_fact_mention_supplier_id"), "fact_mention", ["supplier_id"], unique=False)
    op.create_table(
        "fact_notice",
        sa.Column("notice_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Notice."),
        sa.Column("revision_id", sa.BigInteger(), nullable=False, comment="Effective revision."),
        sa.Column("reading_id", sa.BigInteger(), nullable=False, comment="Its newest reading."),
        sa.Column("body_id", sa.BigInteger(), nullable=False, comment="Text of that reading."),
        sa.Column("portal_id", sa.Text(), nullable=False, comment="Portal."),
        sa.Column("is_primary", sa.Boolean(), nullable=False, comment="The copy that speaks for its announcement."),
        sa.Column("title", sa.Text(), nullable=True, comment="Title."),
        sa.Column("own_published_on", sa.Date(), nullable=True, comment="Publication of this copy."),
        sa.Column(
            "first_captured_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Evidence time of the first capture.",
        ),
        sa.Column(
            "evidence_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Latest evidence time this row rests on: an earlier --as-of asks again.",
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Latest system time this row rests on: an earlier --known-at asks again.",
        ),
        sa.Column("announcement_id", sa.BigInteger(), nullable=False, comment="Announcement (N1)."),
        sa.Column("process_id", sa.BigInteger(), nullable=False, comment="Process (N2)."),
        sa.Column("type", sa.Text(), nullable=True, comment="Notice type."),
        sa.Column("published_on", sa.Date(), nullable=True, comment="Publication of the announcement's earliest copy."),
        sa.Column("award_on", sa.Date(), nullable=True, comment="Award decision, earliest of the copies."),
        sa.Column("signed_on", sa.Date(), nullable=True, comment="Signature, earliest of the copies."),
        sa.Column(
            "first_seen_on", sa.Date(), nullable=False, comment="Day the first copy was captured (Asia/Shanghai)."
        ),
        sa.Column("buyer_id", sa.BigInteger(), nullable=True, comment="Buyer (organisation)."),
        sa.Column("buyer_tier", sa.Text(), nullable=True, comment="Buyer's tier."),
        sa.Column("buyer_class", sa.Text(), nullable=True, comment="Buyer's kind of organ."),
        sa.Column(
            "buyer_division",
            sa.Text(),
            nullable=True,
            comment="Buyer's jurisdiction; the notice's area where the name tells none.",
        ),
        sa.Column(
            "buyer_xpcc",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Buyer belongs to the Corps.",
        ),
        sa.Column("end_user_id", sa.BigInteger(), nullable=True, comment="End user (organisation)."),
        sa.Column("end_user_tier", sa.Text(), nullable=True, comment="End user's tier."),
        sa.Column("end_user_class", sa.Text(), nullable=True, comment="End user's kind of organ."),
        sa.Column("end_user_division", sa.Text(), nullable=True, comment="End user's jurisdiction."),
        sa.Column(
            "end_user_xpcc",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="End user belongs to the Corps.",
        ),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_fact_notice")),
        comment="One row a notice as it stands now: effective reading, announcement, process, filter columns. Derived.",
    )
    op.create_index(op.f("ix_fact_notice_announcement_id"), "fact_notice", ["announcement_id"], unique=False)
    op.create_index(op.f("ix_fact_notice_body_id"), "fact_notice", ["body_id"], unique=False)
    op.create_index(op.f("ix_fact_notice_buyer_id"), "fact_notice", ["buyer_id"], unique=False)
    op.create_index(op.f("ix_fact_notice_end_user_id"), "fact_notice", ["end_user_id"], unique=False)
    op.create_index(op.f("ix_fact_notice_process_id"), "fact_notice", ["process_id"], unique=False)
    op.create_index(
        op.f("ix_fact_notice_published_on_notice_id"), "fact_notice", ["published_on", "notice_id"], unique=False
    )
    op.create_index(op.f("ix_fact_notice_reading_id"), "fact_notice", ["reading_id"], unique=False)
    op.create_index(
        "ix_fact_notice_title_trgm",
        "fact_notice",
        ["title"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"title": "gin_trgm_ops"},
    )
    op.create_table(
        "ledger",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="Always 1."),
        sa.Column("tick", sa.DateTime(timezone=True), nullable=False, comment="Last tick given out."),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        comment="One row: the last tick of system time.",
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("key", sa.Text(), nullable=False, comment="Comparison form of the name it is filed under."),
        sa.Column("name", sa.Text(), nullable=False, comment="Name shown."),
        sa.Column("name_en", sa.Text(), nullable=True, comment="English name."),
        sa.Column("division_code", sa.Text(), nullable=True, comment="GB/T 2260 code of its jurisdiction."),
        sa.Column(
            "is_xpcc",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Belongs to the Xinjiang Production and Construction Corps.",
        ),
        sa.Column("seed_id", sa.Text(), nullable=True, comment="Id in the seeds, for organisations known beforehand."),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="System time: when the store learned this row (ledger tick).",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("key", name=op.f("uq_organisation_key")),
        sa.UniqueConstraint("seed_id", name=op.f("uq_organisation_seed_id")),
        comment="One organisation under all its names.",
    )
    op.create_index(op.f("ix_organisation_division_code"), "organisation", ["division_code"], unique=False)
    op.create_table(
        "portal",
        sa.Column("id", sa.Text(), nullable=False, comment="Portal id, as on the command line (ccgp-xinjiang)."),
        sa.Column("name", sa.Text(), nullable=True, comment="Name of the portal in Chinese."),
        sa.Column("platform", sa.Text(), nullable=True, comment="Software family behind the portal."),
        sa.Column("region_code", sa.Text(), nullable=True, comment="GB/T 2260 code of the publisher's area."),
        sa.Column("base_url", sa.Text(), nullable=True, comment="Home address."),
        sa.Column(
            "known",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="False for an id that no seed describes (an import named it).",
        ),
        sa.Column(
            "aggregator",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="True where the portal copies others; never primary evidence.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal")),
        comment="One website that publishes notices.",
    )
    op.create_table(
        "process",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column(
            "ocid", sa.Text(), nullable=False, comment="Id made from project number, buyer, fiscal year and round."
        ),
        sa.Column("project_no", sa.Text(), nullable=True, comment="Project number; else the contract number."),
        sa.Column("fiscal_year", sa.Integer(), nullable=True, comment="Year of its first notice."),
        sa.Column("round", sa.Integer(), server_default=sa.text("1"), nullable=False, comment="1; 2 for 二次, …"),
        sa.Column("predecessor_id", sa.BigInteger(), nullable=True, comment="Process this one re-runs."),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="System time: when the store learned this row (ledger tick).",
        ),
        sa.ForeignKeyConstraint(["predecessor_id"], ["process.id"], name=op.f("fk_process_predecessor_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process")),
        sa.UniqueConstraint("ocid", name=op.f("uq_process_ocid")),
        comment="One procurement project, from intention to contract (rung N2).",
    )
    op.create_index(op.f("ix_process_predecessor_id"), "process", ["predecessor_id"], unique=False)
    op.create_table(
        "run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column(
            "kind",
            sa.Enum(
                "crawl",
                "import",
                "nightly",
                "read",
                "link",
                name="run_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="What was started.",
        ),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
            comment="Start.",
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True, comment="End; null while going, or killed."),
        sa.Column(
            "verdict",
            sa.Enum(
                "open",
                "complete",
                "deficit",
                "blocked",
                "failed",
                name="run_verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="open",
            nullable=False,
            comment="How it ended.",
        ),
        sa.Column("code_version", sa.Text(), nullable=True, comment="Version of the program."),
        sa.Column(
            "arguments", postgresql.JSONB(none_as_null=True), nullable=True, comment="Arguments the command was given."
        ),
        sa.Column(
            "summary",
            postgresql.JSONB(none_as_null=True),
            nullable=True,
            comment="Counts and reasons the command printed at its end.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        comment="One start of a command that brings bytes or facts into the store.",
    )
    op.create_table(
        "seed_version",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("name", sa.Text(), nullable=False, comment="Seed set: brands, divisions, orgs, listings, portals."),
        sa.Column("digest", sa.Text(), nullable=False, comment="sha256 of the rows loaded."),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False, comment="Tick of the load."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seed_version")),
        sa.UniqueConstraint("name", "digest", name=op.f("uq_seed_version_name_digest")),
        comment="Which digest of which seed set was loaded into the tables, and when.",
    )
    op.create_table(
        "tombstone",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("subject", sa.Text(), nullable=False, comment="notice or capture."),
        sa.Column("identity", sa.Text(), nullable=False, comment="Its key: portal/identity, or sha256."),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why."),
        sa.Column("purged_by", sa.Text(), nullable=False, comment="Who."),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="System time: when the store learned this row (ledger tick).",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstone")),
        sa.UniqueConstraint("subject", "identity", name=op.f("uq_tombstone_subject_identity")),
        comment="What was purged for legal reasons: that it was here, when it went and why.",
    )
    op.create_table(
        "versions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("reader", sa.Text(), nullable=False, comment="Version of the reader."),
        sa.Column("lexicon", sa.Text(), nullable=False, comment="Digest of the lexicon."),
        sa.Column("model", sa.Text(), nullable=False, comment="Version of the trained model."),
        sa.Column(
            "first_used_at", sa.DateTime(timezone=True), nullable=False, comment="Tick of the first batch read with it."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
        sa.UniqueConstraint("reader", "lexicon", "model", name=op.f("uq_versions_reader_lexicon_model")),
        comment="One combination of reader, lexicon and model that produced readings.",
    )
    op.create_table(
        "brand_alias",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("brand_id", sa.Text(), nullable=False, comment="Brand."),
        sa.Column("key", sa.Text(), nullable=False, comment="Comparison form."),
        sa.Column("alias", sa.Text(), nullable=False, comment="The name."),
        sa.Column("kind", sa.Text(), nullable=True, comment="How sure the name alone is: safe, context …"),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_brand_alias_brand_id_brand")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brand_alias")),
        sa.UniqueConstraint("brand_id", "key", name=op.f("uq_brand_alias_brand_id_key")),
        comment="One name a brand goes by.",
    )
    op.create_index(op.f("ix_brand_alias_key"), "brand_alias", ["key"], unique=False)
    op.create_table(
        "brand_owner",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("brand_id", sa.Text(), nullable=False, comment="Brand."),
        sa.Column("owner_key", sa.Text(), nullable=False, comment="Comparison form of the owner's name."),
        sa.Column("owner", sa.Text(), nullable=False, comment="Owner."),
        sa.Column("country", sa.Text(), nullable=True, comment="ISO country of the owner."),
        sa.Column("share", sa.Numeric(), nullable=True, comment="Share in per cent, where it is not all."),
        sa.Column("valid_from", sa.Date(), nullable=True, comment="First day; null = since ever, as far as known."),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="Last day; null = still."),
        sa.CheckConstraint(
            "valid_from is null or valid_to is null or valid_from <= valid_to", name=op.f("ck_brand_owner_dates")
        ),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_brand_owner_brand_id_brand")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brand_owner")),
        comment="Who owned a brand, and when.",
    )
    op.create_index(op.f("ix_brand_owner_brand_id"), "brand_owner", ["brand_id"], unique=False)
    op.create_index(op.f("ix_brand_owner_owner_key"), "brand_owner", ["owner_key"], unique=False)
    op.create_table(
        "capture",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column(
            "identity",
            sa.Text(),
            nullable=False,
            comment="sha256 over portal, address, bytes and time; recording the same capture twice is one row.",
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "page", "attachment", "list", name="capture_kind", native_enum=False, create_constraint=True, length=32
            ),
            server_default="page",
            nullable=False,
            comment="What was asked for.",
        ),
        sa.Column("portal_id", sa.Text(), nullable=True, comment="Portal it came from, where known."),
        sa.Column(
            "url", sa.Text(), nullable=True, comment="The portal's own address; null for a file imported without one."
        ),
        sa.Column("url_key", sa.Text(), nullable=True, comment="Comparison form of the address."),
        sa.Column("name", sa.Text(), nullable=True, comment="File name of an import."),
        sa.Column(
            "source_id", sa.Text(), nullable=True, comment="The portal's id of the notice, where the fetcher knew it."
        ),
        sa.Column(
            "captured_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Evidence time: when the bytes were received.",
        ),
        sa.Column(
            "captured_at_is_import",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="True where nobody said when it was captured and the time is that of the import.",
        ),
        sa.Column("http_status", sa.Integer(), nullable=True, comment="HTTP status; null for imported files."),
        sa.Column("media_type", sa.Text(), nullable=False, comment="Media type without parameters."),
        sa.Column("content_type", sa.Text(), nullable=True, comment="The Content-Type header as sent."),
        sa.Column("sha256", sa.Text(), nullable=False, comment="sha256 of the body."),
        sa.Column("warc_file", sa.Text(), nullable=False, comment="Archive file, relative to the archive folder."),
        sa.Column("warc_offset", sa.BigInteger(), nullable=False, comment="Offset of the record in that file, bytes."),
        sa.Column("warc_length", sa.BigInteger(), nullable=False, comment="Length of the record in that file, bytes."),
        sa.Column("run_id", sa.BigInteger(), nullable=True, comment="Run that fetched it."),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
            comment="System time: when the row was written.",
        ),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_capture_sha256_hex")),
        sa.CheckConstraint("warc_offset >= 0 and warc_length > 0", name=op.f("ck_capture_warc_range")),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_capture_portal_id_portal")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_capture_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capture")),
        sa.UniqueConstraint("identity", name=op.f("uq_capture_identity")),
        comment="One HTTP response or imported file kept byte for byte in the archive. Immutable.",
    )
    op.create_index(op.f("ix_capture_captured_at"), "capture", ["captured_at"], unique=False)
    op.create_index(op.f("ix_capture_portal_id"), "capture", ["portal_id"], unique=False)
    op.create_index(op.f("ix_capture_run_id"), "capture", ["run_id"], unique=False)
    op.create_index(op.f("ix_capture_sha256"), "capture", ["sha256"], unique=False)
    op.create_index(op.f("ix_capture_url_key"), "capture", ["url_key"], unique=False)
    op.create_table(
        "crawl_window",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("run_id", sa.BigInteger(), nullable=False, comment="Run that asked for it."),
        sa.Column("portal_id", sa.Text(), nullable=False, comment="Portal."),
        sa.Column(
            "channel",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="Column or notice type of the portal that was walked; empty = all.",
        ),
        sa.Column("since", sa.Date(), nullable=False, comment="First day."),
        sa.Column("until", sa.Date(), nullable=False, comment="Last day."),
        sa.Column("listed", sa.Integer(), nullable=True, comment="Notices the portal's list showed; null = not known."),
        sa.Column("captured", sa.Integer(), server_default=sa.text("0"), nullable=False, comment="Of these, captured."),
        sa.Column(
            "verdict",
            sa.Enum(
                "open",
                "complete",
                "deficit",
                "blocked",
                "failed",
                name="window_verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="open",
            nullable=False,
            comment="How it ended.",
        ),
        sa.Column(
            "deficit",
            postgresql.JSONB(none_as_null=True),
            nullable=True,
            comment="What is missing and why: [{source_id, url, reason}].",
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="One line for people."),
        sa.Column("state", postgresql.JSONB(none_as_null=True), nullable=True, comment="Where to resume."),
        sa.Column("claimed_by", sa.Text(), nullable=True, comment="Worker that holds the window."),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True, comment="Since when."),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True, comment="When the verdict was given."),
        sa.CheckConstraint("captured >= 0 and listed >= 0", name=op.f("ck_crawl_window_counts")),
        sa.CheckConstraint("since <= until", name=op.f("ck_crawl_window_since_until")),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_crawl_window_portal_id_portal")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_crawl_window_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crawl_window")),
        sa.UniqueConstraint(
            "run_id",
            "portal_id",
            "channel",
            "since",
            "until",
            name=op.f("uq_crawl_window_run_id_portal_id_channel_since_until"),
        ),
        comment="A closed range of days of one portal that a run set out to fetch, and what came of it.",
    )
    op.create_index(
        op.f("ix_crawl_window_portal_id_since_until"), "crawl_window", ["portal_id", "since", "until"], unique=False
    )
    op.create_table(
        "listing",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("list", sa.Text(), nullable=False, comment="Which list."),
        sa.Column("seed_id", sa.Text(), nullable=False, comment="Id in the seeds."),
        sa.Column("name_en", sa.Text(), nullable=False, comment="Name on the list."),
        sa.Column("name_zh", sa.Text(), nullable=True, comment="Name in Chinese."),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True, comment="Organisation in the store."),
        sa.Column("listed_on", sa.Date(), nullable=False, comment="First day on the list."),
        sa.Column("removed_on", sa.Date(), nullable=True, comment="Day of removal; null = still on it."),
        sa.Column("citation", sa.Text(), nullable=True, comment="Where the listing was published."),
        sa.Column("confidence", sa.Text(), nullable=True, comment="How sure the Chinese name is."),
        sa.CheckConstraint("removed_on is null or listed_on <= removed_on", name=op.f("ck_listing_dates")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_listing_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
        sa.UniqueConstraint("list", "seed_id", name=op.f("uq_listing_list_seed_id")),
        comment="One organisation on one government list for a stretch of days.",
    )
    op.create_index(op.f("ix_listing_organisation_id"), "listing", ["organisation_id"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("portal_id", sa.Text(), nullable=False, comment="Portal."),
        sa.Column(
            "identity",
            sa.Text(),
            nullable=False,
            comment="id:<the portal's own id>, else url:<canonical address>, else sha256:<bytes>.",
        ),
        sa.Column("source_id", sa.Text(), nullable=True, comment="The portal's own id."),
        sa.Column("url", sa.Text(), nullable=True, comment="Address of the notice."),
        sa.Column(
            "provisional",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="True where neither id nor address was known and the bytes stand in.",
        ),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="System time: when the store learned this row (ledger tick).",
        ),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_notice_portal_id_portal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("portal_id", "identity", name=op.f("uq_notice_portal_id_identity")),
        comment="One official announcement at one portal.",
    )
    op.create_index(op.f("ix_notice_source_id"), "notice", ["source_id"], unique=False)
    op.create_table(
        "organisation_name",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False, comment="Organisation."),
        sa.Column("key", sa.Text(), nullable=False, comment="Comparison form of the name."),
        sa.Column("name", sa.Text(), nullable=False, comment="The name."),
        sa.Column("source", sa.Text(), nullable=False, comment="Where it comes from: notice, seed, review."),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="System time: when the store learned this row (ledger tick).",
        ),
        sa.Column(
            "superseded_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="System time: when a newer row took over; null = still standing. The only column of a fact ever updated.",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_name_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_name")),
        comment="A name of an organisation. One standing organisation per name.",
    )
    op.create_index(
        op.f("ix_organisation_name_organisation_id"), "organisation_name", ["organisation_id"], unique=False
    )
    op.create_index(
        "uq_organisation_name_standing",
        "organisation_name",
        ["key"],
        unique=True,
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.create_table(
        "product_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("brand_id", sa.Text(), nullable=False, comment="Brand."),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the line."),
        sa.Column("name_zh", sa.Text(), nullable=True, comment="Name in Chinese."),
        sa.Column("parent", sa.Text(), nullable=True, comment="Line it is a part of."),
        sa.Column("product_class", sa.Text(), nullable=True, comment="Product class."),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_product_line_brand_id_brand")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_line")),
        sa.UniqueConstraint("brand_id", "name", name=op.f("uq_product_line_brand_id_name")),
        comment="A product family of a brand.",
    )
    op.create_table(
        "announcement_member",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("announcement_id", sa.BigInteger(), nullable=False, comment="Announcement."),
        sa.Column("notice_id", sa.BigInteger(), nullable=False, comment="Notice."),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="System time: when the store learned this row (ledger tick).",
        ),
        sa.Column(
            "superseded_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="System time: when a newer row took over; null = still standing. The only column of a fact ever updated.",
        ),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcement.id"], name=op.f("fk_announcement_member_announcement_id_announcement")
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_announcement_member_notice_id_notice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement_member")),
        comment="A notice's place in an announcement, dated in system time.",
    )
    op.create_index(
        op.f("ix_announcement_member_announcement_id"), "announcement_member", ["announcement_id"], unique=False
    )
    op.create_index(op.f("ix_announcement_member_notice_id"), "announcement_member", ["notice_id"], unique=False)
    op.create_index(
        "uq_announcement_member_standing",
        "announcement_member",
        ["notice_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.create_table(
        "link_queue",
        sa.Column("notice_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Notice."),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_link_queue_notice_id_notice")),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_link_queue")),
        comment="Notices whose evidence changed since linking last looked. Emptied by linking.",
    )
    op.create_table(
        "process_member",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("process_id", sa.BigInteger(), nullable=False, comment="Process."),
        sa.Column("notice_id", sa.BigInteger(), nullable=False, comment="Notice."),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="System time: when the store learned this row (ledger tick).",
        ),
        sa.Column(
            "superseded_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="System time: when a newer row took over; null = still standing. The only column of a fact ever updated.",
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_process_member_notice_id_notice")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_process_member_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_member")),
        comment="A notice's place in a process, dated in system time.",
    )
    op.create_index(op.f("ix_process_member_notice_id"), "process_member", ["notice_id"], unique=False)
    op.create_index(op.f("ix_process_member_process_id"), "process_member", ["process_id"], unique=False)
    op.create_index(
        "uq_process_member_standing",
        "process_member",
        ["notice_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("notice_id", sa.BigInteger(), nullable=False, comment="Notice."),
        sa.Column(
            "content_digest",
            sa.Text(),
            nullable=False,
            comment="sha256 of the portal's declared content node without its volatile parts.",
        ),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="System time: when the store learned this row (ledger tick).",
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_revision_notice_id_notice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("notice_id", "content_digest", name=op.f("uq_revision_notice_id_content_digest")),
        comment="One content of a notice. A changed page is a new revision, never an update.",
    )
    op.create_table(
        "body",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("revision_id", sa.BigInteger(), nullable=False, comment="Revision."),
        sa.Column("digest", sa.Text(), nullable=False, comment="sha256 of the text."),
        sa.Column("text", sa.Text(), nullable=False, comment="Visible text; offsets are code points into it."),
        sa.Column(
            "tokens", postgresql.TSVECTOR(), nullable=True, comment="Search tokens with positions; null = not yet made."
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_body_revision_id_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
        sa.UniqueConstraint("revision_id", "digest", name=op.f("uq_body_revision_id_digest")),
        comment="The visible text a reading's offsets point into, and its search tokens.",
    )
    op.create_index("ix_body_tokens", "body", ["tokens"], unique=False, postgresql_using="gin")
    op.create_table(
        "capture_reading",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("capture_id", sa.BigInteger(), nullable=False, comment="Capture read."),
        sa.Column("versions_id", sa.BigInteger(), nullable=False, comment="Reader, lexicon and model used."),
        sa.Column(
            "attachments_digest",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="sha256 over the attachments read with it; empty = none.",
        ),
        sa.Column(
            "state",
            sa.Enum(
                "notice",
                "list",
                "blocked",
                "error_page",
                "empty",
                "unknown",
                name="page_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="What the bytes are.",
        ),
        sa.Column("notice_id", sa.BigInteger(), nullable=True, comment="Notice shown."),
        sa.Column("revision_id", sa.BigInteger(), nullable=True, comment="Revision shown."),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="System time: when the store learned this row (ledger tick).",
        ),
        sa.Column(
            "superseded_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="System time: when a newer row took over; null = still standing. The only column of a fact ever updated.",
        ),
        sa.CheckConstraint(
            "(state = 'notice') = (revision_id is not null)", name=op.f("ck_capture_reading_notice_has_revision")
        ),
        sa.CheckConstraint(
            "(notice_id is null) = (revision_id is null)", name=op.f("ck_capture_reading_notice_revision")
        ),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_capture_reading_capture_id_capture")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_capture_reading_notice_id_notice")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_capture_reading_revision_id_revision")),
        sa.ForeignKeyConstraint(["versions_id"], ["versions.id"], name=op.f("fk_capture_reading_versions_id_versions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capture_reading")),
        comment="What reading one capture with one set of versions said.",
    )
    op.create_index(op.f("ix_capture_reading_capture_id"), "capture_reading", ["capture_id"], unique=False)
    op.create_index(
        op.f("ix_capture_reading_notice_id"),
        "capture_reading",
        ["notice_id"],
        unique=False,
        postgresql_where=sa.text("notice_id is not null"),
    )
    op.create_index(op.f("ix_capture_reading_revision_id"), "capture_reading", ["revision_id"], unique=False)
    op.create_index(
        "uq_capture_reading_standing",
        "capture_reading",
        ["capture_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.create_table(
        "pair",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column(
            "level",
            sa.Enum("announcement", "process", name="link_level", native_enum=False, create_constraint=True, length=32),
            nullable=False,
            comment="Announcement or process.",
        ),
        sa.Column("left_revision_id", sa.BigInteger(), nullable=False, comment="Revision with the lower id."),
        sa.Column("right_revision_id", sa.BigInteger(), nullable=False, comment="Revision with the higher id."),
        sa.Column(
            "verdict",
            sa.Enum(
                "same",
                "forbidden",
                "successor",
                name="link_verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="Verdict.",
        ),
        sa.Column("score", sa.Float(precision=53), nullable=False, comment="Weight of the evidence, 0 to 1."),
        sa.Column(
            "evidence",
            postgresql.JSONB(none_as_null=True),
            nullable=False,
            comment="What was compared and what it weighed.",
        ),
        sa.Column("link_version", sa.Text(), nullable=False, comment="Version of the linking rules."),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="System time: when the store learned this row (ledger tick).",
        ),
        sa.Column(
            "superseded_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="System time: when a newer row took over; null = still standing. The only column of a fact ever updated.",
        ),
        sa.CheckConstraint("left_revision_id < right_revision_id", name=op.f("ck_pair_ordered")),
        sa.ForeignKeyConstraint(["left_revision_id"], ["revision.id"], name=op.f("fk_pair_left_revision_id_revision")),
        sa.ForeignKeyConstraint(
            ["right_revision_id"], ["revision.id"], name=op.f("fk_pair_right_revision_id_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair")),
        comment="One decision about two revisions, with the evidence for it.",
    )
    op.create_index(op.f("ix_pair_left_revision_id"), "pair", ["left_revision_id"], unique=False)
    op.create_index(op.f("ix_pair_right_revision_id"), "pair", ["right_revision_id"], unique=False)
    op.create_index(
        "uq_pair_standing",
        "pair",
        ["level", "left_revision_id", "right_revision_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column(
            "kind",
            sa.Enum(
                "mention",
                "same_announcement",
                "same_process",
                name="review_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="What was decided on.",
        ),
        sa.Column("revision_id", sa.BigInteger(), nullable=True, comment="Revision whose words were judged."),
        sa.Column("brand_id", sa.Text(), nullable=True, comment="Brand of the mention."),
        sa.Column("start", sa.Integer(), nullable=True, comment="First code point of the mention."),
        sa.Column("end", sa.Integer(), nullable=True, comment="Code point after its last."),
        sa.Column("quote", sa.Text(), nullable=True, comment="The words judged."),
        sa.Column(
            "role",
            sa.Enum(
                "awarded",
                "contracted",
                "candidate",
                "required",
                "reference",
                "alternative",
                "installed",
                "maintained",
                "consumable_for",
                "compared",
                "compatible_with",
                "excluded",
                "supplier_is_brand",
                "authorised",
                "target",
                "environment",
                "negated",
                "incidental",
                "unresolved",
                name="review_role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="Role decided.",
        ),
        sa.Column("notice_id", sa.BigInteger(), nullable=True, comment="First notice of a pair (lower id)."),
        sa.Column("other_notice_id", sa.BigInteger(), nullable=True, comment="Second notice of a pair."),
        sa.Column("verdict", sa.Text(), nullable=True, comment="same or different, for a pair."),
        sa.Column("reviewer", sa.Text(), nullable=False, comment="Who decided."),
        sa.Column("note", sa.Text(), nullable=True, comment="Why."),
        sa.Column(
            "context",
            postgresql.JSONB(none_as_null=True),
            nullable=True,
            comment="What the person saw (versions, machine's answer).",
        ),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="System time: when the store learned this row (ledger tick).",
        ),
        sa.Column(
            "superseded_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="System time: when a newer row took over; null = still standing. The only column of a fact ever updated.",
        ),
        sa.CheckConstraint(
            "kind = 'mention' or (notice_id is not null and other_notice_id is not null and verdict is not null and notice_id < other_notice_id)",
            name=op.f("ck_review_pair_subject"),
        ),
        sa.CheckConstraint(
            "kind <> 'mention' or (revision_id is not null and brand_id is not null and start is not null and \"end\" is not null and role is not null)",
            name=op.f("ck_review_mention_subject"),
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_review_notice_id_notice")),
        sa.ForeignKeyConstraint(["other_notice_id"], ["notice.id"], name=op.f("fk_review_other_notice_id_notice")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_review_revision_id_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        comment="A person's decision about a machine's output.",
    )
    op.create_index(op.f("ix_review_notice_id"), "review", ["notice_id"], unique=False)
    op.create_index(op.f("ix_review_other_notice_id"), "review", ["other_notice_id"], unique=False)
    op.create_index(op.f("ix_review_revision_id"), "review", ["revision_id"], unique=False)
    op.create_index(
        "uq_review_mention_standing",
        "review",
        ["revision_id", "brand_id", "start", "end"],
        unique=True,
        postgresql_where=sa.text("superseded_at is null and kind = 'mention'"),
    )
    op.create_index(
        "uq_review_pair_standing",
        "review",
        ["kind", "notice_id", "other_notice_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at is null and kind <> 'mention'"),
    )
    op.create_table(
        "reading",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("revision_id", sa.BigInteger(), nullable=False, comment="Revision read."),
        sa.Column("versions_id", sa.BigInteger(), nullable=False, comment="Reader, lexicon and model used."),
        sa.Column(
            "attachments_digest",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="sha256 over the attachments read with it; empty = none.",
        ),
        sa.Column("capture_id", sa.BigInteger(), nullable=False, comment="Capture whose bytes were read."),
        sa.Column("body_id", sa.BigInteger(), nullable=False, comment="Text the offsets point into."),
        sa.Column(
            "evidence_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Evidence time of the last attachment read with the page; null = none was. The page's own is its captures'.",
        ),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="System time: when the store learned this row (ledger tick).",
        ),
        sa.Column(
            "superseded_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="System time: when a newer row took over; null = still standing. The only column of a fact ever updated.",
        ),
        sa.Column("title", sa.Text(), nullable=True, comment="Title."),
        sa.Column(
            "type",
            sa.Enum(
                "intention",
                "prequalification",
                "tender",
                "correction",
                "candidate",
                "award",
                "failed",
                "contract",
                "acceptance",
                "single_source",
                "import_review",
                "framework",
                "emall_order",
                "complaint",
                "other",
                name="notice_type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="Normal form of the type.",
        ),
        sa.Column("type_raw", sa.Text(), nullable=True, comment="Type as the portal calls it."),
        sa.Column(
            "stage",
            sa.Enum(
                "planning",
                "tender",
                "award",
                "contract",
                "implementation",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="Stage of the procurement.",
        ),
        sa.Column("published_on", sa.Date(), nullable=True, comment="Day of publication (Asia/Shanghai)."),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Time of publication, where the page gives one.",
        ),
        sa.Column("published_raw", sa.Text(), nullable=True, comment="Publication time as printed."),
        sa.Column("opening_on", sa.Date(), nullable=True, comment="Day of bid opening."),
        sa.Column("award_on", sa.Date(), nullable=True, comment="Day of the award decision."),
        sa.Column("signed_on", sa.Date(), nullable=True, comment="Day the contract was signed."),
        sa.Column("first_notice_on", sa.Date(), nullable=True, comment="Day of the project's first notice, as stated."),
        sa.Column("project_no", sa.Text(), nullable=True, comment="Project number."),
        sa.Column("project_no_raw", sa.Text(), nullable=True, comment="Project number as printed."),
        sa.Column("project_name", sa.Text(), nullable=True, comment="Project name."),
        sa.Column("contract_no", sa.Text(), nullable=True, comment="Contract number."),
        sa.Column("method", sa.Text(), nullable=True, comment="Procurement method."),
        sa.Column("method_raw", sa.Text(), nullable=True, comment="Procurement method as printed."),
        sa.Column("region_code", sa.Text(), nullable=True, comment="GB/T 2260 code of the notice's area."),
        sa.Column("region_raw", sa.Text(), nullable=True, comment="Area as printed."),
        sa.Column("category_raw", sa.Text(), nullable=True, comment="Category as printed."),
        sa.Column("budget_cny", sa.Numeric(), nullable=True, comment="Budget, CNY."),
        sa.Column("budget_raw", sa.Text(), nullable=True, comment="Budget as printed."),
        sa.Column("ceiling_cny", sa.Numeric(), nullable=True, comment="Ceiling price, CNY."),
        sa.Column("ceiling_raw", sa.Text(), nullable=True, comment="Ceiling price as printed."),
        sa.Column("award_total_cny", sa.Numeric(), nullable=True, comment="Total awarded, CNY."),
        sa.Column("award_total_raw", sa.Text(), nullable=True, comment="Total awarded as printed."),
        sa.Column(
            "link_keys",
            postgresql.JSONB(none_as_null=True),
            nullable=True,
            comment="Comparison forms used by linking.",
        ),
        sa.CheckConstraint("award_total_cny >= 0", name=op.f("ck_reading_award_total")),
        sa.CheckConstraint("budget_cny >= 0", name=op.f("ck_reading_budget")),
        sa.CheckConstraint("ceiling_cny >= 0", name=op.f("ck_reading_ceiling")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_reading_body_id_body")),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_reading_capture_id_capture")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_reading_revision_id_revision")),
        sa.ForeignKeyConstraint(["versions_id"], ["versions.id"], name=op.f("fk_reading_versions_id_versions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        comment="What the reader made of one revision. Superseded by a newer reading, never overwritten.",
    )
    op.create_index(op.f("ix_reading_body_id"), "reading", ["body_id"], unique=False)
    op.create_index(op.f("ix_reading_capture_id"), "reading", ["capture_id"], unique=False)
    op.create_index(op.f("ix_reading_revision_id"), "reading", ["revision_id"], unique=False)
    op.create_index(
        "uq_reading_standing",
        "reading",
        ["revision_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("reading_id", sa.BigInteger(), nullable=False, comment="Reading."),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the link."),
        sa.Column("url", sa.Text(), nullable=False, comment="Address."),
        sa.Column("url_key", sa.Text(), nullable=False, comment="Comparison form of the address; joins captures."),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name=op.f("fk_attachment_reading_id_reading")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        comment="One file the page links to.",
    )
    op.create_index(op.f("ix_attachment_reading_id"), "attachment", ["reading_id"], unique=False)
    op.create_index(op.f("ix_attachment_url_key"), "attachment", ["url_key"], unique=False)
    op.create_table(
        "field_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("reading_id", sa.BigInteger(), nullable=False, comment="Reading."),
        sa.Column("field", sa.Text(), nullable=False, comment="Field named."),
        sa.Column("before", sa.Text(), nullable=True, comment="Text before."),
        sa.Column("after", sa.Text(), nullable=True, comment="Text after."),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name=op.f("fk_field_change_reading_id_reading")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_change")),
        comment="One line of a correction: the field, before and after, as the page says it.",
    )
    op.create_index(op.f("ix_field_change_reading_id"), "field_change", ["reading_id"], unique=False)
    op.create_table(
        "issue",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("reading_id", sa.BigInteger(), nullable=True, comment="Reading of a notice."),
        sa.Column("capture_reading_id", sa.BigInteger(), nullable=True, comment="Reading of a page that is no notice."),
        sa.Column("code", sa.Text(), nullable=False, comment="Code, as in docs/issues.md."),
        sa.Column("message", sa.Text(), nullable=False, comment="One line."),
        sa.Column("at", sa.Text(), nullable=True, comment="The field, cell or file it is about."),
        sa.CheckConstraint("num_nonnulls(reading_id, capture_reading_id) = 1", name=op.f("ck_issue_one_subject")),
        sa.ForeignKeyConstraint(
            ["capture_reading_id"], ["capture_reading.id"], name=op.f("fk_issue_capture_reading_id_capture_reading")
        ),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name=op.f("fk_issue_reading_id_reading")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue")),
        comment="Something a person should know about a reading, or about a page that is no notice.",
    )
    op.create_index(op.f("ix_issue_capture_reading_id"), "issue", ["capture_reading_id"], unique=False)
    op.create_index(op.f("ix_issue_code"), "issue", ["code"], unique=False)
    op.create_index(op.f("ix_issue_reading_id"), "issue", ["reading_id"], unique=False)
    op.create_table(
        "item",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("reading_id", sa.BigInteger(), nullable=False, comment="Reading."),
        sa.Column("position", sa.Integer(), nullable=False, comment="Order in the notice, from 0."),
        sa.Column("lot", sa.Text(), nullable=True, comment="Lot."),
        sa.Column("name", sa.Text(), nullable=True, comment="Name of the goods."),
        sa.Column("brand_id", sa.Text(), nullable=True, comment="Brand (seed id)."),
        sa.Column("brand", sa.Text(), nullable=True, comment="Brand, canonical English name."),
        sa.Column("brand_raw", sa.Text(), nullable=True, comment="Brand as printed."),
        sa.Column("model_raw", sa.Text(), nullable=True, comment="Model as printed."),
        sa.Column("product_line", sa.Text(), nullable=True, comment="Product line."),
        sa.Column("product_class", sa.Text(), nullable=True, comment="Product class."),
        sa.Column("quantity", sa.Numeric(), nullable=True, comment="Quantity as a number; null = not stated."),
        sa.Column("quantity_raw", sa.Text(), nullable=True, comment="Quantity as printed."),
        sa.Column("unit", sa.Text(), nullable=True, comment="Unit of the quantity."),
        sa.Column(
            "units",
            sa.Numeric(),
            nullable=True,
            comment="Quantity in single pieces; null where the unit hides the number (1批, 1套).",
        ),
        sa.Column("unit_price_cny", sa.Numeric(), nullable=True, comment="Unit price, CNY."),
        sa.Column("unit_price_raw", sa.Text(), nullable=True, comment="Unit price as printed."),
        sa.Column("total_cny", sa.Numeric(), nullable=True, comment="Total of the line, CNY."),
        sa.Column("total_raw", sa.Text(), nullable=True, comment="Total as printed."),
        sa.Column(
            "declared_imported", sa.Boolean(), nullable=True, comment="Whether the notice calls the goods imported."
        ),
        sa.Column("supplier", sa.Text(), nullable=True, comment="Supplier of the line."),
        sa.Column(
            "status",
            sa.Enum(
                "awarded",
                "failed",
                "candidate",
                "open",
                "cancelled",
                name="item_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="Status of the line.",
        ),
        sa.Column("source", sa.Text(), nullable=False, comment="table, text, title or attachment:<name>."),
        sa.Column("system", sa.Text(), nullable=True, comment="Heading of the system the line belongs to."),
        sa.Column("start", sa.Integer(), nullable=True, comment="First code point in the text."),
        sa.Column("end", sa.Integer(), nullable=True, comment="Code point after the last."),
        sa.Column("brand_start", sa.Integer(), nullable=True, comment="First code point of the brand."),
        sa.Column("brand_end", sa.Integer(), nullable=True, comment="Code point after the brand's last."),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_item_quantity")),
        sa.CheckConstraint('start >= 0 and "end" >= start', name=op.f("ck_item_span")),
        sa.CheckConstraint("total_cny >= 0", name=op.f("ck_item_total")),
        sa.CheckConstraint("unit_price_cny >= 0", name=op.f("ck_item_unit_price")),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name=op.f("fk_item_reading_id_reading")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("reading_id", "position", name=op.f("uq_item_reading_id_position")),
        comment="One line of goods in one reading.",
    )
    op.create_index(op.f("ix_item_brand_id"), "item", ["brand_id"], unique=False)
    op.create_table(
        "link_key",
        sa.Column("key", sa.Text(), nullable=False, comment="Kind and value, as in p:JSZC-2021-001."),
        sa.Column("reading_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Reading."),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name=op.f("fk_link_key_reading_id_reading")),
        sa.PrimaryKeyConstraint("key", "reading_id", name=op.f("pk_link_key")),
        comment="Comparison keys of a reading; two readings are compared where they share one. Derived.",
    )
    op.create_index(op.f("ix_link_key_reading_id"), "link_key", ["reading_id"], unique=False)
    op.create_table(
        "lot",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("reading_id", sa.BigInteger(), nullable=False, comment="Reading."),
        sa.Column("position", sa.Integer(), nullable=False, comment="Order in the notice, from 0."),
        sa.Column("lot", sa.Text(), nullable=True, comment="Bare number or letter; null = the notice has no lots."),
        sa.Column("name", sa.Text(), nullable=True, comment="Name of the lot."),
        sa.Column(
            "status",
            sa.Enum(
                "awarded",
                "failed",
                "candidate",
                "open",
                "cancelled",
                name="lot_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="Status.",
        ),
        sa.Column("supplier", sa.Text(), nullable=True, comment="Winner; consortium members joined by 、, lead first."),
        sa.Column("amount_cny", sa.Numeric(), nullable=True, comment="Amount, CNY."),
        sa.Column("amount_raw", sa.Text(), nullable=True, comment="Amount as printed."),
        sa.Column("amount_reason", sa.Text(), nullable=True, comment="Why there is no amount (rate, placeholder)."),
        sa.Column("start", sa.Integer(), nullable=True, comment="First code point in the text."),
        sa.Column("end", sa.Integer(), nullable=True, comment="Code point after the last."),
        sa.CheckConstraint("amount_cny >= 0", name=op.f("ck_lot_amount")),
        sa.CheckConstraint('start >= 0 and "end" >= start', name=op.f("ck_lot_span")),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name=op.f("fk_lot_reading_id_reading")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
        sa.UniqueConstraint("reading_id", "position", name=op.f("uq_lot_reading_id_position")),
        comment="One lot in one reading, with its winner where there is one.",
    )
    op.create_table(
        "mention",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("reading_id", sa.BigInteger(), nullable=False, comment="Reading."),
        sa.Column("position", sa.Integer(), nullable=False, comment="Order in the reading, from 0."),
        sa.Column("brand_id", sa.Text(), nullable=False, comment="Brand (seed id)."),
        sa.Column("brand", sa.Text(), nullable=False, comment="Brand, canonical English name."),
        sa.Column("surface", sa.Text(), nullable=False, comment="The words on the page."),
        sa.Column("start", sa.Integer(), nullable=False, comment="First code point in the text."),
        sa.Column("end", sa.Integer(), nullable=False, comment="Code point after the last."),
        sa.Column(
            "field", sa.Text(), nullable=False, comment="Where it stands: title, text, table_brand, table_model …"
        ),
        sa.Column(
            "role",
            sa.Enum(
                "awarded",
                "contracted",
                "candidate",
                "required",
                "reference",
                "alternative",
                "installed",
                "maintained",
                "consumable_for",
                "compared",
                "compatible_with",
                "excluded",
                "supplier_is_brand",
                "authorised",
                "target",
                "environment",
                "negated",
                "incidental",
                "unresolved",
                name="mention_role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="Role.",
        ),
        sa.Column(
            "best_role",
            sa.Enum(
                "awarded",
                "contracted",
                "candidate",
                "required",
                "reference",
                "alternative",
                "installed",
                "maintained",
                "consumable_for",
                "compared",
                "compatible_with",
                "excluded",
                "supplier_is_brand",
                "authorised",
                "target",
                "environment",
                "negated",
                "incidental",
                "unresolved",
                name="mention_best_role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="Best guess where the role is unresolved.",
        ),
        sa.Column("score", sa.Float(precision=53), nullable=False, comment="Certainty of the role, 0 to 1."),
        sa.Column("rule", sa.Text(), nullable=False, comment="Rule or model that decided."),
        sa.Column("product_line", sa.Text(), nullable=True, comment="Product line named."),
        sa.Column("product_class", sa.Text(), nullable=True, comment="Product class named."),
        sa.Column("item_position", sa.Integer(), nullable=True, comment="Position of the line it stands in."),
        sa.Column("lot", sa.Text(), nullable=True, comment="Lot it belongs to."),
        sa.CheckConstraint("score >= 0 and score <= 1", name=op.f("ck_mention_score")),
        sa.CheckConstraint('start >= 0 and "end" > start', name=op.f("ck_mention_span")),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name=op.f("fk_mention_reading_id_reading")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mention")),
        sa.UniqueConstraint("reading_id", "position", name=op.f("uq_mention_reading_id_position")),
        comment="One span of a reading's text that names a brand, with exactly one role.",
    )
    op.create_index(op.f("ix_mention_brand_id_reading_id"), "mention", ["brand_id", "reading_id"], unique=False)
    op.create_table(
        "party",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("reading_id", sa.BigInteger(), nullable=False, comment="Reading."),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False, comment="Organisation the name was filed under."),
        sa.Column(
            "role",
            sa.Enum(
                "buyer",
                "end_user",
                "agency",
                "supplier",
                "candidate",
                "sub_supplier",
                "proposed_supplier",
                name="party_role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="Role.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Name, cleaned."),
        sa.Column("name_raw", sa.Text(), nullable=False, comment="Name as printed."),
        sa.Column("lot", sa.Text(), nullable=True, comment="Lot it belongs to."),
        sa.Column("is_public_security", sa.Boolean(), nullable=True, comment="Public security on the notice's date."),
        sa.Column(
            "tier",
            sa.Enum(
                "ministry",
                "organ",
                "specialised",
                "academy",
                "affiliated",
                "prison",
                "procuratorate",
                "court",
                "state_security",
                "armed_police",
                "fire",
                "urban_management",
                "other",
                name="tier",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="Tier on the notice's date.",
        ),
        sa.Column("unit_class", sa.Text(), nullable=True, comment="Kind of organ on the notice's date."),
        sa.Column(
            "level",
            sa.Enum(
                "national",
                "province",
                "prefecture",
                "county",
                "sub_bureau",
                "station",
                "unit",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="Administrative level.",
        ),
        sa.Column("division_code", sa.Text(), nullable=True, comment="GB/T 2260 code of its jurisdiction."),
        sa.Column("reason", sa.Text(), nullable=True, comment="Rule that decided the class."),
        sa.Column("start", sa.Integer(), nullable=True, comment="First code point in the text."),
        sa.Column("end", sa.Integer(), nullable=True, comment="Code point after the last."),
        sa.CheckConstraint('start >= 0 and "end" >= start', name=op.f("ck_party_span")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_party_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name=op.f("fk_party_reading_id_reading")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        comment="One organisation in one role in one reading, classed for the date of the notice.",
    )
    op.create_index(op.f("ix_party_organisation_id_role"), "party", ["organisation_id", "role"], unique=False)
    op.create_index(op.f("ix_party_reading_id"), "party", ["reading_id"], unique=False)
    op.create_table(
        "related_notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("reading_id", sa.BigInteger(), nullable=False, comment="Reading."),
        sa.Column("source_id", sa.Text(), nullable=True, comment="The portal's id of the other notice."),
        sa.Column("url", sa.Text(), nullable=True, comment="Its address."),
        sa.Column("type_raw", sa.Text(), nullable=True, comment="Its type as printed."),
        sa.Column("published_on", sa.Date(), nullable=True, comment="Its day of publication."),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name=op.f("fk_related_notice_reading_id_reading")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_related_notice")),
        comment="A link to another notice of the same project that the page itself states.",
    )
    op.create_index(op.f("ix_related_notice_reading_id"), "related_notice", ["reading_id"], unique=False)
    op.create_table(
        "span",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Row id."),
        sa.Column("reading_id", sa.BigInteger(), nullable=False, comment="Reading."),
        sa.Column("label", sa.Text(), nullable=False, comment="Label."),
        sa.Column("start", sa.Integer(), nullable=False, comment="First code point."),
        sa.Column("end", sa.Integer(), nullable=False, comment="Code point after the last."),
        sa.CheckConstraint('start >= 0 and "end" >= start', name=op.f("ck_span_span")),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name=op.f("fk_span_reading_id_reading")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_span")),
        comment="A labelled span of a reading's text: personal:phone, justification:patent.",
    )
    op.create_index(op.f("ix_span_reading_id"), "span", ["reading_id"], unique=False)

    op.execute("INSERT INTO ledger (id, tick) VALUES (1, clock_timestamp())")


def downgrade() -> None:
    op.drop_index(op.f("ix_span_reading_id"), table_name="span")
    op.drop_table("span")
    op.drop_index(op.f("ix_related_notice_reading_id"), table_name="related_notice")
    op.drop_table("related_notice")
    op.drop_index(op.f("ix_party_reading_id"), table_name="party")
    op.drop_index(op.f("ix_party_organisation_id_role"), table_name="party")
    op.drop_table("party")
    op.drop_index(op.f("ix_mention_brand_id_reading_id"), table_name="mention")
    op.drop_table("mention")
    op.drop_table("lot")
    op.drop_index(op.f("ix_link_key_reading_id"), table_name="link_key")
    op.drop_table("link_key")
    op.drop_index(op.f("ix_item_brand_id"), table_name="item")
    op.drop_table("item")
    op.drop_index(op.f("ix_issue_reading_id"), table_name="issue")
    op.drop_index(op.f("ix_issue_code"), table_name="issue")
    op.drop_index(op.f("ix_issue_capture_reading_id"), table_name="issue")
    op.drop_table("issue")
    op.drop_index(op.f("ix_field_change_reading_id"), table_name="field_change")
    op.drop_table("field_change")
    op.drop_index(op.f("ix_attachment_url_key"), table_name="attachment")
    op.drop_index(op.f("ix_attachment_reading_id"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_index("uq_reading_standing", table_name="reading", postgresql_where=sa.text("superseded_at is null"))
    op.drop_index(op.f("ix_reading_revision_id"), table_name="reading")
    op.drop_index(op.f("ix_reading_capture_id"), table_name="reading")
    op.drop_index(op.f("ix_reading_body_id"), table_name="reading")
    op.drop_table("reading")
    op.drop_index(
        "uq_review_pair_standing",
        table_name="review",
        postgresql_where=sa.text("superseded_at is null and kind <> 'mention'"),
    )
    op.drop_index(
        "uq_review_mention_standing",
        table_name="review",
        postgresql_where=sa.text("superseded_at is null and kind = 'mention'"),
    )
    op.drop_index(op.f("ix_review_revision_id"), table_name="review")
    op.drop_index(op.f("ix_review_other_notice_id"), table_name="review")
    op.drop_index(op.f("ix_review_notice_id"), table_name="review")
    op.drop_table("review")
    op.drop_index("uq_pair_standing", table_name="pair", postgresql_where=sa.text("superseded_at is null"))
    op.drop_index(op.f("ix_pair_right_revision_id"), table_name="pair")
    op.drop_index(op.f("ix_pair_left_revision_id"), table_name="pair")
    op.drop_table("pair")
    op.drop_index(
        "uq_capture_reading_standing", table_name="capture_reading", postgresql_where=sa.text("superseded_at is null")
    )
    op.drop_index(op.f("ix_capture_reading_revision_id"), table_name="capture_reading")
    op.drop_index(
        op.f("ix_capture_reading_notice_id"),
        table_name="capture_reading",
        postgresql_where=sa.text("notice_id is not null"),
    )
    op.drop_index(op.f("ix_capture_reading_capture_id"), table_name="capture_reading")
    op.drop_table("capture_reading")
    op.drop_index("ix_body_tokens", table_name="body", postgresql_using="gin")
    op.drop_table("body")
    op.drop_table("revision")
    op.drop_index(
        "uq_process_member_standing", table_name="process_member", postgresql_where=sa.text("superseded_at is null")
    )
    op.drop_index(op.f("ix_process_member_process_id"), table_name="process_member")
    op.drop_index(op.f("ix_process_member_notice_id"), table_name="process_member")
    op.drop_table("process_member")
    op.drop_table("link_queue")
    op.drop_index(
        "uq_announcement_member_standing",
        table_name="announcement_member",
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.drop_index(op.f("ix_announcement_member_notice_id"), table_name="announcement_member")
    op.drop_index(op.f("ix_announcement_member_announcement_id"), table_name="announcement_member")
    op.drop_table("announcement_member")
    op.drop_table("product_line")
    op.drop_index(
        "uq_organisation_name_standing",
        table_name="organisation_name",
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.drop_index(op.f("ix_organisation_name_organisation_id"), table_name="organisation_name")
    op.drop_table("organisation_name")
    op.drop_index(op.f("ix_notice_source_id"), table_name="notice")
    op.drop_table("notice")
    op.drop_index(op.f("ix_listing_organisation_id"), table_name="listing")
    op.drop_table("listing")
    op.drop_index(op.f("ix_crawl_window_portal_id_since_until"), table_name="crawl_window")
    op.drop_table("crawl_window")
    op.drop_index(op.f("ix_capture_url_key"), table_name="capture")
    op.drop_index(op.f("ix_capture_sha256"), table_name="capture")
    op.drop_index(op.f("ix_capture_run_id"), table_name="capture")
    op.drop_index(op.f("ix_capture_portal_id"), table_name="capture")
    op.drop_index(op.f("ix_capture_captured_at"), table_name="capture")
    op.drop_table("capture")
    op.drop_index(op.f("ix_brand_owner_owner_key"), table_name="brand_owner")
    op.drop_index(op.f("ix_brand_owner_brand_id"), table_name="brand_owner")
    op.drop_table("brand_owner")
    op.drop_index(op.f("ix_brand_alias_key"), table_name="brand_alias")
    op.drop_table("brand_alias")
    op.drop_table("versions")
    op.drop_table("tombstone")
    op.drop_table("seed_version")
    op.drop_table("run")
    op.drop_index(op.f("ix_process_predecessor_id"), table_name="process")
    op.drop_table("process")
    op.drop_table("portal")
    op.drop_index(op.f("ix_organisation_division_code"), table_name="organisation")
    op.drop_table("organisation")
    op.drop_table("ledger")
    op.drop_index(
        "ix_fact_notice_title_trgm",
        table_name="fact_notice",
        postgresql_using="gin",
        postgresql_ops={"title": "gin_trgm_ops"},
    )
    op.drop_index(op.f("ix_fact_notice_reading_id"), table_name="fact_notice")
    op.drop_index(op.f("ix_fact_notice_published_on_notice_id"), table_name="fact_notice")
    op.drop_index(op.f("ix_fact_notice_process_id"), table_name="fact_notice")
    op.drop_index(op.f("ix_fact_notice_end_user_id"), table_name="fact_notice")
    op.drop_index(op.f("ix_fact_notice_buyer_id"), table_name="fact_notice")
    op.drop_index(op.f("ix_fact_notice_body_id"), table_name="fact_notice")
    op.drop_index(op.f("ix_fact_notice_announcement_id"), table_name="fact_notice")
    op.drop_table("fact_notice")
    op.drop_index(op.f("ix_fact_mention_supplier_id"), table_name="fact_mention")
    op.drop_index(
        op.f("ix_fact_mention_product_class_published_on"),
        table_name="fact_mention",
        postgresql_where=sa.text("product_class is not null"),
    )
    op.drop_index(op.f("ix_fact_mention_process_id"), table_name="fact_mention")
    op.drop_index(op.f("ix_fact_mention_notice_id"), table_name="fact_mention")
    op.drop_index(op.f("ix_fact_mention_buyer_id"), table_name="fact_mention")
    op.drop_index(op.f("ix_fact_mention_brand_id_published_on"), table_name="fact_mention")
    op.drop_index(op.f("ix_fact_mention_announcement_id"), table_name="fact_mention")
    op.drop_table("fact_mention")
    op.drop_index(op.f("ix_fact_line_process_id"), table_name="fact_line")
    op.drop_index(op.f("ix_fact_line_notice_id"), table_name="fact_line")
    op.drop_index(op.f("ix_fact_line_award_id"), table_name="fact_line")
    op.drop_table("fact_line")
    op.drop_index(op.f("ix_fact_award_supplier_id"), table_name="fact_award")
    op.drop_index(op.f("ix_fact_award_process_id"), table_name="fact_award")
    op.drop_table("fact_award")
    op.drop_index(op.f("ix_division_name"), table_name="division")
    op.drop_index(op.f("ix_division_code_valid_from"), table_name="division")
    op.drop_table("division")
    op.drop_index(op.f("ix_brand_origin"), table_name="brand")
    op.drop_table("brand")
    op.drop_table("announcement")
