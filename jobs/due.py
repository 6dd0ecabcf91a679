"""What a night has to do: days not yet complete, and notices whose re-check is due. Read from the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Engine, text

from crawler.archive import RecordRef
from crawler.config import PortalCrawl
from crawler.types import Listed, Window

HORIZON = 30
"""A day is tried again for so many days; after that it stays what it is, with its deficit on record."""
OVERLAP = 2
"""The last days are walked again though they were complete: portals publish late and date back."""
FIRST_NIGHT = 3
"""A portal never crawled begins with so many days; what is older is a backfill."""
RECHECK_AFTER = (1, 7, 30, 180)
"""Days after first sight at which a notice is looked at again."""

_DAYS = text("""
    SELECT DISTINCT ON (since) since, verdict, state->>'verdict'
      FROM crawl_window
     WHERE portal_id = :portal AND channel = '' AND since = until AND since >= :since AND verdict <> 'open'
     ORDER BY since, CASE WHEN verdict = 'complete' THEN 0 ELSE 1 END, id DESC
""")
_EVER = text("SELECT min(since) FROM crawl_window WHERE portal_id = :portal AND channel = ''")
_RECHECK = text("""
    WITH seen AS (
        SELECT url_key, min(captured_at) FILTER (WHERE source_id IS NOT NULL) AS first, max(captured_at) AS last
          FROM capture WHERE portal_id = :portal AND kind = 'page' AND url_key IS NOT NULL
         GROUP BY url_key
    ), due AS (
        SELECT url_key, first, last, (SELECT max(step) FROM unnest(CAST(:steps AS integer[])) step
                                       WHERE first + make_interval(days => step) <= :now) AS step
          FROM seen WHERE first IS NOT NULL
    )
    SELECT DISTINCT ON (d.url_key) c.source_id, c.url, c.warc_file, c.warc_offset, c.warc_length, c.sha256, d.first
      FROM due d JOIN capture c ON c.url_key = d.url_key AND c.portal_id = :portal AND c.kind = 'page' AND c.source_id IS NOT NULL
     WHERE d.step IS NOT NULL AND d.last < d.first + make_interval(days => d.step)
     ORDER BY d.url_key, c.captured_at DESC, c.id DESC
""")


def due_days(engine: Engine, config: PortalCrawl, today: dt.date, *, horizon: int = HORIZON) -> list[dt.date]:
    """Days of a portal that a night must walk, newest first: the last ones always, older ones until they are complete."""
    with engine.connect() as connection:
        first = connection.execute(_EVER, {"portal": config.id}).scalar_one()
        since = today - dt.timedelta(horizon)
        done = {day: verdict for day, verdict, _ in connection.execute(_DAYS, {"portal": config.id, "since": since})}
    begin = today - dt.timedelta(FIRST_NIGHT - 1) if first is None else max(first, since)
    days = [begin + dt.timedelta(n) for n in range((today - begin).days + 1)]
    fresh = today - dt.timedelta(OVERLAP)
    return [day for day in reversed(days) if day >= fresh or done.get(day) != "complete"]


def due_rechecks(
    engine: Engine, portal: str, now: dt.datetime, *, after: Sequence[int] = RECHECK_AFTER, limit: int = 500
) -> Window | None:
    """A window of notices to look at again, longest waiting first; None when nothing is due."""
    with engine.connect() as connection:
        rows = connection.execute(_RECHECK, {"portal": portal, "steps": list(after), "now": now}).all()
    if not rows:
        return None
    chosen = sorted(rows, key=lambda row: (row[6], row[0]))[:limit]
    pairs = tuple((Listed(row[0], row[1], "", None), RecordRef(row[2], row[3], row[4], row[5])) for row in chosen)
    day = now.date()
    return Window(portal, day, day, channel="recheck", recheck=pairs)
