"""``caigou db``: the schema, the address, a shell, a reader, backup and restore, purging."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import UsageError, complain, print_json, print_table, say
from cli.workspace import open_settings

if TYPE_CHECKING:
    from db.purge import Plan


def register(app: typer.Typer) -> None:
    db = typer.Typer(help="The database: upgrade, url, shell, reader, backup, restore, purge.", no_args_is_help=True)
    db.command(epilog="Example: caigou db upgrade")(upgrade)
    db.command(epilog="Example: psql \"$(caigou db url)\" -c 'select count(*) from notice'")(url)
    db.command(epilog="Example: caigou db shell")(shell)
    db.command(epilog="Example: caigou db reader")(reader)
    db.command(epilog="Example: caigou db backup caigou-2026-01-31.backup")(backup)
    db.command(epilog="Example: CAIGOU_HOME=/new/place caigou db restore caigou-2026-01-31.backup")(restore)
    db.command(epilog="Example: caigou db purge ccgp/24670758 --reason 'court order 12/2026' --by anna")(purge)
    app.add_typer(db, name="db")


def upgrade(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Bring the schema to the version this code needs."""
    from db.engine import upgrade as run

    before, after = run(open_settings())
    if as_json:
        print_json({"before": before.current, "after": after.current, "status": after.status.value})
    elif before.current == after.current:
        say(f"the schema is current ({after.current})")
    else:
        say(f"the schema went from {before.current or 'nothing'} to {after.current}")


def url() -> None:
    """The address of the database, as every Postgres client takes it. The embedded server is started for it."""
    from db.connection import database_url

    typer.echo(database_url(open_settings()))


def shell() -> None:
    """Open psql on the database."""
    import subprocess

    from db.connection import shell_command

    with shell_command(open_settings()) as command:
        raise SystemExit(subprocess.call(command.argv, env=command.env))  # noqa: S603 - psql itself


def reader(
    name: Annotated[str, typer.Option(help="Name of the login.")] = "caigou_reader",
    timeout: Annotated[int, typer.Option(min=1, max=86_400, help="Seconds a statement may take.")] = 60,
    drop: Annotated[bool, typer.Option("--drop", help="Take the login away.")] = False,
    sql: Annotated[bool, typer.Option("--sql", help="Print the SQL for an administrator; change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Make a login for analysts that may ask the views and nothing else; print its address. Run again, it gets a new password."""
    from db.reader import drop_reader, make_reader, statements

    settings = open_settings()
    if drop:
        drop_reader(settings, name)
        say(f"{name} is gone")
        return
    if sql:
        for statement in statements(settings, name, timeout):
            typer.echo(statement)
        return
    made = make_reader(settings, name, timeout)
    if as_json:
        print_json({"name": made.name, "url": made.url, "views": list(made.views), "renewed": made.renewed})
        return
    typer.echo(made.url)
    say(f"{made.name} {'has a new password' if made.renewed else 'may ask'}: {', '.join(made.views)}")
    say("the password is stored nowhere: keep the address, or run the command again for a new one")
    if settings.database_url is None and settings.postgres_port is None:
        say("the socket's name holds for this run of the server; set CAIGOU_POSTGRES_PORT for an address that stays")


def backup(path: Annotated[Path, typer.Argument(readable=False, help="File to write; must not exist.")]) -> None:
    """Write the database and the index of the archive to one file. The archive's own files are copied as files."""
    from db.backup import backup as run

    made = run(open_settings(), path)
    say(
        f"{path}: {sum(made.rows.values()):,} rows of {len(made.rows)} tables, index of {made.archive_files:,} archive files"
    )


def restore(path: Annotated[Path, typer.Argument(readable=False, help="File written by backup.")]) -> None:
    """Restore a backup into an empty database, and hold the archive against its index."""
    from db.backup import restore as run

    done = run(open_settings(), path)
    say(f"{path}: {sum(done.manifest.rows.values()):,} rows restored, as of {done.manifest.made_at}")
    for name in done.missing:
        complain(f"archive file {name} is not here", "copy it from the old CAIGOU_HOME/archive")
    for name in done.changed:
        complain(f"archive file {name} is not the one that was saved", "copy it again from the old CAIGOU_HOME/archive")
    if done.missing or done.changed:
        raise SystemExit(1)


def purge(
    notices: Annotated[
        list[str] | None, typer.Argument(help="portal/id, the portal's id, an address, or #number.", show_default=False)
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why; kept with the tombstone.")] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who says so (default: CAIGOU_REVIEWER).")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    lift: Annotated[bool, typer.Option("--lift", help="Let a purged notice be fetched or imported again.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="Show what was purged.")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Take a notice out for legal reasons: text, facts, reviews and archived bytes go, a tombstone stays.

    It is neither fetched nor imported again unless --lift allows it. Backups made before still hold it.
    """
    from cli.commands.questions import asking
    from cli.review_view import reviewer_name

    if list_:
        _print_tombstones(as_json=as_json)
        return
    if not notices:
        raise UsageError("which notice?", "name it as caigou show does: ccgp/24670758")
    if reason is None or not reason.strip():
        raise UsageError("why? a purge is kept with its reason", "give --reason TEXT")
    who = reviewer_name(by)
    if lift:
        from db.purge import lift as run

        with asking() as session:
            lifted = [run(session, notice, reason.strip(), who) for notice in notices]
        for one in lifted:
            say(f"{one.notice} may come in again; crawl, import or read brings it back")
        return
    from db.purge import plan

    with asking() as session:
        found = plan(session, notices)
    _print_plan(found)
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("a purge cannot be undone", "add --yes")
        typer.confirm("Purge it for good?", abort=True, err=True)
    from db.engine import open_database
    from jobs.purge import purge_notices

    settings = open_settings()
    with open_database(settings) as engine:
        names, records = purge_notices(engine, settings.archive, notices, reason.strip(), who)
    if as_json:
        print_json(
            {"purged": names, "rows": found.rows, "records": records, "kept": found.kept, "copies": found.copies}
        )
    else:
        say(f"purged {', '.join(names)}: {records:,} archive records overwritten")


def _print_plan(found: Plan) -> None:
    if found.notices:
        rows = ", ".join(f"{count:,} {name}" for name, count in found.rows.items() if count)
        say(f"{', '.join(found.notices.values())}: {rows}")
    for name in found.again:
        say(f"{name} was purged before; what is left of it, or came in again, goes now")
    say(f"{len(found.records):,} records of the archive, {found.bytes:,} bytes")
    for url in found.kept:
        say(f"stays, because other notices link it: {url}")
    for copy in found.copies:
        say(f"the same announcement, to be purged by its own name: {copy}")


def _print_tombstones(*, as_json: bool) -> None:
    from cli.commands.questions import asking
    from db.tombstones import tombstones

    with asking() as session:
        found = tombstones(session, standing=False)
    if as_json:
        for one in found:
            print_json(one.as_json())
        return
    rows = [
        (
            one.notice,
            f"{one.purged_at:%Y-%m-%d}",
            one.purged_by,
            one.reason,
            f"{one.unerased} left" if one.unerased else "erased",
            f"{one.lifted_at:%Y-%m-%d} {one.lifted_by}: {one.lift_reason}" if one.lifted_at else None,
        )
        for one in found
    ]
    print_table(("notice", "purged", "by", "reason", "bytes", "lifted"), rows)
