"""A class that another document of the process states is told apart; the views show it, areas, and what is said to be imported.

Revision: 0014
Follows: 0013
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_COMMENT = "Notice of the same process the class is taken from; null = this notice states it."
_MENTION_KEYS = ["brand_id", "published_on", "announcement_id", "notice_id"]
_OF_MENTION = [
    "process_id", "buyer_id", "supplier_id", "item_id", "units", "is_primary", "portal_id", "captures", "role", "best_role", "decided",
    "in_award", "type", "buyer_tier", "buyer_class", "buyer_division", "product_class", "evidence_at", "changed_at",
]  # fmt: skip
_LINE_KEYS = ["brand_id", "process_id"]
_OF_LINE = [
    "award_id", "item_id", "units", "award_cny", "supplier_id", "role", "best_role", "decided", "in_award", "product_class",
    "evidence_at", "changed_at",
]  # fmt: skip
_ADDED = frozenset({"area", "class_from", "declared_imported"})
_MORE = {"v_mention": ", f.area, f.class_from", "v_purchase": ", l.area, l.class_from, i.declared_imported"}
_WHOLE = {
    "v_mention": (
        "One row a brand mention in the notices as they stand now.",
        """
        SELECT f.mention_id, f.notice_id, f.reading_id, f.announcement_id, f.process_id, br.name AS brand, br.origin AS brand_origin,
               f.role, f.best_role, f.decided, f.reviewed, m.surface, m.start, m."end", m.field, m.rule, m.score, f.lot, f.product_kind,
               f.product_class, f.product_line, f.units, f.type, f.published_on, b.name AS buyer, f.buyer_tier, f.buyer_division,
               s.name AS supplier{more}
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
            "area": "Technology area of the goods; outside = of none; null = not known.",
            "class_from": "Notice of the same process the class is taken from; null = this notice states it.",
        },
    ),
    "v_purchase": (
        "One row a brand in a line that a process ended up buying; award and contract of one purchase are one row.",
        """
        SELECT l.id AS line_id, p.ocid, p.project_no, p.fiscal_year, aw.key AS award, l.lot, br.name AS brand, br.origin AS brand_origin,
               l.role, l.decided, l.reviewed, i.name AS item, i.model_raw AS model, l.product_kind, l.product_class, l.product_line,
               i.quantity, i.unit, l.units, l.amount_cny, s.name AS supplier, b.name AS buyer, f.buyer_tier, f.buyer_class,
               f.buyer_division, f.buyer_xpcc, f.published_on, l.notice_id, n.url, l.item_id, l.mention_id{more}
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
            "area": "Technology area of the goods; outside = of none; null = not known.",
            "class_from": "Notice of the same process the class is taken from; null = this notice states it.",
            "declared_imported": "Whether the notice says that the goods were imported; null = it does not say. The brand's country says nothing of it.",
        },
    ),
}


VIEWS = {
    name: (comment, query.replace("{more}", _MORE[name]), columns) for name, (comment, query, columns) in _WHOLE.items()
}


def upgrade() -> None:
    for table in ("fact_mention", "fact_line"):
        op.add_column(table, sa.Column("class_from", sa.BigInteger(), nullable=True, comment=_COMMENT))
    _indexes(*((*columns[:-2], "class_from", *columns[-2:]) for columns in (_OF_MENTION, _OF_LINE)))
    for name, (_, query, columns) in VIEWS.items():
        op.execute(f"CREATE OR REPLACE VIEW {name} AS {query}")
        _comment(name, columns)


def downgrade() -> None:
    for name, (comment, query, columns) in _WHOLE.items():
        op.execute(f"DROP VIEW {name}")
        op.execute(f"CREATE VIEW {name} AS {query.replace('{more}', '')}")
        op.execute(sa.text(f"COMMENT ON VIEW {name} IS '{_quoted(comment)}'"))
        _comment(name, {column: note for column, note in columns.items() if column not in _ADDED})
    _indexes(_OF_MENTION, _OF_LINE)
    for table in ("fact_mention", "fact_line"):
        op.drop_column(table, "class_from")


def _indexes(of_mention: Sequence[str], of_line: Sequence[str]) -> None:
    for table, keys, columns in (("fact_mention", _MENTION_KEYS, of_mention), ("fact_line", _LINE_KEYS, of_line)):
        op.drop_index(f"ix_{table}_counting", table)
        op.create_index(f"ix_{table}_counting", table, keys, postgresql_include=list(columns))


def _comment(view: str, columns: dict[str, str]) -> None:
    for column, note in columns.items():
        op.execute(sa.text(f"COMMENT ON COLUMN {view}.\"{column}\" IS '{_quoted(note)}'"))


def _quoted(note: str) -> str:
    return note.replace("'", "''").replace(":", r"\:")
