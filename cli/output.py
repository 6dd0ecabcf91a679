"""Printing: JSON lines on stdout, words and progress on stderr, tables that fit the terminal."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console


class CommandError(Exception):
    """Raised by commands for anything a person must know: one line, with the remedy. ``code`` is the exit code of DESIGN's contract."""

    def __init__(self, message: str, remedy: str | None = None, *, code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.code = code


class UsageError(CommandError):
    """A bad flag, a missing file, an unknown brand, region or portal: exit code 2."""

    def __init__(self, message: str, remedy: str | None = None) -> None:
        super().__init__(message, remedy, code=2)


def print_json(value: Any) -> None:
    """One JSON value on one line of stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def say(message: str) -> None:
    """A line for a person, on stderr."""
    sys.stderr.write(message + "\n")


def complain(message: str, remedy: str | None = None) -> None:
    """One line: what happened and what to do."""
    first = " ".join(str(message).split())
    sys.stderr.write(f"caigou: {first}" + (f" — {remedy}" if remedy else "") + "\n")


def fail(error: CommandError) -> NoReturn:
    complain(error.message, error.remedy)
    raise SystemExit(error.code)


def console(*, stderr: bool = False) -> Console:
    """The terminal, as wide as it is; 100 columns where there is none. Square brackets and colons are the notices' own words, never markup."""
    from rich.console import Console

    width = None if (sys.stderr if stderr else sys.stdout).isatty() else 100
    return Console(stderr=stderr, width=width, markup=False, emoji=False, highlight=False, soft_wrap=False)


def money(value: object) -> str | None:
    """An amount in CNY for a person's eyes: 848,651.00; as many decimals as it has beyond two."""
    if value is None:
        return None
    amount = Decimal(str(value)).normalize()
    exponent = amount.as_tuple().exponent
    return f"{amount:,.{max(2, -exponent if isinstance(exponent, int) else 2)}f}"


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None, one_line: bool = False
) -> None:
    """A plain table on stdout. Numbers are right-aligned; absent cells are empty. ``one_line``: no cell is wrapped, and
    where there is no room the first column is shown in full.
    """
    from rich.table import Table
    from rich.text import Text

    body = [["" if cell is None else str(cell) for cell in row] for row in rows]
    table = Table(
        title=None if title is None else Text(title),
        title_justify="left",
        box=None,
        pad_edge=False,
        header_style="bold",
        padding=(0, 1, 0, 0) if one_line else (0, 1),
    )
    for index, name in enumerate(columns):
        cells = [row[index] for row in body if row[index]]
        numeric = bool(cells) and all(cell.replace(",", "").replace(".", "").lstrip("-").isdigit() for cell in cells)
        table.add_column(
            Text(name),
            justify="right" if numeric else "left",
            overflow="ellipsis" if one_line else "fold",
            no_wrap=one_line,
            min_width=max(map(len, cells), default=0) if one_line and not index else None,
        )
    for row in body:
        table.add_row(*map(Text, row))
    console().print(table)
