"""Dates and times as portals print them, in Beijing time."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal
from zoneinfo import ZoneInfo

from nlp.notice.norm import even
from nlp.patterns import regex
from nlp.values import value

SHANGHAI = ZoneInfo("Asia/Shanghai")
_FIRST_YEAR = 1996
_LAST_YEAR = 2099

_DATE = regex(
    r"(?<!\d)((?:19|20)\d\s?\d)\s*(?:年|[-./])\s*(\d{1,2})\s*(?:月|[-./])\s*(\d{1,2})(?!\d)\s*(?:日|号)?"
    r"(?:\s*[T,]?\s*(?:上午|下午|晚上|早上)?\s*\(?(?:星期.|周.)?\)?\s*(\d{1,2})\s*(?:[::时点]|点钟)\s*(?:(\d{1,2})\s*(?:[::分])?\s*(?:(\d{1,2})\s*秒?)?)?(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
)
STATED_DATE = regex(
    r"(?:发布|发表|公布|公告|公示|信息)(?:发布)?(?:时间|日期)\s*[:：]?\s*(?P<date>(?:19|20)\d\d\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?(?:\s*\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2})?)?)"
)
"""A date of publication with its label, anywhere in running text."""
_MONTH = regex(r"(?<!\d)((?:19|20)\d\d)\s*(?:年|[-./])\s*(\d{1,2})(?!\d)\s*月?")
_COMPACT = regex(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d)")
_CHINESE = regex(
    r"([二][〇零○O0ＯΟ一二三四五六七八九]{3})\s*年\s*([一二三四五六七八九十]{1,3})\s*月(?:\s*([一二三四五六七八九十]{1,3})\s*[日号])?"
)
_EPOCH = regex(r"\d{10}(?:\d{3})?")
_DIGITS = {char: str(value) for value, char in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
    "O": "0",
    "Ο": "0",
    "Ｏ": "0",
    "0": "0",
}
Precision = Literal["second", "day", "month"]


@value
class DateReading:
    """``on`` is null for a month; ``at`` is set where the page gives a time of day."""

    raw: str
    on: dt.date | None
    at: dt.datetime | None
    precision: Precision
    start: int = 0
    end: int = 0


def parse_date(raw: str) -> DateReading | None:
    """The first date in ``raw``: ``2025年06月27日  17:52``, ``2017.12.19 17:05:15``, epoch milliseconds, ``二〇二三年十月五日``; null when there is none.

    A lone day or month that no calendar has is null, never mended.
    """
    text = even(raw)
    match = _DATE.search(text)
    if match is not None:
        return _from_match(raw, match)
    chinese = _CHINESE.search(text)
    if chinese is not None:
        return _from_chinese(raw, chinese)
    stripped = text.strip()
    if _EPOCH.fullmatch(stripped) is not None:
        return from_epoch(int(stripped))
    compact = _COMPACT.search(text)
    if compact is not None:
        day = _date(int(compact.group(1)), int(compact.group(2)), int(compact.group(3)))
        return DateReading(raw, day, None, "day", compact.start(), compact.end()) if day is not None else None
    month = _MONTH.search(text)
    if month is not None and 1 <= int(month.group(2)) <= 12:
        return DateReading(raw, None, None, "month", month.start(), month.end())
    return None


def from_epoch(value: int) -> DateReading | None:
    """Epoch seconds or milliseconds (an instant) to Beijing time."""
    seconds = value / 1000 if value > 10**11 else float(value)
    try:
        at = dt.datetime.fromtimestamp(seconds, SHANGHAI)
    except (OverflowError, OSError, ValueError):
        return None
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        return None
    at = at.replace(microsecond=0)
    return DateReading(str(value), at.date(), at, "second")


def _date(year: int, month: int, day: int) -> dt.date | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _from_match(raw: str, match: re.Match[str]) -> DateReading | None:
    year, month, day, hour, minute, second, zone = match.groups()
    on = _date(int(year.replace(" ", "")), int(month), int(day))
    if on is None:
        return None
    if hour is None or minute is None:
        return DateReading(raw, on, None, "day", match.start(), match.end())
    try:
        clock = dt.time(int(hour) % 24 if int(hour) == 24 else int(hour), int(minute), int(second or 0))
    except ValueError:
        return DateReading(raw, on, None, "day", match.start(), match.end())
    if ("下午" in match.group() or "晚上" in match.group()) and 1 <= clock.hour < 12:
        clock = clock.replace(hour=clock.hour + 12)
    if zone is not None:
        offset = "+00:00" if zone == "Z" else zone
        at = dt.datetime.fromisoformat(f"{on.isoformat()}T{clock.isoformat()}{offset}").astimezone(SHANGHAI)
        return DateReading(raw, at.date(), at, "second", match.start(), match.end())
    at = dt.datetime.combine(on, clock, SHANGHAI)
    return DateReading(raw, on, at, "second", match.start(), match.end())


def _from_chinese(raw: str, match: re.Match[str]) -> DateReading | None:
    year = int("".join(_DIGITS[char] for char in match.group(1)))
    month = _small_number(match.group(2))
    if match.group(3) is None:
        return DateReading(raw, None, None, "month", match.start(), match.end()) if 1 <= month <= 12 else None
    on = _date(year, month, _small_number(match.group(3)))
    return DateReading(raw, on, None, "day", match.start(), match.end()) if on is not None else None


def _small_number(text: str) -> int:
    tens, ten, ones = text.partition("十")
    if not ten:
        return int("".join(_DIGITS[char] for char in text))
    return int(_DIGITS[tens[-1]] if tens else "1") * 10 + (int(_DIGITS[ones[0]]) if ones else 0)
