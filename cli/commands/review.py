"""People in the loop: ``caigou review`` with decide and agreement, and ``caigou audit``."""

from __future__ import annotations

import contextlib
import functools
import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.commands.questions import asking
from cli.filters import with_filters
from cli.output import UsageError, complain, print_json, print_table, say
from cli.workspace import open_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from db.filters import Filters
    from db.settings import Settings
else:
    Filters = object  # the option parser asks for the name; the class itself is imported by the command that needs it

AsJson = Annotated[bool, typer.Option("--json", help="Data as JSON on stdout.")]
By = Annotated[str | None, typer.Option("--by", help="Who decides (default: CAIGOU_REVIEWER).")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        invoke_without_command=True,
        epilog="Example: caigou review --brand Seagate --region 65 --by anna",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    group.callback()(_alone(review))
    group.command(epilog="Example: caigou review decide ccgp/24670758 812 814 installed --by anna")(decide)
    group.command(epilog="Example: caigou review agreement --json")(agreement)
    app.add_typer(group, name="review")


def _alone(command: Callable[..., None]) -> Callable[..., None]:
    """The command of a group, run only where no command below it is asked for: their ``--help`` must not wait for its filters."""

    @functools.wraps(command)
    def wrapper(**given: Any) -> None:
        if given["ctx"].invoked_subcommand is None:
            command(**given)

    wrapper.__signature__ = inspect.signature(command)  # type: ignore[attr-defined]
    return wrapper


@with_filters
def review(
    ctx: typer.Context,  # noqa: ARG001 -- asked for by _alone
    filters: Filters,
    by: By = None,
    limit: Annotated[int, typer.Option(min=1, help="Most questions.")] = 50,
    below: Annotated[
        float, typer.Option(min=0, max=1, help="Ask also about answers of the model with a lower score.")
    ] = 0.8,
    second: Annotated[
        bool, typer.Option("--second", help="Judge what others decided, without seeing it; changes no count.")
    ] = False,
    manifest: Annotated[
        list[Path] | None,
        typer.Option(readable=False, help="Saved counts that matter most (besides CAIGOU_HOME/manifests/*.json)."),
    ] = None,
    export: Annotated[
        Path | None, typer.Option(readable=False, help="Write the questions to a CSV table, to decide elsewhere.")
    ] = None,
    decided: Annotated[bool, typer.Option("--decided", help="With --export: the decisions that stand.")] = False,
    import_: Annotated[
        Path | None, typer.Option("--import", readable=False, help="Record the decisions of a CSV table.")
    ] = None,
    settle: Annotated[
        bool, typer.Option("--settle", help="With --import: take the place of other people's decisions.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Decide what the machine could not: the words, the proposal, your answer. What moves a count most comes first."""
    if export is not None and import_ is not None:
        raise UsageError("--export and --import do not go together", "run them one after the other")
    if decided and export is None:
        raise UsageError("--decided goes with --export", "give --export FILE.csv")
    if settle and import_ is None:
        raise UsageError("--settle goes with --import", "give --import FILE.csv")
    if import_ is not None:
        _import(import_, by, settle=settle, as_json=as_json)
        return
    from cli.review_view import reviewer_name

    interactive = export is None and not as_json
    name = reviewer_name(by) if interactive or second else ""
    settings = open_settings()
    with usage_errors(), _database(settings) as engine:
        from db.engine import session_scope

        with session_scope(engine) as session:
            from db.review_queue import queue
            from db.review_table import decision_rows, dump, question_rows

            if export is not None and decided:
                rows = list(decision_rows(session))
                _write(export, dump(rows))
                say(f"{export}: {len(rows):,} decisions")
                return
            questions = queue(
                session,
                filters,
                saved=_saved(settings, manifest),
                limit=limit,
                below=below,
                second_for=name if second else None,
            )
            if export is not None:
                _write(export, dump(question_rows(questions)))
                say(
                    f"{export}: {len(questions):,} questions; fill the column role, then: caigou review --import {export}"
                )
                return
        if as_json:
            for question in questions:
                print_json(question.as_json())
            return
        _session(engine, questions, name, second=second)


def _session(engine: Engine, questions: Any, name: str, *, second: bool) -> None:
    from cli.review_view import hold_session
    from db.engine import session_scope
    from db.review import Decided, decide_mention

    if not questions:
        say("nothing to decide")
        return

    def store(question: Any, role: Any, note: str | None) -> Decided:
        with session_scope(engine) as session:
            return decide_mention(session, question.mention_id, role, name, note, second=second)

    tally = hold_session(questions, store)
    _bring_in(engine)
    say(
        f"{tally.decided:,} decided by {name} ({tally.confirmed:,} confirmed, {tally.corrected:,} corrected), {tally.skipped:,} skipped, "
        f"{len(questions) - tally.decided - tally.skipped:,} not reached"
    )


def decide(
    notice: Annotated[str, typer.Argument(help="portal/id, the portal's id, an address, or #number.")],
    start: Annotated[int, typer.Argument(help="First code point of the mention in the notice's text.")],
    end: Annotated[int, typer.Argument(help="Code point after its last.")],
    role: Annotated[
        str, typer.Argument(help="awarded, contracted, required, … incidental; unresolved = cannot be told.")
    ],
    by: By = None,
    brand: Annotated[str | None, typer.Option(help="Which brand, where several stand at the span.")] = None,
    note: Annotated[str | None, typer.Option(help="Why.")] = None,
    second: Annotated[
        bool, typer.Option("--second", help="An opinion beside another person's decision; changes no count.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Decide one mention, without a dialogue. Offsets: caigou show NOTICE --json, or bought --json."""
    from cli.review_view import reviewer_name, role_of

    name = reviewer_name(by)
    with usage_errors(), _database(open_settings()) as engine:
        from db.engine import session_scope
        from db.review import decide_mention, find_mention
        from nlp.types import MentionRole

        chosen = role_of(role, tuple(MentionRole))
        if chosen is None or role.isdigit():
            raise UsageError(f"unknown role {role!r}", "one of " + ", ".join(MentionRole))
        with session_scope(engine) as session:
            mention = find_mention(session, notice, start, end, brand)
            done = decide_mention(session, mention, chosen, name, note, second=second)
        _bring_in(engine)
    value = {
        "notice": notice, "start": start, "end": end, "role": chosen.value, "reviewer": name, "changed": done.changed,
        "stands": done.stands, "copies": done.copies,
    }  # fmt: skip
    if as_json:
        print_json(value)
        return
    what = "decided" if done.stands else "kept as a second opinion"
    say(f"{notice} {start}-{end}: {chosen.value}, {what if done.changed else 'as before'}, by {name}")


def agreement(as_json: AsJson = False) -> None:
    """How far two reviewers agree (share, Cohen's kappa), and the mentions on which they differ."""
    from db.agreement import agreement as run

    with asking() as session:
        found = run(session)
    if as_json:
        print_json(found.as_json())
        return
    if not found.reviewers:
        say("nobody has judged a mention yet: caigou review")
        return
    print_table(("reviewer", "mentions"), list(found.reviewers.items()))
    if found.pairs:
        rows = [(p.one, p.other, p.mentions, p.alike, p.share, p.kappa, p.purchased) for p in found.pairs]
        print_table(("", "", "both judged", "alike", "share", "kappa", "alike on bought"), rows, title="\npairs")
    else:
        say("no mention was judged by two people: caigou review --second --by NAME")
    if found.confusion:
        print_table(("roles given", "mentions"), list(found.confusion.items()), title="\nwhere they differ")
    if found.disputes:
        disputes = [
            (d.notice, d.brand, f"{d.start}-{d.end}", d.quote, "; ".join(f"{who}: {role}" for who, role in d.roles))
            for d in found.disputes
        ]
        print_table(("notice", "brand", "span", "words", ""), disputes, title="\nto be settled (caigou review)")


def _import(path: Path, by: str | None, *, settle: bool, as_json: bool) -> None:
    import os

    from db.engine import session_scope
    from db.review_table import import_rows, parse

    content = _read(path)
    with usage_errors(), _database(open_settings()) as engine:
        rows = parse(content)
        with session_scope(engine) as session:
            done = import_rows(session, rows, by or os.environ.get("CAIGOU_REVIEWER"), settle=settle)
        _bring_in(engine)
    if as_json:
        print_json(done.as_json())
    else:
        say(
            f"{path}: {done.decided:,} decided, {done.opinions:,} kept as second opinions, {done.same:,} known before, {done.empty:,} without a role"
        )
    for one in done.refused:
        complain(f"{path}, line {one.line}: {one.reason}")
    if done.refused:
        raise SystemExit(1)


def _saved(settings: Settings, given: list[Path] | None) -> dict[str, Filters]:
    """The questions of saved counts, by file name."""
    from db.filters import Filters as Asked
    from db.manifest import read

    for path in given or ():
        if not path.is_file():
            raise UsageError(f"{path}: no such file", "give a file written by count --manifest")
    kept = sorted((settings.home / "manifests").glob("*.json"))
    return {path.name: Asked.from_json(read(path)["query"]) for path in (*kept, *(given or ()))}


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UsageError(f"{path}: no such file", "check the path") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error})", "save the table as CSV in UTF-8") from None


def _write(path: Path, content: str) -> None:
    try:
        # The mark at the beginning makes spreadsheets read the table as UTF-8.
        path.write_text(content, encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}", "choose a place you may write to") from None


def _bring_in(engine: Engine) -> None:
    """Link what was decided, so that answers follow at once."""
    from db.engine import session_scope
    from db.link.run import link_some

    while True:
        with session_scope(engine) as session:
            if link_some(session).notices == 0:
                return


def _database(settings: Settings) -> Any:
    from db.engine import open_database

    return open_database(settings)


@contextlib.contextmanager
def usage_errors() -> Iterator[None]:
    """What the store does not know becomes a usage error; so does a decision that cannot be recorded."""
    from db.filters import UnknownValue
    from db.review import ReviewError

    try:
        yield
    except UnknownValue as error:
        nearest = "nearest: " + ", ".join(error.suggestions) if error.suggestions else "see --help"
        raise UsageError(f"--{error.option.replace('_', '-')}: unknown value {error.value!r}", nearest) from None
    except ReviewError as error:
        raise UsageError(error.message, error.remedy) from None
