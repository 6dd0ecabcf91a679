"""Writes docs/commands.md from the commands themselves. ``tests/test_docs.py`` fails when the page is behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer.main

from cli.main import app

HERE = Path(__file__).parent
INTRO = """# Commands

Generated: `python docs/_commands.py`. Every command has `--help`; those that print data have `--json`. Data goes to stdout, progress and words to stderr.
Exit codes: 0 done, 1 it ran and something is wrong, 2 usage.

"""


def page() -> str:
    root: Any = typer.main.get_command(app)
    return INTRO + "".join(_describe("caigou", root))


def _describe(name: str, command: Any) -> list[str]:
    children = getattr(command, "commands", None)
    below = [part for child in sorted(children or ()) for part in _describe(f"{name} {child}", children[child])]
    if below and not command.invoke_without_command:
        return below
    lines = [f"## {name}\n\n{(command.help or '').strip()}\n\n"]
    rows = []
    for parameter in command.params:
        if getattr(parameter, "hidden", False) or parameter.name == "help":
            continue
        names = (
            ", ".join(f"`{option}`" for option in parameter.opts)
            if parameter.param_type_name == "option"
            else f"`{parameter.name.upper()}`"
        )
        rows.append(f"| {names} | {(getattr(parameter, 'help', None) or '').strip()} |\n")
    if rows:
        lines.append("| option | meaning |\n|---|---|\n" + "".join(rows) + "\n")
    if command.epilog:
        lines.append(
            f"{command.epilog.replace('Example: ', 'Example: `', 1)}`\n\n"
            if command.epilog.startswith("Example: ")
            else command.epilog + "\n\n"
        )
    return [*lines, *below]


if __name__ == "__main__":
    (HERE / "commands.md").write_text(page(), encoding="utf-8")
