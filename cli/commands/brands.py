"""``caigou brands``: what is known about brands, whether the seeds hold together, and what the store names that they do not know."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.commands.questions import asking
from cli.output import UsageError, print_json, print_table, say

if TYPE_CHECKING:
    from nlp.brands.knowledge import Brand, BrandKnowledge

AsJson = Annotated[bool, typer.Option("--json", help="One JSON line a record.")]
On = Annotated[str | None, typer.Option("--on", help="Owners on this date (YYYY-MM-DD; default today).")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Brands: list, show, lint, candidates.", no_args_is_help=True)
    group.command("list", epilog="Example: caigou brands list --origin US --area storage")(list_)
    group.command(epilog="Example: caigou brands show 希捷")(show)
    group.command(epilog="Example: caigou brands lint")(lint)
    group.command(epilog="Example: caigou brands candidates --least 5")(candidates)
    app.add_typer(group, name="brands")


def _day(text: str | None) -> dt.date:
    from cli.commands.reading import parse_day
    from db.clock import SHANGHAI

    return parse_day(text, "--on") or dt.datetime.now(tz=SHANGHAI).date()


def list_(
    origin: Annotated[list[str] | None, typer.Option(help="Country of origin (ISO 3166, e.g. US).")] = None,
    area: Annotated[list[str] | None, typer.Option(help="Technology area, or a part of its name.")] = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """The brands of the seeds with their owners."""
    from seeds.brands import load_brand_knowledge

    knowledge, day = load_brand_knowledge(), _day(on)
    known = {brand.origin for brand in knowledge.brands.values()}
    wanted = {value.upper() for value in origin or ()}
    if wanted - known:
        raise UsageError(
            f"--origin: unknown value {', '.join(sorted(wanted - known))!r}", "one of " + ", ".join(sorted(known))
        )
    parts = [value.casefold() for value in area or ()]
    areas = {name for brand in knowledge.brands.values() for name in brand.areas}
    for part in parts:
        if not any(part in name.casefold() for name in areas):
            raise UsageError(f"--area: unknown value {part!r}", "one of " + ", ".join(sorted(areas)))
    chosen = [
        brand
        for brand in sorted(knowledge.brands.values(), key=lambda b: b.name.casefold())
        if (not wanted or brand.origin in wanted)
        and (not parts or any(part in name.casefold() for name in brand.areas for part in parts))
    ]
    if as_json:
        for brand in chosen:
            print_json(_summary(brand, knowledge, day))
        return
    rows = []
    for brand in chosen:
        told = _summary(brand, knowledge, day)
        rows.append((brand.brand_id, brand.name, brand.name_zh, brand.origin, told["owner"], ", ".join(brand.areas)))
    print_table(("id", "name", "Chinese", "origin", "owner", "areas"), rows)
    say(f"{len(rows):,} brands")


def _summary(brand: Brand, knowledge: BrandKnowledge, day: dt.date) -> dict[str, Any]:
    owner = knowledge.owner_at(brand.brand_id, day)
    return {
        "id": brand.brand_id,
        "name": brand.name,
        "name_zh": brand.name_zh,
        "origin": brand.origin,
        "domestic": brand.domestic,
        "owner": owner.owner if owner else None,
        "owner_country": owner.country if owner else None,
        "areas": list(brand.areas),
    }


def show(
    name: Annotated[str, typer.Argument(help="Id, canonical name or any alias.")],
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """One brand: its names and how far each is trusted, its owners, its product lines."""
    import difflib

    from nlp.brands.knowledge import STRENGTHS
    from seeds.brands import load_brand_knowledge

    knowledge = load_brand_knowledge()
    brand = knowledge.resolve(name)
    if brand is None:
        names = {b.name.casefold(): b.name for b in knowledge.brands.values()} | {
            a.text.casefold(): a.text for a in knowledge.aliases
        }
        near = [names[n] for n in difflib.get_close_matches(name.casefold(), list(names), n=3)]
        raise UsageError(
            f"unknown brand {name!r}", "nearest: " + ", ".join(near) if near else "caigou brands list shows those known"
        )
    words = {strength: word for word, strength in STRENGTHS.items()}
    value = _summary(brand, knowledge, _day(on)) | {
        "note": brand.note,
        "owners": [
            {
                "owner": o.owner,
                "country": o.country,
                "since": o.since.isoformat() if o.since else None,
                "until": o.until.isoformat() if o.until else None,
                "share": o.share,
            }
            for o in knowledge.owners
            if o.brand_id == brand.brand_id
        ],
        "aliases": [
            {"alias": a.text, "kind": a.kind, "strength": words[a.strength], "exact": a.exact, "line": a.line}
            for a in knowledge.aliases
            if a.brand_id == brand.brand_id
        ],
        "lines": [
            {
                "line": x.product_line,
                "parent": x.parent_line,
                "class": x.product_class,
                "kind": x.product_kind,
                "pattern": x.pattern,
                "strong": x.strong,
                "samples": list(x.samples),
            }
            for x in knowledge.lines
            if x.brand_id == brand.brand_id
        ],
    }
    if as_json:
        print_json(value)
        return
    print_table(
        ("", ""),
        [
            (key.replace("_", " "), value[key])
            for key in ("id", "name", "name_zh", "origin", "owner", "note")
            if value[key]
        ]
        + [("areas", ", ".join(brand.areas))],
    )
    for title, rows in (("owners", value["owners"]), ("aliases", value["aliases"]), ("product lines", value["lines"])):
        if rows:
            columns = [column for column in rows[0] if column != "pattern"]
            cells = [[", ".join(row[c]) if isinstance(row[c], list) else row[c] for c in columns] for row in rows]
            print_table(columns, cells, title=f"\n{title}")


def lint(as_json: AsJson = False) -> None:
    """Check the seeds: aliases given twice, patterns against their samples, owners' dates, near misses. Exit code 1 for an error."""
    from seeds.lint_brands import lint as run
    from seeds.lint_brands import report

    findings = run()
    errors = sum(finding.level == "error" for finding in findings)
    if as_json:
        for finding in findings:
            print_json({"level": finding.level, "where": finding.where, "message": finding.message})
    elif findings:
        typer.echo(report(findings))
    say(f"{errors:,} errors, {len(findings) - errors:,} warnings")
    if errors:
        raise SystemExit(1)


def candidates(
    limit: Annotated[int, typer.Option(min=1, help="Most strings to print.")] = 50,
    least: Annotated[int, typer.Option(min=1, help="Only strings of so many notices.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Unknown strings of brand columns in the store, with counts and examples. Nobody guesses where they are from."""
    from db.candidates import candidates as run
    from seeds.brands import load_brand_knowledge

    with asking() as session:
        found = run(session, load_brand_knowledge(), limit=limit, least=least)
    if as_json:
        for one in found:
            print_json(one.as_json())
        return
    rows = [
        (
            one.text,
            one.notices,
            one.public_security,
            one.lines,
            "; ".join(" ".join(part for part in (e.item, e.model) if part) for e in one.examples),
            one.examples[0].notice if one.examples else None,
        )
        for one in found
    ]
    if rows:
        print_table(("string", "notices", "public security", "lines", "stands for", "for example"), rows)
        say("origin unknown: add what is a brand to seeds/brands (docs/brands.md), then caigou read --all")
    else:
        say("every brand cell in the store is read")
