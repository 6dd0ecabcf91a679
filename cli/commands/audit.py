"""``caigou audit``: a saved or a live count held against a person's reading of a sample."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.commands.review import usage_errors
from cli.filters import with_filters
from cli.output import UsageError, console, print_json, print_table, say
from cli.workspace import open_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.audit import Case
    from db.filters import Filters
    from jobs.audit import Answer, Audit
else:
    Filters = object  # the option parser asks for the name; the class itself is imported by the command that needs it

_REASONS = {"r": "role", "b": "brand", "u": "buyer", "t": "date", "d": "duplicate", "o": "other"}
KEYS = "y belongs · n does not (r role · b brand · u buyer · t date · d counted twice · o other) · s skip · q quit"


def register(app: typer.Typer) -> None:
    app.command(
        epilog="Example: caigou audit --manifest seagate-2022.json --sample 120 --answers seagate-2022.answers.csv"
    )(audit)


@with_filters
def audit(
    filters: Filters,
    manifest: Annotated[
        Path | None,
        typer.Option(readable=False, help="File of count --manifest; without it, the count of the filters as of now."),
    ] = None,
    sample: Annotated[int, typer.Option(min=1, help="How many to draw.")] = 120,
    seed: Annotated[str | None, typer.Option(help="Same seed, same sample (default: the manifest's digest).")] = None,
    rung: Annotated[
        str | None, typer.Option(help="N1 (announcements) or N4 (lines; the default where the count has any).")
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(readable=False, help="Table of answers: read if it exists, kept up to date while you answer."),
    ] = None,
    export: Annotated[
        Path | None, typer.Option(readable=False, help="Write the sample as a table to answer elsewhere, and stop.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The result as JSON; asks nothing.")] = False,
) -> None:
    """Draw what makes a count, and what it may have missed; ask a person; print the count with its interval and what was wrong."""
    import jobs.audit as job

    count = _manifest(manifest)
    if count is not None and _any(filters):
        raise UsageError("--manifest holds its own question", "give either --manifest or filters")
    if export is not None and answers is not None:
        raise UsageError("--export and --answers do not go together", "export, answer, then give --answers")
    drawn, frame = _draw(count, filters, sample, seed, rung)
    if export is not None:
        _write(export, job.dump(drawn, {}))
        say(f"{export}: {len(drawn):,} drawn; fill the column belongs (y or n), then give --answers {export}")
        return
    said: dict[str, Answer] = {}
    if answers is not None and answers.exists():
        try:
            said = job.parse(answers.read_text(encoding="utf-8-sig"), drawn)
        except job.AuditError as error:
            raise UsageError(f"{answers}: {error.message}", error.remedy) from None
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{answers}: cannot be read ({error})", "save the table as CSV in UTF-8") from None
    elif answers is not None and as_json:
        raise UsageError(f"{answers}: no such file", "write it with --export")
    if not as_json:
        _ask(drawn, said, answers)
    result = job.assess(frame, drawn, said)
    if as_json:
        print_json(result.as_json())
    else:
        _print(result, len(drawn), len(said))


def _any(filters: Filters) -> bool:
    from db.filters import Filters as Asked

    return filters != Asked()


def _manifest(path: Path | None) -> Any:
    from db.manifest import read

    if path is None:
        return None
    if not path.is_file():
        raise UsageError(f"{path}: no such file", "give a file written by count --manifest")
    return read(path)


def _draw(count: Any, filters: Filters, sample: int, seed: str | None, rung: str | None) -> tuple[list[Case], Any]:
    from db import audit as frames
    from db.engine import open_database, session_scope
    from db.manifest import make

    if rung is not None and rung not in frames.RUNGS:
        raise UsageError(f"--rung: unknown value {rung!r}", "one of " + ", ".join(frames.RUNGS))
    with usage_errors(), open_database(open_settings()) as engine, session_scope(engine) as session:
        made = count if count is not None else make(session, filters)
        frame = frames.frame(session, made, rung or frames.rung_of(made))
        # Without a file the seed must not hang on the moment of asking, or --answers would never fit.
        chosen = seed or (made["digest"] if count is not None else "1")
        drawn = frames.draw(frame, sample, chosen)
        return frames.cases(session, made, frame, drawn), frame


def _ask(drawn: Sequence[Case], said: dict[str, Answer], keep: Path | None) -> None:
    """Ask about what has no answer yet, and keep the table after each."""
    from jobs.audit import Answer, dump

    for number, case in enumerate(drawn, 1):
        if case.id in said:
            continue
        _show(case, number, len(drawn))
        answer = None
        while answer is None:
            try:
                word = input("> ").strip().casefold()
            except (EOFError, KeyboardInterrupt):
                return
            if word == "q":
                return
            if word == "s":
                break
            if word == "y":
                answer = Answer(belongs=True)
            elif word[:1] == "n" and word[1:].strip() in {"", *_REASONS, *_REASONS.values()}:
                reason = word[1:].strip()
                answer = Answer(belongs=False, reason=_REASONS.get(reason, reason) or "other")
            else:
                console().print(f"not understood: {word!r} — {KEYS}", style="yellow")
        if answer is not None:
            said[case.id] = answer
            if keep is not None:
                _write(keep, dump(drawn, said))


def _show(case: Case, number: int, total: int) -> None:
    """The words; not what the machine made of them, so that the answer is the person's own."""
    from rich.text import Text

    out = console()
    out.print(f"\n[{number}/{total}] does this belong in the count?", style="bold")
    out.print(Text("  ".join(part for part in (case.notice, case.type, case.date, case.buyer) if part)))
    if case.title:
        out.print(Text(case.title))
    words = Text(case.text)
    if case.start is not None and case.end is not None:
        words.stylize("bold reverse", case.start, case.end)
    out.print(words)
    out.print(
        Text("   ".join(part for part in (f"brand: {case.brand}", case.units and f"units: {case.units}") if part))
    )
    out.print(KEYS, style="dim")


def _print(result: Audit, drawn: int, judged: int) -> None:
    names = {
        "counted": "counted (lower bound)",
        "undecided": "left open (up to the upper bound)",
        "missed": "likely misses (another role)",
    }
    rows = []
    for name, one in result.strata.items():
        share = (
            "" if one.wilson is None else f"{one.right / one.judged:.1%} ({one.wilson[0]:.1%} to {one.wilson[1]:.1%})"
        )
        point = "unknown" if one.point is None else f"{one.point:.0f}"
        rows.append((names[name], one.size, one.judged, one.right, share, f"{one.low} … {point} … {one.high}"))
    print_table(("", "of them", "judged", "belong", "share (Wilson, 95 %)", "belong in all (95 % together)"), rows)
    point = "unknown" if result.point is None else f"{result.point:.0f}"
    unit = "announcements" if result.rung == "N1" else "item lines"
    typer.echo(f"\n{result.rung} {unit}: counted {result.stated[0]}, at most {result.stated[1]}")
    typer.echo(f"by this sample: {point}, between {result.low} and {result.high} with 95 % confidence")
    if result.units is not None and result.strata["counted"].judged:
        typer.echo(f"units on the counted lines judged: {result.units[0]}, of which {result.units[1]} belong")
    if result.reasons:
        typer.echo("what was wrong: " + ", ".join(f"{reason} {n}" for reason, n in result.reasons.items()))
    if result.wrong:
        typer.echo("")
        wrong = [
            (
                "missed" if case.stratum == "missed" else f"wrong: {answer.reason or 'other'}",
                case.notice,
                case.brand,
                case.role,
                case.text[case.start or 0 :][:40].replace("\n", " "),
            )
            for case, answer in result.wrong
        ]
        print_table(("", "notice", "brand", "machine's role", "words"), wrong)
    if result.beyond:
        say(f"not drawn: {result.beyond:,} that certain rules gave another role outside any award")
    if judged < drawn:
        say(f"{drawn - judged:,} of {drawn:,} drawn have no answer and count as not drawn")


def _write(path: Path, content: str) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(content, encoding="utf-8-sig")
        part.replace(path)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}", "choose a place you may write to") from None
