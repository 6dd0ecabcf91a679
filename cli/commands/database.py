"""``caigou db``: the schema, the address, a shell, backup and restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.output import complain, print_json, say
from cli.workspace import open_settings


def register(app: typer.Typer) -> None:
    db = typer.Typer(help="The database: upgrade, url, shell, backup, restore.", no_args_is_help=True)
    db.command(epilog="Example: caigou db upgrade")(upgrade)
    db.command(epilog="Example: psql \"$(caigou db url)\" -c 'select count(*) from notice'")(url)
    db.command(epilog="Example: caigou db shell")(shell)
    db.command(epilog="Example: caigou db backup caigou-2026-01-31.backup")(backup)
    db.command(epilog="Example: CAIGOU_HOME=/new/place caigou db restore caigou-2026-01-31.backup")(restore)
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
