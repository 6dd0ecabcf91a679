"""How each portal stands, worst first, judged from what is stored and not from what the log says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, text

from crawler.config import PortalCrawl

RUNS = 14
DRIFT = 0.25
"""A field filled this much less often than over the last runs is drift: the portal's pages have probably changed."""

_FRESH = text("""
    SELECT c.portal_id, max(r.published_on), max(c.captured_at), count(DISTINCT c.url_key)
      FROM capture c
      LEFT JOIN capture_reading cr ON cr.capture_id = c.id AND cr.superseded_at IS NULL
      LEFT JOIN reading r ON r.revision_id = cr.revision_id AND r.superseded_at IS NULL
     WHERE c.kind = 'page' AND c.source_id IS NOT NULL
     GROUP BY c.portal_id
""")
_WINDOWS = text("""
    SELECT DISTINCT ON (portal_id, since) portal_id, since, verdict, state->>'verdict', jsonb_array_length(coalesce(deficit, '[]'))
      FROM crawl_window WHERE channel = '' AND since >= :since AND verdict <> 'open'
     ORDER BY portal_id, since, CASE WHEN verdict = 'complete' THEN 0 ELSE 1 END, id DESC
""")
_UNREAD = text("""
    SELECT c.portal_id, count(*) FROM capture c
     WHERE c.kind = 'page' AND c.source_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM capture_reading cr WHERE cr.capture_id = c.id AND cr.superseded_at IS NULL)
     GROUP BY c.portal_id
""")
_FILL = text("""
    WITH runs AS (
        SELECT portal_id, run_id, row_number() OVER (PARTITION BY portal_id ORDER BY run_id DESC) AS back
          FROM (SELECT DISTINCT portal_id, run_id FROM capture WHERE run_id IS NOT NULL AND kind = 'page' AND source_id IS NOT NULL) x
    )
    SELECT c.portal_id, runs.back = 1 AS latest, count(*) AS n,
           avg((r.project_no IS NOT NULL)::int) AS project_no, avg((r.published_on IS NOT NULL)::int) AS published_on,
           avg((r.title IS NOT NULL)::int) AS title,
           avg(EXISTS (SELECT FROM party p WHERE p.reading_id = r.id AND p.role = 'buyer')::int) AS buyer
      FROM capture c
      JOIN runs ON runs.portal_id = c.portal_id AND runs.run_id = c.run_id AND runs.back <= :runs
      JOIN capture_reading cr ON cr.capture_id = c.id AND cr.superseded_at IS NULL
      JOIN reading r ON r.revision_id = cr.revision_id AND r.superseded_at IS NULL
     WHERE c.kind = 'page' AND c.source_id IS NOT NULL
     GROUP BY c.portal_id, runs.back = 1
""")
_FIELDS = ("project_no", "published_on", "title", "buyer")


@dataclass(frozen=True, slots=True)
class PortalStatus:
    """``days_silent``: days since the newest notice stored (by publication, else by capture); ``open_days``: days of the last
    30 that are not complete; ``missing``: notices and files those days lack by name; ``backlog``: captures not read yet;
    ``drift``: fields filled less often in the newest run than in the ones before.
    """

    portal: str
    notices: int
    newest: dt.date | None
    days_silent: int | None
    last_verdict: str | None
    open_days: int
    missing: int
    backlog: int
    drift: tuple[str, ...]
    wants: str | None

    @property
    def health(self) -> str:
        """``blocked``, ``deficit``, ``silent``, ``drift``, ``ok`` or ``never`` (not crawled yet)."""
        if self.last_verdict is None:
            return "never"
        if self.last_verdict == "blocked":
            return "blocked"
        if self.open_days:
            return "deficit"
        if self.days_silent is not None and self.days_silent > 7:
            return "silent"
        return "drift" if self.drift else "ok"


_WORST = ("blocked", "deficit", "silent", "drift", "ok", "never")


def portal_status(engine: Engine, configs: Sequence[PortalCrawl], today: dt.date) -> list[PortalStatus]:
    """One line a portal, worst first."""
    with engine.connect() as connection:
        fresh = {row[0]: row for row in connection.execute(_FRESH)}
        backlog = {row[0]: row[1] for row in connection.execute(_UNREAD)}
        windows: dict[str, list[tuple[dt.date, str, str | None, int]]] = {}
        for portal, day, verdict, detail, missing in connection.execute(_WINDOWS, {"since": today - dt.timedelta(30)}):
            windows.setdefault(portal, []).append((day, verdict, detail, missing))
        drift = _drift(connection.execute(_FILL, {"runs": RUNS}).mappings().all())
    found = []
    for config in configs:
        seen = fresh.get(config.id)
        newest = (seen[1] or (seen[2].date() if seen[2] else None)) if seen else None
        walked = sorted(windows.get(config.id, []))
        # A day on which nothing at all was listed is looked at again, but it is no deficit by itself.
        unfinished = [w for w in walked if w[1] != "complete" and w[2] != "empty_suspect"]
        found.append(
            PortalStatus(
                portal=config.id,
                notices=seen[3] if seen else 0,
                newest=newest,
                days_silent=(today - newest).days if newest else None,
                last_verdict=(walked[-1][2] or walked[-1][1]) if walked else None,
                open_days=len(unfinished),
                missing=sum(w[3] for w in unfinished),
                backlog=backlog.get(config.id, 0),
                drift=drift.get(config.id, ()),
                wants=config.wants,
            )
        )
    return sorted(found, key=lambda s: (_WORST.index(s.health), -s.missing, s.portal))


def _drift(rows: Sequence[object]) -> dict[str, tuple[str, ...]]:
    latest: dict[str, dict[str, float]] = {}
    before: dict[str, dict[str, float]] = {}
    for row in rows:
        values = dict(row)  # type: ignore[call-overload]
        rates = {name: float(values[name] or 0) for name in _FIELDS}
        if values["n"] >= 10:
            (latest if values["latest"] else before)[values["portal_id"]] = rates
    return {
        portal: tuple(
            f"{name} {before[portal][name]:.0%}→{rate:.0%}"
            for name, rate in rates.items()
            if rate < before[portal][name] - DRIFT
        )
        for portal, rates in latest.items()
        if portal in before
    }
