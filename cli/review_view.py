"""The review session on a terminal: one question after another, a line of input each."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli.output import UsageError, console

if TYPE_CHECKING:
    from rich.text import Text

    from db.review import Decided
    from db.review_queue import Question
    from nlp.types import MentionRole

    Decide = Callable[[Question, MentionRole, str | None], Decided]

KEYS = "y confirm · number or name: another role · ? roles · n TEXT note · b back · s skip · q quit"
REASONS = {
    "undecided": "the machine is not sure",
    "disputed": "two people differ: this settles it",
    "reopened": "the page changed since somebody decided",
    "doubtful": "the model decided with a low score",
    "second": "somebody decided this: your own opinion, without seeing theirs",
}
_RUNG_WORDS = {"N1": "1 announcement", "N2": "1 process", "buyers": "1 buyer"}


@dataclass(slots=True)
class Tally:
    """What a session did."""

    confirmed: int = 0
    corrected: int = 0
    skipped: int = 0
    copies: int = 0

    @property
    def decided(self) -> int:
        return self.confirmed + self.corrected


def reviewer_name(given: str | None) -> str:
    """Who decides: as given, else CAIGOU_REVIEWER. Raises UsageError: no decision is nobody's."""
    name = (given or os.environ.get("CAIGOU_REVIEWER") or "").strip()
    if not name:
        raise UsageError("who decides? a decision is stored with a name", "give --by NAME, or set CAIGOU_REVIEWER")
    return name


def role_of(answer: str, roles: Sequence[MentionRole]) -> MentionRole | None:
    """A role by its number in the list, its name, or a beginning that only one name has."""
    if answer.isascii() and answer.isdigit():
        return roles[int(answer) - 1] if 1 <= int(answer) <= len(roles) else None
    word = answer.casefold().replace(" ", "_").replace("-", "_")
    exact = [role for role in roles if role.value == word]
    fitting = exact or [role for role in roles if len(word) >= 3 and role.value.startswith(word)]
    return fitting[0] if len(fitting) == 1 else None


def hold_session(questions: Sequence[Question], decide: Decide) -> Tally:
    """Ask until the questions, the input or the person's patience ends. Every decision is stored before the next question."""
    from nlp.types import MentionRole

    roles = tuple(MentionRole)
    tally = Tally()
    at, note = 0, None
    while at < len(questions):
        question = questions[at]
        show_question(question, at + 1, len(questions))
        answer = _ask()
        while answer is not None:
            word, _, rest = answer.partition(" ")
            if answer == "?":
                console().print("  ".join(f"{n} {role.value}" for n, role in enumerate(roles, 1)))
            elif word == "n" and rest:
                note = rest.strip()
                console().print(f"note kept for the next decision: {note}", style="dim")
            elif answer == "y" and question.proposal is None:
                console().print("there is no proposal to confirm: name a role", style="yellow")
            elif answer in {"y", "s", "b", "q"} or role_of(answer, roles) is not None:
                break
            else:
                console().print(f"not understood: {answer!r} — {KEYS}", style="yellow")
            answer = _ask()
        if answer is None or answer == "q":
            break
        if answer == "b":
            at = max(0, at - 1)
            continue
        at += 1
        if answer == "s":
            tally.skipped += 1
            continue
        role = role_of(answer, roles)
        if role is None:
            assert question.proposal is not None
            role = MentionRole(question.proposal)
        done = decide(question, role, note)
        note = None
        tally.copies += done.copies
        if role.value == question.proposal:
            tally.confirmed += 1
        else:
            tally.corrected += 1
        more = f", and {done.copies} of the same words on other portals" if done.copies else ""
        console().print(f"→ {role.value}{more}", style="green")
    return tally


def _ask() -> str | None:
    """One line of input; null at the end of it, or when the person presses the interrupt key."""
    try:
        return input("> ").strip()
    except (EOFError, KeyboardInterrupt):
        return None


def show_question(question: Question, number: int, total: int) -> None:
    """The passage with the span in reverse, what the machine proposes, and what a decision moves."""
    from rich.text import Text

    out = console()
    out.print(f"\n[{number}/{total}] {REASONS[question.why.value]}", style="bold")
    out.print(
        "  ".join(part for part in (question.notice, question.type, question.date, question.buyer) if part),
        markup=False,
    )
    if question.title:
        out.print(question.title)
    out.print(passage(question))
    out.print(Text(f"brand: {question.brand}   moves: {moves(question)}"))
    for one in question.said:
        out.print(Text(f"said by {one.reviewer}: {one.role}" + (f" ({one.note})" if one.note else ""), style="magenta"))
    proposal = question.proposal or "none"
    out.print(Text(f"proposal: {proposal} (score {question.score:.2f}, {question.rule})", style="cyan"))
    out.print(KEYS, style="dim")


def passage(question: Question) -> Text:
    """The words around the span."""
    from rich.text import Text

    shown = Text(question.text)
    shown.stylize("bold reverse", question.at, question.at + question.end - question.start)
    return shown


def moves(question: Question) -> str:
    """What the decision can move, in words."""
    parts = [f"{question.units.normalize():f} units"] if question.units else []
    parts += [_RUNG_WORDS[rung] for rung in question.moves]
    if question.saved:
        parts.append("saved counts " + ", ".join(question.saved))
    return ", ".join(parts) or "nothing but this mention"
