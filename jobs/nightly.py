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

from crawler.archive import Archive, ArchiveError
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
from jobs.due import RECHECK_AFTER, due_days, due_rechecks
from jobs.portal_status import PortalStatus, portal_status
from jobs.read import read_captures
from jobs.rechecks import OUTCOMES, Recheck, outcomes
from seeds import load_knowledge

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from nlp.knowledge import Knowledge

logger = logging.getLogger(__name__)

BEIJING = ZoneInfo("Asia/Shanghai")
AT_ONCE = 8
"""Portals in hand at a time: another machine on the same database finds the others free."""
PATIENCE = 6 * 3600.0
"""Seconds a night looks after portals that another machine has in hand: when that machine dies, they are taken over."""


class NightRunningError(CrawlError):
    """Raised when a night is already going on in this home."""


@dataclass(slots=True)
class NightReport:
    """``verdict``: that of the crawl with its re-checks (``complete``, ``open``, ``deficit``, ``blocked``, ``suspect``, ``interrupted``);
    ``failed`` when a step after the crawl could not be done. ``exit_code`` 0 only for ``complete`` and ``open``.
    """

    began: dt.datetime
    verdict: str = "complete"
    crawl: CrawlReport | None = None
    readings: int = 0
    reader_errors: int = 0
    unreadable: list[str] = field(default_factory=list)
    elsewhere: int = 0
    rechecks: list[Recheck] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    off_hours: list[str] = field(default_factory=list)
    status: list[PortalStatus] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        return 0 if self.verdict in {"complete", "open"} else 1

    @property
    def days(self) -> list[WindowResult]:
        """Windows of days, without re-checks."""
        return [w for w in self.crawl.windows if w.channel == ""] if self.crawl else []

    def looked_again(self, *what: str) -> list[Recheck]:
        """Notices looked at again, of these outcomes; without any, all."""
        return [r for r in self.rechecks if not what or r.outcome in what]


def nightly(
    settings: Settings,
    portals: Sequence[str] = (),
    *,
    via: str | None = None,
    delay: float | None = None,
    now: dt.datetime | None = None,
    recheck_limit: int = 500,
    recheck_after: Sequence[int] = RECHECK_AFTER,
    workers: int = 1,
    read: bool = True,
    at_once: int = AT_ONCE,
    patience: float = PATIENCE,
    lease: float | None = None,
    progress: Callable[[Progress], None] | None = None,
    step: Callable[[str], None] = lambda _: None,
    knowledge_source: Callable[[], Knowledge] | None = None,
) -> NightReport:
    """Run one night over the enabled portals (or those named). ``recheck_after``: days after first sight at which a notice is
    looked at again. ``at_once``, ``patience``, ``lease``: as for :func:`crawler.run.crawl`. ``step`` is told what begins.

    Raises CrawlError: unknown portal, a night already going on, an archive or database that cannot be used.
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
            archive = Archive(settings.archive).identity

            def due(config: PortalCrawl) -> list[Window]:
                return _due(engine, config, local.date(), now, archive, recheck_limit, recheck_after)

            step(f"crawling {len(awake)} portals")
            if awake:  # also when nothing is due: what a killed run left in the archive is written down
                _crawl(report, settings, awake, local.date(), via, delay, at_once, patience, lease, progress, due)
            if read:
                step("reading and linking")
                _read(report, settings, engine, workers, knowledge_source, archive)
            if report.crawl is not None and report.crawl.run_id is not None:
                report.rechecks = outcomes(engine, report.crawl.run_id, report.crawl.windows)
            step("looking at the health of every portal")
            report.status = portal_status(engine, awake, local.date())
    except ArchiveError as error:
        raise CrawlError(error.message, error.remedy) from error
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


def _due(
    engine: Engine,
    config: PortalCrawl,
    today: dt.date,
    now: dt.datetime,
    archive: str,
    recheck_limit: int,
    recheck_after: Sequence[int],
) -> list[Window]:
    """What a portal needs at this moment; asked once it is in hand, as another machine may have been there in between."""
    days = due_days(engine, config, today, archive=archive)
    windows = [Window(config.id, day, day, over=day < today) for day in days]
    again = due_rechecks(engine, config.id, now, after=recheck_after, limit=recheck_limit)
    return windows if again is None else [*windows, again]


def _crawl(
    report: NightReport,
    settings: Settings,
    configs: Sequence[PortalCrawl],
    today: dt.date,
    via: str | None,
    delay: float | None,
    at_once: int,
    patience: float,
    lease: float | None,
    progress: Callable[[Progress], None] | None,
    due: Callable[[PortalCrawl], list[Window]],
) -> None:
    found = crawl(
        settings,
        [c.id for c in configs],
        today,
        today,
        via=via,
        delay=delay,
        windows=due,
        skip_held=True,
        patience=patience,
        at_once=at_once,
        night=True,
        lease=lease,
        progress=progress,
    )
    report.crawl = found
    report.held = found.held
    report.errors += found.errors


def _read(
    report: NightReport,
    settings: Settings,
    engine: Engine,
    workers: int,
    knowledge_source: Callable[[], Knowledge] | None,
    archive: str,
) -> None:
    found = read_captures(
        engine, settings.archive, knowledge_source=knowledge_source or load_knowledge, workers=workers, archive=archive
    )
    report.readings = found.readings
    report.reader_errors = found.reader_errors
    report.unreadable = list(found.failed)
    report.elsewhere = found.elsewhere
    with session_scope(engine) as session:
        link(session)


def _verdict(report: NightReport) -> str:
    if report.unreadable or report.errors or report.reader_errors:
        return "failed"
    if report.crawl is None:
        return "complete"
    # A re-checked notice that is gone is a finding; one that could not be had is looked at again by the next night, and said.
    return report.crawl.verdict


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
        "reader_errors": report.reader_errors,
        "unreadable": report.unreadable,
        "elsewhere": report.elsewhere,
        "rechecks": {
            "counts": {outcome: len(report.looked_again(outcome)) for outcome in OUTCOMES},
            "findings": [asdict(r) for r in report.rechecks if r.outcome != "unchanged"],
        },
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
            for w in report.days
        ],
        "portals": [
            {**asdict(s), "newest": s.newest.isoformat() if s.newest else None, "health": s.health}
            for s in report.status
        ],
        "errors": report.errors,
    }


def again_line(report: NightReport) -> str:
    """``8 (7 unchanged, 1 changed)``."""
    counts = [(len(report.looked_again(outcome)), outcome) for outcome in OUTCOMES]
    told = ", ".join(f"{count:,} {outcome}" for count, outcome in counts if count)
    return f"{len(report.rechecks):,}" + (f" ({told})" if told else "")


def as_markdown(report: NightReport) -> str:
    """For the morning: the verdict, then what is missing and why, then every portal."""
    local = report.began.astimezone(BEIJING)
    lines = [f"# Night of {local:%Y-%m-%d %H:%M} (Beijing): {report.verdict}", ""]
    if report.crawl is not None and report.crawl.windows:
        lines.append(
            f"{report.crawl.captured:,} notices and {report.crawl.files:,} files captured with {report.crawl.requests:,} requests; "
            f"{report.readings:,} readings; looked at again: {again_line(report)}."
        )
    else:
        lines.append("Nothing was due.")
    unfinished = [
        w
        for w in report.days
        if w.verdict not in {Verdict.COMPLETE, Verdict.EMPTY_EXPECTED} and (w.over or w.verdict is not Verdict.OPEN)
    ]
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
        *(
            (
                title,
                [f"{r.portal}: {r.url}" + (f" ({r.reason})" if r.reason else "") for r in report.looked_again(word)],
            )
            for word, title in (
                ("gone", "Gone from their portals"),
                ("changed", "Changed (`caigou show NOTICE --diff`)"),
                ("blocked", "Looked at again in vain: blocked"),
                ("failed", "Looked at again in vain"),
            )
        ),
        ("Pages on which a stage of the reader broke", [f"{report.reader_errors:,}"] if report.reader_errors else []),
        ("Captured by other machines, read there", [f"{report.elsewhere:,}"] if report.elsewhere else []),
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
            "| portal | health | newest | open days | given up | missing | unread | drift |",
            "|---|---|---|---|---|---|---|---|",
        ]
        lines += [
            f"| {s.portal} | {s.health} | {s.newest or '–'} | {s.open_days} | {s.given_up} | {s.missing} | {s.backlog} | {', '.join(s.told)} |"
            for s in report.status
        ]
    return "\n".join(lines) + "\n"
