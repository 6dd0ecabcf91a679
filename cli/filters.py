"""The filters of every question as command-line options, declared once."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from db.filters import Filters

_Many = list[str] | None

_OPTIONS: dict[str, tuple[Any, Any]] = {
    "brand": (Annotated[_Many, typer.Option(help="Brand: id, canonical name or any alias.")], None),
    "owner": (Annotated[_Many, typer.Option(help="Owner of the brand on the notice's date.")], None),
    "origin": (Annotated[_Many, typer.Option(help="Brand's country of origin (ISO 3166, e.g. US).")], None),
    "product_kind": (Annotated[_Many, typer.Option(help="hdd, ssd, portable, other.")], None),
    "product_class": (Annotated[_Many, typer.Option(help="surveillance, nas, switch, …")], None),
    "product_line": (Annotated[_Many, typer.Option(help="Family: SkyHawk, Exos, …")], None),
    "area": (
        Annotated[
            _Many, typer.Option(help="Technology area of the item: dna_biotech, servers_storage, …; outside = of none.")
        ],
        None,
    ),
    "buyer": (Annotated[_Many, typer.Option(help="One organisation under any of its names; never a substring.")], None),
    "under": (Annotated[_Many, typer.Option(help="An organisation and its subordinate organs.")], None),
    "supplier": (Annotated[_Many, typer.Option(help="One supplier under any of its names.")], None),
    "unit_class": (Annotated[_Many, typer.Option(help="Kind of organ, tier, or public_security.")], None),
    "tier": (Annotated[_Many, typer.Option(help="ministry, organ, specialised, academy, affiliated, prison, …")], None),
    "party": (Annotated[str, typer.Option(help="Whose class and region are meant: buyer or end_user.")], "buyer"),
    "region": (Annotated[_Many, typer.Option(help="Division name or code prefix (65 = Xinjiang).")], None),
    "xpcc": (Annotated[str, typer.Option(help="The Corps: include, exclude or only.")], "include"),
    "roles": (
        Annotated[_Many, typer.Option(help="purchased (default), uses, sought, references, or single roles.")],
        None,
    ),
    "types": (Annotated[_Many, typer.Option(help="Notice types: award, contract, tender, …")], None),
    "since": (Annotated[str | None, typer.Option(help="First day, included (YYYY-MM-DD).")], None),
    "until": (Annotated[str | None, typer.Option(help="Last day, included.")], None),
    "date_field": (Annotated[str, typer.Option(help="published, award, signed or first_seen.")], "published"),
    "with_brand": (Annotated[_Many, typer.Option(help="Only where this brand stands beside it.")], None),
    "within": (
        Annotated[str, typer.Option(help="How near --with-brand must stand: lot, award, process, document.")],
        "award",
    ),
    "as_of": (Annotated[str | None, typer.Option(help="Only evidence captured by then (day or time).")], None),
    "known_at": (Annotated[str | None, typer.Option(help="Only what was read, linked or reviewed by then.")], None),
    "reviewed_only": (Annotated[bool, typer.Option("--reviewed-only", help="Only what a person decided.")], False),
}


def with_filters(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command all filter options; it receives them as one ``filters`` argument."""
    own = inspect.signature(command, eval_str=True)
    kept = [p for name, p in own.parameters.items() if name != "filters"]
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in _OPTIONS.items()
    ]
    keyword = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in kept]

    @functools.wraps(command)
    def wrapper(**given: Any) -> None:
        chosen = {name: given.pop(name) for name in _OPTIONS}
        command(filters=make_filters(chosen), **given)

    wrapper.__signature__ = inspect.Signature([*keyword, *added])  # type: ignore[attr-defined]
    wrapper.__annotations__ = {p.name: p.annotation for p in (*keyword, *added)}
    return wrapper


def make_filters(given: dict[str, Any]) -> Filters:
    """Options as the database layer takes them. Raises its UnknownValue for what cannot be understood."""
    from db.filters import Filters, parse_day, parse_moment, split_values

    values: dict[str, Any] = {}
    for name, value in given.items():
        if value is None:
            continue
        if isinstance(value, list):
            values[name] = split_values(value)
        elif name in {"since", "until"}:
            values[name] = parse_day(value, name)
        elif name in {"as_of", "known_at"}:
            values[name] = parse_moment(value, name)
        else:
            values[name] = value
    return Filters(**values)
