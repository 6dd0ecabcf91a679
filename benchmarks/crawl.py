"""What archive, ledger and page recognition cost: our crawl against a bare Scrapy spider fetching the same addresses.

Both ask the same replica (in a process of its own) through the same download handler, without delays, one connection a
host. Timed from the first page to the last; start-up (imports, database) and the lists before are not counted. The two take turns; gate:
our pages a second are at least 0.6 of the bare spider's, median of the rounds. Beside it stands the ratio by processor seconds, which other work on the machine does not move. Memory over 20,000 pages stays below 300 MB.

    python benchmarks/crawl.py [--notices 2000] [--database URL] [--memory]

``--platforms``: requests a captured notice, platform by platform, from the portals' own fixtures: what a day costs before its first notice (the
lists that must be asked whatever they hold), and what each notice adds. No time is measured there.

    python benchmarks/crawl.py --platforms
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import multiprocessing
import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

DAY = dt.date(2026, 5, 11)


def serve(pipe: Connection, notices: int, days: int) -> None:
    """The replica, in its own process; tells its address, and on request what it was asked."""
    from jobs.demo_portal import DemoPortal
    from tests.replica.notices import many

    with DemoPortal(many(notices, days=days, start=DAY)) as portal:
        pipe.send(portal.base)
        while True:
            match pipe.recv():
                case "asked":
                    pipe.send([f"http://{a.host}{a.path}{'?' + a.query if a.query else ''}" for a in portal.log])
                    portal.log.clear()
                case _:
                    return


def ours(base: str, home: str, database: str | None, days: int, pipe: Connection) -> None:
    from crawler.run import crawl
    from db.settings import Settings

    ledger: Any = None
    if database == "none":
        from crawler.ledger import MemoryLedger

        ledger, database = MemoryLedger(), None
    settings = Settings(home=Path(home), database_url=database)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    marks: list[tuple[int, int]] = []

    stamps: list[float] = []
    spent: list[float] = []

    def progress(seen: Any) -> None:
        stamps.append(time.perf_counter())
        spent.append(time.process_time())
        if seen.captured % 1000 == 0:
            marks.append((seen.captured, _resident()))

    report = crawl(
        settings, ["ccgp"], DAY, DAY + dt.timedelta(days - 1), via=base, delay=0, ledger=ledger, progress=progress
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pipe.send({"seconds": stamps[-1] - stamps[0], "processor": spent[-1] - spent[0], "timed": report.captured, "requests": report.requests, "captured": report.captured, "verdict": report.verdict,
               "peak_mb": peak / 1024, "start_mb": before / 1024, "marks": marks})  # fmt: skip


def bare(base: str, urls: list[str], pipe: Connection) -> None:
    """A spider that fetches these addresses and does nothing with them."""
    import scrapy
    from scrapy.crawler import AsyncCrawlerRunner

    class Bare(scrapy.Spider):
        name = "bare"

        async def start(self) -> Any:
            for url in urls:
                yield scrapy.Request(
                    f"{base}/{url.split('://')[1]}",
                    self.parse,
                    dont_filter=True,
                    meta={"download_slot": url.split("/")[2]},
                )

        def parse(self, response: Any) -> None:  # noqa: ARG002 - Scrapy calls it so
            seen.append(time.perf_counter())
            spent.append(time.process_time())

    seen: list[float] = []
    spent: list[float] = []
    handler = "scrapy.core.downloader.handlers._aiohttp.AiohttpDownloadHandler"

    async def main() -> None:
        runner = AsyncCrawlerRunner(
            {
                "TWISTED_REACTOR_ENABLED": False, "DOWNLOAD_HANDLERS": {"http": handler, "https": handler}, "LOG_ENABLED": False,
                "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0, "ROBOTSTXT_OBEY": False, "TELNETCONSOLE_ENABLED": False,
                "HTTPERROR_ALLOW_ALL": True, "RETRY_ENABLED": False,
            }
        )  # fmt: skip
        await runner.crawl(Bare)

    import logging

    logging.disable(logging.INFO)
    asyncio.run(main())
    pipe.send({"seconds": seen[-1] - seen[0], "processor": spent[-1] - spent[0], "timed": len(seen)})


def _resident() -> int:
    with Path("/proc/self/status").open() as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmRSS"))


def run(target: Any, *arguments: Any) -> Any:
    """Call in a fresh process; return what it sends."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=target, args=(*arguments, there))
    process.start()
    there.close()
    answer = here.recv()
    process.join()
    return answer


def platforms() -> int:
    """A table in Markdown: one portal of each platform, the most expensive one."""
    import logging

    from crawler.config import load_portal, portal_ids
    from crawler.types import Kind
    from tests.crawler.portals.harness import crawl_scene, load_cassette

    logging.disable(logging.WARNING)
    dearest: dict[str, tuple[int, int, float, str]] = {}
    for portal in portal_ids():
        cassette = load_cassette(portal)
        with tempfile.TemporaryDirectory(prefix="caigou-bench-") as home:
            empty = crawl_scene(Path(home) / "empty", cassette, "empty")
            day = crawl_scene(Path(home) / "day", cassette)
        lists = sum(row.kind is Kind.LIST for row in day.ledger.rows)
        each = (day.report.requests - lists) / max(day.report.captured, 1)
        row = (empty.report.requests, lists, each, portal)
        platform = load_portal(portal).platform
        dearest[platform] = max(dearest.get(platform, row), row)
    print(
        "| platform | portal | lists asked on an empty day | on a day with notices | requests for one notice | in all a notice: 10 a day | 100 | 1,000 |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for platform, (nothing, lists, each, portal) in sorted(dearest.items(), key=lambda entry: entry[1]):
        size = int(load_portal(portal).options.get("page_size", 20))
        costs = [each + (lists + max(0, count // size - 1)) / count for count in (10, 100, 1000)]
        print(
            f"| {platform} | {portal} | {nothing} | {lists} | {each:.2f} | {' | '.join(f'{cost:.2f}' for cost in costs)} |"
        )
    return 0


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--notices", type=int, default=2000)
    options.add_argument("--days", type=int, default=4)
    options.add_argument("--database", help="address of a Postgres; 'none' = no ledger; default: the embedded one")
    options.add_argument("--memory", action="store_true", help="20,000 pages, memory only")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--platforms", action="store_true", help="requests a notice, platform by platform")
    chosen = options.parse_args()
    if chosen.platforms:
        return platforms()
    notices = 20_000 if chosen.memory else chosen.notices
    here, there = multiprocessing.get_context("spawn").Pipe()
    replica = multiprocessing.get_context("spawn").Process(
        target=serve, args=(there, notices, chosen.days), daemon=True
    )
    replica.start()
    base = here.recv()
    results: dict[str, Any] = {"notices": notices, "ours": [], "bare": []}
    for _ in range(1 if chosen.memory else chosen.rounds):
        home = tempfile.mkdtemp(prefix="caigou-bench-")
        try:
            mine = run(ours, base, home, chosen.database, chosen.days)
        finally:
            shutil.rmtree(home, ignore_errors=True)
        here.send("asked")
        urls = here.recv()
        results["ours"].append(mine)
        if not chosen.memory:
            results["bare"].append(run(bare, base, urls))
            here.send("asked")
            here.recv()
    here.send("stop")
    if chosen.memory:
        mine = results["ours"][0]
        print(json.dumps(mine))
        print(f"{mine['captured']:,} notices: peak {mine['peak_mb']:.0f} MB (start {mine['start_mb']:.0f} MB)")
        return 0 if mine["peak_mb"] <= 300 else 1
    median = {
        kind: statistics.median(
            (bare[kind] / bare["timed"]) / (mine[kind] / mine["timed"])
            for mine, bare in zip(results["ours"], results["bare"], strict=True)
        )
        for kind in ("seconds", "processor")
    }
    rate = {name: statistics.median(r["timed"] / r["seconds"] for r in results[name]) for name in ("ours", "bare")}
    ratio = median["seconds"]
    per_notice = results["ours"][0]["requests"] / max(results["ours"][0]["captured"], 1)
    print(json.dumps(results))
    print(
        f"ours {rate['ours']:.0f} pages/s, bare {rate['bare']:.0f} pages/s; ratio, median of {len(results['ours'])} rounds: "
        f"{ratio:.2f} by the clock, {median['processor']:.2f} by processor seconds; load {os.getloadavg()[0]:.1f}; "
        f"{per_notice:.2f} requests a notice"
    )
    return 0 if ratio >= 0.6 else 1


if __name__ == "__main__":
    sys.exit(main())
