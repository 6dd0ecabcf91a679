"""What looking again at older notices found, one outcome a notice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, text

from crawler.types import WindowResult

OUTCOMES = ("unchanged", "changed", "gone", "blocked", "failed")

_BLOCKED = frozenset(
    {"throttled", "captcha", "waf_challenge", "waf_block", "forbidden", "robots_unreachable", "robots_disallowed"}
)

_SHOWN = text("""
    WITH again AS (
        SELECT DISTINCT ON (c.url_key) c.id, c.portal_id, c.url, c.url_key, c.source_id, c.captured_at, c.sha256
          FROM capture c
         WHERE c.run_id = :run AND c.kind = 'page' AND c.source_id IS NOT NULL AND c.source_id = ANY(:ids) AND c.portal_id = :portal
         ORDER BY c.url_key, c.captured_at DESC
    )
    SELECT a.source_id, a.url, n.revision_id, a.sha256, before.revision_id, before.sha256
      FROM again a
      LEFT JOIN capture_reading n ON n.capture_id = a.id AND n.superseded_at IS NULL
      LEFT JOIN LATERAL (
          SELECT o.sha256, r.revision_id
            FROM capture o LEFT JOIN capture_reading r ON r.capture_id = o.id AND r.superseded_at IS NULL
           WHERE o.portal_id = a.portal_id AND o.url_key = a.url_key AND o.kind = 'page' AND o.source_id IS NOT NULL
             AND o.captured_at < a.captured_at
           ORDER BY o.captured_at DESC LIMIT 1
      ) before ON true
     ORDER BY a.source_id
""")


@dataclass(frozen=True, slots=True)
class Recheck:
    """``outcome``: ``unchanged`` (the same bytes, or the same revision), ``changed`` (a new revision), ``gone`` (the page says it is
    not there), ``blocked`` or ``failed`` (for a ``reason``; it stays due).
    """

    portal: str
    notice: str
    url: str
    outcome: str
    reason: str | None = None


def outcomes(engine: Engine, run_id: int, windows: Sequence[WindowResult]) -> list[Recheck]:
    """The outcome of every notice that the run looked at again. Call it when what was captured is read: what has changed is told
    by revisions, not by bytes; a page not read yet counts as changed when its bytes differ.
    """
    found: list[Recheck] = []
    for window in windows:
        if window.channel != "recheck":
            continue
        missing = {notice for notice, _, _ in window.deficit}
        for notice, url, reason in window.deficit:
            if notice == url:  # a file
                continue
            word = "gone" if reason == "not_found" else "blocked" if reason in _BLOCKED else "failed"
            found.append(Recheck(window.portal, notice, url, word, None if word == "gone" else reason))
        values = {"run": run_id, "portal": window.portal, "ids": [n for n in window.rechecked if n not in missing]}
        with engine.connect() as connection:
            for notice, url, now, digest, before, old in connection.execute(_SHOWN, values):
                same = digest == old or (now is not None and now == before)
                found.append(Recheck(window.portal, notice, url, "unchanged" if same else "changed"))
    return found
