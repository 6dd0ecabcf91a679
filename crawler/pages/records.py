"""JSON lists of portals with systems of their own: ggzy, inteligentsearch, Hunan, Chongqing, Shandong. Each parser returns
a :class:`~crawler.types.ListPage` or raises PageError.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urljoin

from crawler.pages.common import PageError, from_millis, moment, squeeze
from crawler.pages.json_lists import _add, content_files, mapping, parse, rows_of, total_of
from crawler.types import FileLink, Listed, ListPage

_CAPTCHA_CODES = {"829": "captcha", "800": "throttled", "804": "too_wide", "801": "refused"}
_B_PAGE = re.compile(r"/information/deal/html/b/[\w/]+\.html")


def _text(record: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that holds something. Raises PageError ``row_without_id`` when none does."""
    for name in names:
        value = record.get(name)
        if value not in (None, ""):
            return str(value)
    raise PageError("row_without_id", str(record)[:80])


def _title(record: Mapping[str, Any], *names: str) -> str:
    return squeeze(next((str(record[n]) for n in names if record.get(n)), ""))


def ggzy(body: bytes, base: str) -> ListPage:
    """``getTradList``. The code tells a captcha (829) and a throttle (800) from an answer (200)."""
    answer = mapping(parse(body), "answer")
    code = str(answer.get("code"))
    if code != "200":
        raise PageError(_CAPTCHA_CODES.get(code, "refused"), f"{code} {answer.get('message') or ''}")
    data = mapping(answer.get("data"), "data")
    rows = tuple(
        Listed(
            source_id=_text(record, "id"),
            # What a record points at is a frame; the notice itself is the same address with b for a.
            url=urljoin(base, _text(record, "url")).replace("/html/a/", "/html/b/"),
            title=_title(record, "title"),
            published=moment(str(record.get("publishTime") or "")),
            extra={"type": record.get("informationType"), "province": record.get("province")},
        )
        for record in rows_of(data.get("records"), "data.records")
    )
    return ListPage(total_of(data.get("total"), "data.total"), rows)


def inteligentsearch(body: bytes, base: str) -> ListPage:
    """``getFullTextDataNew``; some installations wrap the answer into a string."""
    value = parse(body)
    if isinstance(value, str):
        value = parse(value.encode())
    result = mapping(mapping(value, "answer").get("result"), "result")
    rows = tuple(
        Listed(
            source_id=_text(record, "id", "infoid"),
            url=urljoin(base, _text(record, "linkurl")),
            title=_title(record, "title"),
            published=moment(str(record.get("webdate") or record.get("infodate") or "")),
            extra={"type": record.get("categorynum")},
        )
        for record in rows_of(result.get("records"), "result.records")
    )
    return ListPage(total_of(result.get("totalcount"), "result.totalcount"), rows)


def hunan(body: bytes, base: str) -> ListPage:
    """``getNoticeList4Web.do``: rows, and a total where the installation gives one."""
    answer = mapping(parse(body), "answer")
    if "rows" not in answer:
        raise PageError("other_json", "rows")
    rows = tuple(
        Listed(
            source_id=_text(record, "NOTICE_ID"),
            url=f"{base}/mvc/viewNoticeContent.do?noticeId={quote(_text(record, 'NOTICE_ID'))}&area_id={quote(str(record.get('AREA_ID') or ''))}",
            title=_title(record, "NOTICE_TITLE"),
            published=moment(str(record.get("NEWWORK_DATE") or "")),
            extra={"type": record.get("NOTICE_NAME")},
        )
        for record in rows_of(answer.get("rows"), "rows")
    )
    total = answer.get("total")
    return ListPage(None if total is None else total_of(total, "total"), rows)


def chongqing(body: bytes, base: str) -> ListPage:
    answer = mapping(parse(body), "answer")
    rows = tuple(
        Listed(
            source_id=_text(record, "id"),
            url=f"{base}/gwebsite/api/v1/notices/stable/{quote(_text(record, 'id'))}",
            title=_title(record, "title"),
            published=_when(record.get("issueTime")),
            extra={"type": record.get("noticeType")},
        )
        for record in rows_of(answer.get("notices"), "notices")
    )
    return ListPage(total_of(answer.get("total"), "total"), rows)


def chongqing_files(body: bytes, url: str) -> tuple[FileLink, ...]:
    """The attachments are a JSON string inside the record."""
    notice = mapping(mapping(parse(body), "answer").get("notice"), "notice")
    found: dict[str, FileLink] = {}
    given = notice.get("attachments")
    if isinstance(given, str) and given.strip():
        try:
            given = json.loads(given)
        except ValueError as error:
            raise PageError("other_json", "attachments") from error
    for item in rows_of(given or None, "attachments"):
        if item.get("value"):
            _add(found, urljoin(url, str(item["value"])), item.get("name"))
    content_files(found, str(notice.get("html") or ""), url)
    return tuple(found.values())


def shandong(body: bytes, base: str) -> ListPage:
    """Two ``data`` inside each other; the inner code 999 is a throttle."""
    outer = mapping(mapping(parse(body), "answer").get("data"), "data")
    code = str(outer.get("code"))
    if code == "999":
        raise PageError("throttled", str(outer.get("message") or ""))
    if code != "100":
        raise PageError("refused", f"{code} {outer.get('message') or ''}")
    data = mapping(outer.get("data"), "data.data")
    rows = tuple(
        Listed(
            source_id=_text(record, "id"),
            url=f"{base}/api/website/site/getDetail?id={quote(_text(record, 'id'))}&colCode={quote(str(record.get('colCode') or ''))}&oldData=0",
            title=_title(record, "title"),
            published=moment(str(record.get("date") or "")),
            extra={"type": record.get("colCode")},
        )
        for record in rows_of(data.get("records"), "records")
    )
    return ListPage(total_of(data.get("total"), "total"), rows)


def shandong_files(body: bytes, url: str) -> tuple[FileLink, ...]:
    """Files beside the base64 body, and links in it."""
    outer = mapping(mapping(parse(body), "answer").get("data"), "data")
    data = mapping(outer.get("data") if isinstance(outer.get("data"), dict) else outer, "data.data")
    found: dict[str, FileLink] = {}
    for item in rows_of(data.get("files") or None, "files"):
        address = item.get("url") or item.get("path")
        if address:
            _add(found, urljoin(url, str(address)), item.get("name"))
    try:
        html = base64.b64decode(str(data.get("body") or ""), validate=False).decode("gb18030", errors="replace")
    except binascii.Error:
        html = ""
    content_files(found, html, url)
    return tuple(found.values())


def _when(value: Any) -> Any:
    return from_millis(value) if isinstance(value, (int, float)) else moment(str(value or ""))
