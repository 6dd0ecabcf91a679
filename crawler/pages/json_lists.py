"""JSON answers of list and detail services: 政采云, gpcms, freecms. Each parser returns values or raises PageError."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from crawler.pages.ccgp import _FILE
from crawler.pages.common import PageError, from_millis, moment, squeeze
from crawler.types import FileLink, Listed, ListPage

_CONTENT_FILES = ("aliyuncs.com/", "1024FPA/", "zcygov.cn/", "accessCode=")
_CAPTCHA = ("验证码", "校验码")


def parse(body: bytes) -> Any:
    """JSON value of a body. Raises PageError ``not_json``."""
    try:
        return json.loads(body)
    except ValueError as error:
        raise PageError("not_json", body[:60].decode("utf-8", "replace")) from error


def mapping(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise PageError("other_json", where)
    return value


def total_of(value: Any, where: str) -> int:
    """A count, given as a number or as digits."""
    if isinstance(value, bool) or not (isinstance(value, int) or (isinstance(value, str) and value.isdecimal())):
        raise PageError("no_total", where)
    return int(value)


def rows_of(value: Any, where: str) -> list[Mapping[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise PageError("other_json", where)
    return value


# ── 政采云 ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def zcy_list(body: bytes, base: str) -> ListPage:
    """``POST /portal/category``. The list stands under ``result.data.data``; older installations have it under
    ``result.data``.
    """
    answer = mapping(parse(body), "answer")
    if answer.get("success") is not True:
        raise PageError("refused", str(answer.get("error") or answer.get("message") or ""))
    data = mapping(mapping(answer.get("result"), "result").get("data"), "result.data")
    rows = []
    for record in rows_of(data.get("data"), "result.data.data"):
        number = record.get("articleId")
        if not isinstance(number, str) or not number:
            raise PageError("row_without_id", str(record.get("title")))
        rows.append(
            Listed(
                source_id=number,
                url=base,
                title=squeeze(str(record.get("title") or "")),
                published=from_millis(record.get("publishDate")),
                extra={"type": record.get("pathName"), "district": record.get("districtCode")},
            )
        )
    return ListPage(total_of(data.get("total"), "result.data.total"), tuple(rows))


def zcy_record(body: bytes) -> Mapping[str, Any]:
    """``GET /portal/detail`` → ``result.data``."""
    answer = mapping(parse(body), "answer")
    return mapping(mapping(answer.get("result"), "result").get("data"), "result.data")


def zcy_files(body: bytes, url: str) -> tuple[FileLink, ...]:
    record = zcy_record(body)
    found: dict[str, FileLink] = {}
    holder = record.get("attachmentVO")
    if isinstance(holder, dict):
        domain = str(holder.get("domain") or "")
        for item in rows_of(holder.get("attachments"), "attachments"):
            if item.get("fileId"):
                _add(found, urljoin(domain, str(item["fileId"])) if domain else str(item["fileId"]), item.get("name"))
    for item in rows_of(record.get("attachmentList"), "attachmentList"):
        if item.get("path"):
            _add(found, str(item["path"]), item.get("name"))
    content_files(found, str(record.get("content") or ""), url)
    return tuple(found.values())


# ── gpcms, freecms ───────────────────────────────────────────────────────────────────────────────────────────────────


def gpcms_list(body: bytes, base: str) -> ListPage:
    """``selectInfoMoreChannel`` of gpcms (``data.rows``, ``data.total``) and of freecms (``data``, ``total``)."""
    answer = mapping(parse(body), "answer")
    code = str(answer.get("code"))
    if code != "200":
        message = str(answer.get("msg") or "")
        raise PageError("captcha" if any(word in message for word in _CAPTCHA) else "refused", f"{code} {message}")
    data = answer.get("data")
    if isinstance(data, list):
        records, total = rows_of(data, "data"), total_of(answer.get("total"), "total")
    else:
        inner = mapping(data, "data")
        records, total = rows_of(inner.get("rows"), "data.rows"), total_of(inner.get("total"), "data.total")
    rows = []
    for record in records:
        number = record.get("id")
        if not isinstance(number, str) or not number:
            raise PageError("row_without_id", str(record.get("title")))
        page = record.get("pageurl") or record.get("htmlpath") or ""
        rows.append(
            Listed(
                source_id=number,
                url=urljoin(base, str(page)) if page else base,
                title=squeeze(_plain(str(record.get("title") or record.get("shorttitle") or ""))),
                published=moment(str(record.get("noticeTime") or record.get("addtimeStr") or "")),
                extra={"type": record.get("noticeType"), "plan": record.get("planId") or None},
            )
        )
    return ListPage(total, tuple(rows))


def gpcms_record(body: bytes, number: str) -> Mapping[str, Any]:
    """``getInfoById`` → ``data``; of the list by plan, the record with that id."""
    answer = mapping(parse(body), "answer")
    data = mapping(answer.get("data"), "data")
    if isinstance(data.get("rows"), list):
        for record in rows_of(data["rows"], "data.rows"):
            if record.get("id") == number:
                return record
        raise PageError("other_notice", number)
    return data


def gpcms_files(body: bytes, url: str, number: str) -> tuple[FileLink, ...]:
    record = gpcms_record(body, number)
    found: dict[str, FileLink] = {}
    files = record.get("attchList")
    if isinstance(files, list):
        for item in rows_of(files, "attchList"):
            if item.get("fileUrl"):
                _add(found, str(item["fileUrl"]), item.get("fileName"))
    content_files(found, str(record.get("content") or ""), url)
    return tuple(found.values())


# ── links inside HTML content ────────────────────────────────────────────────────────────────────────────────────────


def content_files(found: dict[str, FileLink], html: str, url: str) -> None:
    """Add the links of an HTML fragment that lead to files."""
    if "<a" not in html:
        return
    for link in LexborHTMLParser(html).css("a[href]"):
        href = (link.attributes.get("href") or "").strip()
        if not href or not (_FILE.search(href) or any(mark in href for mark in _CONTENT_FILES)):
            continue
        _add(found, urljoin(url, href), link.text())


def _add(found: dict[str, FileLink], url: str, name: Any) -> None:
    if url.startswith(("http://", "https://")):
        found.setdefault(url, FileLink(squeeze(str(name or "")) or url.rsplit("/", 1)[-1], url))


def _plain(text: str) -> str:
    return LexborHTMLParser(text).text() if "<" in text else text
