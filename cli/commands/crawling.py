"""``caigou crawl`` and ``caigou portals``."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.commands.reading import parse_day
from cli.output import UsageError, complain, print_json, print_table, say
from cli.progress import progress_bar
from cli.workspace import open_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.types import CrawlReport, WindowResult
    from jobs.portal_status import PortalStatus

MAX_NAMED = 20
"""Missing notices named one by one; the rest is counted, and stands in --json and in the ledger."""


def register(app: typer.Typer) -> None:
    app.command(epilog="Example: caigou crawl ccgp --since 2026-01-01 --until 2026-01-03")(crawl)
    app.command(epilog="Example: caigou nightly")(nightly)
    app.command(epilog="Example: caigou backfill ccgp --since 2022-01-01 --until 2022-05-12")(backfill)
    app.command(epilog="Example: caigou schedule cron --at 01:30")(schedule)
    portals = typer.Typer(help="The portals: list, status, new.", no_args_is_help=True)
    portals.command("list", epilog="Example: caigou portals list")(portals_list)
    portals.command("status", epilog="Example: caigou portals status")(portals_status)
    portals.command(
        "new", epilog="Example: caigou portals new ccgp-yunling --platform zcy --base http://www.ccgp-yunling.example"
    )(portals_new)
    app.add_typer(portals, name="portals")
    archive = typer.Typer(help="The archive: verify, pack.", no_args_is_help=True)
    archive.command("verify", epilog="Example: caigou archive verify")(archive_verify)
    archive.command("pack", epilog="Example: caigou archive pack -o may.wacz --portal ccgp")(archive_pack)
    app.add_typer(archive, name="archive")


def crawl(
    portals: Annotated[list[str], typer.Argument(help="Portal ids, as in `caigou portals list`.")],
    since: Annotated[str, typer.Option(help="First day (YYYY-MM-DD, Beijing).")],
    until: Annotated[str, typer.Option(help="Last day, included.")],
    replay: Annotated[
        Path | None, typer.Option(readable=False, help="No network: answers come from this WARC file.")
    ] = None,
    via: Annotated[
        str | None, typer.Option(help="Gateway or mirror: HOST/PATH is asked at BASE/HOST/PATH. Also CAIGOU_VIA.")
    ] = None,
    delay: Annotated[float | None, typer.Option(help="Seconds between requests to a host.")] = None,
    refetch: Annotated[bool, typer.Option("--refetch", help="Fetch notices captured before, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Fetch what portals published on these days and is not captured yet. Ends with a verdict a day."""
    from crawler.run import crawl as run

    first, last = _days(since, until)
    _known_portals(portals)
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
    """The report: a line a portal and day, a table of days that need eyes, what is missing by name, and the verdict."""
    from nlp.wire import plain

    if as_json:
        print_json({"verdict": report.verdict, **plain(report)})
        return
    done, total = print_days(report.windows)
    say(
        f"{report.verdict}: {done:,} of {total:,} days need nothing more; {report.captured:,} notices and {report.files:,} files "
        f"captured with {report.requests:,} requests in {report.seconds:.0f} s"
    )
    if report.adopted:
        say(f"{report.adopted:,} captures of an interrupted run were found in the archive and recorded")
    say("next: caigou read")


def print_days(windows: Sequence[WindowResult]) -> tuple[int, int]:
    """Days, and what is missing of them by name. Return how many need nothing more, of how many."""
    for line in day_lines(windows):
        say(line)
    needs_eyes = [w for w in windows if not _settled(w)]
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
        _name_too_large(needs_eyes)
        named = [entry for window in needs_eyes for entry in window.deficit if entry[2] != "too_large"]
        for notice, url, reason in named[:MAX_NAMED]:
            complain(f"missing: {notice} ({reason}) {url}")
        if len(named) > MAX_NAMED:
            say(f"… and {len(named) - MAX_NAMED:,} more (--json names them all)")
    return len(windows) - len(needs_eyes), len(windows)


def _settled(window: WindowResult) -> bool:
    word = window.verdict.value
    return word in {"complete", "empty_expected"} or (word == "open" and not window.over)


def day_lines(windows: Sequence[WindowResult]) -> list[str]:
    """``ccgp 2026-05-11: complete, 30 notices (10 new), 4 files``; days that follow each other alike and lack nothing share a line."""
    groups: list[list[WindowResult]] = []
    for window in sorted(windows, key=lambda w: (w.portal, w.since)):
        last = groups[-1][-1] if groups else None
        alike = (
            last is not None
            and (last.portal, last.verdict, last.over) == (window.portal, window.verdict, window.over)
            and last.until + dt.timedelta(1) == window.since
            and _settled(window)
        )
        if alike:
            groups[-1].append(window)
        else:
            groups.append([window])
    return [_day_line(group) for group in groups]


def _day_line(group: Sequence[WindowResult]) -> str:
    first, last = group[0], group[-1]
    days = f"{first.since}" if first.since == last.until else f"{first.since} to {last.until}"
    captured, new, files = (sum(getattr(w, name) for w in group) for name in ("captured", "new", "files"))
    line = f"{first.portal} {days}: {first.verdict.value}, {captured:,} notices ({new:,} new), {files:,} files"
    return line if first.over else f"{line}; not over yet in Beijing, it stays due"


def _name_too_large(windows: Sequence[WindowResult]) -> None:
    """Files above the portal's cap, a line a portal."""
    from crawler.config import load_portal

    by_portal: dict[str, list[str]] = {}
    for window in windows:
        large = [url for _, url, reason in window.deficit if reason == "too_large"]
        if large:
            by_portal.setdefault(window.portal, []).extend(large)
    for portal, urls in by_portal.items():
        more = f" and {len(urls) - MAX_NAMED:,} more" if len(urls) > MAX_NAMED else ""
        complain(
            f"{portal}: {len(urls):,} files above {load_portal(portal).max_file_mb:g} MB not fetched: "
            f"{', '.join(urls[:MAX_NAMED])}{more}",
            "raise crawl.max_file_mb of the portal if you need them",
        )


def nightly(
    portals: Annotated[
        list[str] | None, typer.Argument(help="Portal ids; without any, all enabled ones.", show_default=False)
    ] = None,
    via: Annotated[str | None, typer.Option(help="Gateway or mirror. Also CAIGOU_VIA.")] = None,
    delay: Annotated[float | None, typer.Option(help="Seconds between requests to a host.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Worker processes for reading.")] = 1,
    at_once: Annotated[int, typer.Option(min=1, help="Portals in hand at a time; other machines take the others.")] = 8,
    recheck_after: Annotated[
        str, typer.Option(help="Days after first sight at which a notice is looked at again.")
    ] = "1,7,30,180",
    recheck_limit: Annotated[int, typer.Option(min=0, help="At most so many of these a portal and night.")] = 500,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """One night: crawl what is due, fetch attachments, read, link, look again at older notices; ends with a verdict."""
    from jobs.nightly import again_line
    from jobs.nightly import as_json as report_json
    from jobs.nightly import nightly as run

    _known_portals(portals or [])
    steps = _steps(recheck_after)
    settings = open_settings()
    with progress_bar("night") as update:
        report = run(
            settings,
            portals or (),
            via=via or os.environ.get("CAIGOU_VIA") or None,
            delay=delay,
            workers=workers,
            at_once=at_once,
            recheck_after=steps,
            recheck_limit=recheck_limit,
            step=say,
            progress=lambda p: update(p.windows_done, p.windows),
        )
    if as_json:
        print_json(report_json(report))
    else:
        if report.crawl is not None:
            print_days(report.days)
            say(
                f"{report.crawl.captured:,} notices and {report.crawl.files:,} files captured with {report.crawl.requests:,} requests "
                f"in {report.crawl.seconds:.0f} s"
            )
        _print_status(report.status)
        for name, words in (
            ("held", report.held),
            ("outside its hours", report.off_hours),
            ("error", report.errors),
            ("unreadable", report.unreadable),
        ):
            for entry in words:
                complain(f"{name}: {entry}")
        if report.reader_errors:
            complain(f"a stage of the reader broke on {report.reader_errors:,} pages", "see issues `reader_error`")
        for again in report.looked_again("gone", "changed", "blocked", "failed"):
            why = f" ({again.reason})" if again.reason else ""
            say(f"looked at again: {again.portal}/{again.notice} is {again.outcome}{why}: {again.url}")
        say(f"{report.readings:,} readings; looked at again: {again_line(report)}")
        for file in report.files:
            say(f"report: {file}")
        say(f"the night is {report.verdict}")
    raise SystemExit(report.exit_code)


def backfill(
    portal: Annotated[str, typer.Argument(help="Portal id.")],
    since: Annotated[str, typer.Option(help="First day.")],
    until: Annotated[str, typer.Option(help="Last day, included.")],
    yes: Annotated[bool, typer.Option("--yes", help="Begin; without it only the estimate is printed.")] = False,
    via: Annotated[str | None, typer.Option(help="Gateway or mirror. Also CAIGOU_VIA.")] = None,
    delay: Annotated[float | None, typer.Option(help="Seconds between requests to a host.")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Fetch older days, newest first; says beforehand how many requests and hours that takes."""
    from crawler.config import load_portal
    from crawler.run import crawl as run
    from db.engine import open_database
    from jobs.backfill import estimate
    from nlp.wire import plain

    first, last = _days(since, until)
    _known_portals([portal])
    settings = open_settings()
    with open_database(settings) as engine:
        guess = estimate(engine, load_portal(portal), first, last)
    if as_json and not yes:
        print_json(plain(guess))
        return
    basis = (
        f"from {guess.basis:,} days already complete"
        if guess.basis
        else "a guess: no day of this portal is complete yet"
    )
    say(
        f"{guess.days:,} days, about {guess.notices:,} notices, {guess.requests:,} requests, {guess.hours:,.1f} hours at the portal's own pace ({basis})"
    )
    if not yes:
        say("begin with --yes")
        return
    with progress_bar("backfilling") as update:
        report = run(
            settings, [portal], first, last, via=via or os.environ.get("CAIGOU_VIA") or None, delay=delay,
            progress=lambda p: update(p.windows_done, p.windows),
        )  # fmt: skip
    print_crawl(report, as_json=as_json)
    raise SystemExit(report.exit_code)


def schedule(
    kind: Annotated[str, typer.Argument(help="cron, systemd or launchd.")],
    at: Annotated[
        str | None, typer.Option(help="HH:MM on this machine's clock; default: a quiet hour in Beijing.")
    ] = None,
) -> None:
    """Print a ready unit that runs `caigou nightly` with the right paths and environment."""
    import sys
    from pathlib import Path as AnyPath

    from jobs.schedule import schedule as make

    try:
        text = make(kind, AnyPath(sys.argv[0]).absolute(), open_settings().home, os.environ, at)
    except ValueError as error:
        raise UsageError(str(error), "cron, systemd or launchd; --at 01:30") from None
    typer.echo(text)


def _steps(text: str) -> list[int]:
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and int(part) for part in parts):
        raise UsageError(f"--recheck-after {text!r} is not a list of days", "write it as 1,7,30,180")
    return sorted(map(int, parts))


def _days(since: str, until: str) -> tuple[dt.date, dt.date]:
    first, last = parse_day(since, "--since"), parse_day(until, "--until")
    assert first is not None
    assert last is not None
    if first > last:
        raise UsageError(f"--since {first} is after --until {last}", "give the earlier day first")
    return first, last


def _known_portals(portals: list[str]) -> None:
    """Raises for a portal that nobody knows, and for one that is known and cannot be crawled, with the facts that are missing."""
    from crawler.config import load_portal

    for portal in portals:
        load_portal(portal)


def portals_status(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """One line a portal, worst first: freshness judged from stored notices, open days, backlog, drift."""
    from crawler.config import load_portal, portal_ids
    from db.engine import open_database
    from jobs.portal_status import portal_status
    from nlp.wire import plain

    today = dt.datetime.now(tz=dt.timezone(dt.timedelta(hours=8))).date()
    configs = [c for c in (load_portal(portal) for portal in portal_ids()) if c.enabled]
    with open_database(open_settings()) as engine:
        rows = portal_status(engine, configs, today)
    if as_json:
        for row in rows:
            print_json({"health": row.health, **plain(row)})
    else:
        _print_status(rows)


def _print_status(rows: list[PortalStatus]) -> None:
    """One line a portal, also on 80 columns; below it what a column has no room for."""
    columns = (
        "portal",
        "health",
        "notices",
        "newest",
        "days\nsilent",
        "open\ndays",
        "given\nup",
        "missing",
        "backlog",
    )
    print_table(
        columns,
        [
            (
                r.portal,
                r.health,
                r.notices,
                r.newest,
                r.days_silent,
                r.open_days,
                r.given_up,
                r.missing,
                r.backlog,
            )
            for r in rows
        ],
        one_line=True,
    )
    for row in rows:
        if row.told:
            say(f"{row.portal}: {', '.join(row.told)}")


def portals_new(
    portal: Annotated[str, typer.Argument(help="New id, lower-case words with hyphens.")],
    platform: Annotated[str, typer.Option(help="Software family: zcy, gpcms, freecms, …")],
    base: Annotated[str, typer.Option(help="Home address.")],
    name: Annotated[str, typer.Option(help="Name of the portal.")] = "",
) -> None:
    """Scaffold a portal: its YAML, its spider, and fixtures that fail the walk over all portals until they are filled."""
    from crawler.errors import CrawlError
    from crawler.scaffold import scaffold

    try:
        made = scaffold(portal, platform, base, name)
    except CrawlError as error:
        raise UsageError(error.message, error.remedy) from None
    for path in made.files:
        typer.echo(path)


def archive_verify(
    files: Annotated[
        list[str] | None,
        typer.Argument(help="Archive files, relative to the archive; without any, all.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Re-hash every payload of the archive and report all damage."""
    from crawler.archive import Archive
    from nlp.wire import plain

    report = Archive(open_settings().archive).verify(files or None)
    if as_json:
        print_json({"ok": report.ok, **plain(report)})
    else:
        say(
            f"{report.files:,} files, {report.records:,} records, {report.payload_bytes / 1e6:,.1f} MB: {'whole' if report.ok else 'damaged'}"
        )
    for damage in report.damages:
        complain(f"{damage.file} at byte {damage.offset}: {damage.message}", "restore the file from a backup")
    if not report.ok:
        raise SystemExit(1)


def archive_pack(
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write, .wacz.")],
    files: Annotated[
        list[str] | None,
        typer.Argument(help="Archive files, relative to the archive; without any, all.", show_default=False),
    ] = None,
    portal: Annotated[str | None, typer.Option(help="Only files that crawls of this portal wrote.")] = None,
    title: Annotated[str | None, typer.Option(help="Title of the pack.")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Pack archive files, with an index and a list of pages, into one WACZ file that any web archive player opens."""
    from crawler.archive import Archive
    from crawler.wacz import TITLE, pack
    from nlp.wire import plain

    if output.suffix != ".wacz":
        raise UsageError(f"-o {output}: not a .wacz file", "name it FILE.wacz")
    if not output.parent.is_dir():
        raise UsageError(f"-o {output}: no such folder", "make it first")
    if portal is not None:
        _known_portals([portal])
    archive = Archive(open_settings().archive)
    known = archive.files()
    for name in files or ():
        if name not in known:
            raise UsageError(f"no archive file {name!r}", "name it relative to the archive, as `archive verify` does")
    chosen = [n for n in files or known if portal is None or Path(n).name.startswith(f"{portal}-r")]
    with progress_bar("packing") as update:
        report = pack(archive, output, chosen, title=title or TITLE, progress=update)
    if as_json:
        print_json({**plain(report), "path": str(output)})
    else:
        say(
            f"{output}: {report.files:,} files, {report.records:,} records, {report.pages:,} pages, {report.size / 1e6:,.1f} MB"
        )
    for damage in report.damages:
        complain(f"{damage.file} at byte {damage.offset}: {damage.message}", "packed as it is, not indexed")


def portals_list(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """All portals that Caigou knows, with how far each has been proven."""
    from crawler.config import load_portal, load_refusal, portal_ids
    from seeds.portals import load_portals

    crawled = {portal: load_portal(portal) for portal in portal_ids()}
    rows = []
    for portal, profile in sorted(load_portals().items()):
        config, refusal = crawled.get(portal), load_refusal(portal)
        rows.append(
            {
                "portal": portal,
                "name": profile.name,
                "platform": config.platform if config else profile.platform,
                "region": profile.region_code,
                "crawl": ("yes" if config.enabled else "no") if config else "refused",
                "wants": config.wants if config else None,
                "delay": config.delay if config else None,
                "evidence": config.evidence.level if config else None,
                "year": config.evidence.year if config else None,
                "note": config.evidence.note if config else refusal.reason if refusal else None,
                "missing": list(config.missing if config else refusal.missing if refusal else ()),
            }
        )
    if as_json:
        for row in rows:
            print_json(row)
        return
    columns = ("portal", "name", "platform", "region", "crawl", "wants", "delay", "evidence", "year")
    print_table(columns, [[row[c] for c in columns] for row in rows])
    say(
        "crawl: refused = too little is known of how it is asked (--json says what); wants: a captcha or a signature, without which it reports blocked"
    )
    say("evidence: live = met by this program; captured = saved answers seen; code = known from working code; none")
