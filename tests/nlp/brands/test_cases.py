"""The constructed near misses and positives of ``cases.tsv``: every sentence and every name of a person, firm or place in it is invented."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nlp.brands import BrandKnowledge, find_mentions

CASES = Path(__file__).with_name("cases.tsv")


def _cases() -> Iterator[tuple[str, set[str]]]:
    for line in CASES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            text, _, wanted = line.partition("\t")
            text = text.replace("\\n", "\n").replace("\\u200b", "\u200b")
            yield text, set() if wanted == "-" else set(wanted.split(";"))


def _wrong(knowledge: BrandKnowledge, *, silent: bool) -> list[str]:
    wrong = []
    for text, wanted in _cases():
        if silent != (not wanted):
            continue
        got = {m.brand_id for m in find_mentions(text, knowledge)}
        if got != wanted:
            wrong.append(f"{text!r}: wanted {sorted(wanted)}, got {sorted(got)}")
    return wrong


def test_there_are_enough_cases_of_both_kinds() -> None:
    cases = list(_cases())
    assert sum(not wanted for _, wanted in cases) >= 400
    assert sum(bool(wanted) for _, wanted in cases) >= 150


def test_near_misses_are_silent(knowledge: BrandKnowledge) -> None:
    assert _wrong(knowledge, silent=True) == []


def test_brands_are_found(knowledge: BrandKnowledge) -> None:
    assert _wrong(knowledge, silent=False) == []
