"""Model numbers: which brand, line and class a string such as ``ST8000VX004`` says.

Candidates are places where a run of Latin letters or digits begins; each first character has its own small set of patterns, compiled
when it is first seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nlp.brands.knowledge import BrandKnowledge, ModelLine

_START = re.compile(r"(?<![a-z0-9])(?<![a-z0-9][-._])[a-z0-9\u4e00-\u9fff]")
_LATIN_START = re.compile(r"(?<![a-z0-9])(?<![a-z0-9][-._])[a-z0-9]")


@dataclass(frozen=True, slots=True)
class ModelHit:
    """One model number in the folded text."""

    start: int
    end: int
    line: ModelLine


class ModelMatcher:
    """Scans folded (lower-case) text for model numbers, strong and weak alike; the caller decides about the weak ones."""

    def __init__(self, knowledge: BrandKnowledge) -> None:
        self._lines: dict[str, list[ModelLine]] = {}
        for line in knowledge.lines:
            for char in line.starts:
                self._lines.setdefault(char, []).append(line)
        self._compiled: dict[str, tuple[tuple[re.Pattern[str], ModelLine], ...]] = {}
        special = "".join(sorted(c for c in self._lines if not c.isascii()))
        latin = "".join(sorted(c for c in self._lines if c.isascii()))
        parts = []
        if latin:
            parts.append(rf"(?<![a-z0-9])(?<![a-z0-9][-._])[{re.escape(latin)}](?=[^\n]{{0,11}}[0-9])")
        if special:
            parts.append(f"[{re.escape(special)}](?=[^\n]{{0,8}}[0-9])")
        self._start = re.compile("|".join(parts)) if parts else None

    def _patterns(self, char: str) -> tuple[tuple[re.Pattern[str], ModelLine], ...]:
        held = self._compiled.get(char)
        if held is None:
            # a benign race: two threads compile the same patterns and store equal values
            held = tuple(
                (re.compile(rf"(?:{line.pattern})(?![A-Za-z0-9])", re.IGNORECASE), line) for line in self._lines[char]
            )
            self._compiled[char] = held
        return held

    def at(self, text: str, position: int) -> tuple[ModelHit, ...]:
        """Every pattern that matches at ``position``, longest first."""
        found = []
        for pattern, line in self._patterns(text[position]):
            match = pattern.match(text, position)
            if match is not None and match.end() > position:
                found.append(ModelHit(position, match.end(), line))
        found.sort(key=lambda h: (-(h.end - h.start), not h.line.strong))
        return tuple(found)

    def scan(self, text: str) -> list[tuple[ModelHit, ...]]:
        """For every place where a model number may begin, the patterns that match there."""
        if self._start is None:
            return []
        found = []
        for match in self._start.finditer(text):
            hits = self.at(text, match.start())
            if hits:
                found.append(hits)
        return found
