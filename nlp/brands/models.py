"""Model numbers: which brand, line and class a string such as ``ST8000VX004`` says.

Candidates are places where a run of Latin letters or digits begins; each first character has its own small set of patterns, compiled
when it is first seen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nlp.patterns import regex
from nlp.values import value

if TYPE_CHECKING:
    from nlp.brands.knowledge import BrandKnowledge, ModelLine

_NUMBER = regex(r"[0-9]{3,}")
_REACH = 20
"""A run of letters begins a model number only with a figure among so many characters."""
_LETTER = regex(r"\\.|[A-Z]")


def _lower_pattern(pattern: str) -> str:
    """The pattern for lower-case text: escapes stay, letters change."""
    return _LETTER.sub(lambda m: m.group() if m.group().startswith("\\") else m.group().lower(), pattern)


def _begins(chars: str) -> re.Pattern[str] | None:
    """Places where a run of Latin letters or digits begins with one of ``chars`` and may go on as a model number; null without any.

    Letters need a figure near them; figures go on in letters (3500xl, 480B, 980 PRO): dates, sums and telephone numbers do not, and they are
    most of the figures of a notice. The class in front is what the search runs through the text with.
    """
    if not chars:
        return None
    return re.compile(
        rf"[{re.escape(chars)}](?<![a-z0-9].)(?<![a-z0-9][\-._].)"
        rf"(?:(?<=[a-z])(?=[^0-9]{{0,{_REACH - 2}}}+[0-9])|(?<=[0-9])(?=[0-9]*+[ \-]?[a-z]))"
    )


@value
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
        self._begins = _begins("".join(sorted(c for c in self._lines if c.isascii())))
        special = "".join(sorted(c for c in self._lines if not c.isascii()))
        self._special = re.compile(f"[{re.escape(special)}](?=[^\n0-9]{{0,8}}+[0-9])") if special else None

    def _patterns(self, char: str) -> tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], ModelLine], ...]]:
        """One pattern that says whether any matches, and each by itself."""
        held = self._compiled.get(char)
        if held is None:
            # a benign race: two threads compile the same patterns and store equal values
            lines = self._lines[char]
            patterns = [_lower_pattern(x.pattern) for x in lines]
            held = (
                re.compile(rf"(?:{'|'.join(f'(?:{p})' for p in patterns)})(?![a-z0-9])"),
                tuple((re.compile(rf"(?:{p})(?![a-z0-9])"), x) for p, x in zip(patterns, lines, strict=True)),
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

    def whole(self, text: str) -> ModelLine | None:
        """The line whose pattern is all of ``text``, weak ones too, where ``text`` begins as a model number may."""
        if not text or text[0] not in self._lines:
            return None
        starts = (self._begins, _NUMBER, self._special)
        if all(start is None or start.match(text) is None for start in starts):
            return None
        return next((hit.line for hit in self.at(text, 0) if hit.end == len(text)), None)

    def scan(self, text: str, near: Sequence[tuple[int, int]] = ()) -> list[tuple[ModelHit, ...]]:
        """For every place where a model number may begin, the patterns that match there, in order of place.

        Bare numbers (3500, 6800) are looked at inside the windows ``near`` only: alone they are prices and years. A run that hangs on
        another by a hyphen, point or underscore is the middle of a longer number and begins nothing.
        """
        places = [m.start() for m in self._begins.finditer(text)] if self._begins is not None else []
        more = {
            m.start()
            for low, high in near
            for m in _NUMBER.finditer(text, low, high)
            if text[m.start()] in self._lines and not _is_middle(text, m.start())
        }
        if self._special is not None:
            more.update(m.start() for m in self._special.finditer(text))
        if more:
            places = sorted(more.union(places))
        found = []
        for place in places:
            hits = self.at(text, place)
            if hits:
                found.append(hits)
        return found


def _is_middle(text: str, place: int) -> bool:
    """The character before belongs to the same number, directly or over a hyphen, point or underscore."""
    if place == 0:
        return False
    before = text[place - 1]
    return _is_run(before) or (before in "-._" and place > 1 and _is_run(text[place - 2]))


def _is_run(char: str) -> bool:
    return char < "\x80" and char.isalnum()
