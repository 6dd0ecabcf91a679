"""Names of lots: 合同包1, 采购包2, 第三标段, A包, 标项一, 分包号：02 → the bare number or letter."""

from __future__ import annotations

import re

from nlp.money.numerals import parse_integer
from nlp.patterns import regex

_NUMBER = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]|[A-Za-zＡ-Ｚ０-９]{1,2})(?![\dA-Za-z])"
_WORD = r"(?:合同包|采购包|磋商包|谈判包|标包|标项|标段|分标|分包|包组|包件|子包|品目包|包|标)"
_PREFIX = rf"{_WORD}\s?(?:编号|号)?\s*(?:[（(]?标段[）)]?)?\s*[:：]?\s*第?\s*(?P<a>{_NUMBER})\s?(?:号|标段|标包|包|标)?(?![.．]\d)"
_SUFFIX = (
    rf"(?:第\s?)?(?P<b>{_NUMBER})\s?(?:号)?(?:合同包|采购包|标包|标项|标段|分标|分包|包组|包件|包(?![括含装修裹赔]))"
)
LOT_MARK = regex(
    rf"(?=[\dA-Za-zＡ-Ｚ一二三四五六七八九十ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ第合采磋谈标分包子品])(?<![A-Za-z\d.-])(?:{_SUFFIX}|{_PREFIX})"
)
"""A lot's name anywhere in text. The characters in front are all that one can begin with: most places of a text are none."""
_FIGURE = r"[\dA-Za-zＡ-Ｚ一二三四五六七八九十ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]"
MARK_COLON = regex(rf"[:：](?:(?<=[包项段标组件].)|(?<={_FIGURE}.)|(?<={_FIGURE}[\s号].)|(?<={_FIGURE}\s号.))")
"""A colon behind the end of a lot's name; a line without it has none. Sought by the colon, of which a line holds few."""
LINE_MARK = regex(
    rf"\s*(?=[（(\dA-Za-zＡ-Ｚ一二三四五六七八九十ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ第合采磋谈标分包子品本项])(?:[（(]?\s*\d{{1,2}}\s*[)）.、]\s*)?(?:本?项目分包(?:[（(]标段[）)])?\s*[:：]\s*)?(?:{_SUFFIX}|{_PREFIX})\s*"
    r"(?P<rest>(?:[（(](?P<name>[^()（）\n]*(?:[（(][^()（）\n]*[)）][^()（）\n]*)*)[)）])?\s*(?P<colon>[:：])?)"
)
"""A lot's name at the start of a line, with its title in brackets. The characters in front are all that one can begin with."""
_BRACKET_MARK = regex(rf"[（(]\s*(?:{_SUFFIX}|{_PREFIX})\s*[)）]\s*[:：]?\s*$")
_ROMAN = {char: str(number) for number, char in enumerate("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ", 1)}
_BARE = regex(rf"\s*{_NUMBER}\s*(?:[.．]0)?\s*")


def lot_number(text: str) -> str | None:
    """Normal form of a lot's number: ``01`` → 1, ``三`` → 3, ``Ⅱ`` → 2, ``a`` → A. Null where it is none."""
    value = text.strip()
    if value in _ROMAN:
        return _ROMAN[value]
    if value.isdigit():
        return str(int(value))
    if value.isascii() and value.isalnum():
        return value.upper()
    number = parse_integer(value)
    return None if number is None else str(number)


def matched_number(match: re.Match[str]) -> str | None:
    found = match["a"] or match["b"]
    return lot_number(found) if found else None


def lot_of_cell(text: str) -> str | None:
    """The lot a cell of a lot column names: a bare number or letter, or any of the forms above."""
    value = text.strip()
    if not value or len(value) > 60:
        return None
    if _BARE.fullmatch(value):
        return lot_number(value.split(".")[0].split("．")[0])
    match = LOT_MARK.search(value)
    return matched_number(match) if match else None


def lot_of_title(text: str | None) -> str | None:
    """The one lot a title speaks of (``…项目（采购包1）``); null where it names none or several."""
    if not text:
        return None
    found = {matched_number(match) for match in LOT_MARK.finditer(text)} - {None}
    return found.pop() if len(found) == 1 else None


def lot_in_brackets(line: str) -> str | None:
    """The lot in brackets at the end of a line that heads a table (``…采购项目（一标段）``)."""
    match = _BRACKET_MARK.search(line)
    return matched_number(match) if match else None
