"""Views for analysts; organisations know the organs above them; captures are counted on the desk.

Revision: 0002
Follows: 0001
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

VIEWS = {
    "v_notice": (
        "One row a notice as it stands now.",
        """
        SELECT f.notice_id, n.portal_id AS portal, n.source_id, n.url, a.key AS announcement, p.ocid, f.is_primary, f.type, f.title,
               f.published_on, f.award_on, f.signed_on, f.first_seen_on, r.project_no, r.contract_no, r.budget_cny, r.award_total_cny,
               b.name AS buyer, f.buyer_tier, f.buyer_class, f.buyer_division, f.buyer_xpcc, e.name AS end_user, f.end_user_tier,
               f.captures, f.reading_id
          FROM fact_notice f
          JOIN notice n ON n.id = f.notice_id
          JOIN reading r ON r.id = f.reading_id
          JOIN announcement a ON a.id = f.announcement_id
          JOIN process p ON p.id = f.process_id
          LEFT JOIN organisation b ON b.id = f.buyer_id
          LEFT JOIN organisation e ON e.id = f.end_user_id
        """,
        {
            "notice_id": "Notice.",
            "portal": "Portal.",
            "source_id": "The portal's own id.",
            "url": "Address.",
            "announcement": "Key of the announcement: copies on several portals share it (N1).",
            "ocid": "Process: one procurement from intention to contract (N2).",
            "is_primary": "The copy that speaks for its announcement.",
            "type": "Notice type.",
            "title": "Title.",
            "published_on": "Publication of the earliest copy.",
            "award_on": "Award decision, earliest of the copies.",
            "signed_on": "Signature, earliest of the copies.",
            "first_seen_on": "First capture, Asia/Shanghai.",
            "project_no": "Project number.",
            "contract_no": "Contract number.",
            "budget_cny": "Budget, CNY.",
            "award_total_cny": "Total awarded as the notice states it, CNY. Not to be summed over a process.",
            "buyer": "Buyer.",
            "buyer_tier": "Buyer's tier on the date of the notice.",
            "buyer_class": "Buyer's kind of organ on that date.",
            "buyer_division": "Buyer's jurisdiction, GB/T 2260.",
            "buyer_xpcc": "Buyer belongs to the Corps.",
            "end_user": "End user, where the notice names one.",
            "end_user_tier": "End user's tier.",
            "captures": "Captures that show the notice.",
            "reading_id": "Reading these values are from.",
        },
    ),
    "v_mention": (
        "One row a brand mention in the notices as they stand now.",
        """
        SELECT f.mention_id, f.notice_id, f.reading_id, f.announcement_id, f.process_id, br.name AS brand, br.origin AS brand_origin,
               f.role, f.best_role, f.decided, f.reviewed, m.surface, m.start, m."end", m.field, m.rule, m.score, f.lot, f.product_kind,
               f.product_class, f.product_line, f.units, f.type, f.published_on, b.name AS buyer, f.buyer_tier, f.buyer_division,
               s.name AS supplier
          FROM fact_mention f
          JOIN mention m ON m.id = f.mention_id
          LEFT JOIN brand br ON br.id = f.brand_id
          LEFT JOIN organisation b ON b.id = f.buyer_id
          LEFT JOIN organisation s ON s.id = f.supplier_id
        """,
        {
            "mention_id": "Mention.",
            "notice_id": "Notice.",
            "reading_id": "Reading.",
            "announcement_id": "Announcement.",
            "process_id": "Process.",
            "brand": "Brand.",
            "brand_origin": "Country of the brand; not whether the goods were imported.",
            "role": "Role; a person's decision first.",
            "best_role": "Best guess where the role is unresolved.",
            "decided": "Whether the role is decided.",
            "reviewed": "Whether a person decided it.",
            "surface": "The words on the page.",
            "start": "First code point in body.text.",
            "end": "Code point after the last.",
            "field": "Where it stands.",
            "rule": "Rule or model that decided.",
            "score": "Certainty of the machine.",
            "lot": "Lot.",
            "product_kind": "hdd, ssd, portable, other.",
            "product_class": "Product class.",
            "product_line": "Product line.",
            "units": "Pieces of the line; null = not known.",
            "type": "Notice type.",
            "published_on": "Publication of the earliest copy.",
            "buyer": "Buyer.",
            "buyer_tier": "Buyer's tier.",
            "buyer_division": "Buyer's jurisdiction.",
            "supplier": "Supplier of the line.",
        },
    ),
    "v_purchase": (
        "One row a brand in a line that a process ended up buying; award and contract of one purchase are one row.",
        """
        SELECT l.id AS line_id, p.ocid, p.project_no, p.fiscal_year, aw.key AS award, l.lot, br.name AS brand, br.origin AS brand_origin,
               l.role, l.decided, l.reviewed, i.name AS item, i.model_raw AS model, l.product_kind, l.product_class, l.product_line,
               i.quantity, i.unit, l.units, l.amount_cny, s.name AS supplier, b.name AS buyer, f.buyer_tier, f.buyer_class,
               f.buyer_division, f.buyer_xpcc, f.published_on, l.notice_id, n.url, l.item_id, l.mention_id
          FROM fact_line l
          JOIN process p ON p.id = l.process_id
          JOIN fact_notice f ON f.notice_id = l.notice_id
          JOIN notice n ON n.id = l.notice_id
          LEFT JOIN fact_award aw ON aw.id = l.award_id
          LEFT JOIN item i ON i.id = l.item_id
          LEFT JOIN brand br ON br.id = l.brand_id
          LEFT JOIN organisation s ON s.id = l.supplier_id
          LEFT JOIN organisation b ON b.id = f.buyer_id
        """,
        {
            "line_id": "Row.",
            "ocid": "Process.",
            "project_no": "Project number, else contract number.",
            "fiscal_year": "Year of the process's first notice.",
            "award": "Lot and winner within the process (N3).",
            "lot": "Lot.",
            "brand": "Brand; null = the line names none.",
            "brand_origin": "Country of the brand.",
            "role": "awarded or contracted; alternative = one of several named.",
            "decided": "Whether the role is decided.",
            "reviewed": "Whether a person decided it.",
            "item": "Name of the goods.",
            "model": "Model as printed.",
            "product_kind": "hdd, ssd, portable, other.",
            "product_class": "Product class.",
            "product_line": "Product line.",
            "quantity": "Quantity as stated.",
            "unit": "Its unit.",
            "units": "Pieces after corrections; null = not known (1批).",
            "amount_cny": "Total of the line, CNY. A line with several brands has several rows: sum over distinct item_id.",
            "supplier": "Winner; the lead of a consortium.",
            "buyer": "Buyer.",
            "buyer_tier": "Buyer's tier.",
            "buyer_class": "Buyer's kind of organ.",
            "buyer_division": "Buyer's jurisdiction.",
            "buyer_xpcc": "Buyer belongs to the Corps.",
            "published_on": "Publication of the notice whose word is final.",
            "notice_id": "That notice.",
            "url": "Its address.",
            "item_id": "Line of goods.",
            "mention_id": "Mention.",
        },
    ),
    "v_capture": (
        "One row a capture with what reading it said.",
        """
        SELECT c.id AS capture_id, c.portal_id AS portal, c.url, c.captured_at, c.captured_at_is_import, c.http_status, c.media_type,
               c.sha256, c.warc_file, c.warc_offset, c.warc_length, cr.state, cr.notice_id, cr.revision_id, v.reader, v.lexicon, v.model
          FROM capture c
          LEFT JOIN capture_reading cr ON cr.capture_id = c.id AND cr.superseded_at IS NULL
          LEFT JOIN versions v ON v.id = cr.versions_id
        """,
        {
            "capture_id": "Capture.",
            "portal": "Portal.",
            "url": "Address.",
            "captured_at": "Evidence time.",
            "captured_at_is_import": "True where nobody said when it was captured.",
            "http_status": "HTTP status.",
            "media_type": "Media type.",
            "sha256": "sha256 of the body.",
            "warc_file": "Archive file.",
            "warc_offset": "Offset in it.",
            "warc_length": "Length in it.",
            "state": "What the bytes are; null = not yet read.",
            "notice_id": "Notice shown.",
            "revision_id": "Revision shown.",
            "reader": "Reader.",
            "lexicon": "Lexicon.",
            "model": "Model.",
        },
    ),
}


def upgrade() -> None:
    op.alter_column(
        "brand_owner",
        "valid_to",
        existing_type=sa.DATE(),
        comment="First day no more; null = still.",
        existing_comment="Last day; null = still.",
        existing_nullable=True,
    )
    op.add_column(
        "fact_notice",
        sa.Column(
            "captures",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="Captures that show the notice (N0).",
        ),
    )
    op.add_column(
        "organisation",
        sa.Column("chain", sa.ARRAY(sa.Text()), nullable=True, comment="Keys of the organs above it, nearest first."),
    )
    op.create_index(op.f("ix_organisation_chain"), "organisation", ["chain"], unique=False, postgresql_using="gin")
    op.add_column("product_line", sa.Column("product_kind", sa.Text(), nullable=True, comment="Product kind."))
    for name, (comment, query, columns) in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query}")
        op.execute(sa.text(f"COMMENT ON VIEW {name} IS '{_quoted(comment)}'"))
        for column, note in columns.items():
            op.execute(sa.text(f"COMMENT ON COLUMN {name}.\"{column}\" IS '{_quoted(note)}'"))


def downgrade() -> None:
    for name in reversed(VIEWS):
        op.execute(f"DROP VIEW {name}")
    op.drop_column("product_line", "product_kind")
    op.drop_index(op.f("ix_organisation_chain"), table_name="organisation", postgresql_using="gin")
    op.drop_column("organisation", "chain")
    op.drop_column("fact_notice", "captures")
    op.alter_column(
        "brand_owner",
        "valid_to",
        existing_type=sa.DATE(),
        comment="Last day; null = still.",
        existing_comment="First day no more; null = still.",
        existing_nullable=True,
    )


def _quoted(note: str) -> str:
    return note.replace("'", "''").replace(":", r"\:")
