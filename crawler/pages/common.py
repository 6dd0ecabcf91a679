"""Small things every platform's pages need."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from crawler.types import Listed

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


def row(
    source_id: str, url: str, title: str, published: dt.datetime | None, extra: Mapping[str, Any] | None = None
) -> Listed:
    """One row of a list. Raises PageError when the list does not say what every list says: ``row_without_id``,
    ``row_without_address``, ``row_without_title``, ``row_without_date``.
    """
    for value, reason in ((source_id, "id"), (url, "address"), (title, "title"), (published, "date")):
        if not value:
            raise PageError(f"row_without_{reason}", f"{source_id} {url} {title}".strip()[:120])
    return Listed(source_id=source_id, url=url, title=title, published=published, extra=extra or {})


def closed(text: str, tag: str, last: str) -> bool:
    """Whether a list's element is closed behind its last row. A parser closes what the wire cut off: what it never saw must not
    pass for the end of the list.
    """
    return f"</{tag}" in text[max(text.rfind(last), 0) if last else 0 :].lower()
