"""The model of roles: ``caigou label`` for a person's own sentences, ``caigou train``, ``caigou evaluate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.output import UsageError, print_json, print_table, say
from cli.workspace import open_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nlp.types import NoticeType
    from seeds.labels.generate import LabelledRecord

AsJson = Annotated[bool, typer.Option("--json", help="Data as JSON on stdout.")]
By = Annotated[str | None, typer.Option("--by", help="Who says so (default: CAIGOU_REVIEWER).")]
Type = Annotated[str | None, typer.Option("--type", help="Type of the notice the words stand in, when known.")]
File = Annotated[str | None, typer.Option("--file", help='Text file, one sentence a line, or "-" for stdin.')]
WithMachine = Annotated[bool, typer.Option("--with-machine", help="Also what a machine labelled; never evaluated on.")]


def register(app: typer.Typer) -> None:
    label = typer.Typer(
        help="Own labelled sentences (CAIGOU_HOME/labels/labels.jsonl): add, machine, reviews, list, export.",
        no_args_is_help=True,
    )
    label.command(epilog="Example: caigou label add '品牌：[[希捷:awarded]]，数量10块' --type award --by anna")(add)
    label.command(epilog="Example: caigou label machine --file sentences.txt")(machine)
    label.command(epilog="Example: caigou label reviews")(reviews)
    label.command("list", epilog="Example: caigou label list --json")(list_)
    label.command(epilog="Example: caigou label export labels.jsonl")(export)
    app.add_typer(label, name="label")
    app.command(epilog="Example: caigou train --labels")(train)
    app.command(epilog="Example: caigou evaluate --reviewed --json")(evaluate)


def _type(given: str | None) -> NoticeType | None:
    from nlp.types import NoticeType

    if given is None:
        return None
    try:
        return NoticeType(given)
    except ValueError:
        raise UsageError(f"--type: unknown notice type {given!r}", "one of " + ", ".join(NoticeType)) from None


def _sentences(texts: list[str] | None, file: str | None) -> Iterator[tuple[int, str]]:
    from cli.records import read_records

    for number, record in enumerate(read_records(texts, file), 1):
        if record.text.strip():
            yield number, record.text


def _now() -> Any:
    import datetime as dt

    from db.clock import SHANGHAI

    return dt.datetime.now(tz=SHANGHAI)


def add(
    texts: Annotated[
        list[str] | None, typer.Argument(help="Sentences with [[surface:role]] marks.", show_default=False)
    ] = None,
    file: File = None,
    notice_type: Type = None,
    by: By = None,
) -> None:
    """Add sentences whose brands you have marked with their roles: [[希捷:awarded]]."""
    from cli.review_view import reviewer_name
    from jobs import labels
    from seeds import load_knowledge

    name, kind, knowledge, now = reviewer_name(by), _type(notice_type), load_knowledge(), _now()
    made = []
    for number, sentence in _sentences(texts, file):
        try:
            made.append(labels.marked(sentence, kind, name, knowledge, now))
        except labels.LabelError as error:
            raise UsageError(f"{file or 'sentence'} {number}: {error.message}", error.remedy) from None
    path = labels.labels_file(open_settings().home)
    say(f"{path}: {labels.add(path, made):,} added, {len(made):,} given")


def machine(
    texts: Annotated[list[str] | None, typer.Argument(help="Sentences.", show_default=False)] = None,
    file: File = None,
    notice_type: Type = None,
) -> None:
    """Let the present reader label sentences. They are marked as a machine's and kept out of every evaluation."""
    from jobs import labels
    from seeds import load_knowledge

    kind, knowledge, now = _type(notice_type), load_knowledge(), _now()
    given = list(_sentences(texts, file))
    made = [label for _, words in given if (label := labels.by_machine(words, kind, knowledge, now)) is not None]
    path = labels.labels_file(open_settings().home)
    say(f"{path}: {labels.add(path, made):,} added, {len(given) - len(made):,} without a brand")


def reviews() -> None:
    """Take over the decisions of caigou review as labels: the words around each mention with the role a person gave."""
    from cli.commands.questions import asking
    from jobs import labels
    from seeds import load_knowledge

    with asking() as session:
        made = labels.from_reviews(session, load_knowledge())
    path = labels.labels_file(open_settings().home)
    say(f"{path}: {labels.add(path, made):,} added, {len(made):,} passages with decisions")


def list_(as_json: AsJson = False) -> None:
    """The labels in the home, and who made them."""
    from jobs import labels

    found = labels.load(labels.labels_file(open_settings().home))
    if as_json:
        for label in found:
            print_json(label.as_json())
        return
    rows = [
        (
            one.record.origin,
            one.by,
            one.source,
            ", ".join(f"{m.surface}: {m.role.value}" for m in one.record.mentions),
            one.record.text[:40],
        )
        for one in found
    ]
    if rows:
        print_table(("origin", "by", "source", "mentions", "words"), rows)
    say(f"{len(rows):,} labels")


def export(
    path: Annotated[Path, typer.Argument(help="File to write (JSON lines).")], with_machine: WithMachine = False
) -> None:
    """Write the labels for training elsewhere, in the order training uses."""
    from jobs import labels
    from seeds.labels.generate import to_json

    found = labels.load(labels.labels_file(open_settings().home))
    records = labels.records_for_training(found, with_machine=with_machine)
    path.write_text("".join(to_json(record) + "\n" for record in records), encoding="utf-8")
    say(f"{path}: {len(records):,} labelled texts")


def _own(*, wanted: bool, with_machine: bool) -> tuple[LabelledRecord, ...]:
    from jobs import labels

    if not wanted:
        return ()
    found = labels.load(labels.labels_file(open_settings().home))
    return labels.records_for_training(found, with_machine=with_machine)


def train(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder to write (default: the folder the reader loads from).")
    ] = None,
    labels: Annotated[bool, typer.Option("--labels", help="Train on the labels of the home, too.")] = False,
    with_machine: WithMachine = False,
    as_json: AsJson = False,
) -> None:
    """Train the model of roles from the labels. Fixed seed: the same labels give the same bytes. About a minute."""
    if with_machine and not labels:
        raise UsageError("--with-machine goes with --labels", "give both")
    extra = _own(wanted=labels, with_machine=with_machine)
    import tempfile

    from jobs.train_roles import train as run
    from seeds.models import HERE

    folder = output or HERE
    say(f"training on the committed labels and {len(extra):,} of the home")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Whole or not at all: a stopped training leaves the model that was there.
        with tempfile.TemporaryDirectory(dir=folder, prefix=".train-") as part:
            card = run(Path(part), extra)
            for made in sorted(Path(part).iterdir()):
                made.replace(folder / made.name)
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror or error}", "choose a folder you may write to with -o") from None
    value = {
        "folder": str(folder),
        "version": card["version"],
        "data": card["data"],
        "held_out": {name: card["held_out"][name] for name in ("mentions", "accuracy", "macro_f1", "purchased", "ece")},
    }
    if as_json:
        print_json(value)
        return
    figures = value["held_out"]
    say(
        f"{folder}: model {card['version']}, {card['data']['mentions']:,} mentions of {card['data']['families']:,} families; held out: "
        f"macro-F1 {figures['macro_f1']}, purchased precision {figures['purchased']['precision']}, recall {figures['purchased']['recall']}, "
        f"ECE {figures['ece']}"
    )
    say("compare it with: caigou evaluate" + ("" if output is None else f" --model {folder}"))


def evaluate(
    model: Annotated[Path | None, typer.Option(help="Folder of the model (default: the one the reader loads).")] = None,
    labels: Annotated[bool, typer.Option("--labels", help="Also the held-out part of the home's labels.")] = False,
    reviewed: Annotated[
        bool, typer.Option("--reviewed", help="Also people's decisions in the store, by platform and portal.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Figures of the model of roles by brand, role, notice type and platform, its confusion, and what changed. Exit code 1: a case that must be right is wrong."""
    import contextlib

    from cli.commands.questions import asking
    from jobs.role_report import report
    from seeds.models import HERE

    folder = model or HERE
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder", "write a model with caigou train -o FOLDER")
    extra = _own(wanted=labels, with_machine=False)
    with asking() if reviewed else contextlib.nullcontext() as session:
        made = report(folder, extra, session)
    if as_json:
        print_json(made.value)
    else:
        _print(made.value)
    if made.regressed:
        say(f"{len(made.value['strong']['wrong'])} cases that must be right are wrong: this model is a regression")
        raise SystemExit(1)


def _print(value: dict[str, Any]) -> None:
    figures = value["figures"]
    print_table(("figure", "value"), [(name.replace("_", " "), _words(shown)) for name, shown in figures.items()])
    _print_slices("held-out labels", value["slices"], value["confusion"])
    if value["reviewed"] is not None:
        told = value["reviewed"]
        print_table(
            ("figure", "value"),
            [(k.replace("_", " "), v) for k, v in told["figures"].items()],
            title="\npeople's decisions",
        )
        _print_slices("people's decisions", told["slices"], told["confusion"])
    strong = value["strong"]
    typer.echo(
        f"\ncases that must be right: {strong['cases'] - len(strong['wrong'])} of {strong['cases']}; others {strong['others_right']} of {strong['others']}"
    )
    for case in strong["wrong"]:
        typer.echo(f"  WRONG {case['answer']} for {case['label']}: {case['text']}")
    typer.echo("difference to the frozen result: " + ("none" if not value["differences"] else ""))
    for line in value["differences"]:
        typer.echo(f"  {line}")


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {part}" for name, part in value.items())
    return str(value)


def _print_slices(title: str, slices: dict[str, Any], confusion: list[dict[str, Any]], most: int = 20) -> None:
    for name, groups in slices.items():
        rows = [
            (key, told["n"], told["accuracy"], told["purchased_precision"], told["purchased_recall"])
            for key, told in list(groups.items())[:most]
        ]
        if rows:
            print_table(
                (name, "mentions", "accuracy", "purchased precision", "recall"), rows, title=f"\n{title}, by {name}"
            )
        if len(groups) > most:
            typer.echo(f"… and {len(groups) - most} more: --json")
    if confusion:
        taken = [(row["truth"], row["answer"], row["n"]) for row in confusion[:most]]
        print_table(("truth", "answer", "mentions"), taken, title=f"\n{title}, confusion")
