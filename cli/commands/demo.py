"""``caigou demo``: the constructed sample, and what a newcomer can do with it."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import console, print_table
from cli.progress import progress_bar
from cli.workspace import MARKER, WORDS, enter_constructed

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from db.settings import Settings
    from jobs.demo import DemoRun

CONSTRUCTED = (
    "CONSTRUCTED SAMPLE 构造数据 — invented bureaus, suppliers and notices; real brand names; not evidence of anything"
)
SHOWN_NOTICE = "90000101"


def register(app: typer.Typer) -> None:
    app.command(epilog="Example: caigou demo")(demo)


def demo(
    fresh: Annotated[bool, typer.Option("--fresh", help="Throw the demo workspace away first.")] = False,
) -> None:
    """A constructed sample through the real pipeline: crawled, archived, read, counted, in a workspace of its own."""
    from db.engine import open_database, session_scope
    from db.settings import load_settings
    from jobs.demo import demo_settings, run_demo

    settings = demo_settings(load_settings())
    if fresh and settings.home.exists():
        shutil.rmtree(settings.home)
    settings.home.mkdir(parents=True, exist_ok=True)
    (settings.home / MARKER).write_text(WORDS + "\n", encoding="utf-8")
    enter_constructed()
    _banner()
    console().print(f"workspace: {settings.home}", style="dim", soft_wrap=True)
    with open_database(settings) as engine:
        with progress_bar("crawling the invented portal") as on_crawl, progress_bar("reading") as on_read:
            run = run_demo(settings, engine, on_crawl=lambda p: on_crawl(p.windows_done, p.windows), on_read=on_read)
        with session_scope(engine) as session:
            _crawled(run)
            _bureau_by_brand(session)
            _ladder(session)
            _evidence(session, settings)
    _next(settings)
    _banner()


def _banner() -> None:
    from rich.text import Text

    console().rule(Text(WORDS, style="bold"), style="yellow")


def _heading(number: int, words: str) -> None:
    out = console()
    out.print()
    out.print(f"{number}. {words}", style="bold")


def _crawled(run: DemoRun) -> None:
    report = run.crawl
    new = sum(w.new for w in report.windows)
    windows = {
        v: sum(w.verdict.value == v for w in report.windows) for v in sorted({w.verdict.value for w in report.windows})
    }
    _heading(
        1,
        f"Crawled: an invented portal of {run.published} notices, served on this machine, through the spider for ccgp.gov.cn",
    )
    rows = [
        ("days asked", len(report.windows), ", ".join(f"{count} {verdict}" for verdict, count in windows.items())),
        ("requests", report.requests, f"{report.seconds:.1f} s, no delay because the host is this machine"),
        (
            "notices captured",
            sum(w.captured for w in report.windows),
            f"{new} of them new in this run; listed = captured on every day",
        ),
        ("attachments", report.files, ""),
        ("read", run.read.captures, f"{run.read.readings} new readings, {sum(run.read.issues.values())} issues"),
        (
            "verdict",
            report.verdict,
            "a second run finds nothing new" if new else "nothing new since the last run",
        ),
    ]
    print_table(("", "", ""), rows)


def _bureau_by_brand(session: Session) -> None:
    from db.bought import bought
    from db.filters import Filters

    _heading(2, "Which public-security unit bought which brand (units; ? = quantity not stated)")
    result = bought(session, Filters(unit_class=("public_security",)), limit=1000)
    cells: dict[tuple[str, str], tuple[int, bool]] = {}
    for row in result.rows:
        key = (row.buyer or "(masked)", row.brand or row.brand_raw or "?")
        total, unknown = cells.get(key, (0, False))
        cells[key] = (total + int(row.units or 0), unknown or row.units is None)
    totals: Counter[str] = Counter()
    for (_, brand), (units, _) in cells.items():
        totals[brand] += units
    brands = sorted(totals, key=lambda brand: (-totals[brand], brand))[:7]
    buyers = sorted({buyer for buyer, _ in cells})
    rows = [(buyer, *(_cell(cells.get((buyer, brand))) for brand in brands)) for buyer in buyers]
    print_table(("buyer", *brands), [row for row in rows if any(row[1:])])


def _cell(value: tuple[int, bool] | None) -> str:
    if value is None:
        return ""
    total, unknown = value
    return f"{total or ''}{'+?' if unknown and total else '?' if unknown else ''}"


def _ladder(session: Session) -> None:
    from cli.ladder_view import print_ladder
    from db.count import count
    from db.filters import Filters
    from jobs.demo import SINCE, UNTIL

    _heading(3, "One count with its bounds: Seagate, public-security buyers, award and contract notices")
    filters = Filters(
        brand=("Seagate",), unit_class=("public_security",), types=("award", "contract"), since=SINCE, until=UNTIL
    )
    print_ladder(count(session, filters).as_json())
    for words in (
        "units: the upper bound is unknown because one line says 1批 (one batch) and nobody says how many drives that is;",
        "an award of 希捷或西部数据 (Seagate or Western Digital) moves the upper bound only.",
    ):
        console().print(words, style="dim")


def _evidence(session: Session, settings: Settings) -> None:
    from cli.show_view import print_notice
    from db.show import show

    _heading(4, "One notice, its words, and the archive record they come from")
    print_notice(show(session, SHOWN_NOTICE), settings.archive)


def _next(settings: Settings) -> None:
    _heading(5, "Try next")
    out = console()
    home = f"CAIGOU_HOME='{settings.home}'"
    for command in (
        "caigou bought --brand Seagate --by buyer",
        "caigou count --brand 西部数据 --region 云岭省 --by month",
        "caigou search 监控级硬盘",
        f"caigou show {SHOWN_NOTICE}",
        "caigou unit 明川市公安局交通警察支队",
        "caigou tag '参考品牌：希捷、西部数据或相当于' --type tender",
    ):
        out.print(f"  {home} .venv/bin/{command}", soft_wrap=True)
    out.print()
