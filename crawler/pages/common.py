"""Small things every platform's pages need."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
_CHARSET = re.compile(rb"charset=[\"']?([\w-]+)", re.IGNORECASE)
_MOMENT = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})(?:\D+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")


class PageError(Exception):
    """Raised when an answer is not the page that was asked for. ``reason`` is one stable word."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


def decode(body: bytes, content_type: str | None = None) -> str:
    """Text of an HTML page: the charset it declares, gb18030 for every member of the GB family, utf-8 otherwise."""
    found = _CHARSET.search((content_type or "").encode("latin-1", "replace")) or _CHARSET.search(body[:2048])
    name = found.group(1).decode("ascii").lower() if found else "utf-8"
    if name.startswith("gb"):
        name = "gb18030"
    try:
        return body.decode(name)
    except (LookupError, UnicodeDecodeError):
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            return body.decode("gb18030", errors="replace")


def moment(text: str) -> dt.datetime | None:
    """``2026-06-21 23:06``, ``2017.12.19 17:05:15``, ``2025年06月27日 17:52`` → aware Beijing time; None for nothing."""
    found = _MOMENT.search(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return dt.datetime(year, month, day, hour, minute, second, tzinfo=BEIJING)
    except ValueError:
        return None


def from_millis(value: float | None) -> dt.datetime | None:
    """Epoch milliseconds → aware Beijing time."""
    return None if value is None else dt.datetime.fromtimestamp(value / 1000, tz=BEIJING)


def squeeze(text: str) -> str:
    return " ".join(text.split())
