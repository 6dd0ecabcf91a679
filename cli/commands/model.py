"""The model of roles: ``caigou label`` for a person's own sentences, ``caigou train``, ``caigou evaluate``."""

from __future__ import annotations

import contextlib
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
    path: Annotated[Path, typer.Argument(readable=False, help="File to write (JSON lines).")],
    with_machine: WithMachine = False,
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


def _chosen(names: list[str] | None) -> list[str]:
    """The models asked for: roles by default, ``all`` for everything."""
    from seeds.classifiers import NAMES

    known = ["roles", *NAMES]
    given = names or ["roles"]
    unknown = [name for name in given if name not in {*known, "all"}]
    if unknown:
        raise UsageError(f"unknown model {unknown[0]!r}", "one of " + ", ".join([*known, "all"]))
    return known if "all" in given else list(dict.fromkeys(given))


Names = Annotated[
    list[str] | None, typer.Argument(help="roles (default), units, areas, types, or all.", show_default=False)
]


def train(
    names: Names = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", readable=False, help="Folder to write (default: the folder the reader loads from)."
        ),
    ] = None,
    labels: Annotated[bool, typer.Option("--labels", help="Train on the labels of the home, too.")] = False,
    with_machine: WithMachine = False,
    as_json: AsJson = False,
) -> None:
    """Train models from the labels. Fixed seed: the same labels give the same bytes. About a minute each."""
    chosen = _chosen(names)
    if with_machine and not labels:
        raise UsageError("--with-machine goes with --labels", "give both")
    if labels and "roles" not in chosen:
        raise UsageError("--labels are labels of roles", "train roles with them")
    for name in chosen:
        value = (
            _train_roles(output, _own(wanted=labels, with_machine=with_machine))
            if name == "roles"
            else _train_other(name, output)
        )
        if as_json:
            print_json(value)
            continue
        figures = "; ".join(
            f"{figure.replace('_', ' ')}: {_words(shown)}" for figure, shown in value["held_out"].items()
        )
        say(f"{value['folder']}: {name} {value['version']}; held out: {figures}")
    say("compare with: caigou evaluate " + " ".join(chosen) + ("" if output is None else f" --model {output}"))


def _train_roles(output: Path | None, extra: tuple[LabelledRecord, ...]) -> dict[str, Any]:
    from jobs.train_roles import train as run
    from seeds.models import HERE

    folder = output or HERE
    say(f"training roles on the committed labels and {len(extra):,} of the home")
    with _whole(folder) as part:
        card = run(part, extra)
    figures = {name: card["held_out"][name] for name in ("mentions", "accuracy", "macro_f1", "purchased", "ece")}
    return {
        "name": "roles",
        "folder": str(folder),
        "version": card["version"],
        "data": card["data"],
        "held_out": figures,
    }


def _train_other(name: str, output: Path | None) -> dict[str, Any]:
    from jobs.train_classifiers import train as run
    from seeds.classifiers import HERE

    folder = output or HERE
    say(f"training {name} on the committed labels")
    with _whole(folder) as part:
        card = run(name, part)
    figures = {figure: card["held_out"][figure] for figure in ("accuracy", "macro_f1", "ece")}
    return {"name": name, "folder": str(folder), "version": card["version"], "data": card["data"], "held_out": figures}


@contextlib.contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """A folder to write in whose files come to their place together at the end: a stopped training leaves the model that was there."""
    import tempfile

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".train-") as part:
            yield Path(part)
            for made in sorted(Path(part).iterdir()):
                made.replace(folder / made.name)
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror or error}", "choose a folder you may write to with -o") from None


def evaluate(
    names: Names = None,
    model: Annotated[
        Path | None, typer.Option(readable=False, help="Folder of the model (default: the one the reader loads).")
    ] = None,
    labels: Annotated[bool, typer.Option("--labels", help="Also the held-out part of the home's labels.")] = False,
    reviewed: Annotated[
        bool, typer.Option("--reviewed", help="Also people's decisions in the store, by platform and portal.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Figures of a model on what it was not trained on, and what changed; of roles by brand, role, notice type and platform, with the confusion. Exit code 1: a case that must be right is wrong."""
    chosen = _chosen(names)
    if model is not None and not model.is_dir():
        raise UsageError(f"{model}: no such folder", "write a model with caigou train -o FOLDER")
    if (labels or reviewed) and "roles" not in chosen:
        raise UsageError("--labels and --reviewed are about roles", "evaluate roles with them")
    wrong = 0
    for name in chosen:
        value = (
            _evaluate_roles(model, labels=labels, reviewed=reviewed)
            if name == "roles"
            else _evaluate_other(name, model)
        )
        if as_json:
            print_json(value)
        elif name == "roles":
            _print(value)
        else:
            _print_figures(name, value["figures"])
            _print_differences(value["differences"])
        wrong += len(value["strong"]["wrong"]) if name == "roles" else 0
    if wrong:
        say(f"{wrong} cases that must be right are wrong: this model is a regression")
        raise SystemExit(1)


def _evaluate_roles(model: Path | None, *, labels: bool, reviewed: bool) -> dict[str, Any]:
    from cli.commands.questions import asking
    from jobs.role_report import report
    from seeds.models import HERE

    extra = _own(wanted=labels, with_machine=False)
    with asking() if reviewed else contextlib.nullcontext() as session:
        return {"name": "roles", **report(model or HERE, extra, session).value}


def _evaluate_other(name: str, model: Path | None) -> dict[str, Any]:
    from jobs.evaluate_roles import differences
    from jobs.train_classifiers import evaluate as run
    from jobs.train_classifiers import frozen
    from seeds.classifiers import HERE

    figures = run(name, model or HERE)
    return {"name": name, "figures": figures, "differences": differences(frozen().get(name, {}), figures)}


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
    _print_differences(value["differences"])


def _print_figures(name: str, figures: dict[str, Any]) -> None:
    """Plain figures as one table, those by label or part as one each."""
    plain = [(figure.replace("_", " "), shown) for figure, shown in figures.items() if not isinstance(shown, dict)]
    print_table(("figure", "value"), plain, title=f"\n{name}")
    for figure, parts in figures.items():
        if isinstance(parts, dict) and parts and all(isinstance(part, dict) for part in parts.values()):
            columns = list(next(iter(parts.values())))
            rows = [(part, *(told.get(column) for column in columns)) for part, told in parts.items()]
            print_table((figure.removeprefix("by_"), *columns), rows, title=f"\n{name}, {figure.replace('_', ' ')}")


def _print_differences(lines: list[str]) -> None:
    typer.echo("difference to the frozen result: " + ("none" if not lines else ""))
    for line in lines:
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
