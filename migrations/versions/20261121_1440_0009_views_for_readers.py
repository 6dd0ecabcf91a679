"""Views for whoever may read and nothing else: text without the people in it, owners, lists, links, history, crawl days, full text.

Revision: 0009
Follows: 0008
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# A star for each character, so that offsets stay true.
MASKED = """
    CREATE FUNCTION masked_text(body text, starts integer[], ends integer[]) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
    BEGIN
        FOR n IN 1 .. coalesce(cardinality(starts), 0) LOOP
            IF ends[n] > starts[n] THEN
                body := overlay(body PLACING repeat('*', ends[n] - starts[n]) FROM starts[n] + 1 FOR ends[n] - starts[n]);
            END IF;
        END LOOP;
        RETURN body;
    END $$
"""
# It tells which notices hold the words, never the tokens: those hold the people, too.
NOTICES_WITH = """
    CREATE FUNCTION notices_with(words tsquery) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT f.notice_id FROM fact_notice f JOIN body b ON b.id = f.body_id WHERE b.tokens @@ words
    $$
"""
FUNCTIONS = {
    "masked_text(text, integer[], integer[])": (MASKED, "A text with spans of it (code points) turned into stars."),
    "notices_with(tsquery)": (NOTICES_WITH, "Notices, as they stand now, whose text holds the words."),
}
VIEWS = {
    "v_text": (
        "The text of each notice as it stands now, people's data as stars. Offsets of mentions and items point into it.",
        """
        SELECT f.notice_id, f.reading_id,
               masked_text(b.text, (SELECT array_agg(s.start ORDER BY s.id) FROM span s
                                     WHERE s.reading_id = f.reading_id AND starts_with(s.label, 'personal:')),
                                   (SELECT array_agg(s."end" ORDER BY s.id) FROM span s
                                     WHERE s.reading_id = f.reading_id AND starts_with(s.label, 'personal:'))) AS text
          FROM fact_notice f JOIN body b ON b.id = f.body_id
        """,
        {
            "notice_id": "Notice.",
            "reading_id": "Reading the offsets are from.",
            "text": "Visible text; telephone and identity numbers, mail addresses, contacts and experts are stars.",
        },
    ),
    "v_owner": (
        "One row an owner of a brand, dated.",
        """
        SELECT b.id AS brand_id, b.name AS brand, b.origin AS brand_origin, o.owner, o.country, o.share, o.valid_from, o.valid_to
          FROM brand b JOIN brand_owner o ON o.brand_id = b.id
        """,
        {
            "brand_id": "Brand's id.",
            "brand": "Brand, as in the other views.",
            "brand_origin": "Country of the brand.",
            "owner": "Owner.",
            "country": "Owner's country.",
            "share": "Share, where it is not all.",
            "valid_from": "First day; null = from the beginning.",
            "valid_to": "First day no more; null = still.",
        },
    ),
    "v_listed_buyer": (
        "One row a notice whose buyer stood on a government list on the day of its publication.",
        """
        SELECT f.notice_id, f.published_on, o.name AS buyer, l.list, l.name_en AS listed_as, l.listed_on, l.removed_on, l.citation, n.url
          FROM fact_notice f
          JOIN notice n ON n.id = f.notice_id
          JOIN organisation o ON o.id = f.buyer_id
          JOIN listing l ON l.organisation_id = f.buyer_id
           AND l.listed_on <= f.published_on AND (l.removed_on IS NULL OR f.published_on < l.removed_on)
        """,
        {
            "notice_id": "Notice.",
            "published_on": "Publication of the earliest copy.",
            "buyer": "Buyer.",
            "list": "Which list.",
            "listed_as": "Name on the list.",
            "listed_on": "First day on the list.",
            "removed_on": "Day of removal; null = still on it.",
            "citation": "Where the listing was published.",
            "url": "Address of the notice.",
        },
    ),
    "v_link": (
        "One row a standing decision that two notices belong together, or must not.",
        """
        SELECT p.level, p.verdict, p.score, p.evidence -> 'for' AS speaks_for, p.evidence -> 'against' AS speaks_against,
               a.id AS notice_id, a.url, b.id AS other_notice_id, b.url AS other_url, p.link_version
          FROM pair p
          JOIN revision ra ON ra.id = p.left_revision_id JOIN notice a ON a.id = ra.notice_id
          JOIN revision rb ON rb.id = p.right_revision_id JOIN notice b ON b.id = rb.notice_id
         WHERE p.superseded_at IS NULL
        """,
        {
            "level": "announcement or process.",
            "verdict": "same, forbidden or successor.",
            "score": "Weight of the evidence, 0 to 1.",
            "speaks_for": "What speaks for it, in words.",
            "speaks_against": "What speaks against it.",
            "notice_id": "One notice.",
            "url": "Its address.",
            "other_notice_id": "The other notice.",
            "other_url": "Its address.",
            "link_version": "Version of the linking rules.",
        },
    ),
    "v_history": (
        "One row a brand mention of every reading there ever was, and one a reading without any.",
        """
        SELECT n.id AS notice_id, n.portal_id AS portal, n.source_id, v.content_digest, x.reader, x.lexicon, x.model, r.recorded_at,
               r.superseded_at, r.id AS reading_id, m.brand, m.surface, m.role, m.best_role, m.score
          FROM notice n
          JOIN revision v ON v.notice_id = n.id
          JOIN reading r ON r.revision_id = v.id
          JOIN versions x ON x.id = r.versions_id
          LEFT JOIN mention m ON m.reading_id = r.id
        """,
        {
            "notice_id": "Notice.",
            "portal": "Portal.",
            "source_id": "The portal's own id.",
            "content_digest": "Content read.",
            "reader": "Reader.",
            "lexicon": "Lexicon.",
            "model": "Model.",
            "recorded_at": "When the store learned the reading.",
            "superseded_at": "When a newer one took over; null = standing.",
            "reading_id": "Reading.",
            "brand": "Brand; null = the reading found none.",
            "surface": "The words on the page.",
            "role": "Role the machine gave.",
            "best_role": "Best guess where the role is unresolved.",
            "score": "Certainty of the machine.",
        },
    ),
    "v_window": (
        "One row a day (or range of days) of a portal that a crawl set out to fetch.",
        """
        SELECT w.portal_id AS portal, w.channel, w.since, w.until, w.verdict, w.listed, w.captured, w.reason, w.ended_at
          FROM crawl_window w
        """,
        {
            "portal": "Portal.",
            "channel": "Column of the portal; empty = all.",
            "since": "First day.",
            "until": "Last day.",
            "verdict": "How it ended.",
            "listed": "Notices the portal's list showed; null = not known.",
            "captured": "Of these, captured.",
            "reason": "What is missing, in one line.",
            "ended_at": "When the verdict was given.",
        },
    ),
}


def upgrade() -> None:
    for name, (sql, comment) in FUNCTIONS.items():
        op.execute(sql)
        op.execute(sa.text(f"COMMENT ON FUNCTION {name} IS '{_quoted(comment)}'"))
    for name, (comment, query, columns) in VIEWS.items():
        op.execute(sa.text(f"CREATE VIEW {name} AS {query.replace(':', chr(92) + ':')}"))
        op.execute(sa.text(f"COMMENT ON VIEW {name} IS '{_quoted(comment)}'"))
        for column, note in columns.items():
            op.execute(sa.text(f"COMMENT ON COLUMN {name}.\"{column}\" IS '{_quoted(note)}'"))


def downgrade() -> None:
    for name in reversed(VIEWS):
        op.execute(f"DROP VIEW {name}")
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION {name}")


def _quoted(note: str) -> str:
    return note.replace("'", "''").replace(":", r"\:")
