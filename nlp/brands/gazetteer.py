"""Aho-Corasick over every alias and every longer phrase that swallows one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from nlp.brands.fold import Folded, fold
from nlp.brands.knowledge import SURE
from nlp.patterns import regex
from nlp.values import value

if TYPE_CHECKING:
    from nlp.brands.knowledge import Alias, BrandKnowledge


_GLUED: Final = regex(r"\d|[A-Z]{1,4}-?\d")
"""How a model number begins that is written into one word with the name: figures, or capitals and a figure."""


@value
class Hit:
    """One alias in the folded text."""

    start: int
    end: int
    alias: Alias


def is_latin(char: str) -> bool:
    """ASCII letter or digit: what a Latin name must not touch."""
    return char < "\x80" and char.isalnum()


def _forms(text: str) -> tuple[str, ...]:
    """A Latin name of several words is also written in one word, or with hyphens (SQL Server, SQLServer)."""
    if " " not in text or not text.isascii() or len(text) < 6:
        return (text,)
    return (text, text.replace(" ", ""), text.replace(" ", "-"))


def _takes_digits(aliases: tuple[Alias, ...] | None) -> bool:
    """A sure Latin name is often written into one word with the model's number (Canon2900, NetAppFAS8020)."""
    return aliases is not None and all(
        a.kind == "name" and a.strength == SURE and len(a.text) > 2 and a.text.isascii() and a.text.isalpha()
        for a in aliases
    )


class Gazetteer:
    """Scans folded text; answers non-overlapping hits, longest first at each place, phrases taken out."""

    def __init__(self, knowledge: BrandKnowledge) -> None:
        entries: dict[str, list[Alias] | None] = {}
        for alias in knowledge.aliases:
            for form in _forms(fold(alias.text).text):
                held = entries.setdefault(form, [])
                if held is not None:
                    held.append(alias)
        for phrase in knowledge.phrases:
            entries.setdefault(fold(phrase).text, None)
        self._aliases: list[tuple[Alias, ...] | None] = [None if v is None else tuple(v) for v in entries.values()]
        self._edges = [(is_latin(k[0]), is_latin(k[-1])) for k in entries]
        self._open = [_takes_digits(v) for v in self._aliases]
        self._automaton = (
            AhoCorasick(list(entries), matchkind=MatchKind.Standard, implementation=Implementation.ContiguousNFA)
            if entries
            else None
        )

    def scan(self, folded: Folded) -> tuple[Hit, ...]:
        """Hits in order of their start."""
        if self._automaton is None:
            return ()
        text = folded.text
        size = len(text)
        found: list[tuple[int, int, Alias | None]] = []
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            left, right = self._edges[index]
            if left and start and is_latin(text[start - 1]):
                continue
            if (
                right
                and end < size
                and is_latin(text[end])
                and not (self._open[index] and _GLUED.match(folded.cased, end) is not None)
            ):
                continue
            aliases = self._aliases[index]
            if aliases is None:
                found.append((start, end, None))
                continue
            for alias in aliases:
                if alias.exact and folded.cased[start:end] != alias.text:
                    continue
                found.append((start, end, alias))
                break
        found.sort(key=lambda f: (f[0], -f[1], f[2] is not None))
        hits: list[Hit] = []
        last = 0
        for start, end, meant in found:
            if start < last:
                # a phrase that begins inside an alias but runs on beyond it is the longer word: the alias is not meant
                if meant is None and hits and hits[-1].end == last and start < last < end:
                    hits.pop()
                    last = end
                continue
            last = end
            if meant is not None:
                hits.append(Hit(start, end, meant))
        return tuple(hits)
