"""A normal form with the same length as the text, so that offsets need no map: enough for labels, dates and numbers."""

from __future__ import annotations

import re

from nlp.patterns import regex

_FULL_WIDTH = regex("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff0d\uff0e\uff0f\uff3b\uff3d\uff3f\uff03\uff06]")
_PLAIN = {
    "：": ":",
    "（": "(",
    "）": ")",
    "；": ";",
    "釆": "采",
    "︰": ":",
    "﹕": ":",
    "∶": ":",
    "﹙": "(",
    "﹚": ")",
    "〔": "[",
    "〕": "]",
    "﹝": "[",
    "﹞": "]",
}
_WIDE = frozenset(map(chr, range(0xFF01, 0xFF5F)))
_MARKS = regex(f"[\uff01-\uff5e{''.join(sorted(_PLAIN.keys() - _WIDE))}]")
"""Whatever may have to be replaced."""


def even(text: str) -> str:
    """Full-width punctuation and letters made plain, look-alikes mended; one character stays one character."""
    if text.isascii():
        return text
    marks = set(_MARKS.findall(text))
    if not marks:
        return text
    # A page holds a few different ones: replacing them in turn beats a look into a table at every character.
    wide = any(map(_FULL_WIDTH.match, marks))
    for mark in marks:
        plain = chr(ord(mark) - 0xFEE0) if wide and mark in _WIDE else _PLAIN.get(mark)
        if plain is not None:
            text = text.replace(mark, plain)
    return text


class Evened:
    """A text and its even form, made once for all who ask for parts of it."""

    __slots__ = ("even", "text", "wide")

    def __init__(self, text: str) -> None:
        self.text = text
        self.even = even(text)
        self.wide = self.even is not text and _FULL_WIDTH.search(text) is not None

    def part(self, start: int, end: int) -> str:
        """``even(text[start:end])``. Where full-width letters or figures stand, each part is made for itself: it may hold none of them."""
        return even(self.text[start:end]) if self.wide else self.even[start:end]


_MISSING = regex(
    r"[\s/\\\-—–_.。*×xX·、,，:：;；()（）]*|无|暂无|没有|空|null|none|nil|undefined|system|n/?a|详见.{0,20}|见(?:公告|附件|正文|原文|采购|招标|磋商|谈判|询价).{0,12}|"
    r"公告未.{0,10}|未(?:公布|明确|填写|提供).{0,8}|同上|略|待定|不详|测试.{0,3}|\*+|.{0,4}附件",
    re.IGNORECASE,
)


def missing(value: str | None) -> bool:
    """Placeholders that portals print where a value is absent."""
    return value is None or _MISSING.fullmatch(value.strip()) is not None


def squeeze(text: str) -> str:
    """Without any white space."""
    return "".join(text.split())
