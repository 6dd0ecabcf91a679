"""How each portal stands, worst first, judged from what is stored and not from what the log says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, text

from crawler.config import PortalCrawl

RUNS = 14
"""So many runs before the newest one are what it is compared with."""
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
    SELECT DISTINCT ON (w.portal_id, w.since) w.portal_id, w.since, w.verdict, coalesce(w.state->>'verdict', w.verdict),
           greatest(jsonb_array_length(coalesce(w.deficit, '[]')), (w.state->'reasons'->>'never_listed')::int, 0), w.run_id,
           coalesce((w.state->'reasons'->>'too_large')::int, 0)
      FROM crawl_window w JOIN run r ON r.id = w.run_id
     WHERE w.channel = '' AND w.verdict <> 'open' AND r.arguments->>'replay' IS NULL
     ORDER BY w.portal_id, w.since, w.ended_at DESC, w.id DESC
""")
_CHANNELS = text("""
    SELECT w.portal_id, part.key, max(coalesce((part.value->>'listed')::int, 0)), max((part.value->>'seen')::int), count(*)
      FROM crawl_window w, jsonb_each(w.state->'parts') part
     WHERE w.channel = '' AND w.since >= :since AND w.listed > 0
     GROUP BY w.portal_id, part.key
""")
SILENT_AFTER = 10
"""A channel that listed nothing on so many days on which its portal did list notices is probably asked by a wrong code."""
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
    """``last_verdict``: the worst of the newest run; ``days_silent``: days since the newest notice stored (by publication, else by capture); ``open_days``: days of the last
    30 that are not complete, ``suspect_days`` of them empty without reason; ``given_up``: older days that never became complete;
    ``missing``: notices and files all these days lack; ``backlog``: captures not read yet; ``drift``: fields filled less often
    in the newest run than in the ones before; ``mute``: channels that list nothing, ever; ``too_large``: of the missing, files above
    the portal's cap.
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
    given_up: int
    suspect_days: int
    mute: tuple[str, ...]
    wants: str | None
    too_large: int = 0

    @property
    def told(self) -> tuple[str, ...]:
        """Drift, mute channels and files above the cap, in words."""
        large = (f"{self.too_large:,} files above the cap not fetched",) if self.too_large else ()
        return (*self.drift, *(f"channel {name}: nothing listed" for name in self.mute), *large)

    @property
    def health(self) -> str:
        """``blocked``, ``deficit``, ``suspect``, ``silent``, ``drift``, ``ok`` or ``never`` (not crawled yet)."""
        if self.last_verdict is None:
            return "never"
        if self.last_verdict == "blocked":
            return "blocked"
        if self.open_days:
            return "suspect" if self.suspect_days == self.open_days else "deficit"
        if self.days_silent is not None and self.days_silent > 7:
            return "silent"
        return "drift" if self.drift or self.mute else "ok"


_WORST = ("blocked", "deficit", "suspect", "silent", "drift", "ok", "never")


def portal_status(engine: Engine, configs: Sequence[PortalCrawl], today: dt.date) -> list[PortalStatus]:
    """One line a portal, worst first."""
    with engine.connect() as connection:
        fresh = {row[0]: row for row in connection.execute(_FRESH)}
        backlog = {row[0]: row[1] for row in connection.execute(_UNREAD)}
        windows: dict[str, list[tuple[dt.date, str, str, int, int, int]]] = {}
        for portal, day, verdict, detail, missing, run, large in connection.execute(_WINDOWS):
            windows.setdefault(portal, []).append((day, verdict, detail, missing, run, large))
        mute: dict[str, list[str]] = {}
        for portal, channel, listed, seen_there, walks in connection.execute(
            _CHANNELS, {"since": today - dt.timedelta(30)}
        ):
            if not listed and not seen_there and walks >= SILENT_AFTER:
                mute.setdefault(portal, []).append(channel)
        drift = _drift(connection.execute(_FILL, {"runs": RUNS + 1}).mappings().all())
    found = []
    for config in configs:
        seen = fresh.get(config.id)
        newest = (seen[1] or (seen[2].date() if seen[2] else None)) if seen else None
        walked = sorted(windows.get(config.id, []))
        unfinished = [w for w in walked if w[1] != "complete"]
        recent = today - dt.timedelta(30)
        found.append(
            PortalStatus(
                portal=config.id,
                notices=seen[3] if seen else 0,
                newest=newest,
                days_silent=(today - newest).days if newest else None,
                last_verdict=_last_verdict(walked),
                open_days=sum(w[0] >= recent for w in unfinished),
                missing=sum(w[3] for w in unfinished),
                backlog=backlog.get(config.id, 0),
                drift=drift.get(config.id, ()),
                suspect_days=sum(w[0] >= recent and w[2] == "empty_suspect" for w in unfinished),
                given_up=sum(w[0] < recent for w in unfinished),
                mute=tuple(sorted(mute.get(config.id, []))),
                wants=config.wants,
                too_large=sum(w[5] for w in unfinished),
            )
        )
    return sorted(found, key=lambda s: (_WORST.index(s.health), -s.missing, s.portal))


_GRAVITY = ("blocked", "deficit", "unknown_total", "empty_suspect", "complete", "empty_expected")


def _last_verdict(walked: Sequence[tuple[dt.date, str, str, int, int, int]]) -> str | None:
    """The worst verdict that the newest run gave."""
    if not walked:
        return None
    newest = max(w[4] for w in walked)
    return min((w[2] for w in walked if w[4] == newest), key=_GRAVITY.index)


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
