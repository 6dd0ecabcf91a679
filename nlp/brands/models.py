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

_RUN = re.compile(r"[a-z0-9]+")
_DIGIT = re.compile(r"[0-9]")
_REACH = 20


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
        self._compiled: dict[str, tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], ModelLine], ...]]] = {}
        special = "".join(sorted(c for c in self._lines if not c.isascii()))
        self._special = re.compile(f"[{re.escape(special)}](?=[^\n]{{0,8}}[0-9])") if special else None

    def _patterns(self, char: str) -> tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], ModelLine], ...]]:
        """One pattern that says whether any matches, and each by itself."""
        held = self._compiled.get(char)
        if held is None:
            # a benign race: two threads compile the same patterns and store equal values
            lines = self._lines[char]
            gate = re.compile(rf"(?:{'|'.join(f'(?:{x.pattern})' for x in lines)})(?![A-Za-z0-9])", re.IGNORECASE)
            held = (
                gate,
                tuple((re.compile(rf"(?:{x.pattern})(?![A-Za-z0-9])", re.IGNORECASE), x) for x in lines),
            )
            self._compiled[char] = held
        return held

    def at(self, text: str, position: int) -> tuple[ModelHit, ...]:
        """Every pattern that matches at ``position``, longest first."""
        gate, patterns = self._patterns(text[position])
        if gate.match(text, position) is None:
            return ()
        found = []
        for pattern, line in patterns:
            match = pattern.match(text, position)
            if match is not None and match.end() > position:
                found.append(ModelHit(position, match.end(), line))
        found.sort(key=lambda h: (-(h.end - h.start), not h.line.strong))
        return tuple(found)

    def scan(self, text: str) -> list[tuple[ModelHit, ...]]:
        """For every place where a model number may begin, the patterns that match there, in order of place.

        A run that hangs on another by a hyphen, point or underscore is the middle of a longer number and begins nothing.
        """
        places = [
            start
            for start in (m.start() for m in _RUN.finditer(text))
            if text[start] in self._lines
            and not (start > 1 and text[start - 1] in "-._" and _is_run(text[start - 2]))
            and _DIGIT.search(text, start, start + _REACH) is not None
        ]
        if self._special is not None:
            places.extend(m.start() for m in self._special.finditer(text))
            places.sort()
        found = []
        for place in places:
            hits = self.at(text, place)
            if hits:
                found.append(hits)
        return found


def _is_run(char: str) -> bool:
    return char < "\x80" and char.isalnum()
