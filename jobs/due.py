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
SHARED_HOURS = 12
"""A fresh day that another machine has walked to the end so recently is not walked once more in the same night."""

_DAYS = text("""
    SELECT DISTINCT ON (w.since) w.since, w.verdict = 'complete' AS complete,
           (w.ended_at AT TIME ZONE 'Asia/Shanghai')::date AS walked_on,
           r.arguments->>'archive' IS DISTINCT FROM :archive AND w.ended_at > clock_timestamp() - make_interval(hours => :hours)
               AND w.verdict IN ('complete', 'open') AS shared
      FROM crawl_window w JOIN run r ON r.id = w.run_id
     WHERE w.portal_id = :portal AND w.channel = '' AND w.since = w.until AND w.since >= :since
       AND (w.verdict <> 'open' OR w.state->>'over' = 'false')
       AND r.arguments->>'replay' IS NULL
     ORDER BY w.since, w.ended_at DESC, w.id DESC
""")
"""The newest end of each day; of open ones only a day walked to its end that was not over. What a replay says of a day is what was so when its archive was made: it settles nothing."""
_EVER = text("""
    SELECT min(w.since), min(w.since) FILTER (WHERE (r.arguments->>'night')::boolean)
      FROM crawl_window w JOIN run r ON r.id = w.run_id
     WHERE w.portal_id = :portal AND w.channel = '' AND r.arguments->>'replay' IS NULL
""")
_RECHECK = text("""
    WITH gone AS (
        SELECT missing->>'source_id' AS source_id, max(w.ended_at) AS last
          FROM crawl_window w, jsonb_array_elements(w.deficit) missing
         WHERE w.portal_id = :portal AND w.channel = 'recheck' AND missing->>'reason' = 'not_found'
         GROUP BY 1
    ), seen AS (
        SELECT c.url_key, min(c.captured_at) AS first, greatest(max(c.captured_at), max(g.last)) AS last
          FROM capture c LEFT JOIN gone g ON g.source_id = c.source_id
         WHERE c.portal_id = :portal AND c.kind = 'page' AND c.url_key IS NOT NULL AND c.source_id IS NOT NULL
         GROUP BY c.url_key
    ), due AS (
        SELECT url_key, first, last, (SELECT max(step) FROM unnest(CAST(:steps AS integer[])) step
                                       WHERE first + make_interval(days => step) <= :now) AS step
          FROM seen
    )
    SELECT DISTINCT ON (d.url_key) c.source_id, c.url, c.warc_file, c.warc_offset, c.warc_length, c.sha256, d.first
      FROM due d JOIN capture c ON c.url_key = d.url_key AND c.portal_id = :portal AND c.kind = 'page' AND c.source_id IS NOT NULL
     WHERE d.step IS NOT NULL AND d.last < d.first + make_interval(days => d.step)
     ORDER BY d.url_key, c.captured_at DESC, c.id DESC
""")
"""An answer that was no notice settles nothing, unless it said that the notice is gone."""


def due_days(
    engine: Engine, config: PortalCrawl, today: dt.date, *, horizon: int = HORIZON, archive: str | None = None
) -> list[dt.date]:
    """Days of a portal that a night must walk, newest first.

    A day is settled once a walk of it that was complete ended ``OVERLAP`` days after it or later, and no later walk found
    something missing. A day never walked since the first night is due however old it is: a machine that stood still for weeks
    leaves no hole. A day walked and not settled is tried for ``horizon`` days, and once after them. ``archive``: this machine's, to tell what
    another machine did in the same night.
    """
    with engine.connect() as connection:
        first, first_night = connection.execute(_EVER, {"portal": config.id}).one()
        if first is None:
            return [today - dt.timedelta(n) for n in range(FIRST_NIGHT)]
        oldest = today - dt.timedelta(horizon)
        begin = min(max(first, oldest), first_night or today - dt.timedelta(FIRST_NIGHT - 1))
        values = {"portal": config.id, "since": begin, "archive": archive, "hours": SHARED_HOURS}
        walked = {row.since: row for row in connection.execute(_DAYS, values)}
    due = []
    for day in (today - dt.timedelta(n) for n in range((today - begin).days + 1)):
        found = walked.get(day)
        if found is None:
            due.append(day)
        elif archive is not None and found.shared:
            continue
        elif day >= today - dt.timedelta(OVERLAP):
            due.append(day)
        elif found.complete:
            if found.walked_on < day + dt.timedelta(OVERLAP):
                due.append(day)
        elif day >= oldest or found.walked_on < day + dt.timedelta(horizon):
            due.append(day)
    return due


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
