"""Commands that read without a database: inspect, tag, unit, model, amount."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.output import CommandError, UsageError, complain, print_json, print_table
from cli.records import Record, read_records

if TYPE_CHECKING:
    from collections.abc import Iterable

Texts = Annotated[list[str] | None, typer.Argument(help="Texts to read.", show_default=False)]
File = Annotated[
    str | None,
    typer.Option("--file", help='Text file (one record a line), JSON lines {"id","text"}, or "-" for stdin.'),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON line a record.")]


def register(app: typer.Typer) -> None:
    app.command(epilog='Example: caigou unit "明川市公安局交通警察支队" --json')(unit)
    app.command(epilog="Example: caigou model ST8000VX004 --json")(model)
    app.command(epilog='Example: caigou amount "12.5" --header "金额（万元）" --json')(amount)
    app.command(epilog='Example: caigou tag "希捷 酷鹰 ST4000VX015 监控级硬盘 10块" --type award --json')(tag)
    app.command(epilog="Example: caigou inspect page.html --portal ccgp --json")(inspect)


def _print(rows: Iterable[dict[str, Any]], columns: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        for row in rows:
            print_json(row)
        return
    print_table(columns, [[row.get(name) for name in columns] for row in rows])


def _with_id(record: Record, row: dict[str, Any]) -> dict[str, Any]:
    return {"id": record.id, **row} if record.id is not None else row


def parse_day(text: str | None, flag: str) -> dt.date | None:
    """A YYYY-MM-DD date, or a usage error that names the flag."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{flag}: {text!r} is not a date", "write it as 2022-05-12") from None


def unit(
    names: Texts = None,
    file: File = None,
    on: Annotated[
        str | None, typer.Option("--on", help="Read the names for this date (YYYY-MM-DD; default today).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Organisation names: unit class, tier, level, division, English name."""
    from nlp.orgs import read_org
    from nlp.wire import ORG_FIELDS, org_json
    from seeds.orgs import load_org_knowledge

    day = parse_day(on, "--on") or dt.datetime.now(tz=dt.timezone(dt.timedelta(hours=8))).date()
    knowledge = load_org_knowledge()
    rows = (_with_id(r, org_json(read_org(r.text, knowledge, day))) for r in read_records(names, file))
    _print(rows, ("name", *ORG_FIELDS), as_json=as_json)


def model(texts: Texts = None, file: File = None, as_json: AsJson = False) -> None:
    """Model numbers or product titles: brand, product line, product class."""
    from nlp.brands import read_model
    from seeds.brands import load_brand_knowledge

    knowledge = load_brand_knowledge()

    def row(record: Record) -> dict[str, Any]:
        reading = read_model(record.text, knowledge)
        names = ("brand", "product_line", "product_class")
        return _with_id(record, {name: getattr(reading, name, None) for name in names})

    _print(
        (row(r) for r in read_records(texts, file)), ("id", "brand", "product_line", "product_class"), as_json=as_json
    )


def amount(
    texts: Texts = None,
    file: File = None,
    header: Annotated[str | None, typer.Option(help="Header of the table column the text stands in.")] = None,
    as_json: AsJson = False,
) -> None:
    """Money texts: the amount in yuan, or null with the reason."""
    from nlp.money import parse_money
    from nlp.wire import plain

    def row(record: Record) -> dict[str, Any]:
        money = parse_money(record.text, record.header if record.header is not None else header)
        return _with_id(record, {"cny": plain(money.cny), "reason": money.reason})

    _print((row(r) for r in read_records(texts, file)), ("id", "cny", "reason"), as_json=as_json)


def tag(
    texts: Texts = None,
    file: File = None,
    notice_type: Annotated[
        str | None, typer.Option("--type", help="Type of the notice the text stands in, when known.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Brand mentions and their roles in plain text (" ¦ " is a cell border, a line feed a line break)."""
    from nlp.tag import tag_text
    from nlp.types import NoticeType
    from nlp.wire import mention_json
    from seeds import load_knowledge

    kind = None
    if notice_type is not None:
        try:
            kind = NoticeType(notice_type)
        except ValueError:
            raise UsageError(
                f"--type: unknown notice type {notice_type!r}", "one of " + ", ".join(NoticeType)
            ) from None
    knowledge = load_knowledge()
    names = ("brand", "surface", "start", "end", "role", "score", "rule", "origin")
    for record in read_records(texts, file):
        found = [mention_json(m) for m in tag_text(record.text, knowledge, notice_type=kind)]
        mentions = [{name: row[name] for name in names} for row in found]
        if as_json:
            print_json(_with_id(record, {"mentions": mentions}))
        else:
            print_table(names, [[m[n] for n in names] for m in mentions], title=record.text[:80])


MAX_PAGE_BYTES = 64 * 1024 * 1024
"""A page larger than this is refused: the largest real notice seen is under 4 MB."""


def read_page_file(path: Path) -> bytes:
    """The bytes of one saved page. Raises CommandError naming the file and the remedy."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise CommandError(f"{path} is a directory", "name the files in it, or use import")
        if size > MAX_PAGE_BYTES:
            raise CommandError(
                f"{path}: {size / 1e6:.0f} MB is larger than any notice (limit 64 MB)", "import archives as .warc.gz"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise CommandError(f"{path}: no such file", "check the path", code=2) from None
    except PermissionError:
        raise CommandError(f"{path}: no permission to read it", "check its owner and mode") from None
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}", "check the disk") from None


def inspect(
    files: Annotated[
        list[Path] | None, typer.Argument(readable=False, help="Saved pages (html, json, txt).", show_default=False)
    ] = None,
    url: Annotated[str | None, typer.Option(help="Address the page came from.")] = None,
    portal: Annotated[str | None, typer.Option(help="Portal id; unknown ids are read by content.")] = None,
    manifest: Annotated[Path | None, typer.Option(readable=False, help="CSV with file,url,portal,captured_at.")] = None,
    as_json: AsJson = False,
) -> None:
    """What the reader makes of saved pages. Needs no database."""
    from cli.inspect_view import print_reading
    from jobs.manifest import read_manifest
    from nlp.read import read
    from nlp.types import PageInput
    from nlp.wire import reading_json
    from seeds import load_knowledge

    if bool(files) == (manifest is not None):
        raise UsageError("give either files or --manifest, one of the two", "see caigou inspect --help")
    if manifest is not None:
        entries = [(row.path, row.url, row.portal) for row in read_manifest(manifest)]
    else:
        entries = [(path, url, portal) for path in files or []]
    missing = [path for path, _, _ in entries if not path.exists()]
    if missing and manifest is None:
        raise UsageError(f"{missing[0]}: no such file", "check the path")
    knowledge = load_knowledge()
    failed = 0
    for path, address, portal_id in entries:
        try:
            body = read_page_file(path)
        except CommandError as error:
            complain(error.message, error.remedy)
            failed += 1
            continue
        reading = read(PageInput(body=body, url=address or None, portal=portal_id or None, name=str(path)), knowledge)
        if as_json:
            print_json(reading_json(reading))
        else:
            print_reading(reading, str(path))
    if failed:
        raise SystemExit(1)
