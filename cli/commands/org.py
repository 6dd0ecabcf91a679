"""``caigou org``: whether two names are one organisation, and people's decisions about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.commands.dossier import day_of, looking_up
from cli.output import UsageError, console, print_json, print_table, say

if TYPE_CHECKING:
    from collections.abc import Mapping

AsJson = Annotated[bool, typer.Option("--json", help="Data as JSON on stdout.")]
Name = Annotated[str, typer.Argument(help="A name in the store; it keeps its organisation.")]
Other = Annotated[str, typer.Argument(help="The other name.")]
By = Annotated[str, typer.Option("--by", help="Who decides: your name.")]
Note = Annotated[str | None, typer.Option("--note", help="Why; kept with the decision.")]
_NAMES = {"name": "organisation", "other": "organisation"}


def register(app: typer.Typer) -> None:
    org = typer.Typer(help="Organisations: are two names one, and people's decisions about it.", no_args_is_help=True)
    org.command(epilog="Example: caigou org explain 乌市公安局 乌鲁木齐市公安局（本级）")(explain)
    org.command(
        epilog="Example: caigou org merge 重庆通航集团 重庆通用航空产业集团有限公司 --by rwl --note 'same licence number'"
    )(merge)
    org.command(epilog="Example: caigou org split 明川市公安局 明川市公安局（筹） --by rwl --note 'another house'")(
        split
    )
    org.command(epilog="Example: caigou org withdraw 明川市公安局 明川市公安局（筹） --by rwl")(withdraw)
    org.command(epilog="Example: caigou org decisions --json")(decisions)
    app.add_typer(org, name="org")


def explain(
    name: Annotated[str, typer.Argument(help="A name.")],
    other: Other,
    on: Annotated[str | None, typer.Option(help="Read the names as of that day (YYYY-MM-DD); default today.")] = None,
    as_json: AsJson = False,
) -> None:
    """Whether two names are one organisation, by which rule or person, and what forbids a merge."""
    from db.decisions import explain as run

    day = day_of(on, "--on")
    for given in (name, other):
        if not given.strip():
            raise UsageError("an empty name", "give two names")
    with looking_up(_NAMES) as session:
        value = run(session, name, other, day)
    if as_json:
        print_json(value)
        return
    answer = {True: "one organisation", False: "two organisations", None: "not decided: a person must look"}[
        value["same"]
    ]
    console().print(f"{answer}: {value['reason']}", style="bold")
    rule = value["rule"]
    forbids = "; a merge is forbidden" if rule["forbids_merge"] else ""
    rows = [("the names say", f"{rule['answer']} ({rule['name']}){forbids}")]
    rows += [("", line) for line in rule["evidence"]]
    decision = value["decision"]
    if decision is not None:
        idle = "" if decision["in_effect"] else "; without effect: another decision stands against it"
        rows.append(("a person says", f"{decision['verdict']}, {decision['by']}, {decision['recorded_at'][:10]}{idle}"))
        if decision["note"]:
            rows.append(("", decision["note"]))
    for given in value["names"]:
        rows.append(
            (given["given"], f"{given['tier'] or 'no tier'} · {given['unit_class'] or ''} · rule {given['read_by']}")
        )
        if given["in_store"]:
            rows.append(("", f"in the store as {given['organisation']}: {'、'.join(given['names'])}"))
        else:
            rows.append(("", "not in the store"))
    print_table(("", ""), rows)


def merge(
    name: Name,
    other: Other,
    by: By,
    note: Note = None,
    force: Annotated[bool, typer.Option("--force", help="Merge although the names themselves forbid it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Decide that two names are one organisation. Recorded with your name, never deleted; counts follow at once."""
    _decide(name, other, by, note, same=True, force=force, as_json=as_json)


def split(name: Name, other: Other, by: By, note: Note = None, as_json: AsJson = False) -> None:
    """Decide that two names are not one organisation: the second is set apart."""
    _decide(name, other, by, note, same=False, force=False, as_json=as_json)


def withdraw(name: Name, other: Other, by: By, note: Note = None, as_json: AsJson = False) -> None:
    """Take a decision about two names back; the names alone speak again."""
    from db.decisions import withdraw as run
    from db.link import link

    _require_name(by)
    with looking_up(_NAMES) as session:
        done = run(session, name, other, by.strip(), note)
        linked = link(session).processes if done.changed else 0
    _report(done, "withdrawn" if done.changed else "nothing to withdraw", linked, as_json=as_json)


def decisions(as_json: AsJson = False) -> None:
    """Every decision about organisations ever recorded, newest first."""
    from db.decisions import history

    with looking_up(_NAMES) as session:
        found = history(session)
    if as_json:
        for decision in found:
            print_json(decision)
        return
    print_table(
        ("recorded", "decision", "name", "other", "by", "note", ""),
        [
            (
                d["recorded_at"][:16],
                d["verdict"],
                d["name"],
                d["other"],
                d["by"],
                d["note"],
                "" if d["in_effect"] else "superseded" if d["superseded_at"] else "no effect",
            )
            for d in found
        ],
    )
    say(f"{len(found):,} decisions")


def _decide(name: str, other: str, by: str, note: str | None, *, same: bool, force: bool, as_json: bool) -> None:
    from db.decisions import decide
    from db.link import link

    _require_name(by)
    with looking_up(_NAMES) as session:
        done = decide(session, name, other, same=same, reviewer=by.strip(), note=note, despite_rules=force)
        linked = link(session).processes if done.changed else 0
    words = ("merged" if same else "split") if done.changed else "decided so before, nothing changes"
    _report(done, words, linked, as_json=as_json)


def _require_name(by: str) -> None:
    if not by.strip():
        raise UsageError("--by is empty", "say who decides")


def _report(done: Any, words: str, processes: int, *, as_json: bool) -> None:
    value: Mapping[str, Any] = {
        "decision": words,
        "changed": done.changed,
        "name": done.kept.name,
        "other": done.other.name,
        "notices": done.notices,
        "processes": processes,
    }
    if as_json:
        print_json(value)
    else:
        say(f"{words}: {done.kept.name} / {done.other.name}; {done.notices:,} notices looked at again")
