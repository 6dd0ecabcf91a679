"""A normal form with the same length as the text, so that offsets need no map: enough for labels, dates and numbers."""

from __future__ import annotations

import re

from nlp.patterns import regex

_FULL_WIDTH = frozenset(
    "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ－．／［］＿＃＆"
)
"""Where one of these stands, all that is full-width is made plain."""
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
    return _plain(text, _marks(text))


def _marks(text: str) -> set[str]:
    return set() if text.isascii() else set(_MARKS.findall(text))


def _plain(text: str, marks: set[str]) -> str:
    # A page holds a few different ones: replacing them in turn beats a look into a table at every character.
    wide = not _FULL_WIDTH.isdisjoint(marks)
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
        marks = _marks(text)
        self.even = _plain(text, marks)
        self.wide = not _FULL_WIDTH.isdisjoint(marks)

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
