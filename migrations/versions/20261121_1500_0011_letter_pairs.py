"""Letters of titles and names by pairs: pg_trgm knows no Chinese letters where the server's locale is C.

Revision: 0011
Follows: 0010
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("""
        CREATE FUNCTION letter_pairs(whole text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
            SELECT coalesce(array_agg(DISTINCT letters[n] || letters[n + 1]), '{}')
              FROM string_to_array(lower(whole), NULL) AS letters, generate_series(1, cardinality(letters) - 1) AS n
        $$
    """)
    op.execute(
        "COMMENT ON FUNCTION letter_pairs IS 'Every two letters side by side, in lower case: what an index of substrings holds.'"
    )
    op.drop_index("ix_fact_notice_title_trgm", "fact_notice")
    op.drop_index("ix_organisation_name_trgm", "organisation_name")
    op.execute("CREATE INDEX ix_fact_notice_title_pairs ON fact_notice USING gin (letter_pairs(title))")
    op.execute("CREATE INDEX ix_organisation_name_pairs ON organisation_name USING gin (letter_pairs(name))")


def downgrade() -> None:
    op.drop_index("ix_organisation_name_pairs", "organisation_name")
    op.drop_index("ix_fact_notice_title_pairs", "fact_notice")
    op.create_index(
        "ix_organisation_name_trgm",
        "organisation_name",
        ["name"],
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_fact_notice_title_trgm",
        "fact_notice",
        ["title"],
        postgresql_using="gin",
        postgresql_ops={"title": "gin_trgm_ops"},
    )
    op.execute("DROP FUNCTION letter_pairs")
