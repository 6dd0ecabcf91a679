"""The questions: bought, count, search, show."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.filters import with_filters
from cli.output import UsageError, print_json, print_table, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from db.filters import Filters
else:
    Filters = object  # the option parser asks for the name; the class itself is imported by the command that needs it

AsJson = Annotated[bool, typer.Option("--json", help="Data as JSON on stdout.")]


def register(app: typer.Typer) -> None:
    examples = {
        count: "Example: caigou count --brand Seagate --region 65 --unit-class public_security --types award,contract --since 2022-01-01 --until 2022-05-12",
    }
    for command, example in examples.items():
        app.command(epilog=example)(command)


@contextlib.contextmanager
def asking() -> Iterator[Session]:
    """A session for one question; what the store does not know becomes a usage error."""
    from db.engine import open_database, session_scope
    from db.filters import UnknownValue
    from db.settings import load_settings

    with open_database(load_settings()) as engine, session_scope(engine) as session:
        try:
            yield session
        except UnknownValue as error:
            raise _usage(error) from None


def _usage(error: Any) -> UsageError:
    remedy = "nearest: " + ", ".join(error.suggestions) if error.suggestions else "see --help"
    return UsageError(f"--{error.option.replace('_', '-')}: unknown value {error.value!r}", remedy)


def bounds_words(bounds: dict[str, Any]) -> str:
    """``60 – 64`` style words for one rung of the JSON ladder."""
    if bounds["lower"] is None:
        return "—"
    upper = "unknown" if bounds["upper"] is None else bounds["upper"]
    return (
        f"{bounds['lower']}"
        if bounds["lower"] == bounds["point"] == upper
        else f"{bounds['lower']} … {bounds['point']} … {upper}"
    )


RUNG_WORDS = {
    "N0": "captures",
    "N1": "announcements",
    "N2": "processes",
    "N3": "awards (lot × supplier)",
    "N4": "item lines",
    "N5": "units",
    "buyers": "distinct buyers",
    "suppliers": "distinct suppliers",
}


def print_ladder(value: dict[str, Any]) -> None:
    """The ladder for a person: every rung with its bounds, then what the answer rests on."""
    rows = [
        (
            rung,
            RUNG_WORDS[rung],
            *("unknown" if b is None else b for b in (bounds["lower"], bounds["point"], bounds["upper"])),
        )
        if bounds["lower"] is not None
        else (rung, RUNG_WORDS[rung], "—", "—", "—")
        for rung, bounds in value["ladder"].items()
    ]
    print_table(("rung", "", "lower", "point", "upper"), rows)
    if value["groups"]:
        typer.echo()
        first = value["groups"][0]
        rungs = list(first["ladder"])
        print_table(
            ("value", *rungs),
            [
                (g.get("name") or g.get("value") or "(none)", *(bounds_words(g["ladder"][r]) for r in rungs))
                for g in value["groups"]
            ],
        )
    say(coverage_line(value))


def coverage_line(value: dict[str, Any]) -> str:
    """One line on what the answer rests on."""
    parts = [f"as of {value['as_of'] or 'never'}"]
    for name, amount in value["coverage"].items():
        if isinstance(amount, int | str | float):
            parts.append(f"{name.replace('_', ' ')}: {amount}")
    return "rests on: " + "; ".join(parts)


@with_filters
def count(
    filters: Filters,
    by: Annotated[
        str | None,
        typer.Option(help="One more ladder a value of: buyer, brand, supplier, product_class, region, month, …"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The count ladder N0-N5 with lower bound, point and upper bound."""
    from db.count import count as run

    with asking() as session:
        value = run(session, filters, by).as_json()
    if as_json:
        print_json(value)
    else:
        print_ladder(value)
