"""Measures the readers on texts written for measuring only, and prints one line a kind.

``python -m benchmarks.eval.constructed [--errors]``. Nothing in ``texts/`` is trained on. Expected values were written before the reader was
asked, and corrected only where they were wrong.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.brands import find_mentions, read_model
from nlp.money import parse_money
from nlp.orgs import read_org
from nlp.tag import tag_text
from nlp.types import MentionRole
from seeds import load_knowledge

if TYPE_CHECKING:
    from nlp.knowledge import Knowledge

HERE = Path(__file__).parent / "texts"
READ_ON = dt.date(2026, 1, 1)
_MARK = re.compile(r"⟦(?P<surface>[^⟧:]+):(?P<label>[^⟧]+)⟧")
_BORDER = re.compile(r" *¦ *")
_PURCHASED = frozenset({MentionRole.AWARDED.value, MentionRole.CONTRACTED.value})


class Tally:
    """Right and wrong answers of one kind, with the wrong ones kept for ``--errors``."""

    def __init__(self) -> None:
        self.right = 0
        self.total = 0
        self.errors: list[str] = []

    def add(self, right: object, error: str) -> None:
        self.total += 1
        if right:
            self.right += 1
        else:
            self.errors.append(error)

    def __str__(self) -> str:
        return f"{self.right / self.total:.4f} ({self.right} of {self.total})" if self.total else "none"


def lines(name: str) -> Iterator[str]:
    """The lines of a file without its comments."""
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


def marked(line: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The text without its marks, and each mark's span and label."""
    line = _BORDER.sub(" ¦ ", line.replace("⏎", "\n"))
    text, spans, last = "", [], 0
    for match in _MARK.finditer(line):
        text += line[last : match.start()]
        spans.append((len(text), len(text) + len(match["surface"]), match["label"]))
        text += match["surface"]
        last = match.end()
    return text + line[last:], spans


def roles(knowledge: Knowledge) -> dict[str, object]:
    found, resolved = Tally(), Tally()
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    bought: Counter[str] = Counter()
    for line in lines("roles.txt"):
        text, spans = marked(line)
        mentions = tag_text(text, knowledge)
        for start, end, role in spans:
            mention = next((m for m in mentions if m.start < end and start < m.end), None)
            got = mention.role.value if mention is not None else "missed"
            found.add(mention is not None, f"{text[start:end]}: not found in {text!r}")
            resolved.add(got == role, f"{text[start:end]}: {got}, wanted {role}, in {text!r}")
            if got == role:
                right[role] += 1
            else:
                missed[role] += 1
                wrong[got] += 1
            bought[f"{role in _PURCHASED}{got in _PURCHASED}"] += 1
    scores = [2 * right[r] / (2 * right[r] + wrong[r] + missed[r]) for r in {*right, *missed}]
    return {
        "brand found": found,
        "role": resolved,
        "role, macro-F1": f"{sum(scores) / len(scores):.4f}",
        "purchased, precision": f"{bought['TrueTrue'] / (bought['TrueTrue'] + bought['FalseTrue']):.4f}",
        "purchased, recall": f"{bought['TrueTrue'] / (bought['TrueTrue'] + bought['TrueFalse']):.4f}",
    }


def brands(knowledge: Knowledge) -> dict[str, object]:
    found, silent = Tally(), Tally()
    names = {brand.name.casefold() for brand in knowledge.brands.brands.values()}
    for line in lines("brands.txt"):
        text, spans = marked(line)
        mentions = find_mentions(text, knowledge.brands)
        for start, end, label in spans:
            wanted = {name.casefold() for name in label.split("|")} & names
            got = [m for m in mentions if m.start < end and start < m.end]
            right = any(not wanted or m.brand.casefold() in wanted for m in got)
            found.add(right, f"{text[start:end]}: {[m.brand for m in got]}, wanted {label}")
    for line in lines("traps.txt"):
        live = [m for m in tag_text(line, knowledge) if m.role is not MentionRole.INCIDENTAL and m.origin != "CN"]
        silent.add(not live, f"{line}: {[m.surface for m in live]}")
    return {"brand in a short text": found, "trap silent": silent}


def models(knowledge: Knowledge) -> dict[str, object]:
    classes, none = Tally(), Tally()
    for line in lines("models.tsv"):
        text, brand, _line, kind = (*line.split("\t"), "", "", "")[:4]
        got = read_model(text, knowledge.brands)
        if brand == "-":
            none.add(got is None, f"{text}: {got}")
        elif "*" not in kind.split("|"):
            classes.add(got is not None and got.product_class in kind.split("|"), f"{text}: {got}, wanted {kind}")
    return {"model: class": classes, "no model": none}


def amounts() -> dict[str, object]:
    tally = Tally()
    for line in lines("amounts.tsv"):
        text, header, wanted = line.split("\t")
        if wanted == "*":
            continue
        got = parse_money(text, header or None).cny
        values = {None if value == "null" else Decimal(value) for value in wanted.split("|")}
        tally.add(got in values, f"{text} [{header}]: {got}, wanted {wanted}")
    return {"amount": tally}


def units(knowledge: Knowledge) -> dict[str, object]:
    police, columns = Tally(), {name: Tally() for name in ("tier", "level", "division", "English name")}
    for line in lines("units.tsv"):
        name, wanted, tier, level, code, english = line.split("\t")
        got = read_org(name, knowledge.orgs, READ_ON)
        if wanted != "*":
            police.add(bool(got.is_public_security) == (wanted == "y"), f"{name}: wanted {wanted}")
        rows = (("tier", tier, got.tier), ("level", level if wanted == "y" else "*", got.level))
        for column, value, have in (
            *rows,
            ("division", code, got.division_code),
            ("English name", english, got.name_en),
        ):
            if "*" not in value.split("|"):
                columns[column].add((have or "-") in value.split("|"), f"{name}: {column} {have}, wanted {value}")
    return {"unit: public security": police, **{f"unit: {name}": tally for name, tally in columns.items()}}


def main() -> None:
    knowledge = load_knowledge()
    figures = {**roles(knowledge), **brands(knowledge), **models(knowledge), **amounts(), **units(knowledge)}
    for name, figure in figures.items():
        print(f"  {name:<48} {figure}")
        if "--errors" in sys.argv and isinstance(figure, Tally):
            for error in figure.errors:
                print(f"      {error}")


if __name__ == "__main__":
    main()
