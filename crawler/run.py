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
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from crawler.archive import Archive, ArchiveError
from crawler.breaker import Breakers
from crawler.config import PortalCrawl, days, load_portal, today
from crawler.errors import CrawlError, CrawlUsageError
from crawler.ledger import Ledger
from crawler.parts import MIN_PAUSE_UNIT, Parts
from crawler.proxies import socks_proxy
from crawler.types import CrawlReport, Progress, Verdict, Window
from crawler.via import Gateway
from crawler.writer import Writer
from db.settings import Settings

logger = logging.getLogger(__name__)

AGENT = "caigou/0.1 (archive of public procurement notices; research{contact})"
ROBOTS_AGENT = "caigou"

RUBBISH = frozenset({"html_instead_of_json"})
"""What a service of records answers that does not know the question at all."""

Windows = Sequence[Window] | Callable[[PortalCrawl], Sequence[Window]]
"""The windows to fetch, or what says which they are once the portal is in hand."""


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
    windows: Windows | None = None,
    skip_held: bool = False,
    patience: float = 0.0,
    at_once: int | None = None,
    night: bool = False,
    lease: float | None = None,
    ledger: Ledger | None = None,
    handler_class: type | None = None,
    configs: Sequence[PortalCrawl] | None = None,
) -> CrawlReport:
    """Fetch what the portals published from ``since`` to ``until`` (both included, Beijing days) and is not captured yet.

    ``via``: address of a gateway or mirror. ``replay``: a WARC file whose answers stand for the network. ``delay``:
    seconds between two requests to a host; below the portal's own only with ``via`` or ``replay``. ``refetch``: also
    fetch notices captured before. ``windows``: these windows of the portals instead of every day of the range.
    ``skip_held``: leave a portal out that another run has in hand, instead of refusing; for ``patience`` seconds it is looked
    whether that run has died, and its portal is then taken over. ``at_once``: so many portals in hand at a time (default:
    all). ``night``: written down with the run. ``lease``: seconds after which a portal of a run that gives no sign of life is
    free. ``ledger`` (default: the database of ``settings``), ``handler_class`` and ``configs`` are for tests and benchmarks.

    Returns what was done, also when it was interrupted by Ctrl-C. Raises CrawlError, with one line for people.
    """
    chosen = list(configs) if configs is not None else [load_portal(portal) for portal in dict.fromkeys(portals)]
    gateway = Gateway.parse(via) if via else None
    _check(chosen, since, until, delay, free=bool(gateway or replay))
    if windows is None and until > today():
        raise CrawlUsageError(f"{until} is not over yet in Beijing.", f"Crawl up to today ({today()}) at most.")
    job = _Crawl(settings, chosen, since, until, gateway, replay, delay, progress, refetch, handler_class)
    job.windows, job.skip_held, job.patience, job.at_once, job.night = windows, skip_held, patience, at_once, night
    return job.run(ledger, lease)


def _check(configs: Sequence[PortalCrawl], since: dt.date, until: dt.date, delay: float | None, *, free: bool) -> None:
    if not configs:
        raise CrawlUsageError("no portal was named.", "Name at least one; `caigou portals list` shows them.")
    if since > until:
        raise CrawlUsageError(f"--since {since} is after --until {until}.", "Give the earlier day first.")
    if delay is not None and delay < 0:
        raise CrawlUsageError(f"--delay {delay} is negative.", "Give seconds, 0 or more.")
    if not free:
        socks_proxy()
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
        self.windows: Windows | None = None
        self.skip_held = False
        self.patience = 0.0
        self.at_once: int | None = None
        self.night = False
        self.lease = 0.0
        self.parts: list[Parts] = []
        self.held: list[PortalCrawl] = []
        self.fatal: Exception | None = None
        self._crawlers: dict[str, Any] = {}
        self.interrupted = False
        self.errors: list[str] = []

    def run(self, ledger: Ledger | None, lease: float | None) -> CrawlReport:
        started = time.monotonic()
        if ledger is None:
            from crawler.ledger_db import LEASE, DatabaseLedger

            self.lease = LEASE if lease is None else lease
            archive = Archive(self.settings.archive).identity
            with DatabaseLedger(self.settings, archive=archive, lease=self.lease) as opened:
                return self._with(opened, started)
        return self._with(ledger, started)

    def _with(self, ledger: Ledger, started: float) -> CrawlReport:
        arguments = {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "via": self.gateway.base if self.gateway else None,
            "replay": str(self.replay_path) if self.replay_path else None,
            "delay": self.delay,
            "night": self.night,
        }
        run_id = ledger.open_run([config.id for config in self.configs], arguments)
        adopted = self._adopt(ledger)
        report = CrawlReport(run_id=run_id, windows=[], adopted=adopted)
        try:
            if not self.skip_held:
                for config in self.configs:
                    if not ledger.claim(config.id):
                        raise CrawlError(f"{config.id} is being crawled by another run.", "Wait until it has ended.")  # noqa: TRY301 - one place writes down how a run failed
            asyncio.run(self._crawl_all(ledger, run_id))
            if self.fatal is not None:
                raise self.fatal
        except (CrawlError, ArchiveError) as error:
            self._collect(report, started)
            # What made the run fail is said; that it could not be written down either is no news.
            with suppress(CrawlError):
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
        # Words where every service answers records, and the same for robots.txt: that is no portal, nor one that refuses.
        rubbish = {f"blocked:{reason}" for reason in RUBBISH}
        if (
            nothing
            and all(p.robots_pages for p in self.parts)
            and all(rubbish & set(w.reasons) for w in report.windows)
        ):
            return self._no_gateway(base)
        if nothing and "blocked" not in report.states and not any(w.verdict is Verdict.BLOCKED for w in report.windows):
            return self._no_gateway(base)
        return None

    @staticmethod
    def _no_gateway(base: str) -> CrawlError:
        return CrawlError(
            f"the gateway {base} answers nothing that a portal would.",
            "It must pass BASE/HOST/PATH on to http://HOST/PATH.",
        )

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
        windows = self._windows(config)
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
            socks=socks_proxy() if self.gateway is None and replay is None else None,
            refetch=self.refetch,
            progress=self.progress,
            obey_crawl_delay=delay is None,
        )
        return parts

    def _windows(self, config: PortalCrawl) -> list[Window]:
        now = today()
        if self.windows is None:
            return [Window(config.id, day, day, over=day < now) for day in days(self.since, self.until)]
        given = self.windows(config) if callable(self.windows) else self.windows
        return [window for window in given if window.portal == config.id]

    async def _crawl_all(self, ledger: Ledger, run_id: int) -> None:
        """So many portals at once as wished; then those that other runs had in hand and died with."""
        loop = asyncio.get_running_loop()

        def lost(portal: str) -> None:
            loop.call_soon_threadsafe(self._lost, portal)

        ledger.watch(lost)
        waiting = deque(self.configs)

        async def work() -> None:
            while waiting and not self._ending:
                config = waiting.popleft()
                if not await asyncio.to_thread(ledger.claim, config.id):
                    self.held.append(config)
                    continue
                await self._portal(config, ledger, run_id)

        with _signals(self._stop), _quiet_scrapy():
            await self._guarded(asyncio.gather(*(work() for _ in range(self.at_once or len(waiting)))))
            await self._guarded(self._take_over(ledger, run_id))

    async def _guarded(self, work: Awaitable[Any]) -> None:
        try:
            await work
        except (CrawlError, ArchiveError) as error:
            self.fatal = self.fatal or error

    @property
    def _ending(self) -> bool:
        return self.interrupted or self.fatal is not None

    async def _take_over(self, ledger: Ledger, run_id: int) -> None:
        """Look after the portals of other runs: given back, they are done; not given back in time, they are ours."""
        until = time.monotonic() + self.patience
        while self.held and not self._ending and time.monotonic() < until:
            await asyncio.sleep(min(max(self.lease / 4, 0.1), 15))
            for config in list(self.held):
                standing = await asyncio.to_thread(ledger.standing, config.id)
                if standing == "held" or self._ending:
                    continue
                if standing == "free":
                    self.held.remove(config)
                elif await asyncio.to_thread(ledger.claim, config.id):
                    self.held.remove(config)
                    logger.warning("taking over %s: the run that had it is gone", config.id)
                    await self._portal(config, ledger, run_id)

    async def _portal(self, config: PortalCrawl, ledger: Ledger, run_id: int) -> None:
        """Crawl one portal that is in hand, and give it back."""
        from scrapy.crawler import AsyncCrawlerRunner

        from crawler.settings import scrapy_settings

        try:
            kind = spider_class(config)
            parts = await asyncio.to_thread(self._parts, config, ledger, run_id)
        except (CrawlError, ArchiveError) as error:
            self._concerns(config, error, everyone=isinstance(error, ArchiveError))
            await asyncio.to_thread(ledger.release, config.id)
            return
        self.parts.append(parts)
        if parts.windows:
            runner = AsyncCrawlerRunner(scrapy_settings(parts))
            crawler = self._crawlers[config.id] = runner.create_crawler(kind)
            with parts.archive.group():
                try:
                    await runner.crawl(crawler)
                except asyncio.CancelledError:
                    self.interrupted = True
                except Exception as error:  # noqa: BLE001 - one portal's failure must not end the others'
                    parts.failure = parts.failure or error
            del self._crawlers[config.id]
        try:
            await asyncio.to_thread(parts.writer.close)
        except (CrawlError, ArchiveError) as error:
            parts.failure = error
        if parts.failure is not None:
            broken = isinstance(parts.failure, ArchiveError) or parts.writer.error is not None
            self._concerns(config, parts.failure, everyone=broken)
        with suppress(CrawlError):
            await asyncio.to_thread(ledger.release, config.id)

    def _concerns(self, config: PortalCrawl, failure: Exception, *, everyone: bool) -> None:
        """What concerns all portals (archive, ledger) ends the run, and so does the failure of the only one; of many portals
        one that fails is reported, and the others stand.
        """
        if everyone or len(self.configs) == 1:
            self.fatal = self.fatal or failure
            self._halt()
            return
        unknown = failure if not isinstance(failure, CrawlError) else None
        logger.error("portal %s failed: %s", config.id, failure, exc_info=unknown)
        self.errors.append(f"{config.id}: {failure}")

    def _lost(self, portal: str) -> None:
        """Another run may ask this portal now: we must not."""
        crawler = self._crawlers.get(portal)
        for parts in self.parts:
            if parts.config.id == portal and crawler is not None and crawler.spider is not None:
                parts.failure = CrawlError(
                    f"{portal} is no longer in this run's hands (no sign of life for {self.lease:g} s).",
                    "What was captured is kept; run again.",
                )
                crawler.spider.stop()

    def _stop(self) -> None:
        self.interrupted = True
        self._halt()

    def _halt(self) -> None:
        for crawler in self._crawlers.values():
            if crawler.spider is not None:
                crawler.spider.stop()

    def _collect(self, report: CrawlReport, started: float) -> None:
        report.interrupted = self.interrupted
        report.errors = self.errors
        report.held = [config.id for config in self.held]
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
