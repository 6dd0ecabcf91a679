"""The matching form of a text: NFKC, invisible characters dropped, lower case; and the way back.

:func:`nlp.text.normalise` gives the same form one character at a time. Here plain runs (Chinese, ASCII, full-width punctuation) go
through the interpreter's own C code, and only the rare other characters are looked at one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.text import normalise

_ODD = re.compile(
    r"[^\x00-\x7f\u3001\u3002\u3008-\u3011\u4e00-\u9fff\uff01-\uff5e\u00b7\u2018\u2019\u201c\u201d\u00a5\u00d7\u2264\u2265]|[釆－‐–—]"
)
"""Everything that is not mapped one to one by the table below."""
_WIDE_CHARS = re.compile(r"[\uff01-\uff5e]")


def _narrow(text: str) -> str:
    """Full-width ASCII made plain. A notice holds a dozen different ones: replacing them in turn beats a table lookup at every character."""
    for char in set(_WIDE_CHARS.findall(text)):
        text = text.replace(char, chr(ord(char) - 0xFEE0))
    return text


@dataclass(frozen=True, slots=True)
class Folded:
    """``cased`` and ``text`` (its lower case) have the same length; ``offsets`` is null where they line up with ``source``."""

    source: str
    cased: str
    text: str
    offsets: tuple[int, ...] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Span in ``source`` of the folded span ``[start, end)``; ``end`` > ``start``."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + 1


def fold(source: str) -> Folded:
    """The matching form of ``source``."""
    if source.isascii():
        return Folded(source, source, source.lower(), None)
    if _ODD.search(source) is None:
        cased = _narrow(source)
        return Folded(source, cased, cased.lower(), None)
    pieces: list[str] = []
    offsets: list[int] = []
    last = 0
    for match in _ODD.finditer(source):
        start = match.start()
        if start > last:
            pieces.append(source[last:start])
            offsets.extend(range(last, start))
        mapped = normalise(match.group()).text
        if len(mapped.lower()) != len(mapped):
            mapped = match.group()
        pieces.append(mapped)
        offsets.extend([start] * len(mapped))
        last = start + 1
    pieces.append(source[last:])
    offsets.extend(range(last, len(source)))
    cased = _narrow("".join(pieces))
    lower = cased.lower()
    if len(lower) != len(cased):  # a letter whose lower case is longer: keep such letters as they are
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in cased)
    identity = len(offsets) == len(source) and (not offsets or offsets[-1] == len(source) - 1)
    return Folded(source, cased, lower, None if identity else tuple(offsets))
