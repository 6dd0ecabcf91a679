"""Chinese numerals, everyday (五百) and banking (伍佰) forms, as they stand in amounts."""

from __future__ import annotations

from decimal import Decimal

DIGITS = {
    "零": 0, "〇": 0, "○": 0, "一": 1, "壹": 1, "弌": 1, "二": 2, "贰": 2, "貳": 2, "两": 2, "兩": 2,
    "三": 3, "叁": 3, "叄": 3, "參": 3, "参": 3, "四": 4, "肆": 4, "五": 5, "伍": 5, "六": 6, "陆": 6, "陸": 6,
    "七": 7, "柒": 7, "八": 8, "捌": 8, "九": 9, "玖": 9,
}  # fmt: skip
SMALL_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
LARGE_UNITS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
NUMERAL_CLASS = "".join((*DIGITS, *SMALL_UNITS, *LARGE_UNITS))
"""The characters a numeral is made of, for character classes of regular expressions."""


def parse_integer(numeral: str) -> int | None:
    """Value of a whole numeral such as ``壹仟贰佰叁拾肆万伍仟``; null where the characters do not make one number.

    A numeral without any unit (``一二三``) is read digit by digit only when it has one digit: longer ones are codes or years.
    """
    if not numeral:
        return None
    total = section = 0
    digit: int | None = None
    last_small = last_large = 10**16
    for char in numeral:
        if char in DIGITS:
            value = DIGITS[char]
            if digit not in (None, 0):
                return None
            digit = value
        elif char in SMALL_UNITS:
            unit = SMALL_UNITS[char]
            if unit >= last_small:
                return None
            # 十五 and 拾万 leave out the leading 一
            section += (1 if digit is None else digit) * unit
            if digit is None and section != unit:
                return None
            digit, last_small = None, unit
        elif char in LARGE_UNITS:
            unit = LARGE_UNITS[char]
            section += digit or 0
            if unit >= last_large and unit < 10**8:
                return None
            if section == 0 and total == 0:
                return None
            # 万亿: the larger unit multiplies everything before it
            total = (total + section) * unit if unit > last_large else total + section * unit
            section, digit, last_small, last_large = 0, None, 10**16, unit
        else:
            return None
    return total + section + (digit or 0)


def parse_decimal(numeral: str) -> Decimal | None:
    """Value of a numeral with an optional 点 part and an optional large unit behind it (``贰拾叁点捌万``)."""
    whole, point, rest = numeral.partition("点")
    if not point:
        value = parse_integer(numeral)
        return None if value is None else Decimal(value)
    factor = 1
    while rest and rest[-1] in LARGE_UNITS:
        factor *= LARGE_UNITS[rest[-1]]
        rest = rest[:-1]
    head = parse_integer(whole)
    if head is None or not rest or any(char not in DIGITS for char in rest):
        return None
    fraction = Decimal("".join(str(DIGITS[char]) for char in rest)).scaleb(-len(rest))
    return (head + fraction) * factor


def to_banking(amount: int) -> str:
    """The banking numeral of a whole amount below 10**12, for example 10050 → ``壹万零伍拾``."""
    if amount == 0:
        return "零"
    digits, units = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟")
    out, gap = "", False
    for power, large in ((8, "亿"), (4, "万"), (0, "")):
        section = amount // 10**power % 10**4
        if section == 0:
            gap = bool(out)
            continue
        if gap or (out and section < 1000):
            out += "零"
        gap = False
        started = zero = False
        for place in (3, 2, 1, 0):
            figure = section // 10**place % 10
            if figure:
                out += ("零" if zero and started else "") + digits[figure] + units[place]
                started, zero = True, False
            else:
                zero = True
        out += large
    return out
