"""``caigou crawl`` and ``caigou portals``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.commands.reading import parse_day
from cli.output import UsageError, complain, print_json, print_table, say
from cli.progress import progress_bar
from cli.workspace import open_settings

if TYPE_CHECKING:
    from crawler.types import CrawlReport

MAX_NAMED = 20
"""Missing notices named one by one; the rest is counted, and stands in --json and in the ledger."""


def register(app: typer.Typer) -> None:
    app.command(epilog="Example: caigou crawl ccgp --since 2026-01-01 --until 2026-01-03")(crawl)
    portals = typer.Typer(help="The portals: list.", no_args_is_help=True)
    portals.command("list", epilog="Example: caigou portals list")(portals_list)
    app.add_typer(portals, name="portals")


def crawl(
    portals: Annotated[list[str], typer.Argument(help="Portal ids, as in `caigou portals list`.")],
    since: Annotated[str, typer.Option(help="First day (YYYY-MM-DD, Beijing).")],
    until: Annotated[str, typer.Option(help="Last day, included.")],
    replay: Annotated[Path | None, typer.Option(help="No network: answers come from this WARC file.")] = None,
    via: Annotated[
        str | None, typer.Option(help="Gateway or mirror: HOST/PATH is asked at BASE/HOST/PATH. Also CAIGOU_VIA.")
    ] = None,
    delay: Annotated[float | None, typer.Option(help="Seconds between requests to a host.")] = None,
    refetch: Annotated[bool, typer.Option("--refetch", help="Fetch notices captured before, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Fetch what portals published on these days and is not captured yet. Ends with a verdict a day."""
    from crawler.config import portal_ids
    from crawler.run import crawl as run

    first, last = parse_day(since, "--since"), parse_day(until, "--until")
    assert first is not None
    assert last is not None
    if first > last:
        raise UsageError(f"--since {first} is after --until {last}", "give the earlier day first")
    known = portal_ids()
    for portal in portals:
        if portal not in known:
            raise UsageError(f"unknown portal {portal!r}", "known: " + ", ".join(known))
    if replay is not None and not replay.is_file():
        raise UsageError(f"--replay {replay}: no such file", "name a WARC file that a crawl wrote")
    with progress_bar("crawling") as update:
        report = run(
            open_settings(),
            portals,
            first,
            last,
            via=via or os.environ.get("CAIGOU_VIA") or None,
            replay=replay,
            delay=delay,
            refetch=refetch,
            progress=lambda p: update(p.windows_done, p.windows),
        )
    print_crawl(report, as_json=as_json)
    raise SystemExit(report.exit_code)


def print_crawl(report: CrawlReport, *, as_json: bool) -> None:
    """The report: one line a window that needs eyes, what is missing by name, and the verdict."""
    from nlp.wire import plain

    if as_json:
        print_json({"verdict": report.verdict, **plain(report)})
        return
    needs_eyes = [w for w in report.windows if w.verdict.value not in {"complete", "empty_expected"}]
    if needs_eyes:
        rows = [
            (
                w.portal,
                w.since,
                w.verdict.value,
                w.listed,
                w.discovered,
                w.captured,
                ", ".join(f"{k} {v}" for k, v in w.reasons.items()),
            )
            for w in needs_eyes
        ]
        print_table(("portal", "day", "verdict", "listed", "found", "captured", "missing because"), rows)
        named = [entry for window in needs_eyes for entry in window.deficit]
        for notice, url, reason in named[:MAX_NAMED]:
            complain(f"missing: {notice} ({reason}) {url}")
        if len(named) > MAX_NAMED:
            say(f"… and {len(named) - MAX_NAMED:,} more (--json names them all)")
    complete = len(report.windows) - len(needs_eyes)
    say(
        f"{report.verdict}: {complete:,} of {len(report.windows):,} windows need nothing more; {report.captured:,} captures, "
        f"{report.new:,} of them new, {report.files:,} files, {report.requests:,} requests in {report.seconds:.0f} s"
    )
    if report.adopted:
        say(f"{report.adopted:,} captures of an interrupted run were found in the archive and recorded")
    say("next: caigou read")


def portals_list(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """All portals that Caigou knows, with how far each has been proven."""
    from crawler.config import load_portal, portal_ids
    from seeds.portals import load_portals

    crawled = {portal: load_portal(portal) for portal in portal_ids()}
    rows = []
    for portal, profile in sorted(load_portals().items()):
        config = crawled.get(portal)
        rows.append(
            {
                "portal": portal,
                "name": profile.name,
                "platform": config.platform if config else profile.platform,
                "region": profile.region_code,
                "crawl": ("yes" if config.enabled else "no") if config else "read only",
                "delay": config.delay if config else None,
                "evidence": config.evidence.level if config else None,
                "year": config.evidence.year if config else None,
                "note": config.evidence.note if config else None,
            }
        )
    if as_json:
        for row in rows:
            print_json(row)
        return
    columns = ("portal", "name", "platform", "region", "crawl", "delay", "evidence", "year")
    print_table(columns, [[row[c] for c in columns] for row in rows])
    say("evidence: live = met by this program; captured = saved answers seen; code = known from working code; none")
