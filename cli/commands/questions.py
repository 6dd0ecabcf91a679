"""The questions: bought, count, search, show."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.filters import with_filters
from cli.ladder_view import RUNG_WORDS, bounds_words, print_ladder
from cli.output import CommandError, UsageError, console, print_json, print_table, say
from cli.workspace import open_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from db.filters import Filters
else:
    Filters = object  # the option parser asks for the name; the class itself is imported by the command that needs it

AsJson = Annotated[bool, typer.Option("--json", help="Data as JSON on stdout.")]


def register(app: typer.Typer) -> None:
    examples = {
        bought: "Example: caigou bought --brand Seagate --unit-class public_security --since 2022-01-01 --until 2022-05-12",
        count: "Example: caigou count --brand Seagate --region 65 --unit-class public_security --types award,contract --since 2022-01-01 --until 2022-05-12",
        search: "Example: caigou search '监控级硬盘 \"技术参数\"' --region 65",
        show: "Example: caigou show ccgp/24670758",
    }
    for command, example in examples.items():
        app.command(epilog=example)(command)


@contextlib.contextmanager
def asking() -> Iterator[Session]:
    """A session for one question; what the store does not know becomes a usage error."""
    from db.engine import open_database, session_scope
    from db.filters import UnknownValue

    with open_database(open_settings()) as engine, session_scope(engine) as session:
        try:
            yield session
        except UnknownValue as error:
            raise _usage(error) from None


def _usage(error: Any) -> UsageError:
    remedy = "nearest: " + ", ".join(error.suggestions) if error.suggestions else "see --help"
    return UsageError(f"--{error.option.replace('_', '-')}: unknown value {error.value!r}", remedy)


@with_filters
def count(
    filters: Filters,
    by: Annotated[
        str | None,
        typer.Option(help="One more ladder a value of: buyer, brand, supplier, product_class, region, month, …"),
    ] = None,
    manifest: Annotated[
        Path | None,
        typer.Option(readable=False, help="Pin the count to this file: query, times, versions, ids and digests."),
    ] = None,
    verify: Annotated[
        Path | None, typer.Option(readable=False, help="Count a manifest again; exit 1 where the answer differs.")
    ] = None,
    diff: Annotated[
        Path | None, typer.Option(readable=False, help="Explain by cause how today's answer differs from a manifest.")
    ] = None,
    other: Annotated[
        Path | None,
        typer.Argument(
            readable=False, help="With --diff: a second manifest, in place of today's answer.", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The count ladder N0-N5 with lower bound, point and upper bound."""
    if other is not None and diff is None:
        raise UsageError(
            f"{other}: what is this file for?", "a second manifest goes with --diff: --diff OLD.json NEW.json"
        )
    if sum(option is not None for option in (manifest, verify, diff)) > 1:
        raise UsageError("--manifest, --verify and --diff exclude each other", "give one of them")
    if verify is not None:
        raise SystemExit(_verify(verify, as_json=as_json))
    if diff is not None:
        _diff(diff, other, as_json=as_json)
        return
    from db.count import count as run

    with asking() as session:
        value = run(session, filters, by).as_json()
        if manifest is not None:
            _pin(session, filters, manifest)
    if as_json:
        print_json(value)
    else:
        print_ladder(value)


def _pin(session: Session, filters: Filters, path: Path) -> None:
    from db.manifest import write

    try:
        write(session, filters, path)
    except OSError as error:
        raise CommandError(
            f"{path}: cannot be written ({error.strerror})", "choose another place for --manifest"
        ) from None
    say(f"pinned in {path}; any day later: caigou count --verify {path}")


def _known(path: Path) -> Any:
    from db.manifest import read

    if not path.is_file():
        raise UsageError(f"{path}: no such file", "name a manifest that count --manifest wrote")
    return read(path)


_EDITS = 20
"""Edited places of a manifest that are told one by one."""


def _verify(path: Path, *, as_json: bool) -> int:
    from db.manifest import ManifestEditedError, edits, verify

    try:
        pinned = _known(path)
    except ManifestEditedError as error:
        with asking() as session:
            found_edits = edits(session, error)
        if as_json:
            print_json({"ok": False, "edited": list(error.parts), "edits": found_edits})
        for line in found_edits[:_EDITS]:
            say(line)
        if len(found_edits) > _EDITS:
            say(f"… and {len(found_edits) - _EDITS:,} more")
        raise
    with asking() as session:
        found = verify(session, pinned)
    if as_json:
        print_json(
            {
                "ok": found.ok,
                "differences": [d.as_json() for d in found.differences],
                "notes": list(found.notes),
                "purged": list(found.purged),
            }
        )
    else:
        say(f"{path}: " + ("the same answer, to the byte" if found.ok else "a different answer"))
        for words in found.purged:
            say(f"purged: {words}")
        _print_differences(found.differences)
        for note in found.notes:
            say(f"note: {note}")
    return 0 if found.ok else 1


def _diff(path: Path, other: Path | None, *, as_json: bool) -> None:
    from db.manifest import explain

    pinned = _known(path)
    later = _known(other) if other is not None else None
    if later is not None and _question(pinned) != _question(later):
        raise UsageError(f"{path} and {other} ask different questions", "give two manifests of one question")
    with asking() as session:
        found = explain(session, pinned, later)
    if as_json:
        for difference in found:
            print_json(difference.as_json())
        return
    _print_differences(found)
    say(f"{len(found):,} differences between {path} and {other or 'the answer of today'}")


def _question(manifest: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in manifest["query"].items() if name not in {"as_of", "known_at"}}


def _print_differences(found: Any) -> None:
    if found:
        print_table(
            ("rung", "change", "cause", "what", "by"), [(d.rung, d.change, d.cause, d.id, d.detail) for d in found]
        )


@with_filters
def bought(
    filters: Filters,
    by: Annotated[
        str | None,
        typer.Option(help="Groups in place of rows: buyer, brand, supplier, product_class, region, month, …"),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Most rows to print.")] = 200,
    as_json: AsJson = False,
) -> None:
    """Which unit bought which brand: one row a line, each with the words that say so."""
    from db.bought import bought as run

    with asking() as session:
        found = run(session, filters, by, limit=None if by else limit + 1)
    if found.groups is not None:
        _print_groups(found.groups, by or "", as_json=as_json)
        return
    rows = found.rows[:limit]
    if as_json:
        for row in rows:
            print_json(row.as_json())
    else:
        shown = [
            (
                r.date,
                r.buyer,
                r.brand or r.brand_raw,
                r.model or r.item,
                r.quantity,
                r.unit,
                r.role + ("" if r.certain else " ?"),
                r.supplier,
                short_id(r.notice),
            )
            for r in rows
        ]
        print_table(("date", "buyer", "brand", "model or item", "qty", "unit", "role", "supplier", "notice"), shown)
        say(
            "? = best guess, a person should look; the words behind a row: caigou show NOTICE, or --json"
            if rows
            else "no such rows"
        )
    if len(found.rows) > limit:
        say(f"more than {limit:,} rows: raise --limit, or narrow the filters")


def short_id(notice: str) -> str:
    """A notice without an id of its own is named by a digest; its beginning is enough for ``show``."""
    portal, mark, digest = notice.partition("/sha256:")
    return f"{portal}{mark}{digest[:12]}" if mark else notice


def _print_groups(groups: list[dict[str, Any]], by: str, *, as_json: bool) -> None:
    if as_json:
        for group in groups:
            print_json(group)
        return
    rungs = [name for name in (groups[0] if groups else {}) if name not in {"key", by}]
    print_table(
        (by, *(RUNG_WORDS[r] for r in rungs)),
        [(g[by] or g["key"] or "(none)", *(bounds_words(g[r]) for r in rungs)) for g in groups],
    )


@with_filters
def search(
    filters: Filters,
    text: Annotated[str, typer.Argument(help='Words; "…" is a phrase, ST4000* a beginning.')],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Most hits to print.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Full text over the notices: words, phrases, beginnings of model numbers; titles and names by letters."""
    from db.search import search as run

    with asking() as session:
        page = run(session, text, filters, limit=limit)
    if as_json:
        print_json(
            {
                "total": page.total,
                "exact": page.exact,
                "order": page.order,
                "hits": [hit.as_json() for hit in page.hits],
            }
        )
        return
    from rich.text import Text

    out = console()
    for hit in page.hits:
        out.print(
            Text.assemble(
                (f"{hit.date or '':<12}", "dim"),
                (short_id(hit.notice), "bold"),
                "  ",
                hit.title or "",
                f"  {hit.buyer or ''}",
            )
        )
        out.print(marked(hit.snippet, hit.marks))
    say(f"{'' if page.exact else 'about '}{page.total:,} notices, by {page.order}; shown {len(page.hits):,}")


def marked(snippet: str, marks: tuple[tuple[int, int], ...]) -> Any:
    """The snippet on one line, the matching spans in reverse."""
    from rich.text import Text

    line = Text("    " + snippet.replace("\n", " "))
    for start, end in marks:
        line.stylize("bold reverse", start + 4, end + 4)
    return line


def show(
    notice: Annotated[str, typer.Argument(help="portal/id, the portal's id, an address, or #number.")],
    as_of: Annotated[str | None, typer.Option(help="Only evidence captured by then.")] = None,
    known_at: Annotated[str | None, typer.Option(help="Only what was read or reviewed by then.")] = None,
    diff: Annotated[bool, typer.Option("--diff", help="What changed from one revision to the next.")] = False,
    as_json: AsJson = False,
) -> None:
    """One notice: what it says, the words that say so, where the bytes are, what it belongs to."""
    from cli.show_view import print_notice
    from db.desk.sheet import Moment
    from db.filters import UnknownValue, parse_moment
    from db.revisions import differences
    from db.show import show as run

    with asking() as session:
        moment = Moment(
            parse_moment(as_of, "as_of") if as_of else None, parse_moment(known_at, "known_at") if known_at else None
        )
        try:
            changes = differences(session, notice) if diff else []
            value = {} if diff else run(session, notice, moment)
        except UnknownValue as error:
            if error.option == "notice":
                raise UsageError(
                    f"no notice {notice!r} in the store",
                    "nearest: " + ", ".join(error.suggestions)
                    if error.suggestions
                    else "caigou search finds notices by their words",
                ) from None
            raise
    if diff:
        _print_changes(notice, changes, as_json=as_json)
    elif as_json:
        print_json(value)
    else:
        print_notice(value, open_settings().archive)


def _print_changes(notice: str, changes: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        for change in changes:
            print_json(change)
        return
    for change in changes:
        typer.echo("\n".join(change["lines"]))
    if not changes:
        say(f"{notice}: one revision; it never changed")
