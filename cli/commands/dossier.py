"""``caigou dossier``: everything about one supplier, buyer or brand. ``caigou lists``: government lists at a date."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.output import UsageError, print_json, print_table, say
from cli.workspace import open_settings

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

AsJson = Annotated[bool, typer.Option("--json", help="Data as JSON on stdout.")]


def register(app: typer.Typer) -> None:
    app.command(
        epilog="Example: caigou dossier supplier 英潍捷基（上海）贸易有限公司 · caigou dossier brand IntegenX --json"
    )(dossier)
    lists = typer.Typer(help="Government lists at a date: import, list, match.", no_args_is_help=True)
    lists.command("import", epilog="Example: caigou lists import consolidated.json")(import_)
    lists.command("list", epilog="Example: caigou lists list --list entity_list --on 2020-01-01")(list_)
    lists.command("match", epilog="Example: caigou lists match 乌鲁木齐市公安局 --on 2019-10-09")(match)
    app.add_typer(lists, name="lists")


@contextlib.contextmanager
def looking_up(what: dict[str, str]) -> Iterator[Session]:
    """A session; what the store does not know becomes a usage error that names the thing (``what`` gives the words for it)."""
    from db.engine import open_database, session_scope
    from db.filters import UnknownValue

    with open_database(open_settings()) as engine, session_scope(engine) as session:
        try:
            yield session
        except UnknownValue as error:
            nearest = "nearest: " + ", ".join(error.suggestions) if error.suggestions else "see --help"
            raise UsageError(
                f"no {what.get(error.option, error.option)} {error.value!r} in the store", nearest
            ) from None


def day_of(value: str | None, option: str) -> dt.date:
    """A day given as YYYY-MM-DD, else today in China. Raises UsageError."""
    import datetime as dt

    from db.clock import SHANGHAI

    if value is None:
        return dt.datetime.now(SHANGHAI).date()
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise UsageError(f"{option}: not a day: {value!r}", "write it as 2022-05-12") from None


def dossier(
    kind: Annotated[str, typer.Argument(help="supplier, buyer or brand.")],
    name: Annotated[str, typer.Argument(help="Any name, alias or English name.")],
    as_of: Annotated[str | None, typer.Option(help="Only evidence captured by then (day or time).")] = None,
    known_at: Annotated[
        str | None, typer.Option(help="Only what was read, linked or decided by then (day or time).")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="Most records to list; all are counted.")] = 200,
    as_json: AsJson = False,
) -> None:
    """Everything about one supplier, buyer or brand: names, records by role, brands, lists on the day, network."""
    from cli.dossier_view import print_dossier
    from db.desk.sheet import Moment
    from db.dossier import KINDS
    from db.dossier import dossier as run
    from db.filters import UnknownValue, parse_moment

    if kind not in KINDS:
        raise UsageError(f"unknown kind of dossier {kind!r}", f"one of {', '.join(KINDS)}")
    try:
        moment = Moment(
            parse_moment(as_of, "as_of") if as_of else None, parse_moment(known_at, "known_at") if known_at else None
        )
    except UnknownValue as error:
        raise UsageError(
            f"--{error.option.replace('_', '-')}: not a day or time: {error.value!r}", "write it as 2022-05-12"
        ) from None
    with looking_up({"name": kind}) as session:
        value = run(session, kind, name, moment, limit)
    if as_json:
        print_json(value)
    else:
        print_dossier(value)


def import_(
    files: Annotated[
        list[Path],
        typer.Argument(readable=False, help="Consolidated Screening List JSON, OpenSanctions CSV or FtM lines."),
    ],
    as_json: AsJson = False,
) -> None:
    """Take the entries of official list files in. The same file again changes nothing; a newer one supersedes."""
    from db.listings import import_file

    for file in files:
        if not file.is_file():
            raise UsageError(f"{file}: no such file", "give the path of a downloaded list")
    failed = False
    with looking_up({}) as session:
        for file in files:
            try:
                done = import_file(session, file.name, file.read_bytes())
            except (ValueError, OSError) as error:
                failed = True
                say(f"caigou: {file}: {error} — nothing of it was taken; download the file again")
                continue
            _print_import(done, as_json=as_json)
    if failed:
        raise SystemExit(1)


def _print_import(done: Any, *, as_json: bool) -> None:
    shown = {
        "file": done.file,
        "format": done.format,
        "entries": done.entries,
        "new": done.new,
        "changed": done.changed,
        "unchanged": done.unchanged,
        "absent": done.absent,
        "left_out": len(done.left_out),
    }
    if as_json:
        print_json(shown)
        return
    say(
        f"{done.file}: {done.entries:,} entries ({done.new:,} new, {done.changed:,} changed); "
        f"{len(done.left_out):,} left out, of other lists or without a date"
    )
    if done.absent:
        say(f"{done.absent:,} entries of earlier files are not in this one; they stay as they are")


def list_(
    vocabulary: Annotated[
        list[str] | None, typer.Option("--list", help="entity_list, meu, sdn, cmic, 1260h, uflpa, uvl; default all.")
    ] = None,
    on: Annotated[str | None, typer.Option(help="Only what was listed on that day (YYYY-MM-DD).")] = None,
    as_json: AsJson = False,
) -> None:
    """The entries of the lists, each list apart."""
    from db.filters import split_values
    from db.listings import entries

    day = day_of(on, "--on") if on is not None else None
    with looking_up({}) as session:
        found = entries(session, split_values(vocabulary or ()), day)
    if as_json:
        for entry in found:
            print_json(entry)
        return
    print_table(
        ("list", "name", "Chinese name", "from", "until", "citation", "source"),
        [
            (e["list"], e["name_en"], e["name_zh"], e["listed_on"], e["removed_on"], e["citation"], e["source"])
            for e in found
        ],
    )
    say(f"{len(found):,} entries")


def match(
    name: Annotated[str, typer.Argument(help="An organisation, Chinese or English.")],
    on: Annotated[str | None, typer.Option(help="Day asked about (YYYY-MM-DD); default today.")] = None,
    as_json: AsJson = False,
) -> None:
    """Whether a name was on a list on a day: each listing with its reason, score and status."""
    from db.keys import storable
    from db.listings import match as run

    day = day_of(on, "--on")
    if not name.strip():
        raise UsageError("an empty name", "give the name of an organisation")
    with looking_up({}) as session:
        value = run(session, storable(name), day)
    if as_json:
        print_json(value)
        return
    columns = ("status", "list", "entry", "Chinese name", "from", "until", "citation", "matched by", "score")
    for found, title in ((value["matches"], None), (value["above"], "\nlistings of the organs above: not its own")):
        if found:
            rows = [
                (
                    m["status"],
                    m["list"],
                    m["name_en"],
                    m["name_zh"],
                    m["listed_on"],
                    m["removed_on"],
                    m["citation"],
                    m["reason"],
                    m["score"],
                )
                for m in found
            ]
            print_table(columns, rows, title=title)
    if value["near"]:
        print_table(
            ("list", "looks like", "score"),
            [(n["list"], n["name"], n["score"]) for n in value["near"]],
            title="\nno match; names that look alike",
        )
    listed = ", ".join(value["lists"]) or "no list"
    say(f"{name}: on {listed} on {value['on']}")
