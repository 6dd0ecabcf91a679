"""One night: what is due is crawled, read, linked, looked at again, and told. Safe to start twice, to kill, to repeat.

Windows come from the ledger (:mod:`jobs.due`); a portal that another machine has in hand is left to it.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from crawler.config import PortalCrawl, load_portal, portal_ids
from crawler.errors import CrawlError
from crawler.run import crawl
from crawler.types import CrawlReport, Progress, Verdict, Window, WindowResult
from db._locks import FileLock
from db.engine import open_database, session_scope
from db.errors import DatabaseError
from db.link import link
from db.seed_load import load_seeds
from db.settings import Settings
from jobs.due import due_days, due_rechecks
from jobs.portal_status import PortalStatus, portal_status
from jobs.read import read_captures
from seeds import load_knowledge

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from nlp.knowledge import Knowledge

logger = logging.getLogger(__name__)

BEIJING = ZoneInfo("Asia/Shanghai")


class NightRunningError(CrawlError):
    """Raised when a night is already going on in this home."""


@dataclass(slots=True)
class NightReport:
    """``verdict``: ``complete``, ``deficit``, ``blocked``, ``suspect`` or ``interrupted``, as of a crawl; ``failed`` when a step
    after the crawl could not be done. ``exit_code`` 0 only for ``complete``.
    """

    began: dt.datetime
    verdict: str = "complete"
    crawl: CrawlReport | None = None
    readings: int = 0
    unreadable: list[str] = field(default_factory=list)
    rechecked: int = 0
    changed: int = 0
    gone: list[tuple[str, str]] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    off_hours: list[str] = field(default_factory=list)
    status: list[PortalStatus] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        return 0 if self.verdict == "complete" else 1

    @property
    def days(self) -> list[WindowResult]:
        """Windows of days, without re-checks."""
        return [w for w in self.crawl.windows if w.channel == ""] if self.crawl else []


def nightly(
    settings: Settings,
    portals: Sequence[str] = (),
    *,
    via: str | None = None,
    delay: float | None = None,
    now: dt.datetime | None = None,
    recheck_limit: int = 500,
    workers: int = 1,
    read: bool = True,
    progress: Callable[[Progress], None] | None = None,
    knowledge_source: Callable[[], Knowledge] | None = None,
) -> NightReport:
    """Run one night over the enabled portals (or those named). Raises CrawlError: unknown portal, a night already going on,
    an archive or database that cannot be used.
    """
    now = now or dt.datetime.now(dt.UTC)
    local = now.astimezone(BEIJING)
    configs = [load_portal(name) for name in (portals or portal_ids())]
    if not portals:
        configs = [config for config in configs if config.enabled]
    report = NightReport(began=now)
    awake = [config for config in configs if portals or _in_hours(config, local)]
    report.off_hours = [config.id for config in configs if config not in awake]
    settings.home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.home / "nightly.lock")
    if not lock.try_acquire():
        lock.close()
        raise NightRunningError(
            "a night is already going on in this home.", f"Wait until it has ended, or look who holds {lock.path}."
        )
    try:
        with open_database(settings) as engine:
            _prepare(engine)
            _crawl(report, settings, engine, awake, local.date(), now, via, delay, recheck_limit, progress)
            if read:
                _read(report, settings, engine, workers, knowledge_source)
            report.status = portal_status(engine, awake, local.date())
    except DatabaseError as error:
        raise CrawlError(f"{error.message}.", error.remedy) from error
    finally:
        lock.release()
    report.verdict = _verdict(report)
    report.files = write_report(report, settings.home / "reports")
    return report


def _in_hours(config: PortalCrawl, local: dt.datetime) -> bool:
    if config.off_peak is None:
        return True
    first, last = config.off_peak
    return first <= local.hour < last if first <= last else local.hour >= first or local.hour < last


def _prepare(engine: Engine) -> None:
    with session_scope(engine) as session:
        load_seeds(session)


def _crawl(
    report: NightReport,
    settings: Settings,
    engine: Engine,
    configs: Sequence[PortalCrawl],
    today: dt.date,
    now: dt.datetime,
    via: str | None,
    delay: float | None,
    recheck_limit: int,
    progress: Callable[[Progress], None] | None,
) -> None:
    windows: list[Window] = []
    for config in configs:
        windows += [Window(config.id, day, day) for day in due_days(engine, config, today)]
        again = due_rechecks(engine, config.id, now, limit=recheck_limit)
        if again is not None:
            windows.append(again)
    if not windows:
        return
    first, last = min(w.since for w in windows), max(w.until for w in windows)
    found = crawl(
        settings,
        [c.id for c in configs],
        first,
        last,
        via=via,
        delay=delay,
        windows=windows,
        skip_held=True,
        progress=progress,
    )
    report.crawl = found
    report.held = found.held
    report.errors += found.errors
    for window in found.windows:
        if window.channel == "recheck":
            report.rechecked += window.captured
            report.changed += window.new
            report.gone += [(window.portal, url) for _, url, reason in window.deficit if reason == "not_found"]


def _read(
    report: NightReport,
    settings: Settings,
    engine: Engine,
    workers: int,
    knowledge_source: Callable[[], Knowledge] | None,
) -> None:
    found = read_captures(
        engine, settings.archive, knowledge_source=knowledge_source or load_knowledge, workers=workers
    )
    report.readings = found.readings
    report.unreadable = list(found.failed)
    with session_scope(engine) as session:
        link(session)


def _verdict(report: NightReport) -> str:
    if report.unreadable or report.errors:
        return "failed"
    if report.crawl is None:
        return "complete"
    if report.crawl.interrupted:
        return "interrupted"
    # A re-checked notice that is gone is a finding, not a deficit.
    days_only = CrawlReport(report.crawl.run_id, report.days)
    again = [w for w in report.crawl.windows if w.channel == "recheck" and w.verdict is Verdict.BLOCKED]
    return "blocked" if again and days_only.verdict == "complete" else days_only.verdict


# ── telling ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def write_report(report: NightReport, folder: Path) -> list[str]:
    """``night-<time>.json`` and ``.md``; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"night-{report.began.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
    (stem.with_suffix(".json")).write_text(json.dumps(as_json(report), ensure_ascii=False, indent=1), encoding="utf-8")
    (stem.with_suffix(".md")).write_text(as_markdown(report), encoding="utf-8")
    return [str(stem.with_suffix(".json")), str(stem.with_suffix(".md"))]


def as_json(report: NightReport) -> dict[str, Any]:
    return {
        "began": report.began.isoformat(),
        "verdict": report.verdict,
        "captured": report.crawl.captured if report.crawl else 0,
        "files": report.crawl.files if report.crawl else 0,
        "requests": report.crawl.requests if report.crawl else 0,
        "readings": report.readings,
        "unreadable": report.unreadable,
        "rechecked": report.rechecked,
        "changed": report.changed,
        "gone": [{"portal": portal, "url": url} for portal, url in report.gone],
        "held": report.held,
        "off_hours": report.off_hours,
        "windows": [
            {
                "portal": w.portal,
                "day": w.since.isoformat(),
                "channel": w.channel,
                "verdict": w.verdict.value,
                "listed": w.listed,
                "discovered": w.discovered,
                "captured": w.captured,
                "reasons": dict(w.reasons),
                "deficit": [{"notice": a, "url": b, "reason": c} for a, b, c in w.deficit],
                "notes": list(w.notes),
            }
            for w in (report.crawl.windows if report.crawl else [])
        ],
        "portals": [
            {**asdict(s), "newest": s.newest.isoformat() if s.newest else None, "health": s.health}
            for s in report.status
        ],
        "errors": report.errors,
    }


def as_markdown(report: NightReport) -> str:
    """For the morning: the verdict, then what is missing and why, then every portal."""
    local = report.began.astimezone(BEIJING)
    lines = [f"# Night of {local:%Y-%m-%d %H:%M} (Beijing): {report.verdict}", ""]
    if report.crawl is not None:
        lines.append(
            f"{report.crawl.captured:,} notices and {report.crawl.files:,} files captured with {report.crawl.requests:,} requests; "
            f"{report.readings:,} readings; {report.rechecked:,} looked at again, {report.changed:,} changed, {len(report.gone):,} gone."
        )
    else:
        lines.append("Nothing was due.")
    unfinished = [w for w in report.days if w.verdict not in {Verdict.COMPLETE, Verdict.EMPTY_EXPECTED}]
    if unfinished:
        lines += [
            "",
            "## Not complete",
            "",
            "| portal | day | verdict | listed | captured | why |",
            "|---|---|---|---|---|---|",
        ]
        lines += [
            f"| {w.portal} | {w.since} | {w.verdict} | {'?' if w.listed is None else w.listed} | {w.captured} | "
            f"{', '.join(f'{n} {r}' for r, n in w.reasons.items()) or '; '.join(w.notes)} |"
            for w in unfinished
        ]
    for title, entries in (
        ("Gone from their portals", [f"{portal}: {url}" for portal, url in report.gone]),
        ("In another machine's hands", report.held),
        ("Left for their off-peak hours", report.off_hours),
        ("Could not be read", report.unreadable),
        ("Errors", report.errors),
    ):
        if entries:
            lines += ["", f"## {title}", "", *(f"- {entry}" for entry in entries)]
    if report.status:
        lines += [
            "",
            "## Portals, worst first",
            "",
            "| portal | health | newest | open days | missing | unread | drift |",
            "|---|---|---|---|---|---|---|",
        ]
        lines += [
            f"| {s.portal} | {s.health} | {s.newest or '–'} | {s.open_days} | {s.missing} | {s.backlog} | {', '.join(s.drift)} |"
            for s in report.status
        ]
    return "\n".join(lines) + "\n"
