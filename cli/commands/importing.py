"""``caigou import`` and ``caigou read``: saved files into the archive, the archive into facts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import UsageError, complain, print_json, print_table, say
from cli.progress import progress_bar
from cli.workspace import open_settings

if TYPE_CHECKING:
    from jobs.import_files import ImportReport
    from jobs.read import ReadReport


def register(app: typer.Typer) -> None:
    app.command("import", epilog="Example: caigou import saved/ --manifest saved/manifest.csv")(import_)
    app.command(epilog="Example: caigou read --workers 2")(read)


def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(readable=False, help="Saved pages, API answers, attachments, WARC or WACZ files, or folders."),
    ],
    manifest: Annotated[
        Path | None,
        typer.Option(
            readable=False, help="CSV file,url,portal,captured_at; only the files it lists, relative to itself."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Put saved files into the archive and the ledger. Importing the same file again changes nothing."""
    from db.engine import open_database
    from jobs.import_files import expand, import_files
    from jobs.manifest import read_manifest

    missing = [path for path in paths if not path.exists()]
    if missing:
        raise UsageError(f"{missing[0]}: no such file or folder", "check the path")
    rows, refused = (read_manifest(manifest), []) if manifest is not None else expand(paths)
    settings = open_settings()
    with open_database(settings) as engine, progress_bar("importing", len(rows)) as update:
        report = import_files(engine, settings.archive, rows, progress=update)
    report.refused[:0] = refused
    _print_import(report, as_json=as_json)
    if not report.ok:
        raise SystemExit(1)


def _print_import(report: ImportReport, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "recorded": dict(sorted(report.recorded.items())),
                "known": report.known,
                "refused": [{"file": str(r.path), "message": r.message, "remedy": r.remedy} for r in report.refused],
            }
        )
    else:
        words = ", ".join(f"{count:,} {kind}s" for kind, count in sorted(report.recorded.items())) or "nothing new"
        say(f"imported {words}; {report.known:,} known before, {len(report.refused):,} refused")
        if report.recorded:
            say("next: caigou read")
    for refusal in report.refused:
        complain(f"{refusal.path}: {refusal.message}", refusal.remedy)


def read(
    all_: Annotated[bool, typer.Option("--all", help="Read everything again, not only what is new.")] = False,
    relink: Annotated[
        bool,
        typer.Option("--relink", help="Link every notice again, after an upgrade that says its rules have changed."),
    ] = False,
    workers: Annotated[int, typer.Option(min=1, help="Worker processes.")] = 1,
    cluster: Annotated[str | None, typer.Option(help="Address of a Dask scheduler.")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Read what is archived and not yet read, attachments too, then link."""
    from db.engine import open_database, session_scope
    from db.link import relink as queue_all
    from db.seed_load import load_seeds
    from jobs.link import link_queue
    from jobs.read import read_captures
    from seeds import load_knowledge

    settings = open_settings()
    with open_database(settings) as engine:
        with session_scope(engine) as session:
            load_seeds(session)
        with progress_bar("reading") as update:
            report = read_captures(
                engine,
                settings.archive,
                knowledge_source=load_knowledge,
                all=all_,
                workers=workers,
                cluster=cluster,
                progress=update,
            )
        if relink:
            with session_scope(engine) as session:
                queue_all(session)
        with progress_bar("linking") as update:
            link_queue(engine, progress=update)
    _print_read(report, as_json=as_json)
    if not report.ok:
        raise SystemExit(1)


def _print_read(report: ReadReport, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "states": dict(sorted(report.states.items())),
                "new_notices": report.notices,
                "readings": report.readings,
                "issues": dict(report.issues.most_common()),
                "failed": report.failed,
                "purged": sorted(report.purged),
            }
        )
    else:
        say(f"read {report.captures:,} captures: {report.readings:,} new readings, {report.notices:,} new notices")
        if report.states:
            print_table(("state", "captures"), sorted(report.states.items()))
        if report.issues:
            print_table(("issue", "times"), report.issues.most_common(12))
    for line in report.failed:
        complain(line)
    for notice in sorted(report.purged):
        complain(
            f"{notice} was purged and came in again; nothing of it was stored",
            f"caigou db purge {notice} erases its bytes, with --lift it is let in",
        )
    if report.reader_errors:
        complain(
            f"{report.reader_errors:,} pages broke a part of the reader (issue reader_error); the rest of them was read",
            "report them: select * from issue where code = 'reader_error'",
        )
