"""Quantity texts: ``5.00(台)``, ``15盒``, ``1批``, ``2箱(每箱10块)``, a bare figure under a header such as ``数量（台）``.

The unit is kept as the page says it. Words that count nothing by themselves (批, 项, 宗) stay as units: what they mean for a count is
decided where counts are made.
"""

from __future__ import annotations

import re
from decimal import Decimal

from nlp.money.numerals import NUMERAL_CLASS, parse_integer
from nlp.money.plain import plain
from nlp.patterns import regex
from nlp.values import value

_SCALES = {"万": Decimal(10**4), "千": Decimal(10**3), "亿": Decimal(10**8)}
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_UNIT = r"[\u4e00-\u9fff㎡㎥²³]{1,5}|[A-Za-z][A-Za-z²³]{0,9}[23]?"
_FORM = regex(
    rf"(?:(?:采购|需求|合同|中标|供货)?数\s*量\s*(?:[(\[][^)\]]*[)\]])?\s*[::]?\s*|共计?|约|各|[x×*]\s*|[:=])*"
    rf"(?P<number>{_NUMBER})\s*(?P<scale>[万亿]|千(?![克米瓦伏赫卡兆焦帕安]))?\s*"
    rf"(?:[(\[]\s*(?P<bracket>{_UNIT})(?:/[\u4e00-\u9fff]{{1,2}})?\s*[)\]]|/?\s*(?P<unit>{_UNIT})(?:/[\u4e00-\u9fff]{{1,2}})?)?"
    r"\s*(?P<note>[(\[].*[)\]]|[。.;,])?"
)
_CHINESE = regex(
    rf"(?:共计?|各)?(?P<numeral>[{NUMERAL_CLASS}]{{1,8}})\s*[(\[]?(?P<unit>{_UNIT})[)\]]?\s*(?P<note>[(\[].*[)\]]|[。;])?"
)
_HEADER_UNIT = regex(r"[(\[【]\s*(?:单位\s*[::]?\s*)?([^)\]】()\[]{1,6})\s*[)\]】]|/\s*([\u4e00-\u9fff]{1,3})$")
_NOT_A_UNIT = regex(r"单位|元|数量|必填|如有|个数|大写|见|含")
_PLACEHOLDER = regex(
    r"详见.*|见附件.*|见(?:采购|招标|磋商|谈判)?(?:文件|清单|公告).*|/|-+|\\|无|若干|不限|按需|据实.*|按实.*|待定|[*]+|null|undefined|n/?a",
    re.IGNORECASE | re.DOTALL,
)
_RANGE = regex(rf"(?:{_NUMBER})\s*[\u4e00-\u9fff]?\s*(?:-|~|至|到)\s*(?:{_NUMBER})")
_INTEGER = regex(r"\d{1,9}", re.ASCII)


@value
class Quantity:
    """``value`` is null exactly when ``reason`` says why: ``empty``, ``placeholder``, ``range``, ``multiple``, ``money``, ``not_a_quantity``."""

    value: Decimal | None
    unit: str | None
    raw: str
    reason: str | None = None


def quantity_header_unit(header: str | None) -> str | None:
    """The counting unit a header names (``数量（台）`` → 台); null for ``数量（单位）`` and the like."""
    if not header:
        return None
    match = _HEADER_UNIT.search(plain(header).strip())
    if match is None:
        return None
    unit = (match[1] or match[2]).strip()
    return None if _NOT_A_UNIT.search(unit) or any(char.isdigit() for char in unit) else unit


def parse_quantity(text: str, header: str | None = None) -> Quantity:
    """The quantity a cell states, and its unit: the cell's own, else the header's."""
    raw, stripped = text, text.strip()
    if not stripped:
        return Quantity(None, None, raw, "empty")
    if _INTEGER.fullmatch(stripped):
        return Quantity(Decimal(stripped), quantity_header_unit(header), raw)
    body = " ".join(plain(stripped).split())
    match = _FORM.fullmatch(body)
    if match is not None:
        return _of_form(match, raw, header)
    spelled = _CHINESE.fullmatch(body)
    if spelled is not None:
        value = parse_integer(spelled["numeral"])
        if value is not None:
            return Quantity(Decimal(value), spelled["unit"], raw)
    if _PLACEHOLDER.fullmatch(body):
        return Quantity(None, None, raw, "placeholder")
    if _RANGE.search(body):
        return Quantity(None, None, raw, "range")
    if len(re.findall(_NUMBER, body)) > 1:
        return Quantity(None, None, raw, "multiple")
    return Quantity(None, None, raw, "not_a_quantity")


def _of_form(match: re.Match[str], raw: str, header: str | None) -> Quantity:
    value = Decimal(match["number"].replace(",", ""))
    unit = match["bracket"] or match["unit"]
    if match["scale"]:
        value *= _SCALES[match["scale"]]
    if unit is not None and (unit.startswith(("元", "圆", "块钱")) or unit in {"人民币", "整"}):
        return Quantity(None, None, raw, "money")
    if unit is not None and unit.startswith(("年", "月", "日历", "工作日")) and len(unit) > 1:
        return Quantity(None, None, raw, "not_a_quantity")
    note = match["note"]
    if unit is None and note is not None and note[0] in "([":
        return Quantity(value, quantity_header_unit(header), raw)
    return Quantity(value, unit or quantity_header_unit(header), raw)
