"""What a backfill will cost, before it begins."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Engine, text

from crawler.config import PortalCrawl

UNKNOWN_PER_DAY = 300
"""Notices a day assumed for a portal of which no day is known yet."""

_KNOWN = text("""
    SELECT count(*), coalesce(sum(listed), 0), coalesce(sum((state->>'files')::int), 0)
      FROM crawl_window WHERE portal_id = :portal AND channel = '' AND verdict = 'complete' AND listed IS NOT NULL
""")


@dataclass(frozen=True, slots=True)
class Estimate:
    """``basis``: days the estimate rests on; 0 = a guess."""

    days: int
    notices: int
    requests: int
    hours: float
    basis: int


def estimate(engine: Engine, config: PortalCrawl, since: dt.date, until: dt.date) -> Estimate:
    """Requests and hours of a backfill at the portal's own pace, from the days already complete."""
    with engine.connect() as connection:
        known, listed, files = connection.execute(_KNOWN, {"portal": config.id}).one()
    days = (until - since).days + 1
    per_day = listed / known if known else UNKNOWN_PER_DAY
    files_per_notice = files / listed if listed else 0.5
    notices = round(per_day * days)
    lists = days + notices / 20
    slow = max([config.delay, *config.host_delays.values()])
    seconds = notices * (1 + files_per_notice) * config.delay + lists * slow
    return Estimate(days, notices, round(notices * (1 + files_per_notice) + lists), round(seconds / 3600, 1), known)
