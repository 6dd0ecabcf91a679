"""JSON lists of portals with systems of their own: ggzy, inteligentsearch, Hunan, Chongqing, Shandong, Jiangsu, Yunnan,
Liaoning, and the ministry's list of intentions. Each parser returns a :class:`~crawler.types.ListPage` or raises PageError.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any
from urllib.parse import quote, urljoin

from crawler.pages.common import PageError, from_millis, moment, row
from crawler.pages.json_lists import (
    _add,
    content_files,
    listed_of,
    mapping,
    parse,
    problem_of,
    rows_of,
    title_of,
    total_of,
    word_of,
)
from crawler.types import FileLink, ListPage

_CAPTCHA_CODES = {"829": "captcha", "800": "throttled", "804": "too_wide", "801": "refused"}
_B_PAGE = re.compile(r"/information/deal/html/b/[\w/]+\.html")


def ggzy(body: bytes, base: str) -> ListPage:
    """``getTradList``. The code tells a captcha (829) and a throttle (800) from an answer (200)."""
    answer = mapping(parse(body), "answer")
    code = str(answer.get("code"))
    if code != "200":
        raise PageError(_CAPTCHA_CODES.get(code, "refused"), f"{code} {answer.get('message') or ''}")
    data = mapping(answer.get("data"), "data")
    total = total_of(data.get("total"), "data.total")
    rows = tuple(
        row(
            source_id=word_of(record, "id"),
            # What a record points at is a frame; the notice itself is the same address with b for a.
            url=_join(base, word_of(record, "url")).replace("/html/a/", "/html/b/"),
            title=title_of(record, "title"),
            published=moment(word_of(record, "publishTime")),
            extra={"type": record.get("informationType"), "province": record.get("province")},
        )
        for record in listed_of(data, "records", "data.records", total)
    )
    return ListPage(total, rows)


def inteligentsearch(body: bytes, base: str) -> ListPage:
    """``getFullTextDataNew``; some installations wrap the answer into a string."""
    value = parse(body)
    if isinstance(value, str):
        value = parse(value.encode())
    result = mapping(mapping(value, "answer").get("result"), "result")
    total = total_of(result.get("totalcount"), "result.totalcount")
    rows = tuple(
        row(
            source_id=word_of(record, "id", "infoid"),
            url=f"{base}{link}" if (link := word_of(record, "linkurl")).startswith("/") else _join(base, link),
            title=title_of(record, "title"),
            published=moment(word_of(record, "webdate", "infodate")),
            extra={"type": record.get("categorynum")},
        )
        for record in listed_of(result, "records", "result.records", total)
    )
    return ListPage(total, rows)


def hunan(body: bytes, base: str, area: str = "") -> ListPage:
    """``getNoticeList4Web.do`` and its sister for cities and counties: rows, and a total where the installation gives one.

    ``area``: what the address of a notice's text says of the list it stands in (empty: the province's, 1: the others').
    """
    answer = mapping(parse(body), "answer")
    given = answer.get("total")
    total = None if given is None else total_of(given, "total")
    rows = tuple(
        row(
            source_id=(number := word_of(record, "NOTICE_ID")),
            url=f"{base}/mvc/viewNoticeContent.do?noticeId={quote(number)}&area_id={area}" if number else "",
            title=title_of(record, "NOTICE_TITLE"),
            published=moment(word_of(record, "NEWWORK_DATE")),
            extra={"type": record.get("NOTICE_NAME")},
        )
        for record in listed_of(answer, "rows", "rows", total)
    )
    return ListPage(total, rows)


def chongqing(body: bytes, base: str) -> ListPage:
    """``/notices/stable/new``."""
    answer = mapping(parse(body), "answer")
    total = total_of(answer.get("total"), "total")
    rows = tuple(
        row(
            source_id=(number := word_of(record, "id")),
            url=f"{base}/gwebsite/api/v1/notices/stable/{quote(number)}" if number else "",
            title=title_of(record, "title"),
            published=_when(record.get("issueTime")),
            extra={"type": record.get("noticeType")},
        )
        for record in listed_of(answer, "notices", "notices", total)
    )
    return ListPage(total, rows)


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
    total = total_of(data.get("total"), "total")
    rows = []
    for record in listed_of(data, "records", "records", total):
        number, column = word_of(record, "id"), word_of(record, "colCode")
        address = f"{base}/api/website/site/getDetail?id={quote(number)}&colCode={quote(column)}&oldData=0"
        rows.append(
            row(
                source_id=number,
                url=address if number and column else "",
                title=title_of(record, "title"),
                published=moment(word_of(record, "date")),
                extra={"type": column},
            )
        )
    return ListPage(total, tuple(rows))


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


def jiangsu(body: bytes, base: str) -> ListPage:
    """``search_cggg.jsp``: ``result.list`` beside its ``count``. Without the code of the image it answers a message instead."""
    answer = mapping(parse(body), "answer")
    if not isinstance(answer.get("result"), dict):
        raise PageError("refused", word_of(answer, "message", "msg"))
    result = mapping(answer.get("result"), "result")
    total = total_of(result.get("count"), "result.count")
    rows = tuple(
        row(
            source_id=(number := word_of(record, "id")),
            url=f"{base}/pss/jsp/relevantCgggGetById.jsp?ggid={quote(number)}" if number else "",
            title=title_of(record, "title"),
            published=_when(record.get("publishDate")),
            extra={"type": record.get("ggCode")},
        )
        for record in listed_of(result, "list", "result.list", total)
    )
    return ListPage(total, rows)


def yunnan(body: bytes, base: str) -> ListPage:
    """``purchaseList.svc``: the table's own form, ``rows`` beside ``total``."""
    answer = mapping(parse(body), "answer")
    total = total_of(answer.get("total"), "total")
    rows = tuple(
        row(
            source_id=(number := word_of(record, "bulletin_id", "BULLETIN_ID")),
            url=f"{base}/ggmxinfo.html?bulletinid={quote(number)}" if number else "",
            title=title_of(record, "bulletintitle", "BULLETINTITLE"),
            published=moment(word_of(record, "finishday", "FINISHDAY", "beginday")),
        )
        for record in listed_of(answer, "rows", "rows", total)
    )
    return ListPage(total, rows)


def liaoning(body: bytes, pages: str) -> ListPage:
    """``getHomePunInfoList``: ``data.data`` beside ``data.total``; a notice is a page on a host of its own (``pages``)."""
    answer = mapping(parse(body), "answer")
    if str(answer.get("code")) != "200":
        raise PageError("refused", f"{answer.get('code')} {word_of(answer, 'msg', 'message')}")
    data = mapping(answer.get("data"), "data")
    total = total_of(data.get("total"), "data.total")
    rows = tuple(
        row(
            # The only thing that names the notice is the address of its page.
            source_id=(path := word_of(record, "infoPath")),
            url=_join(f"{pages}/", path),
            title=title_of(record, "title"),
            published=moment(word_of(record, "releaseDate")),
        )
        for record in listed_of(data, "data", "data.data", total)
    )
    return ListPage(total, rows)


def intentions(body: bytes, base: str) -> ListPage:
    """``pubSearchData`` of the ministry's intentions: a page without a total; it names itself and the last one."""
    answer = mapping(parse(body), "answer")
    last, here = total_of(answer.get("totalpage"), "totalpage"), total_of(answer.get("page"), "page")
    rows = tuple(
        row(
            source_id=(number := word_of(record, "groupId")),
            url=f"{base}/cgyx/pub/details?groupId={quote(number)}" if number else "",
            title=title_of(record, "groupName"),
            published=moment(word_of(record, "releaseDate")),
            extra={"buyer": record.get("releaseUnitName"), "region": record.get("zoneName")},
        )
        for record in listed_of(answer, "rows", "rows", 0 if last == 0 else None)
    )
    return ListPage(None, rows, last=here >= last)


def jiangsu_files(body: bytes, url: str) -> tuple[FileLink, ...]:
    """Files beside the text, and links in it."""
    data = mapping(mapping(parse(body), "answer").get("data"), "data")
    found: dict[str, FileLink] = {}
    for item in rows_of(data.get("files") or None, "files"):
        if item.get("url"):
            _add(found, urljoin(url, str(item["url"])), item.get("name"))
    content_files(found, str(data.get("content") or ""), url)
    return tuple(found.values())


def record_problem(body: bytes, number: str, path: tuple[str, ...], name: str, *bodies: str) -> str | None:
    """What is wrong with the record of a notice that stands under ``path``; None when it is the one asked for and says something."""
    try:
        value: Any = parse(body)
        for key in path:
            value = mapping(value, key).get(key)
        return problem_of(mapping(value, ".".join(path)), number, name, *bodies)
    except PageError as error:
        return error.reason


def _join(base: str, path: str) -> str:
    """An address; empty when the record names none."""
    return urljoin(base, path) if path else ""


def _when(value: Any) -> Any:
    return (
        from_millis(value)
        if isinstance(value, int | float) and not isinstance(value, bool)
        else moment(str(value or ""))
    )
