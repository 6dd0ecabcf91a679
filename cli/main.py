"""Entry point. Builds the application, turns errors into one line and an exit code."""

from __future__ import annotations

import os
import sys

import typer

from cli.commands import (
    audit,
    brands,
    crawling,
    database,
    demo,
    dossier,
    importing,
    model,
    org,
    questions,
    reading,
    review,
)
from cli.output import CommandError, complain

app = typer.Typer(
    name="caigou",
    help="Chinese government procurement notices: crawled, archived, read, and counted with evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
demo.register(app)
crawling.register(app)
importing.register(app)
reading.register(app)
questions.register(app)
dossier.register(app)
org.register(app)
review.register(app)
audit.register(app)
brands.register(app)
model.register(app)
database.register(app)


def _explain(error: BaseException) -> int:
    """Prints the line for an error that any room raised with a message and a remedy; the exit code. Re-raises what nobody foresaw."""
    if isinstance(error, CommandError):
        complain(error.message, error.remedy)
        return error.code
    message, remedy = getattr(error, "message", None), getattr(error, "remedy", None)
    if isinstance(message, str) and isinstance(remedy, str):
        complain(message, remedy)
        return int(getattr(error, "exit_code", 1))
    raise error


def main() -> None:
    """Runs ``caigou`` with the process's arguments."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except BrokenPipeError:
        # the reader of our output went away (head, less): not an error of ours
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        complain("stopped", "run the same command again to continue")
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - every unforeseen error is re-raised by _explain
        sys.exit(_explain(error))


if __name__ == "__main__":
    main()
