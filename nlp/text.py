"""Normal forms of text, with a map back to the text as given.

Matching happens on the normal form; every answer points into the original, because a person will want to see those words.
"""

from __future__ import annotations

import unicodedata

from nlp.patterns import regex
from nlp.values import value

_INVISIBLE = frozenset(
    "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_LOOK_ALIKE = {"釆": "采", "\u2f00": "一", "﹣": "-", "－": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-"}


@value
class Normalised:
    """``text`` is the normal form; ``offsets[i]`` is where its i-th character stands in ``source``; one more entry closes the map."""

    text: str
    source: str
    offsets: tuple[int, ...] | None
    """Null where normal form and source have the same length and positions (the common case)."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Source span of the normal-form span ``[start, end)``."""
        if self.offsets is None:
            return start, end
        if end <= start:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1


_ODD = regex(
    r"[^\x00-\x7f\u3001\u3002\u3008-\u3011\u4e00-\u91c5\u91c7-\u9fff\uff01-\uff5e\u00b7\u2018\u2019\u201c\u201d\u00a5\u00d7\u2264\u2265]"
)
"""Everything but Chinese, ASCII, full-width ASCII and the marks that stay as they are: what must be looked at one by one."""
_WIDE = regex(r"[\uff01-\uff5e]")


def _narrow(text: str) -> str:
    """Full-width ASCII made plain. A text holds a dozen different ones: replacing them in turn beats a look at every character."""
    for char in set(_WIDE.findall(text)):
        text = text.replace(char, chr(ord(char) - 0xFEE0))
    return text


def normalise(source: str, *, casefold: bool = False) -> Normalised:
    """NFKC, look-alike characters mended, invisible characters dropped, dashes unified; optionally case-folded.

    White space stays (each kind becomes a plain space or line feed), so that cell borders and lines keep their places.
    """
    if source.isascii():
        return Normalised(source.lower() if casefold else source, source, None)
    if _ODD.search(source) is None:
        text = _narrow(source)
        return Normalised(text.lower() if casefold else text, source, None)
    out: list[str] = []
    offsets: list[int] = []
    identity = True
    for position, char in enumerate(source):
        if char in _INVISIBLE:
            identity = False
            continue
        mapped = _LOOK_ALIKE.get(char)
        if mapped is None:
            mapped = char if char < "\u0080" or "\u4e00" <= char <= "\u9fff" else unicodedata.normalize("NFKC", char)
            if mapped in _LOOK_ALIKE:
                mapped = _LOOK_ALIKE[mapped]
        if casefold:
            mapped = mapped.casefold()
        if len(mapped) != 1:
            identity = False
        for piece in mapped:
            out.append(piece)
            offsets.append(position)
    text = "".join(out)
    if identity and len(text) == len(source):
        return Normalised(text, source, None)
    offsets.append(len(source))
    return Normalised(text, source, tuple(offsets))


def fold_space(text: str) -> str:
    """Runs of any white space become one space; ends are trimmed."""
    return " ".join(text.split())


def key(text: str) -> str:
    """Comparison key: normal form, case-folded, no white space. For equality of names, never for display."""
    return "".join(normalise(text, casefold=True).text.split())
