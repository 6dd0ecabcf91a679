"""One crawl: portals × days, through Scrapy, into the archive and the ledger. What the command line and the jobs call.

:func:`crawl` runs in this process, on its own asyncio loop, and may be called again and again.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import importlib
import logging
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from crawler.archive import Archive, ArchiveError
from crawler.breaker import Breakers
from crawler.config import PortalCrawl, days, load_portal
from crawler.errors import CrawlError, CrawlUsageError
from crawler.ledger import Ledger
from crawler.parts import MIN_PAUSE_UNIT, Parts
from crawler.types import CrawlReport, Progress, Verdict, Window
from crawler.via import Gateway
from crawler.writer import Writer
from db.settings import Settings

logger = logging.getLogger(__name__)

AGENT = "caigou/0.1 (archive of public procurement notices; research{contact})"
ROBOTS_AGENT = "caigou"


def user_agent(contact: str | None = None) -> str:
    """``CAIGOU_USER_AGENT`` as it stands, else our own with the contact (``CAIGOU_CONTACT``, an address or a page)."""
    given = os.environ.get("CAIGOU_USER_AGENT")
    if given:
        return given
    contact = contact or os.environ.get("CAIGOU_CONTACT")
    return AGENT.format(contact=f"; +{contact}" if contact else "")


def crawl(
    settings: Settings,
    portals: Sequence[str],
    since: dt.date,
    until: dt.date,
    *,
    via: str | None = None,
    replay: Path | str | None = None,
    delay: float | None = None,
    progress: Callable[[Progress], None] | None = None,
    refetch: bool = False,
    windows: Sequence[Window] | None = None,
    skip_held: bool = False,
    ledger: Ledger | None = None,
    handler_class: type | None = None,
    configs: Sequence[PortalCrawl] | None = None,
) -> CrawlReport:
    """Fetch what the portals published from ``since`` to ``until`` (both included, Beijing days) and is not captured yet.

    ``via``: address of a gateway or mirror. ``replay``: a WARC file whose answers stand for the network. ``delay``:
    seconds between two requests to a host; below the portal's own only with ``via`` or ``replay``. ``refetch``: also
    fetch notices captured before. ``windows``: these windows of the portals instead of every day of the range.
    ``skip_held``: leave a portal out that another run has in hand, instead of refusing. ``ledger`` (default: the database of ``settings``), ``handler_class`` and ``configs``
    are for tests and benchmarks.

    Returns what was done, also when it was interrupted by Ctrl-C. Raises CrawlError, with one line for people.
    """
    chosen = list(configs) if configs is not None else [load_portal(portal) for portal in dict.fromkeys(portals)]
    gateway = Gateway.parse(via) if via else None
    _check(chosen, since, until, delay, free=bool(gateway or replay))
    job = _Crawl(settings, chosen, since, until, gateway, replay, delay, progress, refetch, handler_class)
    job.windows, job.skip_held = windows, skip_held
    return job.run(ledger)


def _check(configs: Sequence[PortalCrawl], since: dt.date, until: dt.date, delay: float | None, *, free: bool) -> None:
    if not configs:
        raise CrawlUsageError("no portal was named.", "Name at least one; `caigou portals list` shows them.")
    if since > until:
        raise CrawlUsageError(f"--since {since} is after --until {until}.", "Give the earlier day first.")
    if delay is not None and delay < 0:
        raise CrawlUsageError(f"--delay {delay} is negative.", "Give seconds, 0 or more.")
    for config in configs:
        slowest = max([config.delay, *config.host_delays.values()])
        if delay is not None and delay < slowest and not free:
            raise CrawlUsageError(
                f"--delay {delay:g} is below what {config.id} is asked with ({slowest:g} s).",
                "A shorter delay is allowed only together with --via or --replay.",
            )


class _Crawl:
    """The pieces of one call of :func:`crawl`."""

    def __init__(
        self,
        settings: Settings,
        configs: Sequence[PortalCrawl],
        since: dt.date,
        until: dt.date,
        gateway: Gateway | None,
        replay: Path | str | None,
        delay: float | None,
        progress: Callable[[Progress], None] | None,
        refetch: bool,
        handler_class: type | None,
    ) -> None:
        self.settings = settings
        self.configs = configs
        self.since = since
        self.until = until
        self.gateway = gateway
        self.replay_path = Path(replay) if replay is not None else None
        self.delay = delay
        self.progress = progress
        self.refetch = refetch
        self.handler_class = handler_class
        self.windows: Sequence[Window] | None = None
        self.skip_held = False
        self.parts: list[Parts] = []
        self.interrupted = False
        self.errors: list[str] = []

    def run(self, ledger: Ledger | None) -> CrawlReport:
        started = time.monotonic()
        if ledger is None:
            from crawler.ledger_db import DatabaseLedger

            with DatabaseLedger(self.settings) as opened:
                return self._with(opened, started)
        return self._with(ledger, started)

    def _with(self, ledger: Ledger, started: float) -> CrawlReport:
        arguments = {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "via": self.gateway.base if self.gateway else None,
            "replay": str(self.replay_path) if self.replay_path else None,
            "delay": self.delay,
        }
        run_id = ledger.open_run([config.id for config in self.configs], arguments)
        adopted = self._adopt(ledger)
        report = CrawlReport(run_id=run_id, windows=[], adopted=adopted)
        try:
            for config in self.configs:
                if self._claimed(config, ledger, report):
                    self.parts.append(self._parts(config, ledger, run_id))
            asyncio.run(self._crawl_all())
        except (CrawlError, ArchiveError) as error:
            self._collect(report, started)
            with suppress(
                CrawlError
            ):  # what made the run fail is said; that it could not be written down either is no news
                ledger.close_run("failed", _summary(report))
            raise _as_crawl_error(error) from error
        finally:
            for parts in self.parts:
                parts.writer.end()
                parts.archive.close()
        self._collect(report, started)
        nonsense = self._nonsense(report)
        ledger.close_run("failed" if nonsense else report.verdict, _summary(report))
        if nonsense:
            raise nonsense
        return report

    def _claimed(self, config: PortalCrawl, ledger: Ledger, report: CrawlReport) -> bool:
        if ledger.claim(config.id):
            return True
        if not self.skip_held:
            raise CrawlError(f"{config.id} is being crawled by another run.", "Wait until it has ended.")
        report.held.append(config.id)
        return False

    def _nonsense(self, report: CrawlReport) -> CrawlError | None:
        """A gateway through which no portal can be seen, said in one line instead of a table of deficits."""
        if self.gateway is None or report.interrupted or not report.requests:
            return None
        base = self.gateway.base
        if not report.archive_files:
            return CrawlError(
                f"the gateway {base} cannot be reached.", "Check the address given with --via, and that it runs."
            )
        nothing = all(w.listed is None and not w.discovered for w in report.windows)
        if nothing and "blocked" not in report.states and not any(w.verdict is Verdict.BLOCKED for w in report.windows):
            return CrawlError(
                f"the gateway {base} answers nothing that a portal would.",
                "It must pass BASE/HOST/PATH on to http://HOST/PATH.",
            )
        return None

    def _adopt(self, ledger: Ledger) -> int:
        """Write down what a killed run had archived and not yet recorded."""
        from crawler.ledger_db import DatabaseLedger
        from crawler.recover import recover

        if not isinstance(ledger, DatabaseLedger):
            return 0
        adopted = 0
        archive = Archive(self.settings.archive)
        for number in ledger.interrupted_runs():
            files = [name for name in archive.files() if f"-r{number}-" in name]
            adopted += recover(archive, ledger, files)
            ledger.give_up_run(number, {"verdict": "interrupted", "adopted": adopted, "archive_files": files})
        return adopted

    def _parts(self, config: PortalCrawl, ledger: Ledger, run_id: int) -> Parts:
        from crawler.handler import Replay

        archive = Archive(self.settings.archive, label=f"{config.id}-r{run_id}")
        replay = None
        keep = True
        if self.replay_path is not None:
            replay = Replay.open(self.replay_path, archive)
            if not len(replay):
                raise CrawlError(f"{self.replay_path} holds no answers.", "Name a WARC file that a crawl wrote.")
            keep = not self.replay_path.resolve().is_relative_to(self.settings.archive.resolve())
            if not keep:
                replay = Replay(
                    list(
                        archive.iterate(
                            self.replay_path.resolve().relative_to(self.settings.archive.resolve()).as_posix()
                        )
                    )
                )
        if self.windows is None:
            windows = [Window(config.id, day, day) for day in days(self.since, self.until)]
        else:
            windows = [window for window in self.windows if window.portal == config.id]
        ledger.open_windows(windows)
        delay = 0.0 if replay is not None and self.delay is None else self.delay

        def pauses(host: str) -> tuple[float, ...]:
            if replay is not None:
                return tuple(0.0 for _ in config.pauses)
            unit = max(parts.delay_of(host), MIN_PAUSE_UNIT if self.gateway else 1.0)
            return tuple(factor * unit for factor in config.pauses)

        parts = Parts(
            config=config,
            archive=archive,
            ledger=ledger,
            writer=Writer(archive, ledger),
            windows=windows,
            breakers=Breakers(pauses),
            gateway=self.gateway,
            replay=replay,
            archive_replayed=keep,
            delay=delay,
            user_agent=user_agent(),
            robots_agent=ROBOTS_AGENT,
            robots_exempt=config.robots_exempt,
            handler_class=self.handler_class,
            refetch=self.refetch,
            progress=self.progress,
            obey_crawl_delay=delay is None,
        )
        return parts

    async def _crawl_all(self) -> None:
        from scrapy.crawler import AsyncCrawlerRunner

        from crawler.settings import scrapy_settings

        runners: list[tuple[Parts, asyncio.Task[None], Any]] = []
        with _signals(self._stop), _quiet_scrapy():
            for parts in self.parts:
                runner = AsyncCrawlerRunner(scrapy_settings(parts))
                crawler = runner.create_crawler(spider_class(parts.config))
                runners.append((parts, runner.crawl(crawler), crawler))
                self._crawlers = [c for _, _, c in runners]
            with contextless_group(self.parts):
                for parts, task, _ in runners:
                    try:
                        await task
                    except asyncio.CancelledError:
                        self.interrupted = True
                    except Exception as error:  # noqa: BLE001 - one portal's failure must not end the others'
                        parts.failure = parts.failure or error
        for parts in self.parts:
            try:
                await asyncio.to_thread(parts.writer.close)
            except (CrawlError, ArchiveError) as error:
                parts.failure = error
        for parts in self.parts:
            if parts.failure is not None:
                self._failed(parts, parts.failure)

    def _failed(self, parts: Parts, failure: Exception) -> None:
        """What concerns all portals (archive, ledger) ends the run, and so does the failure of the only one; of many portals
        one that fails is reported, and the others stand.
        """
        if len(self.parts) == 1 or isinstance(failure, ArchiveError) or parts.writer.error is not None:
            raise failure
        logger.error(
            "portal %s failed: %s",
            parts.config.id,
            failure,
            exc_info=failure if not isinstance(failure, CrawlError) else None,
        )
        self.errors.append(f"{parts.config.id}: {failure}")

    def _stop(self) -> None:
        self.interrupted = True
        for crawler in getattr(self, "_crawlers", []):
            if crawler.spider is not None:
                crawler.spider.stop()

    def _collect(self, report: CrawlReport, started: float) -> None:
        report.interrupted = self.interrupted
        report.errors = self.errors
        report.seconds = time.monotonic() - started
        for parts in self.parts:
            report.windows += parts.results
            report.captured += parts.captured
            report.new += parts.writer.new
            report.files += parts.files
            report.requests += parts.requests
            if parts.archive.current_file:
                report.archive_files.append(parts.archive.current_file)
            for state, count in parts.states.items():
                report.states[state] = report.states.get(state, 0) + count


@contextmanager
def contextless_group(all_parts: Sequence[Parts]) -> Iterator[None]:
    """Hold back every archive's own fsync while the writers do it batch by batch."""
    from contextlib import ExitStack

    with ExitStack() as stack:
        for parts in all_parts:
            stack.enter_context(parts.archive.group())
        yield


def spider_class(config: PortalCrawl) -> type[Any]:
    """The portal's own declaration (``crawler/spiders/<id>.py``); without one, its platform's base under the portal's name."""
    module_name = config.id.replace("-", "_")
    try:
        module = importlib.import_module(f"crawler.spiders.{module_name}")
    except ModuleNotFoundError as error:
        if error.name != f"crawler.spiders.{module_name}":
            raise
        raise CrawlError(
            f"portal {config.id} has no spider.", f"Write crawler/spiders/{module_name}.py; see docs/portals.md."
        ) from None
    from crawler.platforms.base import PortalSpider

    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, PortalSpider) and value.__module__ == module.__name__:
            return value
    raise CrawlError(f"crawler/spiders/{module_name}.py declares no spider.", "See docs/portals.md.")


@contextmanager
def _signals(stop: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the crawl in good order; a second one ends it at once."""
    loop = asyncio.get_running_loop()
    taken: list[signal.Signals] = []

    def first() -> None:
        for number in taken:
            loop.remove_signal_handler(number)
        logger.warning("stopping: what is captured is kept, the next run continues")
        stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, first)
        except (NotImplementedError, RuntimeError, ValueError):
            continue
        taken.append(number)
    try:
        yield
    finally:
        for number in taken:
            loop.remove_signal_handler(number)


@contextmanager
def _quiet_scrapy() -> Iterator[None]:
    """Scrapy tells its life story at INFO; of it only warnings concern a person."""
    names = ("scrapy", "asyncio", "protego")
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(max(before[name], logging.WARNING))
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


def _as_crawl_error(error: Exception) -> CrawlError:
    if isinstance(error, CrawlError):
        return error
    assert isinstance(error, ArchiveError)
    return CrawlError(error.message, error.remedy)


def _summary(report: CrawlReport) -> dict[str, Any]:
    verdicts: dict[str, int] = {}
    for window in report.windows:
        verdicts[window.verdict.value] = verdicts.get(window.verdict.value, 0) + 1
    return {
        "verdict": report.verdict,
        "errors": report.errors,
        "windows": verdicts,
        "captured": report.captured,
        "new": report.new,
        "files": report.files,
        "requests": report.requests,
        "states": report.states,
        "archive_files": report.archive_files,
        "seconds": round(report.seconds, 1),
    }
